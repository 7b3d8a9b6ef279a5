"""What a learner keeps: how sections were, what comes back, and all of it as a file."""

from email import policy
from email.parser import BytesParser

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from fathom.classroom import progress, transfer
from fathom.course import marking
from fathom.errors import ClassroomError, LessonError
from fathom.web import lessons, recall, sentences, speech
from fathom.web.pages import render
from fathom.web.sheet import FRAGMENT
from fathom.web.speech import language
from fathom.web.study import Study, ask, fields, ours

AROUND = 10_000  # bytes of a form beside its file


async def pace(request: Request) -> Response:
    """How a section was: got it, not yet, could have skipped it."""
    said = dict(await fields(request))
    name, section = request.path_params["name"], str(said.get("section", ""))

    def keep(study: Study) -> None:
        unit = lessons.find(study.course(), name)
        if section not in {one.id for one in unit.lesson.sections}:
            raise HTTPException(404, f"The lesson {name} has no section {section!r}.")
        try:
            progress.say(*study.kept(), name, section, str(said.get("pace", "")))
        except ClassroomError as error:
            raise HTTPException(400, str(error)) from error

    await ask(request, keep)
    if request.headers.get("accept") == FRAGMENT:
        return Response(status_code=204)
    return RedirectResponse(f"/lesson/{name}#{section}.end", 303)


async def recalled(request: Request) -> Response:
    """Keep an answer to a question back under its own lesson; show what is said about it."""
    sent = await fields(request)
    name = request.path_params["name"]
    lesson, asked = request.path_params["lesson"], request.path_params["question"]

    def keep(study: Study) -> tuple[str, str]:
        """The complaint, if any, and the question alone as HTML."""
        lessons.find(study.course(), name)
        made = study.history()
        kept = recall.chosen(study, made, name)
        if kept is None or (lesson, asked) not in kept.questions:
            text = "This question is not among those of the opening any more: open the page again."
            raise HTTPException(404, text)
        question = study.course().find(lesson, language()).quiz.questions[asked]
        complaint = ""
        try:
            said = lessons.read_answer(question, sent)
            right = marking.mark(question, said, made.learner.seed).right
            progress.answer(*study.kept(), lesson, asked, said, right, "recall")
            made = study.history()  # with the answer
        except LessonError as error:
            complaint = str(error)
        complaints = {f"{lesson}/{asked}": complaint} if complaint else {}
        sheet, origin = recall.around(study, made, name, (lesson, asked), kept, complaints)
        return complaint, sheet.question(question, "recall", origin)

    complaint, html = await ask(request, keep)
    if request.headers.get("accept") == FRAGMENT:
        return Response(html, 422 if complaint else 200, media_type="text/html")
    if complaint:
        return await lessons.page(request, {f"{lesson}/{asked}": complaint}, 422)
    return RedirectResponse(f"/lesson/{name}#q-{lesson}-{asked}", 303)


async def export(request: Request) -> Response:
    """All that is kept about the learner, and what follows from it."""

    def make(study: Study) -> dict[str, object]:
        kept = progress.export(*study.kept())
        beliefs = [
            {"belief": one.belief.id, "lesson": one.lesson, "section": one.section, "at": one.at}
            for one in study.beliefs(study.history())
        ]
        return {**kept, "beliefs": beliefs}

    named = {"content-disposition": 'attachment; filename="fathom-progress.json"'}
    return JSONResponse(await ask(request, make), headers=named)


async def take(request: Request) -> Response:
    """Progress from a file that was saved before, put beside what is there."""
    content = await upload(request)
    try:
        await ask(request, lambda study: study.take(content))
    except ClassroomError as error:
        title, way = speech.gettext("Nothing was changed"), speech.gettext("The course")
        text = sentences.told(str(error))
        return render("error.html", 422, title=title, text=text, way_on=[(way, "/#progress")])
    return RedirectResponse("/", 303)


async def upload(request: Request) -> bytes:
    """The file in a form of ours, as much of it as may be read; HTTPException for another form."""
    body, length = [], 0
    async for part in request.stream():  # to its end: a browser listens only then
        length += len(part)
        if length <= transfer.LARGEST + AROUND:
            body.append(part)
    if length > transfer.LARGEST + AROUND:
        return b" " * (transfer.LARGEST + 1)
    kind = request.headers.get("content-type", "").encode("latin-1")
    whole = b"content-type: " + kind + b"\r\n\r\n" + b"".join(body)
    found: dict[str, bytes] = {}
    for one in BytesParser(policy=policy.HTTP).parsebytes(whole).iter_parts():
        name = one.get_param("name", "", "content-disposition")
        found[str(name)] = bytes(one.get_payload(decode=True) or b"")
    ours(request, found.get("key", b"").decode("utf-8", "replace"))
    return found.get("file", b"")


async def reset(request: Request) -> Response:
    """Forget all that the learner has done; the box must be ticked."""
    if dict(await fields(request)).get("sure") != "1":
        raise HTTPException(400, "Nothing was forgotten: tick the box first.")
    await ask(request, lambda study: progress.reset(*study.kept()))
    return RedirectResponse("/", 303)
