"""A kernel: a child that keeps a learner's variables, as the page sees it.

    kernel = Kernel(shelter)
    async for output in kernel.run("x = 1\nx + 1"):
        ...                                  # Text, Display, Problem, Notice; then it is done
    kernel.interrupt(); await kernel.restart(); await kernel.close()

One cell runs at a time; others wait their turn. Whatever happens to the child, `run` ends, and a
Notice says what became of the variables.
"""

import asyncio
import codecs
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from fathom.errors import WireError
from fathom.lab import wire
from fathom.runtime.launch import words
from fathom.runtime.plain import Trouble
from fathom.runtime.sandbox.limits import MEGABYTE, Limits
from fathom.runtime.sandbox.watch import sentence
from fathom.runtime.shelter import Guest, Shelter

LIMITS = Limits(memory=1536 * MEGABYTE, cpu=120.0, wall=60.0)
GRACE = 3.0  # seconds from an interrupt to the end
IDLE = 20 * 60.0  # seconds until a kernel that nobody uses is put away
GONE = "Your variables are gone: run the cells above again."

State = Literal["new", "ready", "busy", "put away", "dead"]


@dataclass(frozen=True)
class Text:
    """Something printed."""

    stream: Literal["stdout", "stderr"]
    text: str


@dataclass(frozen=True)
class Display:
    """A value shown. `html` comes from a learner: only for a frame without rights."""

    text: str
    html: str | None = None
    png: bytes | None = None


@dataclass(frozen=True)
class Problem:
    """The cell ended with an error."""

    trouble: Trouble


@dataclass(frozen=True)
class Notice:
    """A sentence of ours; `lost` when the variables of the cells above are gone."""

    text: str
    lost: bool = False


Output = Text | Display | Problem | Notice


