"""The application, composed in one visible place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fathom import settings
from fathom.errors import FathomError
from fathom.runtime.runner import LocalRunner
from fathom.web.auth import LOCAL, Guard, form_key
from fathom.web.desks import Desks
from fathom.web.exercises import attempt, drive, kernel, save, save_cell
from fathom.web.keeping import export, pace, recalled, reset, take
from fathom.web.lessons import answer, edition, file, index, lesson, loaded, seen
from fathom.web.live import live
from fathom.web.look import Look, choose as choose_theme
from fathom.web.pages import HERE, lab, labs, problem
from fathom.web.recordings import play
from fathom.web.search import glossary, search
from fathom.web.speech import Speech, choose
from fathom.web.study import Study


class BuiltFiles(StaticFiles):
    """Files whose names carry their hash: a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As usual, with the header that says so."""
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


async def alive(request: Request) -> Response:
    """For whoever asks whether the server is there."""
    return PlainTextResponse("Fathom\n")


def build(
    runner: LocalRunner,
    token: str,
    hosts: tuple[str, ...] = LOCAL,
    desks: Desks | None = None,
) -> Starlette:
    """All routes and wrappers. The app opens and closes the runner and the desks."""
    at = desks or Desks()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with runner:
            yield
        await at.close()
        study.close()

    study = Study(settings.lessons(), form_key(token))
    app = Starlette(
        routes=[
            Route("/", index),
            Route("/lesson/{name}", lesson),
            Route("/lesson/{name}/answer/{question}", answer, methods=["POST"]),
            Route("/lesson/{name}/recall/{lesson}/{question}", recalled, methods=["POST"]),
            Route("/lesson/{name}/seen", seen, methods=["POST"]),
            Route("/lesson/{name}/pace", pace, methods=["POST"]),
            Route("/lesson/{name}/exercise/{exercise}", attempt, methods=["POST"]),
            Route("/lesson/{name}/exercise/{exercise}/drive", drive, methods=["POST"]),
            Route("/lesson/{name}/exercise/{exercise}/text", save, methods=["POST"]),
            Route("/lesson/{name}/cell/{cell}/text", save_cell, methods=["POST"]),
            WebSocketRoute("/lesson/{name}/kernel", kernel),
            Route("/lesson/{name}/edition", edition),
            Route("/lesson/{name}/recording/{file:path}", play),
            Route("/lesson/{name}/{path:path}", file),
            Route("/search", search),
            Route("/glossary", glossary),
            Route("/language/{code}", choose),
            Route("/theme/{theme}", choose_theme),
            Route("/progress.json", export),
            Route("/progress/import", take, methods=["POST"]),
            Route("/progress/reset", reset, methods=["POST"]),
            Route("/lab", labs),
            Route("/lab/{name}", lab),
            Route("/alive", alive),
            Route("/loaded", loaded),
            WebSocketRoute("/ws", live),
            Mount("/static", BuiltFiles(directory=HERE / "static", check_dir=False)),
        ],
        middleware=[
            Middleware(Guard, token=token, hosts=hosts),
            Middleware(Speech),
            Middleware(Look),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        ],
        exception_handlers={HTTPException: problem, FathomError: problem, Exception: problem},
        lifespan=lifespan,
    )
    app.state.runner = runner
    app.state.study = study
    app.state.desks = at
    return app
