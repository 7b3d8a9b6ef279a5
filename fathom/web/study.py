"""The course and what its learner keeps, as the pages need them."""

import hashlib
import hmac
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from fathom import settings
from fathom.classroom import learners, transfer
from fathom.classroom.db import open_database
from fathom.classroom.learners import Learner
from fathom.course import beliefs, catalog, renames
from fathom.course.beliefs import Shown
from fathom.course.catalog import Course, Unit
from fathom.course.lesson import Directive
from fathom.course.renames import Names
from fathom.errors import LessonError
from fathom.web.history import History
from fathom.web.speech import language
from fathom.web.standing import Standing

T = TypeVar("T")
READ = (".md", ".toml", ".py")  # what a course is read from; not what editors leave behind
SHOWN = (*READ, ".svg", ".png", ".fathom")  # and what its pages show besides
Stamp = tuple[tuple[str, int, int], ...]
LARGEST = 60_000  # bytes of a form


def stamp(folder: Path, suffixes: tuple[str, ...]) -> Stamp:
    """What changes when a file of these kinds below a folder is saved: path, time and size."""
    return tuple(
        (str(path), stat.st_mtime_ns, stat.st_size)
        for path in sorted(folder.rglob("*"))
        if path.suffix in suffixes and (stat := path.stat())
    )


@dataclass
class Study:
    """One course, one database; both opened when they are first needed."""

    folder: Path
    form_key: str  # what every form carries
    _course: Course | None = None
    _stamp: Stamp = ()
    _names: Names | None = None
    _engine: Engine | None = None
    _learner: Learner | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def course(self) -> Course:
        """The course as its files are now: an author sees a change with the next page."""
        with self._lock:
            now = stamp(self.folder, READ)
            if self._course is None or now != self._stamp:
                self._course, self._stamp = catalog.load(self.folder), now
                self._names = renames.of(self._course)
            return self._course

    def names(self) -> Names:
        """What things of the course were called before."""
        with self._lock:
            self.course()
            assert self._names is not None  # made with the course
            return self._names

    def edition(self, unit: Unit) -> str:
        """A word that changes with the files of a lesson; "" for a course that nobody writes."""
        if self.folder == settings.SHIPPED or not os.access(unit.folder, os.W_OK):
            return ""
        return hashlib.sha256(repr(stamp(unit.folder, SHOWN)).encode()).hexdigest()[:16]

    def kept(self) -> tuple[Engine, Learner]:
        """The database and who learns."""
        with self._lock:
            if self._engine is None or self._learner is None:
                self._engine = open_database()
                self._learner = learners.alone(self._engine)
            return self._engine, self._learner

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def history(self) -> History:
        """What the learner has done, under the names that the course has now. One a request."""
        return History(*self.kept(), self.names())

    def beliefs(self, made: History) -> list[Shown]:
        """Misconceptions that the learner has shown and not yet resolved."""
        return beliefs.unresolved(self.course(), made.answers, made.attempts, made.learner.seed)

    def take(self, content: bytes) -> None:
        """Put progress from a file beside what is there; ClassroomError for one that is none."""
        with self._lock:
            engine, learner = self.kept()
            self._learner = transfer.take(engine, learner, content)

    def figures(self) -> list[tuple[Standing, list[str]]]:
        """Every lesson that is written with the experiments that run in it, in their order."""
        try:
            course = self.course()
        except LessonError:
            return []  # without a course there are experiments all the same
        found = []
        for name in course.lessons:
            unit = course.find(name, language())
            number, minutes = course.number(name), unit.lesson.minutes
            lesson = Standing(name, unit.lesson.title, minutes, True, number)
            found.append((lesson, [one.argument for one in unit.lesson.directives("run")]))
        return found

    def questions(self, experiment: str) -> list[tuple[str, dict[str, str]]]:
        """What lessons ask with its figures, and the knobs they ask it with, as written."""
        try:
            course = self.course()
        except LessonError:
            return []
        lessons = [course.find(name, language()).lesson for name in course.lessons]
        runs = [one for lesson in lessons for one in lesson.directives("run")]
        return [
            (one.options["question"], given(one))
            for one in runs
            if one.argument == experiment and one.options.get("question")
        ]


def given(one: Directive) -> dict[str, str]:
    """The knobs of a run, as its lesson writes them."""
    said = one.options.get("with", "").split()
    return {name: value for name, _, value in (pair.partition("=") for pair in said)}


async def ask(request: Request, what: Callable[[Study], T]) -> T:
    """Something of the study, from a thread: files and the database block."""
    study: Study = request.app.state.study
    return await run_in_threadpool(what, study)


async def fields(request: Request) -> list[tuple[str, Any]]:
    """The fields of a form of ours; HTTPException when it is too large or not ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413, "This answer is too long: keep it under 60 kB.")
    found = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
    ours(request, dict(found).get("key", ""))
    return [(name, value) for name, value in found if name != "key"]


def ours(request: Request, key: str) -> None:
    """HTTPException when the key in a form is not the one of this server's pages."""
    study: Study = request.app.state.study
    if not hmac.compare_digest(key.encode(), study.form_key.encode()):
        text = "This form is not one of this server's pages: open the page again and repeat it."
        raise HTTPException(403, text)
