"""The server's side of the keeper: children that are shut in, and what they print."""

import asyncio
import socket
from typing import Any, Literal

from fathom import settings
from fathom.runtime.nursery import ForkedChild, Nursery
from fathom.runtime.sandbox.limits import Limits
from fathom.runtime.sandbox.watch import Reason, sentence

Warm = Literal["nothing", "numpy", "torch"]
MOST = 32 << 20  # bytes in one message of a learner's child
CHUNK = 1 << 16


class Outlet:
    """What a child prints, read as it comes; more than its limit is the end of it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._ends: dict[str, socket.socket] = {}
        self._waiting: dict[str, asyncio.Future[None]] = {}  # for something to read
        self.given = 0  # bytes so far
        self.too_much = asyncio.Event()

    def open(self) -> tuple[socket.socket, socket.socket]:
        """The child's ends: standard output and error. Close them when it has them."""
        theirs = []
        for name in ("stdout", "stderr"):
            ours, end = socket.socketpair()
            ours.setblocking(False)
            self._ends[name] = ours
            theirs.append(end)
        return theirs[0], theirs[1]

    async def read(self, name: str) -> bytes:
        """The next bytes of a stream; empty at its end, or when it was too much."""
        end = self._ends[name]
        while not self.too_much.is_set() and end.fileno() >= 0:
            try:
                return self._count(end.recv(CHUNK))
            except BlockingIOError:
                await self._readable(name)
            except OSError:
                break
        return b""

    async def _readable(self, name: str) -> None:
        """Wait until there is something to read, or nothing ever will be.

        Not `loop.sock_recv`: a loop that is not told of a close takes the next socket of the
        same number for the old one, and that one is never heard.
        """
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[name] = waiting
        waiting.get_loop().add_reader(self._ends[name], self._woken, name)
        try:
            await waiting
        finally:
            self._woken(name)

    def _woken(self, name: str) -> None:
        if waiting := self._waiting.pop(name, None):
            waiting.get_loop().remove_reader(self._ends[name])
            if not waiting.done():
                waiting.set_result(None)

    def waiting(self, name: str) -> bytes:
        """What is there already, without waiting."""
        end, parts = self._ends[name], []
        while not self.too_much.is_set() and end.fileno() >= 0:
            try:
                data = end.recv(CHUNK)
            except OSError:
                break
            if not data:
                break
            parts.append(self._count(data))
        return b"".join(parts)

    def _count(self, data: bytes) -> bytes:
        left = max(0, self._most - self.given)
        self.given += len(data)
        if len(data) > left:
            self.too_much.set()
        return data[:left]

    def close(self) -> None:
        """Hang up; who reads is told that there is nothing more."""
        for name, end in self._ends.items():
            self._woken(name)
            end.close()


class Guest:
    """A child in the sandbox: its channel, what it prints, how it ended."""

    def __init__(self, shelter: "Shelter", child: ForkedChild, out: Outlet, limits: Limits) -> None:
        self._shelter, self._child, self.out, self.limits = shelter, child, out, limits
        self.link = child.link

    @property
    def pid(self) -> int:
        """Its number where the keeper lives, which may be another than here."""
        return self._child.pid

    def kill(self, why: Reason | None = None) -> None:
        """End it and everything that it has started."""
        if why:
            self._child.why = why
        self._child.kill()

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._child.interrupt()

    def mark(self, running: bool) -> None:
        """Let its time count anew from here, or not at all."""
        self._shelter.ask({"mark": self.pid, "running": running})

    async def ended(self) -> int | None:
        """Wait for its end."""
        return await self._child.ended()

    def why(self) -> str:
        """A sentence to the learner, if it was ended for taking too much."""
        reason: Any = self._child.why
        return sentence(reason, self.limits) if reason else ""

    def close(self) -> None:
        """End it, and let go of it."""
        self.kill()
        self.link.close()
        self.out.close()


class Shelter(Nursery):
    """Starts the keeper when it is needed, and asks it for children."""

    def __init__(self, warm: Warm = "torch") -> None:
        super().__init__()
        self.main = ("fathom.runtime.keeper", warm)
        self.mode = ""  # root, user or bare: known when it is warm
        self.missing: list[str] = []  # sentences, one for each layer that is not there

    def command(self, descriptor: int) -> list[str]:
        """How the keeper is started: with the folders that no child may see."""
        hidden = settings.SHIPPED, settings.lessons(), settings.state(), settings.cache()
        return [*super().command(descriptor), *map(str, hidden)]

    def environment(self) -> dict[str, str]:
        """Nothing that a learner may not read."""
        return settings.sheltered_environment()

    def readied(self, message: dict[str, Any]) -> None:
        """Note what the sandbox is made of here."""
        self.mode, self.missing = message["mode"], message["missing"]

    async def admit(self, main: str, limits: Limits, *others: int) -> Guest:
        """A child that is shut in. `others` are further descriptors, at 4 and above in it."""
        out = Outlet(limits.output)
        ends = out.open()
        try:
            at = [3, 1, 2, *range(4, 4 + len(others))]
            request = {"main": main, "limits": limits.message(), "at": at}
            child = await self.bear(request, (*(end.fileno() for end in ends), *others), MOST)
        except BaseException:
            out.close()
            raise
        finally:
            for end in ends:
                end.close()
        return Guest(self, child, out, limits)

    async def run(self, source: str, limits: Limits) -> tuple[str, int | None, str]:
        """Run a text as a script: what it printed, its exit code, and why it was ended."""
        guest = await self.admit("script", limits)
        try:
            guest.link.send({"source": source})
            printing = asyncio.create_task(printed(guest))
            code = await guest.ended()
            return await printing, code, guest.why()
        finally:
            guest.close()


async def printed(guest: Guest) -> str:
    """Everything that a child prints on both streams; it is ended if that is too much."""
    parts: list[bytes] = []

    async def follow(name: str) -> None:
        while data := await guest.out.read(name):
            parts.append(data)
        if guest.out.too_much.is_set():
            guest.kill("output")

    await asyncio.gather(follow("stdout"), follow("stderr"))
    return b"".join(parts).decode(errors="replace")
