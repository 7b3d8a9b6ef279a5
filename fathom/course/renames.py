"""What things were called before: a lesson that changes orphans nothing that was kept.

Questions, their choices, sections, exercises and lessons may say `was`: an id of before, or
LESSON/ID where the thing stood in another lesson. What learners did is kept under the names
of its time; `Names` says what those are called now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fathom.course.catalog import Course, Unit
from fathom.course.languages import FIRST
from fathom.course.place import Problem

Place = tuple[str, str]  # a lesson and the id of something in it


@dataclass(frozen=True)
class Claim:
    """Something that has an id now, and had others."""

    kind: str
    now: Place
    before: tuple[Place, ...]
    problem: Problem  # where it stands; the text is still to be written


@dataclass(frozen=True)
class Names:
    """Places of before and what they are now."""

    lessons: Mapping[str, str]
    places: Mapping[tuple[str, Place], Place]  # by kind: question, section, exercise
    parts: Mapping[Place, Mapping[str, str]]  # question -> its choices, steps or blanks

    def now(self, kind: str, lesson: str, name: str) -> Place:
        """What something is called now; as it was where it has not changed."""
        return self.places.get((kind, (lesson, name))) or (self.lessons.get(lesson, lesson), name)

    def before(self, kind: str, lesson: str, name: str) -> list[Place]:
        """Where something may have been kept, the present place first."""
        found = [(lesson, name)]
        found += [
            old for (said, old), now in self.places.items() if (said, now) == (kind, found[0])
        ]
        found += [(old, one) for old, now in self.lessons.items() for at, one in found if at == now]
        return found

    def answer(self, question: Place, said: Any) -> Any:
        """An answer with the keys that the parts of its question have now."""
        keys = self.parts.get(question, {})
        match said:
            case str():
                return keys.get(said, said)
            case list():
                return [keys.get(one, one) if isinstance(one, str) else one for one in said]
            case dict():
                return {keys.get(key, key): value for key, value in said.items()}
        return said


def place(said: str, lesson: str) -> Place:
    """ID in this lesson, or LESSON/ID."""
    other, slash, name = said.partition("/")
    return (other, name) if slash else (lesson, said)


def claims(unit: Unit) -> Iterator[Claim]:
    """Everything in a lesson whose name learners' work is kept under."""

    def claim(kind: str, name: str, was: Sequence[str], file: Any, line: int) -> Claim:
        before = tuple(place(one, unit.name) for one in was)
        return Claim(kind, (unit.name, name), before, Problem(file, line, ""))

    for one in unit.quiz.questions.values():
        yield claim("question", one.id, one.was, one.file, one.line)
    for section in unit.lesson.sections:
        yield claim("section", section.id, section.was, unit.lesson.file, section.line)
    for there in unit.exercises.values():
        line = there.task.lines.get("was", 1)
        yield claim("exercise", there.name, there.was, there.folder / "task.md", line)


def of(course: Course) -> Names:
    """The names of a course; those of the first language hold for all."""
    units = [course.units[FIRST, name] for name in course.lessons]
    found = [one for unit in units for one in claims(unit)]
    return Names(
        lessons={old: unit.name for unit in units for old in unit.lesson.was},
        places={(one.kind, old): one.now for one in found for old in one.before},
        parts={
            (unit.name, question.id): keys
            for unit in units
            for question in unit.quiz.questions.values()
            if (keys := {old: part.key for part in question.parts for old in part.was})
        },
    )


def problems(course: Course) -> Iterator[Problem]:
    """Ids that are in use and were another's, or that two things claim."""
    for language in course.languages:
        units = [unit for (spoken, _), unit in course.units.items() if spoken == language]
        found = [one for unit in units for one in claims(unit)]
        taken: dict[tuple[str, Place], Place] = {}
        current = {(one.kind, one.now) for one in found}
        for one in found:
            for old in one.before:
                where, name = one.problem, "/".join(old)
                if (one.kind, old) in current:
                    said = (
                        f"{name!r} is the id of a {one.kind} now, so it cannot be what another was."
                    )
                    yield Problem(where.file, where.line, said)
                elif taken.setdefault((one.kind, old), one.now) != one.now:
                    said = f"Two of them were {name!r}: {taken[one.kind, old][1]} and {one.now[1]}."
                    yield Problem(where.file, where.line, said)
        for unit in units:
            yield from _parts(unit)


def _parts(unit: Unit) -> Iterator[Problem]:
    for question in unit.quiz.questions.values():
        taken: dict[str, str] = {}
        keys = {part.key for part in question.parts}
        for part in question.parts:
            for old in part.was:
                if old in keys:
                    said = f"{question.id}: {old!r} is an id now, so it cannot be what another was."
                    yield Problem(question.file, part.line, said)
                elif taken.setdefault(old, part.key) != part.key:
                    said = f"{question.id}: {taken[old]} and {part.key} both were {old!r}."
                    yield Problem(question.file, part.line, said)
