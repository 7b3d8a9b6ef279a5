"""What the lessons promise: code that prints what is said, and exercises that can be solved."""

import contextlib
import io
import sys
from pathlib import Path

import pytest

from fathom.cli.proofs import prove_cells
from fathom.course import catalog, quiz
from fathom.course.check import check
from fathom.runtime import loading
from fathom.runtime.judge import needs, prove
from tests.runtime.shelters import Bench


def often(language, name):
    """What `make test` proves every time; the rest is slow."""
    return () if (language, name) in EVERY_TIME else pytest.mark.slow


EVERY_TIME = (("en", "01-regression"), ("en", "09-own-data"))
LESSONS = Path(__file__).resolve().parent.parent / "lessons"
UNITS = catalog.load(LESSONS).units
OUTPUTS = [
    pytest.param(question, id=f"{language}-{name}-{question.id}")
    for (language, name), unit in UNITS.items()
    for question in unit.quiz.questions.values()
    if question.kind == "output"
]
EXERCISES = [
    pytest.param(exercise, id=f"{language}-{name}-{exercise.name}", marks=often(language, name))
    for (language, name), unit in UNITS.items()
    for exercise in unit.exercises.values()
]
CELLS = [
    pytest.param(unit, id=f"{language}-{name}", marks=often(language, name))
    for (language, name), unit in UNITS.items()
    if unit.lesson.directives("cell")
]


def test_nothing_is_wrong_with_the_course(monkeypatch):
    monkeypatch.setenv("FATHOM_ZOO", "fathom.zoo")
    known = {one["name"]: one for one in loading.catalog()}
    assert not [one for one in known.values() if "error" in one]
    assert [str(one) for one in check(LESSONS, known)] == []


@pytest.fixture(scope="module")
def bench():
    bench = Bench(needs(one.values[0].answer for one in EXERCISES))
    yield bench
    bench.close()


@pytest.mark.parametrize("question", OUTPUTS)
def test_the_code_of_a_question_prints_its_answer_and_none_of_its_traps(question):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(question.code, question.id, "exec"), {"__name__": "__main__"})
    assert quiz.mark(question, printed.getvalue(), 0).right
    for trap in question.traps:
        assert quiz.mark(question, trap.text, 0).right is False


@pytest.mark.parametrize("language", sorted({language for language, _ in UNITS} - {catalog.FIRST}))
def test_a_translated_lesson_has_the_exercises_of_the_original(language):
    for (spoken, name), unit in UNITS.items():
        if spoken == language:
            first = UNITS[catalog.FIRST, name].exercises
            assert unit.exercises.keys() == first.keys()
            for one in unit.exercises.values():
                assert one.minutes == first[one.name].minutes
                assert len(one.hints) == len(first[one.name].hints)
                assert set(one.mistakes) >= set(first[one.name].mistakes)


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_of_a_lesson_keeps_its_promises(bench, exercise):
    assert bench.call(prove(bench.shelter, exercise.folder)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
@pytest.mark.parametrize("unit", CELLS)
def test_the_code_of_a_lesson_runs_from_its_first_line_to_its_last(bench, unit):
    assert bench.call(prove_cells(bench.shelter, unit)) == []
