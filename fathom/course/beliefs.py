"""What a learner believes: kept nowhere, it follows from the answers.

Wrong choices and traps carry the id of a misconception as `belief`, named mistakes in a line
`Belief: near-zero` of their docstring, below the words of `Expect:`.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fathom.course import marking, misconceptions, renames
from fathom.course.catalog import Course, Unit
from fathom.course.languages import FIRST
from fathom.course.misconceptions import FILE, Misconception
from fathom.course.place import Problem
from fathom.course.quiz import Part, Question
from fathom.course.renames import Place
from fathom.errors import LessonError

EXPECT, BELIEF = re.compile(r"^Expect:\s*(.+)$", re.M), re.compile(r"^Belief:\s*(\S+)\s*$", re.M)


class Said(Protocol):
    """An answer, as it was kept."""

    @property
    def answer(self) -> Any:
        """Plain data: what `marking.mark` takes."""

    @property
    def right(self) -> bool | None:
        """None where nothing is marked."""

    @property
    def at(self) -> float:
        """When, in seconds."""

    @property
    def seed(self) -> int | None:
        """Which values the question had; None where that was not kept."""


class Tried(Protocol):
    """An attempt at an exercise, as it was kept."""

    @property
    def outcome(self) -> str:
        """Passed, failed or not attempted."""

    @property
    def message(self) -> str:
        """What was said about it."""

    @property
    def at(self) -> float:
        """When, in seconds."""


@dataclass(frozen=True)
class Shown:
    """A misconception that an answer showed and no later one has resolved."""

    belief: Misconception
    lesson: str
    section: str  # where it is taught and asked
    at: float


def of_mistake(code: str) -> tuple[str, str]:
    """The words by which a named mistake is known, and what whoever makes it believes."""
    try:
        text = ast.get_docstring(ast.parse(code)) or ""
    except SyntaxError:
        text = ""
    words, belief = EXPECT.search(text), BELIEF.search(text)
    return (words[1].strip() if words else ""), (belief[1] if belief else "")


# ---- what a learner believes


def tagged(question: Question) -> set[str]:
    """All misconceptions that a question can show."""
    return {part.belief for part in (*question.parts, *question.traps) if part.belief}


def shown(question: Question, answer: Any, seed: int) -> set[str]:
    """The misconceptions that one answer shows."""
    hit: list[Part] = []
    match question.kind:
        case "single" | "multiple":
            chosen = [answer] if isinstance(answer, str) else answer or []
            hit = [part for part in question.parts if part.key in chosen and not part.right]
        case _:
            with suppress(LessonError):  # what was kept may be no number
                hit = marking.trapped(question, answer, seed)
    return {part.belief for part in hit if part.belief}


def unresolved(
    course: Course,
    answers: Mapping[str, Mapping[str, Sequence[Said]]],
    attempts: Mapping[str, Mapping[str, Sequence[Tried]]],
    seed: int,
) -> list[Shown]:
    """What a learner has shown to believe and not yet got right since, the latest first.

    A later right answer to a question that carries the misconception, or to its twin, resolves
    it; so does a passed attempt at an exercise that has it among its mistakes.
    answers: lesson -> question -> answers; attempts: lesson -> exercise -> attempts; both under
    the names that the course has now, each list in the order of time.
    """
    believed: dict[str, tuple[float, Place]] = {}
    resolved: dict[str, float] = {}
    pairs = twins(course)

    def right(beliefs: Iterable[str], at: float) -> None:
        for belief in beliefs:
            resolved[belief] = max(resolved.get(belief, 0.0), at)

    def wrong(belief: str, at: float, where: Place) -> None:
        if belief not in believed or at >= believed[belief][0]:
            believed[belief] = (at, where)

    for name in course.lessons:
        unit = course.units[FIRST, name]
        for question in unit.quiz.questions.values():
            for one in answers.get(name, {}).get(question.id, ()):
                if one.right:
                    other = pairs.get((name, question.id))
                    right(
                        tagged(question) | (tagged(find(course, other)) if other else set()), one.at
                    )
                    continue
                given = seed if one.seed is None else one.seed
                for belief in shown(question, one.answer, given):
                    wrong(belief, one.at, (name, section_of(unit, question.id)))
        for exercise in unit.exercises.values():
            there = attempts.get(name, {}).get(exercise.name, ())
            mistakes = _mistakes(course, name, exercise.name) if there else []
            for tried in there:
                for words, belief in mistakes:
                    if tried.outcome == "passed":
                        right([belief], tried.at)
                    elif words in tried.message:
                        wrong(belief, tried.at, (name, section_of(unit, exercise.name)))
    found = [
        Shown(course.misconceptions[belief], *_explained(course, belief, where), at)
        for belief, (at, where) in believed.items()
        if belief in course.misconceptions and at > resolved.get(belief, -1.0)
    ]
    return sorted(found, key=lambda one: -one.at)


def _explained(course: Course, belief: str, asked: Place) -> Place:
    """Where to look again: where it is taught, unless that comes later than where it was asked."""
    taught = renames.place(course.misconceptions[belief].taught, "")
    order = course.lessons
    there = taught[0] in order and order.index(taught[0]) <= order.index(asked[0])
    return taught if there else asked


def find(course: Course, at: Place) -> Question:
    """A question by its place."""
    return course.units[FIRST, at[0]].quiz.questions[at[1]]


def twins(course: Course) -> dict[Place, Place]:
    """Every question that has a twin, with it."""
    there = {
        (name, question): one
        for name in course.lessons
        for question, one in course.units[FIRST, name].quiz.questions.items()
    }
    found: dict[Place, Place] = {}
    for at, one in there.items():
        other = renames.place(one.twin, at[0]) if one.twin else None
        if other in there and other != at:
            found.setdefault(at, other)
            found.setdefault(other, at)
    return found


def section_of(unit: Unit, name: str) -> str:
    """The section in which a question is asked or an exercise stands; "" where it is in none."""
    for section in unit.lesson.sections:
        if name in section.names:
            return section.id
    return ""


def _mistakes(course: Course, lesson: str, exercise: str) -> list[tuple[str, str]]:
    """Words and belief of the named mistakes of an exercise, in every language."""
    found = []
    for language in course.languages:
        unit = course.units.get((language, lesson))
        there = unit.exercises.get(exercise) if unit else None
        for code in there.mistakes.values() if there else ():
            words, belief = of_mistake(code)
            if words and belief:
                found.append((words, belief))
    return found


# ---- proofs


def problems(course: Course) -> Iterator[Problem]:
    """Ids that do not exist, right choices that carry one, misconceptions that nobody shows."""
    known = course.misconceptions
    yield from misconceptions.load(course.folder)[1]
    file = course.folder / FILE
    used: set[str] = set()
    paired = set(twins(course))
    whole = not any(one.quiz.problems for one in course.units.values())  # else a twin may be there
    for unit in course.units.values():
        for one in _tags(unit):
            used.add(one[0])
            if one[0] not in known:
                yield Problem(one[1], one[2], f"There is no misconception {one[0]!r} in {FILE}.")
        for question in unit.quiz.questions.values():
            for part in question.parts:
                if part.belief and part.right:
                    said = f"{question.id}: {part.key!r} is right, so it shows no misconception."
                    yield Problem(question.file, part.line, said)
            if whole and question.twin and (unit.name, question.id) not in paired:
                said = f"{question.id}: there is no question {question.twin!r} to be its twin."
                yield Problem(question.file, question.line, said)
        first = course.units[FIRST, unit.name]
        for question in unit.quiz.questions.values():
            original = first.quiz.questions.get(question.id)
            if original and _shown_by(original) != _shown_by(question):
                said = f"The question {question.id!r} shows other misconceptions than in {FIRST}."
                yield Problem(question.file, question.line, said)
    for name, one_of in known.items():
        if name not in used:
            yield Problem(file, one_of.line, f"No question and no mistake shows {name!r}.")
        lesson, section = renames.place(one_of.taught, "")
        there = course.units.get((FIRST, lesson))
        sections = {one.id for one in there.lesson.sections} if there else set()
        if one_of.taught and section not in sections:
            yield Problem(file, one_of.line, f"{name} is taught in no section {one_of.taught!r}.")
        for language in course.languages:
            if not (one_of.believes.get(language) and one_of.resolves.get(language)):
                yield Problem(file, one_of.line, f"{name} is not translated: {language}.")


def _shown_by(question: Question) -> list[tuple[str, str]]:
    """What of a question must be the same in every language."""
    parts = [(part.key, part.belief) for part in question.parts]
    return [*parts, *((f"trap {at}", one.belief) for at, one in enumerate(question.traps))]


def _tags(unit: Unit) -> Iterator[tuple[str, Path, int]]:
    for question in unit.quiz.questions.values():
        for part in (*question.parts, *question.traps):
            if part.belief:
                yield part.belief, question.file, part.line
    for there in unit.exercises.values():
        for name, code in there.mistakes.items():
            if belief := of_mistake(code)[1]:
                yield belief, there.folder / "mistakes" / f"{name}.py", 1
