"""What a learner has done, under the names that the course has now.

It is kept under the names of its time (`was` in a lesson says what those are called now), and
never rewritten. What is in the course no more is here too; pages look up what they show.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import Engine

from fathom.classroom import progress
from fathom.classroom.learners import Learner
from fathom.classroom.progress import Answer, Attempt, Pace, Visit
from fathom.course.renames import Names


@dataclass(frozen=True)
class History:
    """Looks into the database when it is asked, for the attempts at exercises once."""

    engine: Engine
    learner: Learner
    names: Names

    def answers(self) -> dict[str, dict[str, list[Answer]]]:
        """lesson -> question -> all attempts, in the order of time."""
        found: dict[str, dict[str, list[Answer]]] = {}
        for lesson, questions in progress.all_answers(self.engine, self.learner).items():
            for name, said in questions.items():
                now = self.names.now("question", lesson, name)
                there = found.setdefault(now[0], {}).setdefault(now[1], [])
                for one in said:
                    answer = self.names.answer(now, one.answer)
                    there.append(replace(one, question=now[1], answer=answer))
                there.sort(key=lambda one: one.at)
        return found

    def visits(self) -> dict[str, dict[str, Visit]]:
        """lesson -> section -> what was seen of it; two that became one are added up."""
        found: dict[str, dict[str, Visit]] = {}
        for lesson, sections in progress.visits(self.engine, self.learner).items():
            for name, one in sections.items():
                now = self.names.now("section", lesson, name)
                there = found.setdefault(now[0], {})
                other = there.get(now[1], Visit(now[1], 0.0, False, 0.0))
                seconds, read = one.seconds + other.seconds, one.read or other.read
                there[now[1]] = Visit(now[1], seconds, read, max(one.at, other.at))
        return found

    def paces(self) -> dict[str, dict[str, Pace]]:
        """lesson -> section -> how it was, as said last."""
        found: dict[str, dict[str, Pace]] = {}
        for lesson, sections in progress.said(self.engine, self.learner).items():
            for name, one in sections.items():
                now = self.names.now("section", lesson, name)
                there = found.setdefault(now[0], {})
                if now[1] not in there or there[now[1]].at < one.at:
                    there[now[1]] = replace(one, section=now[1])
        return found

    @cached_property
    def attempts(self) -> dict[str, dict[str, list[Attempt]]]:
        """lesson -> exercise -> all attempts, in the order of time."""
        found: dict[str, dict[str, list[Attempt]]] = {}
        for lesson, exercises in progress.all_attempts(self.engine, self.learner).items():
            for name, tried in exercises.items():
                now = self.names.now("exercise", lesson, name)
                there = found.setdefault(now[0], {}).setdefault(now[1], [])
                there.extend(replace(one, exercise=now[1]) for one in tried)
                there.sort(key=lambda one: one.at)
        return found

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
