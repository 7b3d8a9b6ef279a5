"""The WebSocket of a figure: commands come in as JSON, messages of the run go out as bytes.

What waits for a page goes out as one message of the socket, one after another.
"""

import asyncio
import contextlib
import json
import logging
import math
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from fathom.errors import FathomError
from fathom.lab import wire
from fathom.lab.order import Order
from fathom.lab.wire import Message
from fathom.runtime.run import Run, Viewer
from fathom.runtime.runner import LocalRunner
from fathom.web import sentences

FASTEST = 100_000.0  # steps a second
MOST_STEPS = 100_000  # that one command may ask for
BAD = "The page sent a command that the server does not understand: {}. Reload the page."
UNSENT = "What this run shows could not be sent. What was wrong stands in the terminal."
OFTEN = 1 << 20  # bytes: what is longer is said to one page, which had missed much
SIMPLE = ("play", "pause", "stop")


async def obeyed(
    socket: WebSocket,
    obey: Callable[[dict[str, Any]], Awaitable[None]],
    complain: Callable[[str], Awaitable[None]],
) -> None:
    """Carry out what a page sends, a JSON object at a time, until it closes.

    obey: raises FathomError for what a person can put right, ValueError and its like for nonsense.
    """
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            text = await socket.receive_text()
            try:
                await obey(json.loads(text))
            except FathomError as error:
                await complain(str(error))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                await complain(BAD.format(error))


class Figure:
    """One figure in one page: at most one run at a time."""

    def __init__(self, socket: WebSocket, runner: LocalRunner) -> None:
        self.socket, self.runner = socket, runner
        self.owner = socket.client.host if socket.client else ""
        self.viewer: Viewer | None = None
        self.sending: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Until the page closes."""
        await self.socket.accept()
        try:
            await obeyed(self.socket, self.obey, self.complain)
        finally:
            await self.part()

    async def complain(self, text: str) -> None:
        """What was wrong with a command."""
        await self.say({"type": "error", "text": text})

    async def say(self, message: Message) -> None:
        """A message of the server itself."""
        await self.socket.send_bytes(sentences.message(wire.encode(message)))

    async def obey(self, command: dict[str, Any]) -> None:
        """One command. Raises FathomError for what a person can put right, ValueError otherwise."""
        kind = command["type"]
        if kind == "start":
            await self.start(command)
        elif kind == "attach":
            await self.attach(str(command["run"]))
        elif kind == "ping":
            await self.say({"type": "pong"})
        elif self.viewer is None:
            pass  # the run was stopped while the command was under way
        elif kind == "ack":
            self.viewer.ready()
        elif kind in SIMPLE:
            self.viewer.run.command({"type": kind})
        elif kind == "step":
            count = min(max(int(command.get("count", 1)), 1), MOST_STEPS)
            self.viewer.run.command({"type": "step", "count": count})
        elif kind == "turn":
            turn = {"type": "turn", "knob": str(command["knob"]), "value": command["value"]}
            self.viewer.run.command(turn)
        elif kind == "pace":
            self.viewer.run.command({"type": "pace", "steps": pace(command["steps"])})
        else:
            raise ValueError(f"type {kind!r}")

    async def start(self, command: dict[str, Any]) -> None:
        """Start a run; the one before it is stopped if nobody else watches it."""
        before = self.viewer.run if self.viewer else None
        await self.part()
        if before and not before.viewers:
            before.command({"type": "stop"})
        try:
            run = await self.runner.start(order(command), self.owner)
        except FathomError as error:
            state = {"type": "state", "state": "failed", "step": 0, "of": 0, "why": str(error)}
            await self.say(state)
            return
        await self.watch(run)

    async def attach(self, name: str) -> None:
        """Watch a run that is there already, after a reload or a nap of the laptop."""
        await self.part()
        run = self.runner.runs.get(name)
        if run is None:
            why = "The run that was here is over: the server was started again, or nobody watched."
            state = {"type": "state", "state": "stopped", "step": 0, "of": 0, "why": why}
            await self.say(state | {"gone": True})
            return
        await self.watch(run)

    async def watch(self, run: Run) -> None:
        """Send what the run says from now on."""
        self.viewer = run.watch()
        self.sending = asyncio.create_task(self.send(self.viewer))

    async def send(self, viewer: Viewer) -> None:
        """Everything to the browser; a browser that is hopelessly late has to come back."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it left: `serve` sees it too
            try:
                while waiting := await viewer.all():
                    said = [sentences.message(data) for data in waiting]
                    await self.socket.send_bytes(together(said))
                await self.socket.close(1013, "too slow")
            except (TypeError, ValueError, KeyError, FathomError):  # a fault of ours
                logging.getLogger(__name__).exception("a message of %s", viewer.run.id)
                await self.complain(UNSENT)

    async def part(self) -> None:
        """Watch no longer."""
        if self.sending:
            self.sending.cancel()
            await asyncio.gather(self.sending, return_exceptions=True)
        if self.viewer:
            self.viewer.leave()
        self.viewer = self.sending = None


def together(messages: list[bytes]) -> bytes:
    """Messages one after another, for one message of the socket."""
    if len(messages) == 1:
        return messages[0]
    return _joined(*messages) if sum(map(len, messages)) < OFTEN else b"".join(messages)


@lru_cache(16)
def _joined(*messages: bytes) -> bytes:
    """The same bytes for many viewers, made once."""
    return b"".join(messages)


def pace(value: Any) -> float:
    """Steps a second; ValueError for nonsense."""
    steps = float(value)
    if not math.isfinite(steps) or steps < 0:
        raise ValueError(f"a pace of {value}")
    return min(steps, FASTEST)


def order(command: dict[str, Any]) -> Order:
    """The order in a start command; ValueError for nonsense."""
    knobs = command.get("knobs", {})
    if not isinstance(knobs, dict):
        raise ValueError("knobs that are no object")
    return Order(
        experiment=str(command["experiment"]),
        knobs=knobs,
        turns=tuple(
            (int(step), str(name), value) for step, name, value in command.get("turns", ())
        ),
        pace=None if command.get("pace") is None else pace(command["pace"]),
        paused=bool(command.get("paused")),
        until=None if command.get("until") is None else int(command["until"]),
        threads=max(int(command.get("threads", 0)), 0),
        rests=True,
    )


async def live(socket: WebSocket) -> None:
    """The endpoint."""
    await Figure(socket, socket.app.state.runner).serve()
