"""Every planted mistake is found, with its file and line, and nothing else is."""

from pathlib import Path

import pytest

from fathom.course import catalog, recorded
from fathom.course.check import check
from fathom.errors import LessonError
from fathom.lab import wire
from fathom.lab.recording import Recorder

LESSON, QUIZ, COURSE = "en/01-lines/lesson.md", "en/01-lines/quiz.toml", "course.toml"
WORDS = "en/glossary.md"
GERMAN = "de/01-lines/lesson.md"


def test_a_course_without_a_mistake_has_no_problem(course, experiments):
    assert check(course, experiments) == []


def at_line(path, text):
    """The number of the only line of a file that holds this."""
    (found,) = [at for at, said in enumerate(path.read_text().splitlines(), 1) if text in said]
    return found


PLANTED = {
    "unknown directive": (LESSON, "{figure}", "{picture}", "{picture}", "There is no directive"),
    "unknown experiment": (
        LESSON,
        "{run} line",
        "{run} lines",
        "{run}",
        "There is no experiment 'lines'",
    ),
    "unknown knob": (
        LESSON,
        "lr=0.5",
        "speed=1",
        ":with:",
        "line has no knob 'speed'; there are lr",
    ),
    "knob out of range": (
        LESSON,
        "lr=0.5",
        "lr=5",
        ":with:",
        "lr cannot be '5': it must be a number",
    ),
    "unknown shown knob": (LESSON, ":knobs: lr", ":knobs: rl", ":knobs:", "no knob 'rl'"),
    "unknown view": (LESSON, "data loss", "date loss", ":views:", "no view and no number 'date'"),
    "unknown prediction": (
        LESSON,
        ":after: guess",
        ":after: one",
        ":after:",
        "which is not in the",
    ),
    "missing explanation": (QUIZ, 'why = "yes"', "", 6, "needs an explanation"),
    "broken link": (LESSON, "(#end)", "(#ende)", "Hello", "'#ende' leads to no section"),
    "broken file link": (LESSON, "lesson.md#start", "lessen.md", "Hello", "leads to no file"),
    "missing picture": (LESSON, "line.svg", "circle.svg", "{figure}", "no file 'circle.svg'"),
    "picture without words": (LESSON, ":alt: a line", "", "{figure}", "those who do not see it"),
    "choice without its picture": (
        QUIZ,
        'text = "A"',
        'text = "A"\npicture = "circle.svg"\nalt = "a circle"',
        6,
        "no file 'circle.svg'",
    ),
    "choice with a picture alone": (
        QUIZ,
        'text = "A"',
        'text = "A"\npicture = "line.svg"\nalt = "a line"',
        13,
        "the other choices have a picture, 'b' has none",
    ),
    "choice whose picture has no words": (
        QUIZ,
        'text = "A"',
        'text = "A"\npicture = "line.svg"',
        6,
        "those who do not see it, 'alt'",
    ),
    "minutes of sections": (LESSON, "minutes=3", "minutes=4", "minutes: 5", "add up to 6 minutes"),
    "minutes of the course": (
        COURSE,
        "minutes = 5\nlang",
        "minutes = 6\nlang",
        "minutes = 6",
        "5 minutes",
    ),
    "unknown question": (LESSON, "{quiz} one", "{quiz} one two", "{quiz}", "no question 'two'"),
    "question asked twice": (LESSON, "{quiz} one", "{quiz} one guess", "{quiz}", "asked twice"),
    "exercise that is missing": (
        LESSON,
        "Hello",
        ":::{exercise} fit\n:::\nHello",
        "{exercise}",
        "exercises/fit",
    ),
    "code that is not Python": (LESSON, "x = 1", "x = = 1", "x = =", "This is not Python"),
    "a cell that is not Python": (
        LESSON,
        "Hello",
        "```{cell} one\nx = 1\nx = = 2\n```\n\nHello",
        "x = = 2",
        "This is not Python",
    ),
    "a cell that is named twice": (
        LESSON,
        "Hello",
        "```{cell} one\nx = 1\n```\n\nHello\n\n~~~{cell} one\nx = 2\n~~~\n\n",
        "~~~{cell}",
        "The name 'one' is taken",
    ),
    "a cell without a proper name": (
        LESSON,
        "Hello",
        "```{cell} one two\nx = 1\n```\n\nHello",
        "{cell}",
        "The name of a {cell} is one word",
    ),
    "views of no figure": (
        LESSON,
        "Hello",
        ":::{views} walk\n:views: loss\n:::\nHello",
        "{views}",
        "no figure 'walk' above; there are none",
    ),
    "unknown view of a figure above": (
        LESSON,
        "## End",
        ":::{views} walk\n:views: date\n:::\n\n## End",
        ":views: date",
        "no view and no number 'date'",
    ),
    "views without a name": (
        LESSON,
        "## End",
        ":::{views} walk\n:::\n\n## End",
        "{views}",
        "{views} needs views",
    ),
    "unknown term": (
        LESSON,
        "{term}`curve`",
        "{term}`cruve`",
        "cruve",
        "'cruve' is not in glossary",
    ),
    "unknown term in a question": (QUIZ, "What?", "{term}`Who`?", 5, "'Who' is not in gloss"),
    "unknown role": (LESSON, "{term}`curve`", "{trem}`curve`", "{trem}", "no role {trem}"),
    "term without an identity": (WORDS, " {#curve}", "", "## curve", "'curve' needs an identity"),
    "term without a meaning": (WORDS, "A bent {term}`line`", "", "## curve", "needs a meaning"),
    "term that is not translated": (
        "de/glossary.md",
        "{#curve}",
        "{#kurve}",
        "{#kurve}",
        "'kurve' is not in the glossary of en",
    ),
    "question without a right choice": (QUIZ, "right = true", "", 2, "right"),
    "choice of an unknown misconception": (
        QUIZ,
        'why = "no"',
        'why = "no"\nbelief = "bent"',
        11,
        "There is no misconception 'bent'",
    ),
    "question named twice": (QUIZ, 'id = "one"', 'id = "guess"', 16, "'guess' is there twice"),
    "choice named twice": (QUIZ, 'id = "b"', 'id = "a"', 11, "'a'"),
    "question that was one of now": (
        QUIZ,
        'id = "one"',
        'id = "one"\nwas = "guess"',
        16,
        "'01-lines/guess' is the id of a question now",
    ),
    "section that was one of now": (
        LESSON,
        "#end minutes=2",
        "#end minutes=2 was=start",
        "## End",
        "'01-lines/start' is the id of a section now",
    ),
    "choices that both were one": (
        QUIZ,
        'text = "A"',
        'text = "A"\nwas = "b"',
        6,
        "'b' is an id now",
    ),
    "symbol that is not in the table": (
        LESSON,
        "A caption.",
        "A\n$x + q$.",
        "+ q",
        "The symbol q is not in symbols.toml",
    ),
    "symbol that comes too early": (
        LESSON,
        "Look.",
        "Look at $x$.",
        "$x$",
        "The symbol x comes before it is introduced, in 01-lines/end",
    ),
    "symbol that comes too early in a question": (
        QUIZ,
        '"What?"',
        '"What is $x$?"',
        5,
        "The symbol x comes before it is introduced",
    ),
    "identity used twice": (LESSON, ":id: walk", ":id: end", "## End", "'end' is used twice"),
    "raw HTML": (LESSON, "A caption.", "A <b>caption</b>.", "A <b>", "Raw HTML is not allowed"),
    "not in the plan": (
        COURSE,
        'name = "01-lines"',
        'name = "02-lines"',
        "lessons =",
        "not in the plan",
    ),
    "another structure": (
        GERMAN,
        ":views: data loss",
        ":views: data",
        "{run}",
        "{run} differs from en",
    ),
    "another section": (GERMAN, "{#start", "{#anfang", "## Start", "in en they are start, end"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_where_it_is(course, experiments, name):
    file, old, new, where, said = PLANTED[name]
    folders = ("en", "de") if file == LESSON else (file.split("/")[0],)
    for language in folders:  # in both, so that their structure stays the same
        path = course / file.replace("en/", f"{language}/", 1)
        assert path.read_text().count(old) >= 1
        path.write_text(path.read_text().replace(old, new, 1))
    found = [one for one in check(course, experiments) if said in one.text]
    assert course / file in {one.file for one in found}
    line = where if isinstance(where, int) else at_line(course / file, where)
    assert {one.line for one in found if one.file == course / file} == {line}
    assert all(str(one).startswith(f"{one.file}:{one.line}: ") for one in found)


def test_one_mistake_is_told_once(course, experiments):
    path = course / LESSON
    path.write_text(path.read_text().replace("lr=0.5", "lr=5"))
    (course / GERMAN).write_text(path.read_text())
    assert [(one.file, one.line) for one in check(course, experiments)] == [
        (course / GERMAN, at_line(path, ":with:")),
        (course / LESSON, at_line(path, ":with:")),
    ]


def test_a_survey_is_no_prediction(course, experiments):
    for language in ("en", "de"):
        path = course / language / "01-lines" / "quiz.toml"
        made = path.read_text().replace('kind = "single"', 'kind = "survey"')
        path.write_text(made.replace("right = true\n", ""))
    found = {(one.file, one.line): one.text for one in check(course, experiments)}
    line = at_line(course / LESSON, "{predict}")
    assert found.keys() == {(course / LESSON, line), (course / GERMAN, line)}
    assert all("asks about the learner" in text for text in found.values())


RUN = {"type": "run", "experiment": "line", "version": "0", "knobs": {"lr": "0.5"}, "pace": 0}
SEEN = {"type": "frame", "step": 1, "numbers": {"train_loss": 1.0}, "views": {"data": {}}}
END = {"type": "state", "state": "finished", "step": 1}


@pytest.mark.parametrize(
    ("messages", "options", "where", "said"),
    [
        ((RUN, SEEN, END), "", None, ""),
        ((), "", ":recording:", "There is no recording 'walk.fathom'"),
        ((RUN | {"experiment": "knn"}, SEEN, END), "", ":recording:", "of knn, not of line"),
        ((RUN, SEEN), "", ":recording:", "ends at step 1, before the end"),
        ((SEEN, END), "", ":recording:", "holds nothing yet"),
        ((RUN | {"knobs": {"lr": "9"}}, SEEN, END), "", ":recording:", "knobs that line no longer"),
        ((RUN, SEEN | {"views": {}}, END), "", ":views:", "shows no view and no number 'data'"),
        ((RUN, SEEN, END), ":knobs: lr\n", ":knobs:", "leave out ':knobs:'"),
        ((RUN, SEEN, END), ":with: lr=0.5\n", ":with:", "leave out ':with:'"),
        ((RUN, SEEN | {"it": "x" * 900}, END), "", ":recording:", "is too large"),
    ],
)
def test_a_recording_is_whole_and_of_what_its_figure_says(
    course, experiments, monkeypatch, messages, options, where, said
):
    monkeypatch.setattr(recorded, "UNPACKED", 900)
    if messages:  # it lies in the folder of the first language only, and serves both
        with Recorder(course / "en" / "01-lines" / "walk.fathom") as recorder:
            for message in messages:
                recorder.add(wire.encode(message))
    for path in (course / LESSON, course / GERMAN):
        knobs = ":with: lr=0.5\n:knobs: lr\n"
        played = f"{options}:recording: walk.fathom\n"
        path.write_text(path.read_text().replace(knobs, played))
    found = [one for one in check(course, experiments) if one.file == course / LESSON]
    assert [one.line for one in found] == ([at_line(course / LESSON, where)] if where else [])
    assert all(said in one.text for one in found)


DRAW = """id = "guess"
kind = "draw"
draw = "curve"
of = "OF"
x = [0, 9]
y = [0, 1]
text = "How?"
why = "so"
[[question]]
id = "once"
kind = "single"
"""


@pytest.mark.parametrize(
    ("of", "old", "new", "where", "said"),
    [
        ("loss", "", "", None, ""),
        ("date", "", "", ":views:", "'date' is drawn for this figure, which does not show it"),
        ("loss", ":after: guess\n", "", "{predict}", "No figure waits for the drawing 'guess'"),
        ("loss", "{predict} guess", "{quiz} guess", "{quiz} guess", "use {predict}"),
    ],
)
def test_a_drawing_is_for_a_figure_that_waits_and_shows_it(
    course, experiments, of, old, new, where, said
):
    for language in ("en", "de"):
        folder = course / language / "01-lines"
        quiz, lesson = folder / "quiz.toml", folder / "lesson.md"
        made = quiz.read_text().replace('id = "guess"\nkind = "single"\n', DRAW.replace("OF", of))
        quiz.write_text(made)
        text = lesson.read_text().replace("{quiz} one", "{quiz} one once")
        lesson.write_text(text.replace(old, new) if old else text)
    found = {one.line for one in check(course, experiments) if said in one.text}
    assert found == ({at_line(course / LESSON, where)} if where else set())


def test_a_question_that_no_lesson_asks_is_told(course, experiments):
    path = course / LESSON
    path.write_text(path.read_text().replace(":::{quiz} one\n:::", ""))
    texts = [(one.file.name, one.text) for one in check(course, experiments, only=course / "en")]
    assert texts == [("quiz.toml", "No lesson asks the question 'one'.")]


def test_an_exercise_says_what_its_folder_lacks(course, experiments):
    folder = course / "en" / "01-lines" / "exercises" / "fit"
    (folder / "mistakes").mkdir(parents=True)
    (folder / "task.md").write_text("---\ntitle: Fit\nminutes: 5\n---\nDo it.\n")
    (folder / "starter.py").write_text("w = ...\n")
    (folder / "answer.py").write_text("w = (\n")
    (folder / "hints.md").write_text("1. A question?\n2. A line.\n")
    (folder / "mistakes" / "sum.py").write_text("w = 1\n")
    found = {
        str(one.file.relative_to(folder)): one.text
        for one in check(course, experiments, only=folder)
    }
    assert found == {
        "answer.py": "This is not Python: '(' was never closed.",
        "check.py": "The exercise needs a file check.py.",
        "mistakes": "The exercise needs 3 named mistakes or more; it has 1.",
        "task.md": "No lesson uses the exercise 'fit'.",
    }


def test_a_folder_that_no_course_names_is_told(course, experiments):
    (course / "en" / "02-more").mkdir()
    (found,) = check(course, experiments)
    assert found.text == "The lesson 02-more is not among the lessons of course.toml."


@pytest.mark.parametrize(
    ("text", "said"), [("minutes = ", "not TOML"), ("minutes = 5\n", "needs 'lessons'")]
)
def test_a_course_that_cannot_be_read_is_one_sentence(tmp_path, text, said):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(LessonError, match=rf"course.toml:1: .*{said}"):
        catalog.load(tmp_path)


def test_a_course_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(LessonError, match=r"cannot be read: No such file"):
        catalog.load(tmp_path)


def test_the_catalogue_finds_lessons_languages_and_neighbours(course):
    plan = (course / "course.toml").read_text().replace('["01-lines"]', '["01-lines", "02-more"]')
    (course / "course.toml").write_text(plan)
    more = course / "en" / "02-more"
    more.mkdir()
    (more / "lesson.md").write_text("---\ntitle: More\n---\n\nThe **valley** of a loss.\n")
    found = catalog.load(course)
    assert found.find("01-lines", "de").language == "de"
    assert found.find("02-more", "de").language == "en"
    assert found.neighbours("01-lines") == (None, "02-more")
    assert [found.number(name) for name in ("00-before", "01-lines")] == [0, 1]
    assert found.neighbours("02-more") == ("01-lines", None)
    (hit,) = found.search("VALLEY loss")
    assert (hit.lesson, hit.section, hit.excerpt) == ("02-more", "", "The valley of a loss.")
    assert found.search("") == []
    with pytest.raises(LessonError, match="there are 01-lines, 02-more"):
        found.find("03-none")


def test_the_course_of_this_repository_can_be_read(root: Path):
    course = catalog.load(root / "lessons")
    assert sum(one.minutes for one in course.plan if one.counts) == course.minutes == 540
    assert [bad for unit in course.units.values() for bad in unit.problems] == []
