"""What somebody believes follows from the answers, and goes when they get it right."""

from dataclasses import dataclass
from typing import Any

import pytest

from fathom.course import beliefs, catalog, quiz, recall
from fathom.course.check import check

LINE = """
[straight]
believes.en = "A line bends."
resolves.en = "A line is straight."
believes.de = "Eine Linie biegt sich."
resolves.de = "Eine Linie ist gerade."
"""
SUM = """
[[question]]
id = "sum"
kind = "number"
text = "What is {a} and 1?"
values = { a = [1, 9, 1] }
answer = "a + 1"
tolerance = 0.1
why = "One more."
[[question.trap]]
value = "a * 1"
why = "You multiplied."
belief = "straight"
"""


@dataclass
class Said:
    answer: Any
    right: bool | None
    at: float
    seed: int | None = None
    outcome: str = ""
    message: str = ""


def write(course, quiz, extra="", languages=("en", "de")):
    """Change what the questions say in every language; `extra` is one more question."""
    for language in languages:
        path = course / language / "01-lines" / "quiz.toml"
        path.write_text(quiz(path.read_text()) + extra)
        if extra:
            lesson = path.with_name("lesson.md")
            lesson.write_text(lesson.read_text().replace("{quiz} one", "{quiz} one sum"))


def tag(text):
    """Both questions carry the misconception in their wrong choice."""
    return text.replace('why = "no"', 'why = "no"\nbelief = "straight"')


@pytest.fixture
def tagged(course):
    (course / "misconceptions.toml").write_text(LINE)
    write(course, tag)
    return course


def test_a_course_with_misconceptions_has_no_problem(tagged, experiments):
    assert check(tagged, experiments) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text.replace('belief = "straight"', 'belief = "bent"', 1),
            "no misconception 'bent'",
        ),
        (lambda text: text.replace('belief = "straight"', ""), "No question and no mistake shows"),
        (
            lambda text: text.replace('why = "yes"', 'why = "yes"\nbelief = "straight"'),
            "'a' is right",
        ),
        (
            lambda text: text.replace('kind = "single"', 'kind = "single"\ntwin = "two"', 1),
            "no question 'two'",
        ),
    ],
)
def test_a_wrong_tag_is_told(tagged, experiments, change, said):
    write(tagged, change)
    assert any(said in one.text for one in check(tagged, experiments))


def test_a_translation_shows_the_same_misconceptions(tagged, experiments):
    write(tagged, lambda text: text.replace('belief = "straight"', "", 1), languages=["de"])
    (found,) = check(tagged, experiments)
    assert (found.file.parts[-3], "shows other misconceptions" in found.text) == ("de", True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('resolves.en = "A line is straight."', "", "straight needs 'resolves'"),
        ('resolves.de = "Eine Linie ist gerade."', "", "straight is not translated: de"),
        ("[straight]", "[straight]\nwhy = 1", "straight knows no 'why'"),
        ("[straight]", "[straight", "This is not TOML"),
        ("[straight]", '[straight]\ntaught = "01-lines/middle"', "taught in no section"),
    ],
)
def test_the_file_of_misconceptions_is_looked_at(tagged, experiments, old, new, said):
    path = tagged / "misconceptions.toml"
    path.write_text(path.read_text().replace(old, new))
    found = [one for one in check(tagged, experiments) if one.file == path]
    assert any(said in one.text for one in found)


def held(course, said, attempts=None):
    answers = {"01-lines": said}
    found = beliefs.unresolved(catalog.load(course), answers, attempts or {}, seed=3)
    return [(one.belief.id, one.lesson, one.section) for one in found]


def test_a_wrong_choice_shows_it_and_a_later_right_one_resolves_it(tagged):
    wrong, right = Said("b", False, 1.0), Said("a", True, 2.0)
    assert held(tagged, {"one": [wrong]}) == [("straight", "01-lines", "end")]
    assert held(tagged, {"one": [wrong, right]}) == []
    assert held(tagged, {"one": [wrong], "guess": [right]}) == []  # another that carries it
    assert held(tagged, {"one": [wrong, right, Said("b", False, 3.0)]}) != []


def test_one_is_led_to_where_it_is_taught_unless_that_comes_later(tagged):
    path = tagged / "misconceptions.toml"
    path.write_text(LINE.replace("[straight]", '[straight]\ntaught = "01-lines/start"'))
    wrong = {"one": [Said("b", False, 1.0)]}
    assert held(tagged, wrong) == [("straight", "01-lines", "start")]
    plan = (tagged / "course.toml").read_text()
    (tagged / "course.toml").write_text(plan.replace('["01-lines"]', '["01-lines", "02-more"]'))
    more = tagged / "en" / "02-more"
    more.mkdir()
    (more / "lesson.md").write_text("---\ntitle: More\n---\n\n## Later {#later minutes=1}\n")
    path.write_text(LINE.replace("[straight]", '[straight]\ntaught = "02-more/later"'))
    assert held(tagged, wrong) == [("straight", "01-lines", "end")]


def test_a_right_answer_to_the_twin_resolves_it(tagged):
    def twin(text):
        first, _, last = text.rpartition('belief = "straight"')  # only the first one shows it
        return (first + last).replace('kind = "single"', 'kind = "single"\ntwin = "one"', 1)

    said = {"guess": [Said("b", False, 1.0)], "one": [Said("a", True, 2.0)]}
    write(tagged, lambda text: twin(text).replace('twin = "one"\n', ""))
    assert held(tagged, said) != []
    write(tagged, lambda text: text.replace('kind = "single"', 'kind = "single"\ntwin = "one"', 1))
    assert held(tagged, said) == []


