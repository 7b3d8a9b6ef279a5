"""What the lessons promise: code that prints what is said, and exercises that can be solved."""

import contextlib
import io
import random
import sys
from datetime import date
from pathlib import Path

import pytest

from fathom.cli.proofs import runnable, sources
from fathom.course import catalog, marking
from fathom.course.check import check
from fathom.course.languages import FIRST
from fathom.course.proved import Proved
from fathom.runtime import loading
from fathom.runtime.judge import needs
from tests.runtime.shelters import Bench

LESSONS = Path(__file__).resolve().parent.parent / "lessons"
UNITS = catalog.load(LESSONS).units
OUTPUTS = [
    pytest.param(question, id=f"{language}-{name}-{question.id}")
    for (language, name), unit in UNITS.items()
    for question in unit.quiz.questions.values()
    if question.kind == "output"
]
LEDGER = Proved(LESSONS)
PROOFS = runnable(catalog.load(LESSONS), LESSONS)
DRAWN = random.Random(date.today().toordinal()).sample(PROOFS, 3)  # others from day to day


def due(proof):
    """What `make test` runs: what is not in the ledger as it is now, and three drawn by lot."""
    fresh = proof in DRAWN or not LEDGER.holds(proof.name, proof.hash)
    return pytest.param(proof, id=proof.name, marks=() if fresh else pytest.mark.slow)


def test_nothing_is_wrong_with_the_course(monkeypatch):
    monkeypatch.setenv("FATHOM_ZOO", "fathom.zoo")
    known = {one["name"]: one for one in loading.catalog()}
    assert not [one for one in known.values() if "error" in one]
    assert [str(one) for one in check(LESSONS, known)] == []


@pytest.fixture(scope="module")
def bench(request):
    here = [one for one in request.session.items if "proof" in getattr(one, "fixturenames", ())]
    bench = Bench(needs(sources([one.callspec.params["proof"] for one in here])))
    yield bench
    bench.close()


@pytest.mark.parametrize("question", OUTPUTS)
def test_the_code_of_a_question_prints_its_answer_and_none_of_its_traps(question):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(question.code, question.id, "exec"), {"__name__": "__main__"})
    assert marking.mark(question, printed.getvalue(), 0).right
    for trap in question.traps:
        assert marking.mark(question, trap.text, 0).right is False


@pytest.mark.parametrize("language", sorted({language for language, _ in UNITS} - {FIRST}))
def test_a_translated_lesson_has_the_exercises_of_the_original(language):
    for (spoken, name), unit in UNITS.items():
        if spoken == language:
            first = UNITS[FIRST, name].exercises
            assert unit.exercises.keys() == first.keys()
            for one in unit.exercises.values():
                assert one.minutes == first[one.name].minutes
                assert len(one.hints) == len(first[one.name].hints)
                assert set(one.mistakes) >= set(first[one.name].mistakes)


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
@pytest.mark.parametrize("proof", [due(one) for one in PROOFS])
def test_an_exercise_keeps_its_promises_and_the_code_of_a_lesson_runs(bench, proof):
    assert bench.call(proof.flaws(bench.shelter)) == []
