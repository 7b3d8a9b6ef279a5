"""The database: opened, brought up to date, and safe against a server that is killed.

SQLite with a write-ahead log in the folder of FATHOM_HOME. Every transaction is flushed to
the disk before it is acknowledged (synchronous = FULL; a learner's answer is one small write).
Whoever writes does so through `writing`: SQLite up to 3.51.2 can lose a commit when two
connections move the log into the database at once, which a commit does now and then.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from fathom import settings
from fathom.errors import ClassroomError, NotKept

FILE = "classroom.sqlite"
PATIENCE = 10.0  # seconds to wait for another process that writes
_ALONE = threading.RLock()


def open_database(folder: Path | None = None) -> Engine:
    """The database in a folder, FATHOM_HOME by default, made or upgraded where that is needed.

    Raises ClassroomError when the folder cannot be written or the file is no database.
    """
    file = (settings.state() if folder is None else folder) / FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _prepare)
        upgrade(engine)
    except OSError as error:
        raise ClassroomError(
            f"Progress cannot be kept in {file.parent}: {error.strerror}. "
            "Name another folder with FATHOM_HOME."
        ) from error
    except SQLAlchemyError as error:
        raise ClassroomError(
            f"The file {file} cannot be used: {getattr(error, 'orig', error)}. "
            "Move it away to start afresh, or name another folder with FATHOM_HOME."
        ) from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The one connection of this process that writes: committed when the block ends.

    Raises NotKept when the disk is full, the file is locked or can be written no more.
    """
    try:
        with _ALONE, engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise NotKept(
            f"This could not be kept in {settings.state()}: {error.orig}. "
            "Make room there, then send it again."
        ) from error


def _prepare(connection: Any, record: object) -> None:
    for said in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {said}")


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date: every step and its record commit together."""
    config = Config()
    config.set_main_option("script_location", "fathom.classroom:migrations")
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
