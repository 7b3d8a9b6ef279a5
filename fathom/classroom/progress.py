"""What learners answered, read and wrote. Every attempt is kept, and none is changed later."""

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from fathom.classroom.db import writing
from fathom.classroom.learners import Learner
from fathom.classroom.tables import KEPT, answers, attempts, paces, recalls, sections, texts
from fathom.errors import ClassroomError

PASSED = "passed"  # the outcome of an attempt that solves its exercise
LONGEST = 100_000  # letters of an answer or a text
MOST_SECONDS = 600.0  # that one report may claim for a section
FORMAT, VERSION = "fathom-progress", 1  # of an exported file
JSON = {"answers": ("answer",), "recalls": ("questions",)}  # columns that hold it
PACES = ("got", "not-yet", "skip")  # got it, not yet, could have skipped it


@dataclass(frozen=True)
class Answer:
    """One attempt at a question. `right` is None where nothing is marked."""

    question: str
    kind: str
    attempt: int
    answer: Any
    right: bool | None
    at: float
    seed: int | None = None  # which values the question had


@dataclass(frozen=True)
class Pace:
    """What one learner said at the end of a section: one of PACES."""

    section: str
    pace: str
    at: float


@dataclass(frozen=True)
class Recall:
    """The questions, each a lesson and an id, with which a lesson was opened last."""

    questions: tuple[tuple[str, str], ...]
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
    with writing(engine) as connection:
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
            "seed": learner.seed,
        }
        connection.execute(insert(answers).values(**row))
    return Answer(question, kind, attempt, said, right, now, learner.seed)


def all_answers(engine: Engine, learner: Learner) -> dict[str, dict[str, list[Answer]]]:
    """lesson -> question -> all attempts, the first one first."""
    wanted = select(answers).where(answers.c.learner == learner.id)
    found: dict[str, dict[str, list[Answer]]] = {}
    with engine.connect() as connection:
        for row in connection.execute(wanted.order_by(answers.c.at, answers.c.id)):
            right, said = None if row.right is None else bool(row.right), json.loads(row.answer)
            one = Answer(row.question, row.kind, row.attempt, said, right, row.at, row.seed)
            found.setdefault(row.lesson, {}).setdefault(row.question, []).append(one)
    return found


def say(engine: Engine, learner: Learner, lesson: str, section: str, pace: str) -> None:
    """Keep how a section was; what was said of it before is replaced."""
    if pace not in PACES:
        raise ClassroomError(f"A section was one of {', '.join(PACES)}, not {pace!r}.")
    _put(engine, paces, {"learner": learner.id, "lesson": lesson, "section": section}, pace=pace)


def said(engine: Engine, learner: Learner) -> dict[str, dict[str, Pace]]:
    """lesson -> section -> how it was."""
    found: dict[str, dict[str, Pace]] = {}
    with engine.connect() as connection:
        for row in connection.execute(_of(paces, learner)):
            one = Pace(row.section, row.pace, row.at)
            found.setdefault(row.lesson, {})[row.section] = one
    return found


def bring_back(
    engine: Engine, learner: Learner, lesson: str, questions: tuple[tuple[str, str], ...]
) -> Recall:
    """Keep the questions with which a lesson is opened now."""
    key = {"learner": learner.id, "lesson": lesson}
    return Recall(questions, _put(engine, recalls, key, questions=json.dumps(questions)))


def brought_back(engine: Engine, learner: Learner, lesson: str) -> Recall | None:
    """The questions with which a lesson was opened last; None before that."""
    wanted = _of(recalls, learner).where(recalls.c.lesson == lesson)
    with engine.connect() as connection:
        row = connection.execute(wanted).first()
    if row is None:
        return None
    return Recall(tuple((one[0], one[1]) for one in json.loads(row.questions)), row.at)


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
    with writing(engine) as connection:
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
    with writing(engine) as connection:
        connection.execute(insert(attempts).values(**row))
    return made


def all_attempts(engine: Engine, learner: Learner) -> dict[str, dict[str, list[Attempt]]]:
    """lesson -> exercise -> all attempts, the first one first."""
    found: dict[str, dict[str, list[Attempt]]] = {}
    with engine.connect() as connection:
        for row in connection.execute(_of(attempts, learner).order_by(attempts.c.id)):
            one = Attempt(row.exercise, row.code, row.outcome, row.message, row.at)
            found.setdefault(row.lesson, {}).setdefault(row.exercise, []).append(one)
    return found


def write(engine: Engine, learner: Learner, lesson: str, exercise: str, code: str) -> None:
    """Keep the text of an editor."""
    _short(code)
    _put(engine, texts, {"learner": learner.id, "lesson": lesson, "exercise": exercise}, code=code)


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
    told = {"format": FORMAT, "version": VERSION}
    return {**told, "learner": {"name": learner.name, "seed": learner.seed}, **kept}


def reset(engine: Engine, learner: Learner) -> None:
    """Forget all that a learner has made; the learner and the seed stay."""
    with writing(engine) as connection:
        for table in KEPT:
            connection.execute(delete(table).where(table.c.learner == learner.id))


def _put(engine: Engine, table: Table, key: dict[str, Any], **kept: Any) -> float:
    """Keep one row a key; the time at which it was kept."""
    kept["at"] = time.time()
    made = insert_or_update(table).values(**key, **kept)
    with writing(engine) as connection:
        connection.execute(made.on_conflict_do_update(index_elements=list(key), set_=kept))
    return float(kept["at"])


def _of(table: Table, learner: Learner) -> Any:
    return select(table).where(table.c.learner == learner.id).order_by(table.c.at)


def _plain(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("id", "learner")}
    for name in JSON.get(table.name, ()):
        kept[name] = json.loads(kept[name])
    return kept


def _short(text: str) -> None:
    if len(text) > LONGEST:
        raise ClassroomError(f"A text of {len(text)} letters is too long: keep it under {LONGEST}.")
