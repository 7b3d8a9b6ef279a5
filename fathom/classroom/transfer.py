"""Progress from a file: what `progress.export` wrote comes back, beside what is there.

Nothing that is there is lost, and the same file a second time changes nothing: attempts that
are known are left out, minutes become those of whichever side has more, and of two texts of
one editor the newer is shown, while the older stays under its name and time.
"""

import json
import math
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, func, insert, select, update

from fathom.classroom.db import writing
from fathom.classroom.learners import SEEDS, Learner
from fathom.classroom.progress import FORMAT, JSON, LONGEST, PACES, VERSION
from fathom.classroom.tables import (
    KEPT,
    answers,
    attempts,
    learners,
    paces,
    recalls,
    sections,
    texts,
)
from fathom.errors import ClassroomError

LARGEST = 50_000_000  # bytes of a file
ROWS = 200_000  # of a table
SAME = {"answers": ("question", "at", "answer"), "attempts": ("exercise", "at", "code")}
KINDS = ("quiz", "predict", "recall")


def read(content: bytes) -> dict[str, Any]:
    """The file as plain data, its rows looked at; ClassroomError with one sentence otherwise."""
    if len(content) > LARGEST:
        raise ClassroomError(
            "This file is too large to be progress of Fathom: nothing was changed."
        )
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ClassroomError(
            "This file is no progress of Fathom, or it was cut off: nothing was changed. "
            "Choose a file that was saved on the start page."
        ) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ClassroomError(
            "This file was not saved by Fathom: nothing was changed. "
            "Choose a file that was saved on the start page."
        )
    version = data.get("version")
    if not isinstance(version, int) or version < 1:
        raise _broken("version")
    if version > VERSION:
        raise ClassroomError(
            "This file was saved by a newer Fathom: nothing was changed. "
            "Install the newer one here, too."
        )
    learner = data.get("learner")
    if not isinstance(learner, dict) or not _whole(learner.get("seed"), 0, SEEDS):
        raise _broken("learner")
    rows = {table.name: _rows(table, data.get(table.name, [])) for table in KEPT}
    return {"seed": learner["seed"], **rows}


def take(engine: Engine, learner: Learner, content: bytes) -> Learner:
    """Put the content of a file beside what is there; the learner, perhaps with another seed.

    The seed comes along where nothing was answered yet, so that questions keep their values.
    Raises ClassroomError for a file that is not ours, broken, too large or newer, and changes
    nothing then.
    """
    data = read(content)
    seed = learner.seed
    with writing(engine) as connection:
        mine = select(func.count()).where(answers.c.learner == learner.id)
        if data["seed"] != seed and not connection.scalar(mine):
            seed = data["seed"]
            changed = update(learners).where(learners.c.id == learner.id).values(seed=seed)
            connection.execute(changed)
        for row in data["answers"]:
            row["seed"] = data["seed"] if row["seed"] is None else row["seed"]
        for table in (answers, attempts):
            _add(connection, learner, table, data[table.name])
        for row in data["sections"]:
            _merge_visit(connection, learner, row)
        for row in data["texts"]:
            _merge_text(connection, learner, row)
        for table in (paces, recalls):
            for row in data[table.name]:
                _newer(connection, learner, table, row)
    return Learner(learner.id, learner.name, seed)


# ---- rows of a file


def _broken(where: str) -> ClassroomError:
    return ClassroomError(
        f"This file is broken at {where}: nothing was changed. Save it anew where it comes from."
    )


def _no_number(said: str) -> None:
    raise ValueError(said)


def _whole(said: Any, low: int, high: int) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and low <= said <= high


def _time(said: Any) -> bool:
    number = isinstance(said, (int, float)) and not isinstance(said, bool)
    return number and math.isfinite(said) and 0 <= said < 1e11


def _rows(table: Table, said: Any) -> list[dict[str, Any]]:
    if not isinstance(said, list) or len(said) > ROWS:
        raise _broken(table.name)
    return [_row(table, one, f"{table.name}[{at}]") for at, one in enumerate(said)]


def _row(table: Table, said: Any, where: str) -> dict[str, Any]:
    """One row with the columns that the table has, every value of its kind."""
    if not isinstance(said, dict):
        raise _broken(where)
    found: dict[str, Any] = {}
    for column in table.columns:
        name = column.name
        if name in ("id", "learner"):
            continue
        value = said.get(name)
        if name in JSON.get(table.name, ()):
            value = json.dumps(value)
        if value is None and column.nullable:
            found[name] = None
        elif _fits(name, value):
            found[name] = value
        else:
            raise _broken(f"{where}.{name}")
    if table is recalls and not _pairs(said["questions"]):
        raise _broken(f"{where}.questions")
    return found


def _fits(name: str, value: Any) -> bool:
    match name:
        case "at" | "seconds":
            return _time(value)
        case "read" | "right":
            return _whole(value, 0, 1)
        case "attempt":
            return _whole(value, 1, ROWS)
        case "seed":
            return _whole(value, 0, SEEDS)
        case "pace":
            return value in PACES
        case "kind":
            return value in KINDS
        case "answer" | "code" | "message" | "questions":
            return isinstance(value, str) and len(value) <= LONGEST
        case _:  # the names of lessons, sections, questions, exercises, and an outcome
            return isinstance(value, str) and 0 < len(value) <= 100


def _pairs(said: Any) -> bool:
    return isinstance(said, list) and all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)
        for one in said
    )


# ---- and what is there


def _add(
    connection: Connection, learner: Learner, table: Table, rows: list[dict[str, Any]]
) -> None:
    """Rows of which every one is kept; those that are known are left out."""
    names = ("lesson", *SAME[table.name])
    wanted = select(*(table.c[name] for name in names)).where(table.c.learner == learner.id)
    known = {tuple(row) for row in connection.execute(wanted)}
    for row in rows:
        same = tuple(row[name] for name in names)
        if same not in known:
            known.add(same)
            connection.execute(insert(table).values(learner=learner.id, **row))


def _at(table: Table, learner: Learner, row: dict[str, Any]) -> Any:
    """Where a row of this key stands."""
    keys = [one for one in table.primary_key.columns if one.name != "learner"]
    found = table.c.learner == learner.id
    for one in keys:
        found &= one == row[one.name]
    return found


def _there(
    connection: Connection, learner: Learner, table: Table, row: dict[str, Any]
) -> Row[Any] | None:
    """What is kept under the same key; None where nothing was, and now the row is."""
    there = connection.execute(select(table).where(_at(table, learner, row))).first()
    if there is None:
        connection.execute(insert(table).values(learner=learner.id, **row))
    return there


def _merge_visit(connection: Connection, learner: Learner, row: dict[str, Any]) -> None:
    there = _there(connection, learner, sections, row)
    if there is None:
        return
    kept = {name: max(getattr(there, name), row[name]) for name in ("seconds", "read", "at")}
    connection.execute(update(sections).where(_at(sections, learner, row)).values(**kept))


def _merge_text(connection: Connection, learner: Learner, row: dict[str, Any]) -> None:
    there = _there(connection, learner, texts, row)
    if there is None or there.code == row["code"]:
        return
    older = row
    if row["at"] > there.at:
        older = {"lesson": there.lesson, "code": there.code, "at": there.at}
        newer = update(texts).where(_at(texts, learner, row))
        connection.execute(newer.values(code=row["code"], at=row["at"]))
    name = row["exercise"]
    aside = older | {"exercise": f"{name[:80]}@{older['at']:.0f}"}
    _there(connection, learner, texts, aside)


def _newer(connection: Connection, learner: Learner, table: Table, row: dict[str, Any]) -> None:
    """One row a key: the one that was made later stays."""
    there = _there(connection, learner, table, row)
    if there is not None and row["at"] > there.at:
        connection.execute(update(table).where(_at(table, learner, row)).values(**row))
