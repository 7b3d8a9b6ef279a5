"""What learners answered, read and wrote. Every attempt is kept, and none is changed later."""

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from fathom.classroom.learners import Learner
from fathom.classroom.tables import KEPT, answers, attempts, sections, texts
from fathom.errors import ClassroomError

PASSED = "passed"  # the outcome of an attempt that solves its exercise
LONGEST = 100_000  # letters of an answer or a text
MOST_SECONDS = 600.0  # that one report may claim for a section


@dataclass(frozen=True)
class Answer:
    """One attempt at a question. `right` is None where nothing is marked."""

    question: str
    kind: str
    attempt: int
    answer: Any
    right: bool | None
    at: float


@dataclass(frozen=True)
class Visit:
    """What one learner has seen of a section."""

    section: str
    seconds: float
    read: bool
    at: float


@dataclass(frozen=True)
class Attempt:
    """One attempt at an exercise and what was said about it."""

    exercise: str
    code: str
    outcome: str
    message: str
    at: float


def answer(
    engine: Engine,
    learner: Learner,
    lesson: str,
    question: str,
    said: Any,
    right: bool | None,
    kind: str = "quiz",
) -> Answer:
    """Keep an answer, plain data, as the learner's next attempt at this question."""
    text = json.dumps(said)
    _short(text)
    mine = (answers.c.learner == learner.id) & (answers.c.lesson == lesson)
    with engine.begin() as connection:
        before = select(func.count()).where(mine & (answers.c.question == question))
        attempt = (connection.scalar(before) or 0) + 1
        now = time.time()
        row = {
            "learner": learner.id,
            "lesson": lesson,
            "question": question,
            "kind": kind,
            "attempt": attempt,
            "answer": text,
            "right": None if right is None else int(right),
            "at": now,
        }
        connection.execute(insert(answers).values(**row))
    return Answer(question, kind, attempt, said, right, now)


def answered(engine: Engine, learner: Learner, lesson: str) -> dict[str, list[Answer]]:
    """All attempts at the questions of a lesson, the first one first."""
    wanted = select(answers).where((answers.c.learner == learner.id) & (answers.c.lesson == lesson))
    found: dict[str, list[Answer]] = {}
    with engine.connect() as connection:
        for row in connection.execute(wanted.order_by(answers.c.id)):
            right = None if row.right is None else bool(row.right)
            one = Answer(row.question, row.kind, row.attempt, json.loads(row.answer), right, row.at)
            found.setdefault(row.question, []).append(one)
    return found


def visit(
    engine: Engine, learner: Learner, lesson: str, section: str, seconds: float, read: bool
) -> None:
    """Add seconds to a section; once read it stays read."""
    if not 0 <= seconds <= MOST_SECONDS:
        raise ClassroomError(f"A visit lasts 0 to {MOST_SECONDS:g} seconds, not {seconds:g}.")
    now = time.time()
    key = {"learner": learner.id, "lesson": lesson, "section": section}
    added = insert_or_update(sections).values(**key, seconds=seconds, read=int(read), at=now)
    kept = {
        "seconds": sections.c.seconds + added.excluded.seconds,
        "read": func.max(sections.c.read, added.excluded.read),
        "at": now,
    }
    with engine.begin() as connection:
        connection.execute(added.on_conflict_do_update(index_elements=list(key), set_=kept))


def visits(engine: Engine, learner: Learner) -> dict[str, dict[str, Visit]]:
    """lesson -> section -> what was seen of it."""
    found: dict[str, dict[str, Visit]] = {}
    with engine.connect() as connection:
        for row in connection.execute(select(sections).where(sections.c.learner == learner.id)):
            seen = Visit(row.section, row.seconds, bool(row.read), row.at)
            found.setdefault(row.lesson, {})[row.section] = seen
    return found


def attempt(
    engine: Engine,
    learner: Learner,
    lesson: str,
    exercise: str,
    code: str,
    outcome: str,
    message: str,
) -> Attempt:
    """Keep an attempt at an exercise with the verdict on it."""
    _short(code)
    made = Attempt(exercise, code, outcome, message, time.time())
    row = {"learner": learner.id, "lesson": lesson, **made.__dict__}
    with engine.begin() as connection:
        connection.execute(insert(attempts).values(**row))
    return made


def attempted(engine: Engine, learner: Learner, lesson: str, exercise: str) -> list[Attempt]:
    """All attempts at an exercise, the first one first."""
    wanted = select(attempts).where(
        (attempts.c.learner == learner.id)
        & (attempts.c.lesson == lesson)
        & (attempts.c.exercise == exercise)
    )
    with engine.connect() as connection:
        return [
            Attempt(row.exercise, row.code, row.outcome, row.message, row.at)
            for row in connection.execute(wanted.order_by(attempts.c.id))
        ]


def solved(engine: Engine, learner: Learner) -> dict[str, set[str]]:
    """lesson -> the exercises of which an attempt has passed."""
    wanted = select(attempts.c.lesson, attempts.c.exercise).where(
        (attempts.c.learner == learner.id) & (attempts.c.outcome == PASSED)
    )
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for row in connection.execute(wanted.distinct()):
            found.setdefault(row.lesson, set()).add(row.exercise)
    return found


def write(engine: Engine, learner: Learner, lesson: str, exercise: str, code: str) -> None:
    """Keep the text of an editor."""
    _short(code)
    key = {"learner": learner.id, "lesson": lesson, "exercise": exercise}
    now = time.time()
    kept = insert_or_update(texts).values(**key, code=code, at=now)
    with engine.begin() as connection:
        connection.execute(
            kept.on_conflict_do_update(index_elements=list(key), set_={"code": code, "at": now})
        )


def written(engine: Engine, learner: Learner, lesson: str, exercise: str) -> str | None:
    """The text of an editor, None where nothing has been written."""
    wanted = select(texts.c.code).where(
        (texts.c.learner == learner.id)
        & (texts.c.lesson == lesson)
        & (texts.c.exercise == exercise)
    )
    with engine.connect() as connection:
        return connection.scalar(wanted)


def export(engine: Engine, learner: Learner) -> dict[str, Any]:
    """All that is kept about a learner, as plain data."""
    with engine.connect() as connection:
        kept = {
            table.name: [
                _plain(table, row._asdict()) for row in connection.execute(_of(table, learner))
            ]
            for table in KEPT
        }
    return {"learner": {"name": learner.name, "seed": learner.seed}, **kept}


def reset(engine: Engine, learner: Learner) -> None:
    """Forget all that a learner has made; the learner and the seed stay."""
    with engine.begin() as connection:
        for table in KEPT:
            connection.execute(delete(table).where(table.c.learner == learner.id))


def _of(table: Table, learner: Learner) -> Any:
    return select(table).where(table.c.learner == learner.id).order_by(table.c.at)


def _plain(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("id", "learner")}
    if table is answers:
        kept["answer"] = json.loads(kept["answer"])
    return kept


def _short(text: str) -> None:
    if len(text) > LONGEST:
        raise ClassroomError(f"A text of {len(text)} letters is too long: keep it under {LONGEST}.")
