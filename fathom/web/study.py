"""The course and what its learner keeps, as the pages need them."""

import hashlib
import hmac
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
from fathom.classroom.progress import PASSED
from fathom.course import beliefs, catalog, renames
from fathom.course.beliefs import Shown
from fathom.course.catalog import Course, Unit
from fathom.course.lesson import Directive
from fathom.course.renames import Names
from fathom.errors import LessonError
from fathom.web.history import History
from fathom.web.speech import language

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


@dataclass(frozen=True)
class Standing:
    """How far a learner is in one lesson. Depth goes from 0 to 1."""

    name: str
    title: str
    minutes: int
    written: bool
    number: int = 0  # among the lessons that count
    question: str = ""  # the one it is about
    read: int = 0
    sections: int = 0
    predicted: int = 0
    predictions: int = 0
    answered: int = 0  # without the predictions
    questions: int = 0
    solved: int = 0
    exercises: int = 0
    spent: float = 0.0  # minutes
    last: float = 0.0  # when a section was last seen
    resume: str = ""  # the section where the learner stopped
    unread: str = ""  # the first section that was not read
    section: str = ""  # and its title
    drawing: str = ""  # that stands for it on the start page

    @property
    def done(self) -> bool:
        """Whether every section has been read."""
        return 0 < self.sections == self.read

    @property
    def to_read(self) -> int:
        """Sections that were not read."""
        return self.sections - self.read

    @property
    def to_answer(self) -> int:
        """Questions without an answer, predictions among them."""
        return self.questions + self.predictions - self.answered - self.predicted

    @property
    def to_solve(self) -> int:
        """Exercises that were not solved."""
        return self.exercises - self.solved

    @property
    def depth(self) -> float:
        """The share of sections read, questions answered and exercises solved."""
        total = self.sections + self.predictions + self.questions + self.exercises
        done = self.read + self.predicted + self.answered + self.solved
        return done / total if total else 0.0


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

    def standings(self, made: History) -> list[Standing]:
        """Every lesson of the plan with what the learner has done in it."""
        course = self.course()
        found = []
        for planned in course.plan:
            if planned.name not in course.lessons:
                number = course.number(planned.name)
                none = Standing(planned.name, planned.title, planned.minutes, False)
                found.append(replace(none, number=number, drawing=planned.drawing))
                continue
            unit = course.find(planned.name, language())
            number = course.number(unit.name)
            done = standing(unit, made)
            found.append(replace(done, number=number, drawing=planned.drawing))
        return found


def given(one: Directive) -> dict[str, str]:
    """The knobs of a run, as its lesson writes them."""
    said = one.options.get("with", "").split()
    return {name: value for name, _, value in (pair.partition("=") for pair in said)}


def standing(unit: Unit, made: History) -> Standing:
    """How far a learner is in a lesson; what is no longer in it does not count."""
    visits, answers = made.visits.get(unit.name, {}), made.answers.get(unit.name, {})
    attempts = made.attempts.get(unit.name, {})
    predictions = {name for one in unit.lesson.directives("predict") for name in one.names}
    predictions &= unit.quiz.questions.keys()
    asked = unit.quiz.questions.keys() - predictions
    solved = {name for name, said in attempts.items() if any(one.outcome == PASSED for one in said)}
    sections = unit.lesson.sections
    ids = [section.id for section in sections]
    there = {name: visits[name] for name in ids if name in visits}
    last = max(there.values(), key=lambda one: one.at, default=None)
    return Standing(
        name=unit.name,
        title=unit.lesson.title,
        minutes=unit.lesson.minutes,
        written=True,
        question=unit.lesson.question,
        read=sum(one.read for one in there.values()),
        sections=len(ids),
        predicted=len(predictions & answers.keys()),
        predictions=len(predictions),
        answered=len(asked & answers.keys()),
        questions=len(asked),
        solved=len(solved & unit.exercises.keys()),
        exercises=len(unit.exercises),
        spent=sum(one.seconds for one in there.values()) / 60,
        last=last.at if last else 0.0,
        resume=last.section if last else "",
        unread=next((one for one in ids if one not in there or not there[one].read), ""),
        section=next((one.title for one in sections if last and one.id == last.section), ""),
    )


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
