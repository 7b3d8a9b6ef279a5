"""The language of the pages: English in the templates, others from catalogs in locale/.

A catalog is a gettext file that Babel reads: what it does not translate stays English. A language
has one for the templates (de.po) and one for the scripts (de.scripts.po), which goes into the page.
"""

from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fathom.web.auth import A_YEAR

FIRST = "en"
LANGUAGES = {FIRST: "English", "de": "Deutsch"}
COOKIE = "fathom-language"
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default=FIRST)
_address: ContextVar[str] = ContextVar("address", default="/")


class Speech:
    """ASGI middleware: what a page says from here on is said in its reader's language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose: what was chosen before, or what the browser prefers."""
        if scope["type"] in ("http", "websocket"):
            asked = HTTPConnection(scope)
            chosen = asked.cookies.get(COOKIE, "")
            _language.set(chosen if chosen in LANGUAGES else preferred(asked.headers))
            query = scope["query_string"].decode("latin-1")
            _address.set(scope["path"] + (f"?{query}" if query else ""))
        await self.app(scope, receive, send)


def preferred(headers: Headers) -> str:
    """The first language of the browser that the pages speak."""
    said = [
        part.partition(";")[0].strip() for part in headers.get("accept-language", "").split(",")
    ]
    return negotiate_locale([one for one in said if one], list(LANGUAGES), sep="-") or FIRST


def language() -> str:
    """The language of this page."""
    return _language.get()


def address() -> str:
    """Where this page is."""
    return _address.get()


def other_languages() -> list[tuple[str, str]]:
    """The languages that this page is not in: code and own name."""
    return [(code, name) for code, name in LANGUAGES.items() if code != language()]


@cache
def catalog(code: str, part: str = "") -> Catalog:
    """The translations into a language: of the templates, or of another part."""
    with (LOCALE / f"{code}{part}.po").open("rb") as file:
        return read_po(file, locale=code)


@cache
def texts(code: str, part: str) -> dict[str, str]:
    """The translations of a part by their English; nothing for English itself."""
    if code == FIRST:
        return {}
    found = catalog(code, part)
    return {str(one.id): str(one.string) for one in found if one.id and one.string}


def script_texts() -> dict[str, str]:
    """What the scripts of the page need to speak its language."""
    return texts(language(), ".scripts")


def gettext(text: str) -> str:
    """A text of the page in the language of the page."""
    if language() == FIRST:
        return text
    found = catalog(language()).get(text)
    return str(found.string) if found and found.string else text


def ngettext(one: str, many: str, count: int) -> str:
    """A text that differs with a number."""
    plain = one if count == 1 else many
    if language() == FIRST:
        return plain
    found = catalog(language()).get(one)
    if found is None or not isinstance(found.string, tuple) or not all(found.string):
        return plain
    return found.string[0 if count == 1 else 1]


def back(request: Request) -> str:
    """The page of this server to which a request wants to return."""
    said = request.query_params.get("back", "/")
    return said if said.startswith("/") and not said.startswith(("//", "/\\")) else "/"


async def choose(request: Request) -> Response:
    """Speak this language from now on, and go back to the page."""
    response = RedirectResponse(back(request), 303)
    code = request.path_params["code"]
    if code in LANGUAGES:
        response.set_cookie(COOKIE, code, max_age=A_YEAR, httponly=True, samesite="lax")
    return response
