"""Where learners' code runs: a kernel for each lesson, and checks, all of them in the sandbox."""

import asyncio
import base64
import contextlib
import secrets
from collections import deque
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fathom import settings
from fathom.errors import FathomError
from fathom.runtime import drive, judge
from fathom.runtime.drive import Driven
from fathom.runtime.judge import Verdict
from fathom.runtime.kernel import Display, Kernel, Notice, Problem, Text
from fathom.runtime.launch import can_fork
from fathom.runtime.shelter import Shelter, Warm

MOST_CELLS = 100  # that wait in one lesson
MOST_MESSAGES = 5000  # that wait for one tab; a tab that is further behind is let go
REMEMBERED = 1_000_000  # characters of output that a desk keeps for a page that comes back
NOWHERE = (
    "Code can be written here but not run: kernels and checks need Linux, "
    "on Windows for example WSL. Figures and questions work everywhere."
)
FORGOTTEN = "What stood here was too long to be shown again: run the code once more."
NOT_RUN = "This was not run: the kernel was stopped before its turn."

Message = dict[str, Any]


class Tab:
    """One page that shows a desk: what it has to be told, in order."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[Message] = asyncio.Queue(MOST_MESSAGES)
        self.late = False

    def tell(self, message: Message) -> None:
        """Put a message down for it."""
        try:
            self._messages.put_nowait(message)
        except asyncio.QueueFull:
            self.late = True

    async def next(self) -> Message | None:
        """The next message; None when the tab is hopelessly behind."""
        return None if self.late else await self._messages.get()


class Memory:
    """What the last run of each cell showed: for a page that is loaded again, or was asleep."""

    def __init__(self) -> None:
        self._cells: dict[str, list[Message]] = {}

    def note(self, message: Message) -> None:
        """Keep what a tab is told of a cell; the output of its run before is forgotten."""
        cell = self._cells.setdefault(message["cell"], [])
        if message["type"] == "started":
            cell.clear()
        last = cell[-1] if cell else {}
        stream = message.get("stream")
        if stream and stream == last.get("stream"):
            cell[-1] = message | {"text": last["text"] + message["text"]}
        else:
            cell.append(message)
        self._forget()

    def clear(self) -> None:
        """The variables that the cells made are gone."""
        self._cells.clear()

    def all(self) -> list[Message]:
        """Everything, a cell after the other."""
        return [message for cell in self._cells.values() for message in cell]

    def _forget(self) -> None:
        """Let go of outputs, the longest first, until the rest has room."""
        found = [one for one in self.all() if one["type"] == "output"]
        found.sort(key=length)
        while sum(map(length, found)) > REMEMBERED:
            longest = found.pop()
            cell = self._cells[longest["cell"]]
            at = next(number for number, one in enumerate(cell) if one is longest)
            cell[at] = {"type": "notice", "cell": longest["cell"], "text": FORGOTTEN}


def length(output: Message) -> int:
    """Characters of an output."""
    return sum(len(output.get(name) or "") for name in ("text", "html", "png"))


class Desk:
    """One learner in one lesson: a kernel, and every tab that shows it."""

    def __init__(self, shelter: Shelter) -> None:
        idle = settings.number("FATHOM_IDLE", 1, 86_400)
        self.kernel = Kernel(shelter, idle=idle, notify=self._notice)
        self.tabs: list[Tab] = []
        self._memory = Memory()
        self._life = secrets.token_hex(4)  # another one when the variables are another kernel's
        self._waiting: deque[tuple[str, str]] = deque()
        self._work: asyncio.Task[None] | None = None

    def join(self) -> Tab:
        """A new tab, or one that comes back: it is shown what ran last, and hears what runs on."""
        tab = Tab()
        self.tabs.append(tab)
        self.tell_state()
        for message in self._memory.all():
            tab.tell(message)
        return tab

    def leave(self, tab: Tab) -> None:
        """A tab was closed. The kernel stays until it has been idle for a while."""
        self.tabs.remove(tab)
        self.tell_state()

    def tell(self, message: Message) -> None:
        """Tell every tab; what is of a cell is kept for those that come later."""
        if message.get("cell"):
            self._memory.note(message)
        for tab in self.tabs:
            tab.tell(message)

    def tell_state(self) -> None:
        """What the kernel does, and how many tabs share it."""
        state = {"state": self.kernel.state, "tabs": len(self.tabs), "life": self._life}
        self.tell({"type": "kernel"} | state)

    def run(self, cell: str, source: str) -> None:
        """Run some code after everything that waits already."""
        if len(self._waiting) >= MOST_CELLS:
            self._end(cell, "Too much waits to be run already: wait, or stop it.")
            return
        self._waiting.append((cell, source))
        self.tell({"type": "started", "cell": cell, "source": source})
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run())

    def interrupt(self) -> None:
        """End what runs, and forget what waits."""
        self._drop()
        self.kernel.interrupt()

    async def restart(self) -> None:
        """A kernel without variables."""
        self._drop()
        self._memory.clear()
        self._life = secrets.token_hex(4)
        try:
            await self.kernel.restart()
        except FathomError as error:
            self._notice(Notice(str(error)))
        self.tell_state()

    async def close(self) -> None:
        """End the kernel."""
        self._drop()
        await self.kernel.close()
        if self._work:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _run(self) -> None:
        while self._waiting:
            cell, source = self._waiting.popleft()
            why = ""
            try:
                async for output in self.kernel.run(source):
                    if isinstance(output, Notice):
                        self._notice(output, cell)
                    else:
                        self.tell({"type": "output", "cell": cell} | plain(output))
            except FathomError as error:
                why = str(error)
            self._end(cell, why)
            self.tell_state()

    def _end(self, cell: str, why: str = "") -> None:
        if why:
            self.tell({"type": "notice", "cell": cell, "text": why})
        self.tell({"type": "done", "cell": cell})

    def _drop(self) -> None:
        while self._waiting:
            self._end(self._waiting.popleft()[0], NOT_RUN)

    def _notice(self, notice: Notice, cell: str = "") -> None:
        """A sentence of the kernel."""
        self.tell({"type": "notice", "cell": cell} | asdict(notice))
        self.tell_state()


def plain(output: Text | Display | Problem) -> Message:
    """An output as JSON can hold it; a picture in base64."""
    match output:
        case Text():
            return {"kind": "text", "stream": output.stream, "text": output.text}
        case Display():
            png = base64.b64encode(output.png).decode() if output.png else None
            return {"kind": "display", "text": output.text, "html": output.html, "png": png}
        case Problem():
            told = asdict(output.trouble)
            return {**told, "name": told["kind"], "kind": "problem"}


class Desks:
    """All desks of a server, and the checks; the sandbox is started when it is first needed."""

    def __init__(self, warm: Warm = "torch") -> None:
        self.shelter = Shelter(warm)
        self._desks: dict[tuple[int, str], Desk] = {}
        self._checks = asyncio.Semaphore(settings.cores())
        self._warming: asyncio.Task[None] | None = None
        self._told = False

    @property
    def closed(self) -> str:
        """Why no code can be run here, as a sentence; empty where it can."""
        return "" if can_fork() else NOWHERE

    async def warm(self) -> None:
        """Load Python's packages, once for all; a failure is told to whoever runs code."""
        if self._warming is None:
            self._warming = asyncio.create_task(self._warm())
        await asyncio.shield(self._warming)

    async def _warm(self) -> None:
        with contextlib.suppress(FathomError):
            await self.shelter.warm()

    def missing(self) -> list[str]:
        """Sentences about layers of the sandbox that this machine does not have; said once."""
        told, self._told = self._told, True
        return [] if told else self.shelter.missing

    def desk(self, learner: int, lesson: str) -> Desk:
        """The desk of a learner in a lesson."""
        key = learner, lesson
        if key not in self._desks:
            self._desks[key] = Desk(self.shelter)
        return self._desks[key]

    async def check(self, folder: Path, source: str) -> Verdict:
        """Judge an attempt. Raises ExerciseError, SandboxError, RunError."""
        exercise = await asyncio.to_thread(judge.Exercise.read, folder)
        async with self._checks:
            return await judge.judge(self.shelter, exercise, source)

    async def drive(self, folder: Path, source: str) -> Driven:
        """Let a function of the learner's drive. Raises ExerciseError, SandboxError, RunError."""
        async with self._checks:
            return await drive.drive(self.shelter, folder, source)

    async def close(self) -> None:
        """End every kernel and the sandbox."""
        for desk in self._desks.values():
            await desk.close()
        if self._warming:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        await self.shelter.close()
