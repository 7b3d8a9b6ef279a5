"""How a page looks to its reader: light or dark, as the system has it unless they say otherwise."""

from contextvars import ContextVar

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fathom.web import speech
from fathom.web.auth import A_YEAR

THEMES = ("light", "dark")
COOKIE = "fathom-theme"

_theme: ContextVar[str] = ContextVar("theme", default="")


class Look:
    """ASGI middleware: what was chosen before holds for this page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Remember the choice while the page is made."""
        if scope["type"] == "http":
            chosen = HTTPConnection(scope).cookies.get(COOKIE, "")
            _theme.set(chosen if chosen in THEMES else "")
        await self.app(scope, receive, send)


def theme() -> str:
    """Light or dark; empty where the system decides."""
    return _theme.get()


def place() -> str:
    """The part of Fathom that this page belongs to, as the head of the page marks it."""
    first = speech.address().split("?")[0].split("/")[1]
    return {"": "course", "lesson": "course"}.get(first, first)


async def choose(request: Request) -> Response:
    """Look like this from now on, and go back to the page."""
    response = RedirectResponse(speech.back(request), 303)
    if (chosen := request.path_params["theme"]) in THEMES:
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="lax")
    return response
