"""What a learner has done, under the names that the course has now.

It is kept under the names of its time (`was` in a lesson says what those are called now), and
never rewritten. What is in the course no more is here too; pages look up what they show.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Engine

from fathom.classroom import progress
from fathom.classroom.learners import Learner
from fathom.classroom.progress import Answer, Attempt, Pace, Visit
from fathom.course.renames import Names, Place

T = TypeVar("T")


@dataclass(frozen=True)
class History:
    """As it is when it is asked first: what is kept later is in another one."""

    engine: Engine
    learner: Learner
    names: Names

    @cached_property
    def answers(self) -> dict[str, dict[str, list[Answer]]]:
        """lesson -> question -> all attempts, in the order of time."""
        found: dict[str, dict[str, list[Answer]]] = {}
        for now, said in self._now("question", progress.all_answers(self.engine, self.learner)):
            there = found.setdefault(now[0], {}).setdefault(now[1], [])
            for one in said:
                answer = self.names.answer(now, one.answer)
                there.append(replace(one, question=now[1], answer=answer))
            there.sort(key=lambda one: one.at)
        return found

    @cached_property
    def visits(self) -> dict[str, dict[str, Visit]]:
        """lesson -> section -> what was seen of it; two that became one are added up."""
        found: dict[str, dict[str, Visit]] = {}
        for now, one in self._now("section", progress.visits(self.engine, self.learner)):
            there = found.setdefault(now[0], {})
            other = there.get(now[1], Visit(now[1], 0.0, False, 0.0))
            seconds, read = one.seconds + other.seconds, one.read or other.read
            there[now[1]] = Visit(now[1], seconds, read, max(one.at, other.at))
        return found

    @cached_property
    def paces(self) -> dict[str, dict[str, Pace]]:
        """lesson -> section -> how it was, as said last."""
        found: dict[str, dict[str, Pace]] = {}
        for now, one in self._now("section", progress.said(self.engine, self.learner)):
            there = found.setdefault(now[0], {})
            if now[1] not in there or there[now[1]].at < one.at:
                there[now[1]] = replace(one, section=now[1])
        return found

    @cached_property
    def attempts(self) -> dict[str, dict[str, list[Attempt]]]:
        """lesson -> exercise -> all attempts, in the order of time."""
        found: dict[str, dict[str, list[Attempt]]] = {}
        for now, tried in self._now("exercise", progress.all_attempts(self.engine, self.learner)):
            there = found.setdefault(now[0], {}).setdefault(now[1], [])
            there.extend(replace(one, exercise=now[1]) for one in tried)
            there.sort(key=lambda one: one.at)
        return found

    def _now(self, kind: str, kept: Mapping[str, Mapping[str, T]]) -> Iterator[tuple[Place, T]]:
        """What is kept by lesson and name, each with the place that it has now."""
        for lesson, things in kept.items():
            for name, one in things.items():
                yield self.names.now(kind, lesson, name), one

    def attempted(self, lesson: str, exercise: str) -> list[Attempt]:
        """All attempts at an exercise, in the order of time."""
        return self.attempts.get(lesson, {}).get(exercise, [])

    def written(self, lesson: str, exercise: str) -> str | None:
        """The text of an editor; None where nothing has been written."""
        for at in self.names.before("exercise", lesson, exercise):
            text = progress.written(self.engine, self.learner, *at)
            if text is not None:
                return text
        return None
