"""Exercises: the learner's text is kept, attempts are judged, and code runs in a kernel."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from fathom.classroom import progress
from fathom.course.catalog import Course
from fathom.course.exercise import Exercise
from fathom.errors import FathomError, LessonError
from fathom.lab import wire
from fathom.runtime.drive import Driven
from fathom.runtime.judge import Verdict
from fathom.web import lessons, sentences
from fathom.web.desks import Desk, Desks, Tab
from fathom.web.live import obeyed
from fathom.web.pages import environment
from fathom.web.sheet import FRAGMENT, judged
from fathom.web.study import Study, ask, fields


def find(course: Course, lesson: str, name: str) -> Exercise:
    """An exercise of a lesson; HTTPException when there is none of that name."""
    exercises = lessons.find(course, lesson).exercises
    if name not in exercises:
        raise HTTPException(404, f"The lesson {lesson} has no exercise {name!r}.")
    return exercises[name]


async def save(request: Request) -> Response:
    """Keep the text of an editor, as one types."""
    name = request.path_params["exercise"]
    return await kept(request, name, lambda course, lesson: find(course, lesson, name))


async def save_cell(request: Request) -> Response:
    """Keep the text of a cell, as one types."""
    name = request.path_params["cell"]

    def there(course: Course, lesson: str) -> None:
        cells = lessons.find(course, lesson).lesson.directives("cell")
        if name not in {one.argument for one in cells}:
            raise HTTPException(404, f"The lesson {lesson} has no code {name!r}.")

    return await kept(request, name, there)


async def kept(request: Request, name: str, look: Callable[[Course, str], object]) -> Response:
    """Keep a text under a name, if `look` finds it in the lesson."""
    sent = dict(await fields(request))
    lesson = request.path_params["name"]

    def keep(study: Study) -> None:
        look(study.course(), lesson)
        progress.write(*study.kept(), lesson, name, lines(sent))

    await ask(request, keep)
    return Response(status_code=204)


async def attempt(request: Request) -> Response:
    """Judge an attempt, keep it, and show what is said about it.

    With `quiet` (the page checks as one types) only an attempt that passes is kept.
    """
    sent = dict(await fields(request))
    lesson, name = request.path_params["name"], request.path_params["exercise"]
    quiet, source = sent.get("quiet") == "1", lines(sent)
    desks: Desks = request.app.state.desks

    def begin(study: Study) -> Exercise:
        exercise = find(study.course(), lesson, name)
        progress.write(*study.kept(), lesson, name, source)  # first: nothing is lost with a check
        return exercise

    exercise = await ask(request, begin)
    if desks.closed:
        raise HTTPException(501, desks.closed)
    try:
        verdict = await desks.check(exercise.folder, source)
    except FathomError as error:
        verdict = Verdict("not attempted", f"This could not be checked. {error}")

    def keep(study: Study) -> str:
        said = study.history().attempted(lesson, name)
        if verdict.outcome == progress.PASSED:  # the same may have passed just now, as one typed
            new = not said or (said[-1].outcome, said[-1].code) != (progress.PASSED, source)
        else:
            new = verdict.outcome == "failed" and not quiet
        if new:
            said.append(
                progress.attempt(*study.kept(), lesson, name, source, verdict.outcome, verdict.says)
            )
        template = environment.get_template("judged.html")
        return template.render(quiet=quiet, verdict=verdict, **judged(exercise, said))

    html = await ask(request, keep)
    if request.headers.get("accept") == FRAGMENT:
        return Response(html, media_type="text/html")
    return RedirectResponse(f"/lesson/{lesson}#x-{name}", 303)


async def drive(request: Request) -> Response:
    """Let the learner's function drive the figure; the answer is a message as runs send them.

    The text is kept. It is no attempt: nothing is counted.
    """
    sent = dict(await fields(request))
    lesson, name = request.path_params["name"], request.path_params["exercise"]
    source = lines(sent)
    desks: Desks = request.app.state.desks

    def begin(study: Study) -> Exercise:
        exercise = find(study.course(), lesson, name)
        if exercise.drive is None:
            raise HTTPException(404, f"The exercise {name!r} drives no figure.")
        progress.write(*study.kept(), lesson, name, source)
        return exercise

    exercise = await ask(request, begin)
    if desks.closed:
        driven = Driven("not attempted", desks.closed)
    else:
        try:
            driven = await desks.drive(exercise.folder, source)
        except FathomError as error:
            driven = Driven("not attempted", f"This could not be run. {error}")
    return Response(wire.encode(shown(driven)), media_type="application/octet-stream")


def shown(driven: Driven) -> dict[str, Any]:
    """A driven run in the language of the page."""
    frames = []
    for frame in driven.frames:
        views = {name: sentences.view(name, one) for name, one in frame["views"].items()}
        frames.append(frame | {"views": views})
    says, story = sentences.told(driven.says), sentences.story(driven.story)
    return asdict(driven) | {"type": "driven", "says": says, "story": story, "frames": frames}


def lines(sent: dict[str, Any]) -> str:
    """The code in a form: browsers send lines as the wire of 1971 wanted them."""
    return str(sent.get("code", "")).replace("\r\n", "\n")


def told(message: dict[str, Any]) -> dict[str, Any]:
    """A message of a desk in the language of its tab; what code prints stays as it is."""
    match message:
        case {"type": "notice" | "closed", "text": text}:
            return message | {"text": sentences.told(text)}
        case {"type": "ready", "missing": missing}:
            return message | {"missing": [sentences.told(one) for one in missing]}
        case {"kind": "problem", "meaning": meaning}:
            return message | {"meaning": sentences.told(meaning)}
    return message


class Session:
    """One tab of a lesson whose code can run."""

    def __init__(self, socket: WebSocket, desk: Desk, desks: Desks) -> None:
        self.socket, self.desk, self.desks = socket, desk, desks
        self.tab: Tab = desk.join()

    async def serve(self) -> None:
        """Until the page closes."""
        tasks = [asyncio.create_task(one) for one in (self.send(), self.open())]
        try:
            await obeyed(self.socket, self.obey, self.complain)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.desk.leave(self.tab)

    async def complain(self, text: str) -> None:
        """What was wrong with a command."""
        self.tab.tell({"type": "notice", "cell": "", "text": text})

    async def open(self) -> None:
        """Say when code can run, and what the sandbox cannot do here."""
        await self.desks.warm()
        self.tab.tell({"type": "ready", "missing": self.desks.missing()})

    async def send(self) -> None:
        """Everything that the tab has to know."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it left: `serve` sees it too
            while (message := await self.tab.next()) is not None:
                await self.socket.send_text(json.dumps(told(message)))
            await self.socket.close(1013, "too slow")

    async def obey(self, command: dict[str, Any]) -> None:
        """One command; ValueError for nonsense."""
        match command:
            case {"type": "run", "cell": str(cell), "source": str(source)}:
                self.desk.run(cell, source)
            case {"type": "ping"}:
                self.tab.tell({"type": "pong"})
            case {"type": "interrupt"}:
                self.desk.interrupt()
            case {"type": "restart"}:
                await self.desk.restart()
            case _:
                raise ValueError(f"type {command['type']!r}")


async def kernel(socket: WebSocket) -> None:
    """The endpoint of a lesson's kernel."""
    desks: Desks = socket.app.state.desks
    study: Study = socket.app.state.study
    lesson = socket.path_params["name"]
    await socket.accept()
    try:
        (await run_in_threadpool(study.course)).find(lesson)
    except LessonError as error:
        await socket.close(1008, str(error)[:100])
        return
    if desks.closed:
        await socket.send_text(json.dumps(told({"type": "closed", "text": desks.closed})))
        await socket.close(1000)
        return
    _, learner = await run_in_threadpool(study.kept)
    await Session(socket, desks.desk(learner.id, lesson), desks).serve()
