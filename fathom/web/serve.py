"""The server process: one port, one address to open, one way to end."""

import contextlib
import errno
import secrets
import socket
import sys
import tempfile
import threading
import webbrowser

import uvicorn

from fathom import settings
from fathom.errors import FathomError
from fathom.runtime.runner import LocalRunner
from fathom.web.app import build
from fathom.web.auth import LOCAL

TRIES = 20  # ports that are tried, one after the other
SHORTEST = 20  # letters of a token that we made
LARGEST = 1 << 16  # bytes of a command


def bind(host: str, port: int, *, search: bool) -> socket.socket:
    """A listening socket. The next free port if `search`; FathomError when there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, port + (TRIES if search else 1)):
        one = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would share the port with another server
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, number))
            one.listen(128)
        except OSError as error:
            one.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise FathomError(f"Fathom cannot listen on {host}: {error.strerror}.") from error
        except OverflowError as error:
            one.close()
            raise FathomError(f"The port {number} does not exist: take one up to 65535.") from error
        else:
            return one
    if search:
        raise FathomError(f"The ports {port} to {port + TRIES - 1} are all taken: say --port.")
    raise FathomError(
        f"The port {port} is taken, perhaps by another Fathom. Say another one with --port."
    )


def key() -> str:
    """The token of this user's servers: kept, so that a page survives a restart of the server."""
    if said := settings.text("FATHOM_TOKEN"):
        return said
    file = settings.state() / "token"
    try:
        if len(kept := file.read_text("utf-8").strip()) >= SHORTEST:
            return kept
    except OSError:
        pass  # the first start on this computer
    made = secrets.token_urlsafe(SHORTEST)
    with contextlib.suppress(OSError):  # where nothing can be kept, every start has its own
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(made, "utf-8")
    return made


def check_home() -> None:
    """FathomError where nothing can be kept: else a learner would find out after an hour."""
    folder = settings.state()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FathomError(
            f"Progress cannot be kept in {folder}: {error.strerror}. "
            "Name another folder with FATHOM_HOME."
        ) from error


class Server(uvicorn.Server):
    """Says where it is once it answers, and opens the browser."""

    def __init__(self, config: uvicorn.Config, address: str, browser: bool) -> None:
        super().__init__(config)
        self.address, self.browser = address, browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then speak."""
        await super().startup(sockets)
        print(f"\n  Fathom is at  {self.address}\n  Ctrl-C ends it.\n", flush=True)
        if self.browser:
            threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; a second Ctrl-C waits for no connection any more, but what was opened is closed."""
        await super().shutdown(sockets)
        if self.force_exit:  # uvicorn would leave that to a cancelled task, and print its traceback
            await self.lifespan.shutdown()


def serve(port: int | None, browser: bool = True) -> None:
    """Serve until Ctrl-C. FathomError when there is no port to listen on."""
    host = settings.text("FATHOM_HOST")
    wanted = int(settings.number("FATHOM_PORT", 1, 65535)) if port is None else port
    check_home()
    token = key()
    listening = bind(host, wanted, search=port is None)
    number = listening.getsockname()[1]
    if number != wanted and wanted:
        print(f"  The port {wanted} is taken, so this server is on {number}.")
    local = host in LOCAL
    app = build(LocalRunner(), token, LOCAL if local else (*LOCAL, "*"))
    shown = host if local else "127.0.0.1"
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{number}/?token={token}"
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_per_message_deflate=False,  # measured: compression costs 12 % to 78 % CPU at 50 viewers
        ws_max_size=LARGEST,
        timeout_graceful_shutdown=3,
    )
    with listening:
        Server(config, address, browser).run(sockets=[listening])
