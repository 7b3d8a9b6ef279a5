"""The pages of the course: its start, a lesson, and what a learner sends from them."""

import asyncio
import mimetypes
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from fathom.classroom import progress
from fathom.course import marking, sketch
from fathom.course.catalog import Course, Unit
from fathom.course.quiz import Question
from fathom.errors import LessonError
from fathom.lab.experiment import Experiment
from fathom.runtime.runner import LocalRunner
from fathom.web import recall, sentences, unfinished
from fathom.web.pages import figure, render
from fathom.web.sheet import FRAGMENT, Sheet
from fathom.web.speech import language
from fathom.web.standing import Standing, standing, standings
from fathom.web.study import Study, ask, fields

SOON = 1.5  # seconds that a page may wait for its figures
LATER = 25.0  # seconds that its script may wait for them, in one request
FIRST = "mlp"  # the figure that runs on the start page
MOST_SHOWN = 8  # experiments of which it shows a picture
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".mp4", ".webm")


async def index(request: Request) -> Response:
    """The course: its lessons, how far one is, and one network learning at the top."""
    runner: LocalRunner = request.app.state.runner
    experiments = await described(runner, SOON)
    lessons, left = await ask(request, stand)
    resume = max((one for one in lessons if one.last), key=lambda one: one.last, default=None)
    first = experiments.get(FIRST) if experiments else None
    there = experiments or {}
    met = [names for _, names in await ask(request, Study.figures)]
    shown = samples([*met, *([name] for name in there)], {one.drawing for one in lessons})
    return render(
        "index.html",
        standings=lessons,
        resume=resume,
        shown=[(name, title(there.get(name))) for name in shown if name in there or not there],
        open=left,
        first=sentences.experiment(first) if first else None,
        loading=experiments is None,
        data=figure(first, {}) if first else "null",
        key=request.app.state.study.form_key,
    )


def samples(met: Iterable[list[str]], drawn: set[str]) -> list[str]:
    """Of every lesson the first experiment whose drawing is not to be seen yet, up to eight."""
    found: list[str] = []
    for names in met:
        found += [name for name in names if name not in drawn and name not in found][:1]
    return found[:MOST_SHOWN]


def stand(study: Study) -> tuple[list[Standing], unfinished.Open]:
    """How far the learner is, and what is open from before."""
    made = study.history()
    found = standings(study.course(), made)
    return found, unfinished.look(study, made, found)


def title(one: Experiment | None) -> str:
    """What an experiment shows, in the language of the page; "" as long as nobody knows it."""
    return sentences.experiment(one).title if one else ""


async def loaded(request: Request) -> Response:
    """Whether figures can be shown, for a page that was sent before; it waits for a yes."""
    experiments = await described(request.app.state.runner, LATER)
    return PlainTextResponse("not yet" if experiments is None else "yes")


async def described(runner: LocalRunner, patience: float) -> dict[str, Experiment] | None:
    """All experiments; None while torch is imported for the first time, which can take a minute."""
    asking = asyncio.create_task(runner.describe())
    done, _ = await asyncio.wait({asking}, timeout=patience)
    if done:
        return asking.result()
    asking.add_done_callback(lambda task: task.cancelled() or task.exception())  # told next time
    return None


async def lesson(request: Request) -> Response:
    """A lesson, readable and answerable without JavaScript."""
    return await page(request, {})


async def page(request: Request, complaints: Mapping[str, str], status: int = 200) -> Response:
    """The page of a lesson; `complaints` say for a question why an answer was none."""
    runner: LocalRunner = request.app.state.runner
    experiments = await described(runner, SOON)
    name = request.path_params["name"]

    def make(study: Study) -> Response:
        course = study.course()
        unit = find(course, name)
        made = study.history()
        sheet = Sheet(study, made, unit, experiments, complaints)
        visits, paces = made.visits.get(name, {}), made.paces.get(name, {})
        before, after = course.neighbours(name)
        return render(
            "lesson.html",
            status,
            unit=unit,
            lesson=unit.lesson,
            number=course.number(name),
            all=max(map(course.number, course.lessons)),
            problems=[str(one) for one in unit.problems],
            opening=sheet.html(unit.lesson.opening),
            sections=[(one, sheet.html(one.blocks)) for one in unit.lesson.sections],
            read={one.section for one in visits.values() if one.read},
            spent={one.section: one.seconds / 60 for one in visits.values()},
            paces={one.section: one.pace for one in paces.values()},
            standing=standing(unit, made),
            back=recall.opening(study, made, name, complaints),
            back_section=recall.SECTION,
            before=course.find(before, language()) if before else None,
            after=course.find(after, language()) if after else None,
            key=study.form_key,
            edition=study.edition(unit),
        )

    return await ask(request, make)


