"""What was kept under a name of before is found under the name of now."""

import pytest

from fathom.course import catalog, quiz, renames
from fathom.course.check import check

QUIZ, LESSON = "01-lines/quiz.toml", "01-lines/lesson.md"


def change(course, file, old, new):
    for language in ("en", "de"):
        path = course / language / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))


def test_questions_sections_choices_and_lessons_of_before_are_found(course, experiments):
    change(course, QUIZ, 'id = "one"', 'id = "one"\nwas = ["uno", "00-old/un"]')
    change(course, QUIZ, 'id = "a"', 'id = "a"\nwas = "alpha"')
    change(course, LESSON, "{#end minutes=2}", "{#end minutes=2 was=close,00-old/fin}")
    change(course, LESSON, "title: Lines", "title: Lines\nwas: 01-strokes")
    assert check(course, experiments) == []
    names = renames.of(catalog.load(course))
    assert names.now("question", "01-lines", "uno") == ("01-lines", "one")
    assert names.now("question", "00-old", "un") == ("01-lines", "one")
    assert names.now("section", "00-old", "fin") == ("01-lines", "end")
    assert names.now("section", "01-lines", "close") == ("01-lines", "end")
    assert names.now("question", "01-strokes", "guess") == ("01-lines", "guess")
    assert names.now("question", "01-lines", "gone") == ("01-lines", "gone")  # deleted: it stays
    guess = ("01-lines", "guess")
    assert names.answer(guess, "alpha") == "a"
    assert names.answer(guess, ["alpha", "b"]) == ["a", "b"]
    assert names.answer(guess, {"alpha": "x"}) == {"a": "x"}
    assert names.answer(("01-lines", "one"), "alpha") == "alpha"


def test_an_exercise_says_in_its_task_what_it_was(course):
    folder = course / "en" / "01-lines" / "exercises" / "fit"
    folder.mkdir(parents=True)
    (folder / "task.md").write_text(
        "---\ntitle: Fit\nminutes: 5\nwas: fitting, 00-old/f\n---\n\nDo.\n"
    )
    names = renames.of(catalog.load(course))
    assert names.now("exercise", "00-old", "f") == ("01-lines", "fit")
    assert names.before("exercise", "01-lines", "fit") == [
        ("01-lines", "fit"), ("01-lines", "fitting"), ("00-old", "f")
    ]  # fmt: skip
    change(course, LESSON, "title: Lines", "title: Lines\nwas: 01-strokes")
    names = renames.of(catalog.load(course))
    assert names.before("exercise", "01-lines", "fit")[3:] == [
        ("01-strokes", "fit"), ("01-strokes", "fitting")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (QUIZ, 'id = "one"', 'id = "one"\nwas = "guess"', "is the id of a question now"),
        (LESSON, "#end minutes=2", "#end minutes=2 was=start", "is the id of a section now"),
        (QUIZ, 'id = "a"', 'id = "a"\nwas = "b"', "guess: 'b' is an id now"),
    ],
)
def test_an_id_that_is_in_use_was_nobody_elses(course, experiments, file, old, new, said):
    change(course, file, old, new)
    assert {one.file.parts[-3] for one in check(course, experiments) if said in one.text} == {
        "en",
        "de",
    }


def test_two_cannot_have_been_the_same(course, experiments):
    change(course, QUIZ, 'id = "one"', 'id = "one"\nwas = "old"')
    assert check(course, experiments) == []
    change(course, QUIZ, 'id = "guess"', 'id = "guess"\nwas = "old"')
    found = [one for one in check(course, experiments) if "Two of them were" in one.text]
    assert len(found) == 2  # one a language
    change(course, QUIZ, 'was = "old"', "")
    change(course, QUIZ, 'id = "a"', 'id = "a"\nwas = "c"')
    change(course, QUIZ, 'id = "b"', 'id = "b"\nwas = "c"')
    assert any("both were 'c'" in one.text for one in check(course, experiments))


def test_what_was_drawn_by_lot_stays_when_a_question_is_renamed():
    said = '[[question]]\nid = "{}"\nkind = "number"\ntext = "{{a}}?"\nanswer = "a"\nwhy = "w"\n'
    said += "values = {{ a = [1, 900, 1] }}\n{}"
    old = quiz.read(said.format("old", ""), "quiz.toml").questions["old"]
    new = quiz.read(said.format("new", 'was = ["mid", "00-x/old"]'), "quiz.toml").questions["new"]
    assert [quiz.draw(new, seed) for seed in range(5)] == [
        quiz.draw(old, seed) for seed in range(5)
    ]
