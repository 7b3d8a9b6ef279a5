"""The warm process that runs are forked from, seen from the server. For Linux alone."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from typing import Any

from fathom import settings
from fathom.errors import RunError
from fathom.runtime.channel import MOST, Link
from fathom.runtime.launch import Child, log

PATIENCE = 300.0  # seconds for torch to be imported on a slow machine


class ForkedChild:
    """A child of the zygote. The descriptor of its process makes killing it exact."""

    def __init__(self, pid: int, handle: int, link: Link) -> None:
        self.pid, self.link = pid, link
        self.why = ""  # the reason for which it was ended, if somebody ended it for one
        self.code: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._handle = handle

    def kill(self) -> None:
        """End it now."""
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def interrupt(self) -> None:
        """Ctrl-C."""
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGINT)

    def over(self, code: int | None, why: str = "") -> None:
        """Note how it ended."""
        self.why = self.why or why
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if not self.code.done():
            self.code.set_result(code)

    async def ended(self) -> int | None:
        """Wait for its end; many may, and one that gives up takes nothing from the others."""
        return await asyncio.shield(self.code)


class Nursery:
    """The server's side of the zygote: starts it when needed, again when it died."""

    main: tuple[str, ...] = ("fathom.runtime.zygote",)  # the module, and words before the socket

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._ready: asyncio.Future[float] | None = None
        self._asked: dict[int, asyncio.Future[tuple[int, int]]] = {}
        self._children: dict[int, ForkedChild] = {}
        self._next = 0
        self._lock = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process id of the zygote, while there is one."""
        return self._process.pid if self._process and self._control else None

    @property
    def warmed(self) -> bool:
        """Whether a child can be forked at once."""
        return self._ready is not None and self._ready.done() and not self._ready.exception()

    async def warm(self) -> float:
        """Have a zygote that is ready; the seconds that it took to import everything."""
        async with self._lock:
            if self._ready is None:
                await self._start()
            ready = self._ready
        if ready is None:
            raise RunError("The process that starts runs ended at once. Try again.")
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(ready)
        except TimeoutError as error:
            raise RunError(
                "PyTorch did not load within five minutes: see `fathom doctor`."
            ) from error

    def command(self, descriptor: int) -> list[str]:
        """How the process is started."""
        return [sys.executable, "-m", *self.main, str(descriptor)]

    def environment(self) -> dict[str, str]:
        """What it finds in its environment."""
        return settings.child_environment()

    async def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs, log() as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self.command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=self.environment(),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        loop = asyncio.get_running_loop()
        self._control, self._ready = ours, loop.create_future()
        loop.add_reader(ours, self._hear, ours)

    def _hear(self, control: socket.socket) -> None:
        """One message of the zygote."""
        try:
            data, handles, _, _ = socket.recv_fds(control, 4096, 1)
        except BlockingIOError:
            return
        except OSError:
            data, handles = b"", []
        if not data:
            self._lost()
            return
        message = json.loads(data)
        if "ready" in message and self._ready and not self._ready.done():
            self.readied(message)
            self._ready.set_result(message["ready"])
        elif "forked" in message:
            asked = self._asked.pop(message["forked"], None)
            if asked and not asked.done():
                asked.set_result((message["pid"], handles[0]))
        elif "ended" in message and (child := self._children.pop(message["ended"], None)):
            child.over(message["code"], message.get("why") or "")

    def readied(self, message: dict[str, Any]) -> None:
        """The process is warm, and says what it found."""

    def _lost(self) -> None:
        """The zygote is gone. Its children go on; nobody will know how they end."""
        if self._control:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
        gone = RunError("The process that starts runs has died; the next start makes a new one.")
        for waiting in (self._ready, *self._asked.values()):
            if waiting and not waiting.done():
                waiting.set_exception(gone)
                waiting.exception()  # seen, should nobody wait
        for child in self._children.values():
            child.over(None)
        self._control = self._ready = None
        self._asked.clear()
        self._children.clear()

    async def fork(self) -> Child:
        """A forked child; one retry with a new zygote when the old one has just died."""
        try:
            return await self._fork()
        except RunError:
            return await self._fork()

    async def _fork(self) -> Child:
        return await self.bear({}, ())

    async def bear(
        self, request: dict[str, Any], others: tuple[int, ...], most: int = MOST
    ) -> ForkedChild:
        """A child that gets its end of a channel, and these descriptors after it.

        A message of the child that is longer than `most` bytes closes the channel.
        """
        await self.warm()
        ours, theirs = socket.socketpair()
        # Before the child is asked for: once it is there nothing may be awaited until it is
        # noted, or the news of a quick end would come too early to be heard.
        link = await Link.over(ours, most)
        self._next += 1
        number = self._next
        asked: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        self._asked[number] = asked
        with theirs:
            try:
                self.ask(request | {"fork": number}, (theirs.fileno(), *others))
                pid, handle = await asked
            except RunError:
                link.close()
                raise
        child = self._children[pid] = ForkedChild(pid, handle, link)
        return child

    def ask(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        """Send a request to the process; RunError when it has died."""
        if self._control is None:
            raise RunError("The process that starts runs has died.")
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            self._lost()
            raise RunError("The process that starts runs has died.") from error

    async def close(self) -> None:
        """End the zygote; it takes its leave when the socket closes."""
        process, self._process = self._process, None
        if self._control:
            self._lost()
        if process:
            try:
                async with asyncio.timeout(2):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