def find(course: Course, name: str) -> Unit:
    """A lesson; HTTPException when there is none of that name."""
    try:
        return course.find(name, language())
    except LessonError as error:
        raise HTTPException(404, str(error)) from error


def read_answer(question: Question, sent: list[tuple[str, str]]) -> Any:
    """The answer as plain data from the fields of its form; LessonError when one is missing."""
    found = dict(sent)
    match question.kind:
        case "multiple":
            return [value for name, value in sent if name == "answer"]
        case "blanks":
            return {part.key: found.get(f"blank-{part.key}", "") for part in question.parts}
        case "order":
            places = {part.key: found.get(f"place-{part.key}", "") for part in question.parts}
            if sorted(places.values()) != sorted(map(str, range(1, len(places) + 1))):
                raise LessonError("Give every step its own place: each number once.")
            return sorted(places, key=lambda key: int(places[key]))
        case "draw" if question.canvas and found.get("answer") != sketch.NO_IDEA:
            return sketch.read(found.get("drawing", ""), question.canvas)
        case _:
            return found.get("answer", "")


async def answer(request: Request) -> Response:
    """Keep an answer and show what is said about it."""
    sent = await fields(request)
    name, asked = request.path_params["name"], request.path_params["question"]
    alone = request.headers.get("accept") == FRAGMENT

    def keep(study: Study) -> tuple[str, str]:
        """The complaint, if any, and the question alone as HTML."""
        unit = find(study.course(), name)
        question = unit.quiz.questions.get(asked)
        if question is None:
            raise HTTPException(404, f"The lesson {name} asks no question {asked!r}.")
        predicted = {one for d in unit.lesson.directives("predict") for one in d.names}
        kind = "predict" if asked in predicted else "quiz"
        complaint = ""
        made = study.history()
        if kind == "quiz" or asked not in made.answers.get(name, {}):  # a prediction is made once
            try:
                said = read_answer(question, sent)
                right = marking.mark(question, said, made.learner.seed).right
                progress.answer(*study.kept(), name, asked, said, right, kind)
                made = study.history()  # with the answer
            except LessonError as error:
                complaint = str(error)
        complaints = {asked: complaint} if complaint else {}
        return complaint, Sheet(study, made, unit, {}, complaints).question(question, kind)

    complaint, html = await ask(request, keep)
    if alone:
        return Response(html, 422 if complaint else 200, media_type="text/html")
    if complaint:
        return await page(request, {asked: complaint}, 422)
    return RedirectResponse(f"/lesson/{name}#q-{asked}", 303)


async def seen(request: Request) -> Response:
    """Time spent with sections, and whether their ends have been seen; the last is in sight."""
    sent = await fields(request)
    name = request.path_params["name"]
    said = [[value for key, value in sent if key == one] for one in ("section", "seconds", "read")]

    def keep(study: Study) -> None:
        known = {one.id for one in find(study.course(), name).lesson.sections} | {recall.SECTION}
        visits: list[tuple[str, float, bool]] = []
        for section, seconds, read in zip_longest(said[0] or [""], *said[1:], fillvalue="0"):
            if section not in known:
                raise HTTPException(404, f"The lesson {name} has no section {section!r}.")
            try:
                spent = float(seconds)
            except ValueError as error:
                raise HTTPException(400, "The seconds are not a number.") from error
            if not spent >= 0:
                raise HTTPException(400, "The seconds are less than none.")
            visits.append((section, min(spent, progress.MOST_SECONDS), read == "1"))
        for section, spent, finished in visits:
            progress.visit(*study.kept(), name, section, spent, finished)

    await ask(request, keep)
    if dict(sent).get("back") == "1":  # the button of a page without JavaScript
        return RedirectResponse(f"/lesson/{name}#{said[0][-1]}", 303)
    return Response(status_code=204)


async def edition(request: Request) -> Response:
    """What changes when the lesson is saved: a page that is open looks here now and then."""
    name = request.path_params["name"]
    said = await ask(request, lambda study: study.edition(find(study.course(), name)))
    return PlainTextResponse(said)


async def file(request: Request) -> Response:
    """A picture or a film of a lesson."""
    said = request.path_params["path"]

    def look(study: Study) -> Response:
        folder = find(study.course(), request.path_params["name"]).folder.resolve()
        path = (folder / said).resolve()
        if not path.is_relative_to(folder) or path.suffix not in PICTURES or not path.is_file():
            raise HTTPException(404, f"The lesson has no picture {said!r}.")
        return FileResponse(path, media_type=mimetypes.guess_type(path.name)[0])

    return await ask(request, look)