class Kernel:
    """One learner's variables in one lesson. `notify` hears what happens between cells."""

    def __init__(
        self,
        shelter: Shelter,
        limits: Limits = LIMITS,
        idle: float = IDLE,
        notify: Callable[[Notice], None] = lambda _: None,
    ) -> None:
        self.state: State = "new"
        self._shelter, self._limits, self._idle, self._notify = shelter, limits, idle, notify
        self._guest: Guest | None = None
        self._queue: asyncio.Queue[Output | None] = asyncio.Queue()
        self._pumps: list[asyncio.Task[None]] = []
        self._turn = asyncio.Lock()
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, source: str) -> AsyncIterator[Output]:
        """Run one cell; its outputs as they come. Starts the child if there is none."""
        async with self._turn:
            lost = self.state in ("put away", "dead")
            guest = await self._started()
            queue = self._queue  # a restart makes another one, and ends this one
            if lost:
                yield Notice(f"A fresh kernel was started. {GONE}", lost=True)
            self._number += 1
            self.state = "busy"
            guest.out.given = 0
            guest.mark(running=True)
            guest.link.send({"do": "cell", "source": source, "number": self._number})
            self._set_timer(self._limits.wall, self._too_long)
            try:
                while (output := await queue.get()) is not None:
                    yield output
            finally:
                self._rest()

    def _rest(self) -> None:
        """After a cell, or when nobody listens to it any more."""
        self._stop_timer()
        if self.state == "busy" and self._guest:
            if not self._queue.empty():
                self._guest.interrupt()
            self.state = "ready"
            self._guest.mark(running=False)
        if self.state == "ready":
            self._set_timer(self._idle, self._put_away)

    def interrupt(self) -> None:
        """End the cell that runs, if one does; what does not listen is ended with its child."""
        if self.state == "busy" and self._guest:
            self._guest.interrupt()
            self._set_timer(GRACE, self._guest.kill)

    async def restart(self) -> None:
        """A fresh child, without variables; the cell that runs ends."""
        await self.close()
        async with self._turn:
            await self._started()

    async def close(self) -> None:
        """End the child."""
        self._stop_timer()
        guest, self._guest = self._guest, None
        if guest:
            guest.close()
            await guest.ended()
        pumps, self._pumps = self._pumps, []
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        if self.state == "busy":
            self._queue.put_nowait(Notice("The kernel was ended."))
            self._queue.put_nowait(None)
        self.state = "new"

    # --- the child

    async def _started(self) -> Guest:
        if self._guest is None:
            self._queue = asyncio.Queue()
            hard = replace(self._limits, wall=self._limits.wall + 2 * GRACE)
            guest = self._guest = await self._shelter.admit("cells", hard)
            self._pumps = [
                asyncio.create_task(self._follow(guest)),
                *(asyncio.create_task(self._read(guest, one)) for one in guest_streams()),
            ]
            self.state = "ready"
        return self._guest

    async def _follow(self, guest: Guest) -> None:
        """Messages of the child, until its end."""
        decoders = {name: _decoder() for name in guest_streams()}
        while (data := await guest.link.receive()) is not None:
            for _ in range(3):
                await asyncio.sleep(0)  # whatever was read already is put down first
            for name, decoder in decoders.items():
                self._say(name, decoder.decode(guest.out.waiting(name)))
            try:
                self._take(wire.decode(data))
            except (WireError, LookupError, TypeError, ValueError, RecursionError):
                break  # the learner's code writes into the channel
        guest.kill()
        code = await guest.ended()
        if guest is not self._guest:
            return
        self._guest = None
        busy, self.state = self.state == "busy", "dead"
        guest.close()
        why = guest.why() or f"The kernel {words(code)}."
        (self._queue.put_nowait if busy else self._notify)(Notice(f"{why} {GONE}", lost=True))
        if busy:
            self._queue.put_nowait(None)

    async def _read(self, guest: Guest, name: Literal["stdout", "stderr"]) -> None:
        """What the child prints."""
        decoder = _decoder()
        while data := await guest.out.read(name):
            self._say(name, decoder.decode(data))
        if guest.out.too_much.is_set():
            guest.kill("output")

    def _say(self, name: Any, text: str) -> None:
        if text:
            self._queue.put_nowait(Text(name, text))

    def _take(self, message: dict[str, Any]) -> None:
        """One message of the child, which is not trusted."""
        match message:
            case {"type": "display", "text": str(text), "html": html, "png": png}:
                picture = png.tobytes() if isinstance(png, np.ndarray) else None
                html = html if isinstance(html, str) else None
                self._queue.put_nowait(Display(text, html, picture))
                if self._guest:
                    self._guest.link.send({"do": "go on"})
            case {"type": "trouble"}:
                told = Trouble.parse(message)
                if not told.meaning and isinstance(message.get("meaning"), str):
                    told = replace(told, meaning=message["meaning"][:300])
                self._queue.put_nowait(Problem(told))
            case {"type": "failed", "text": str(text)}:
                self._queue.put_nowait(Notice(text))
            case {"type": "done", "number": number} if number == self._number:
                self._queue.put_nowait(None)

    # --- time

    def _set_timer(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _too_long(self) -> None:
        self._queue.put_nowait(Notice(sentence("wall", self._limits)))
        self.interrupt()

    def _put_away(self) -> None:
        """End a kernel that nobody uses; the next cell starts a fresh one."""
        guest, self._guest, self.state = self._guest, None, "put away"
        for pump in self._pumps:
            pump.cancel()
        if guest:
            guest.close()
        text = f"The kernel was put away after a while without use. {GONE}"
        self._notify(Notice(text, lost=True))


def guest_streams() -> tuple[Literal["stdout"], Literal["stderr"]]:
    """The names of what a child prints to."""
    return "stdout", "stderr"


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")("replace")


async def collect(outputs: AsyncIterator[Output]) -> list[Output]:
    """All outputs of a cell, neighbouring texts of one stream joined."""
    found: list[Output] = []
    async for one in outputs:
        last = found[-1] if found else None
        if isinstance(one, Text) and isinstance(last, Text) and last.stream == one.stream:
            found[-1] = Text(one.stream, last.text + one.text)
        else:
            found.append(one)
    return found