def test_a_wrong_number_shows_what_its_trap_means_under_the_seed_it_was_given(tagged):
    write(tagged, lambda text: text, SUM)
    question = catalog.load(tagged).units["en", "01-lines"].quiz.questions["sum"]
    values = {seed: quiz.draw(question, seed)["a"] for seed in range(9)}
    other = next(seed for seed in values if values[seed] != values[3])
    assert held(tagged, {"sum": [Said(str(values[3]), False, 1.0)]}) != []
    assert held(tagged, {"sum": [Said(str(values[other]), False, 1.0)]}) == []
    assert held(tagged, {"sum": [Said(str(values[other]), False, 1.0, other)]}) != []
    assert held(tagged, {"sum": [Said("a lot", False, 1.0)]}) == []


def test_a_named_mistake_shows_it_until_the_exercise_is_solved(tagged):
    folder = tagged / "en" / "01-lines" / "exercises" / "fit"
    (folder / "mistakes").mkdir(parents=True)
    (folder / "task.md").write_text("---\ntitle: Fit\nminutes: 5\n---\nDo it.\n")
    (folder / "mistakes" / "bent.py").write_text('"""Expect: it bends\n\nBelief: straight\n"""\n')
    lesson = folder.parents[1] / "lesson.md"
    lesson.write_text(lesson.read_text().replace("Hello", ":::{exercise} fit\n:::\n\nHello"))
    failed = Said("", None, 1.0, outcome="failed", message="Look: it bends here.")
    passed = Said("", None, 2.0, outcome="passed")
    assert held(tagged, {}, {"01-lines": {"fit": [failed]}}) == [("straight", "01-lines", "")]
    assert held(tagged, {}, {"01-lines": {"fit": [failed, passed]}}) == []


# ---- three questions back

ASKED = """
[[question]]
id = "{id}"
kind = "single"
text = "What?"
{more}
choice = [
  {{ id = "a", text = "A", right = true, why = "yes" }},
  {{ id = "b", text = "B", why = "no" }},
]
"""


@pytest.fixture
def three(course):
    """A course of three lessons; p is predicted, f is free text, q2 has the twin r2 of lesson 2."""
    plan = (course / "course.toml").read_text()
    plan = plan.replace('["01-lines"]', '["01-lines", "02-more", "03-last"]')
    (course / "course.toml").write_text(plan.replace('["en", "de"]', '["en"]'))
    for at, name in enumerate(("01-lines", "02-more", "03-last"), 1):
        folder = course / "en" / name
        folder.mkdir(exist_ok=True)
        ids = [f"{'qrs'[at - 1]}{number}" for number in range(1, 5)]
        twin = {"q2": 'twin = "02-more/r2"'}
        quiz = "".join(ASKED.format(id=one, more=twin.get(one, "")) for one in [*ids, "p"])
        quiz += '[[question]]\nid = "f"\nkind = "free"\ntext = "Say."\nwhy = "so"\n'
        (folder / "quiz.toml").write_text(quiz)
        asked = f":::{{predict}} p\n:::\n\n:::{{quiz}} {' '.join(ids)} f\n:::\n"
        (folder / "lesson.md").write_text(f"---\ntitle: T\n---\n\n## S {{#s minutes=1}}\n\n{asked}")
    return catalog.load(course)


def named(places):
    return [name for _, name in places]


WRONG, RIGHT = "b", "a"


def said(*answers):
    """Answers one after another, each with its time."""
    return [Said(answer, answer == RIGHT, at) for at, answer in answers]


def test_the_first_lesson_asks_nothing_back_and_the_second_what_nobody_answered(three):
    assert recall.choose(three, "01-lines", {}) == ()
    assert named(recall.choose(three, "02-more", {})) == ["q1", "q2", "q3"]
    answers = {"01-lines": {"q1": said((1, RIGHT)), "q3": said((2, RIGHT))}}
    assert named(recall.choose(three, "02-more", answers)) == ["q2", "q4", "q1"]


def test_what_was_missed_comes_first_and_what_is_still_wrong_before_the_rest(three):
    answers = {
        "01-lines": {
            "q1": said((1, RIGHT)),
            "q3": said((2, WRONG), (3, RIGHT)),
            "q4": said((5, WRONG)),
            "p": said((4, WRONG)),
        },
        "02-more": {"r3": said((6, WRONG))},
    }
    assert named(recall.choose(three, "02-more", answers)) == ["p", "q4", "q3"]
    assert named(recall.choose(three, "03-last", answers)) == ["p", "q4", "r3"]


def test_a_twin_that_is_new_stands_in_for_the_question_and_later_lessons_are_never_asked(three):
    answers = {"01-lines": {"q2": said((1, WRONG))}}
    assert named(recall.choose(three, "02-more", answers))[0] == "q2"  # its twin is still to come
    assert named(recall.choose(three, "03-last", answers))[0] == "r2"
    answers["02-more"] = {"r2": said((2, RIGHT))}
    assert named(recall.choose(three, "03-last", answers))[0] == "q2"  # both were seen
