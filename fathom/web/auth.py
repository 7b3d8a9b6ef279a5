"""Who may come in, and what a browser may do with what it gets.

A server on a laptop can be reached by every page in that laptop's browser. So, as with
Jupyter, its address carries a token; the browser keeps it in a cookie that scripts cannot
read and other sites cannot send. The names in Host and Origin are checked as well.
"""

import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = ("localhost", "127.0.0.1", "::1")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FEATURES = "camera=(self), microphone=(), geolocation=()"  # a picture of one's own, and no more
OPEN = ("/static/", "/favicon")  # need no token: nothing personal is there
A_YEAR = 365 * 24 * 3600


class Guard:
    """ASGI middleware: lets in who has the token and comes under a name of this server."""

    def __init__(self, app: ASGIApp, token: str, hosts: tuple[str, ...] = LOCAL) -> None:
        self.app, self.token, self.hosts = app, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, redirect or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._ours(headers.get("host", "")) or not self._same(headers):
            await self._refuse(scope, receive, send, 400, "This address is not one of this server.")
        elif scope["path"].startswith(OPEN) or self._knows(headers, scope):
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "http" and self._right(dict(_query(scope)).get("token", "")):
            await self._welcome(scope, receive, send)
        else:
            text = (
                "This page needs the key that is part of its address. "
                "Open the address that the server printed in the terminal."
            )
            await self._refuse(scope, receive, send, 403, text)

    def _ours(self, host: str) -> bool:
        """Whether Host names this server: a local name, a configured one, or a bare address."""
        name = urlsplit(f"//{host}").hostname or ""
        if name in self.hosts:
            return True
        if "*" not in self.hosts:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False  # a name that somebody points at us: DNS rebinding
        return True

    def _same(self, headers: Headers) -> bool:
        """Whether a request that names its origin comes from a page of this server."""
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == headers.get("host")

    def _knows(self, headers: Headers, scope: Scope) -> bool:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            return False
        held = jar.get(cookie_name(scope))
        return held is not None and self._right(held.value)

    def _right(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    async def _welcome(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the token in a cookie and take it out of the address."""
        rest = urlencode([(name, value) for name, value in _query(scope) if name != "token"])
        response = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), 303)
        response.set_cookie(
            cookie_name(scope), self.token, max_age=A_YEAR, httponly=True, samesite="strict"
        )
        await response(scope, receive, _with_headers(send))

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, code: int, text: str
    ) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": text[:100]})
            return
        response = Response(text + "\n", code, media_type="text/plain")
        await response(scope, receive, _with_headers(send))


def form_key(token: str) -> str:
    """What every form of this server carries: another site cannot know it."""
    return hmac.new(token.encode(), b"forms", "sha256").hexdigest()


def cookie_name(scope: Scope) -> str:
    """Cookies do not know ports: two servers on one machine need two names."""
    server = scope.get("server") or ("", 0)
    return f"fathom-{server[1]}"


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _with_headers(send: Send) -> Send:
    """Every answer says what the browser may do with it."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = POLICY
            headers["permissions-policy"] = FEATURES
            headers["x-content-type-options"] = "nosniff"
            # with "no-referrer" browsers send a form with the origin "null", which we refuse
            headers["referrer-policy"] = "same-origin"
            headers["cross-origin-opener-policy"] = "same-origin"
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending
