"""A run as the server knows it: its state, its past, and who watches."""

import asyncio
import secrets
from collections import deque
from dataclasses import replace
from typing import Any

from fathom.lab import wire
from fathom.lab.experiment import Experiment
from fathom.lab.order import ENDS, Order
from fathom.lab.wire import Message
from fathom.runtime.history import History
from fathom.runtime.slots import Ticket

PATIENCE = 0.5  # seconds that the leading viewer may take to draw, where others watch as well
TOGETHER = 0.005  # seconds that numbers wait for the picture of their step, to travel with it
BEHIND = 8 << 20  # bytes that a viewer may lag behind before it is let go


class Viewer:
    """One place that watches a run: messages in order, but only the latest frame.

    A viewer that does not read costs nothing: its frame is replaced, and when too much
    else has piled up it is told to come back (`late`).
    """

    def __init__(self, run: "Run") -> None:
        self.run = run
        self.late = False
        self.leads = True  # it says when it has drawn; others of the same run are spared that
        self._messages: deque[bytes] = deque()
        self._behind = 0
        self._frame: bytes | None = None
        self._arrived = asyncio.Event()

    def put(self, data: bytes, soon: bool = False) -> None:
        """A message that must not be lost; one that may come `soon` waits for a word (`wake`)."""
        if self.late:
            return
        self._messages.append(data)
        self._behind += len(data)
        if self._behind > BEHIND:
            self.late = True
            self._messages.clear()
        if not soon or self.late:
            self._arrived.set()

    def wake(self) -> None:
        """What was to come soon comes now."""
        if self._messages:
            self._arrived.set()

    def show(self, data: bytes) -> None:
        """The latest frame."""
        self._frame = data
        self._arrived.set()

    async def next(self) -> bytes | None:
        """The next message, or the latest frame when no message waits; None when it is late."""
        await self._something()
        if self.late:
            return None
        if self._messages:
            data = self._messages.popleft()
            self._behind -= len(data)
            return data
        frame, self._frame = self._frame, None
        return frame

    async def all(self) -> list[bytes]:
        """Everything that waits, at least one message; nothing when it is late."""
        await self._something()
        found = [*self._messages]
        if self._frame is not None and not self.late:
            found.append(self._frame)
        self._messages.clear()
        self._behind, self._frame = 0, None
        return found

    async def _something(self) -> None:
        """Wait until there is a message or a frame, or it is late."""
        while not self._messages and self._frame is None and not self.late:
            self._arrived.clear()
            await self._arrived.wait()

    def lead(self, on: bool) -> None:
        """Tell it whether the run waits for it; at first it does."""
        if self.leads == on:
            return
        self.leads = on
        self.put(wire.encode({"type": "lead", "on": on}))

    def ready(self) -> None:
        """The last frame was drawn: ask for another."""
        self.run.look()

    def leave(self) -> None:
        """Watch no longer."""
        self.run.leave(self)


class Run:
    """One run. Its runner feeds it messages of the child and carries out its commands."""

    def __init__(self, experiment: Experiment, order: Order, owner: str, ticket: Ticket) -> None:
        self.id = secrets.token_urlsafe(9)
        self.experiment, self.order, self.owner = experiment, order, owner
        self.ticket = ticket  # for the cores it uses; a new one after a pause
        self.pace = experiment.pace if order.pace is None else order.pace
        self.turns: list[tuple[int, str, str]] = []
        self.paused = order.paused  # what is wanted of it as soon as it can
        self.state = "queued"
        self.last_state: Message = {
            "type": "state",
            "state": "queued",
            "step": 0,
            "of": 0,
            "seconds": 0.0,
            "threads": order.threads,
            "paused": self.paused,
        }
        self.step, self.of = 0, 0
        self.history = History()
        self.viewers: list[Viewer] = []
        self.over = asyncio.Event()
        self.commands: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.unwatched_since: float | None = asyncio.get_running_loop().time()
        self._frame: bytes | None = None
        self._looking = False  # the child has been asked for a frame
        self._drew = 0.0  # when it last gave one
        self._waking: asyncio.TimerHandle | None = None  # of viewers for whom numbers wait

    # --- what the child, or the runner, says

    def hear(self, data: bytes) -> Message:
        """Take in one message and pass it on; gives it back decoded."""
        message = wire.decode(data)
        match message["type"]:
            case "frame":
                self.step, self.of = message["step"], message["of"]
                self._frame, self._looking = data, False
                self._drew = asyncio.get_running_loop().time()
                for viewer in self.viewers:
                    viewer.show(data)
                return message
            case "state":
                first = self.state == "queued"  # it may say that it pauses and find a play waiting
                self.state, self.step, self.of = message["state"], message["step"], message["of"]
                if self.state == "running" or (self.state == "paused" and not first):
                    self.paused = self.state == "paused"
                self.last_state = message
            case "scalars":
                self.history.add(message)
                if len(message["steps"]):
                    self.step = int(message["steps"][-1])
                self._follow_another()
            case "turned":
                self.turned(message["step"], message["knob"], message["value"])
            case "set":  # before the first step: it begins again
                value = self.experiment.knobs[message["knob"]].read(message["value"])
                self.order = replace(self.order, knobs=self.order.knobs | {message["knob"]: value})
                self.history = History()
        numbers = message["type"] == "scalars"
        for viewer in self.viewers:
            viewer.put(data, soon=numbers)
        if numbers and self._waking is None:
            self._waking = asyncio.get_running_loop().call_later(TOGETHER, self._wake)
        if self.ended:
            self.over.set()
        return message

    def _wake(self) -> None:
        self._waking = None
        for viewer in self.viewers:
            viewer.wake()

    def say(self, message: Message) -> None:
        """A message of the runner itself."""
        self.hear(wire.encode(message))

    def become(self, state: str, why: str = "", **more: Any) -> None:
        """Change the state, without a word from the child."""
        message = {"type": "state", "state": state, "step": self.step, "of": self.of, "why": why}
        kept = {key: self.last_state[key] for key in ("seconds", "threads")}
        self.say(message | kept | {"paused": self.paused} | more)

    def turned(self, step: int, knob: str, value: str) -> None:
        """A knob was turned; of one that only looks, where it stood before does not matter."""
        if self.experiment.knobs[knob].looks:
            self.turns = [turn for turn in self.turns if turn[1] != knob]
        self.turns.append((step, knob, value))

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.state in ENDS

    @property
    def resting(self) -> bool:
        """Whether it is over, and its process still answers knobs that only look."""
        return self.ended and bool(self.last_state.get("rests"))

    # --- who watches

    def watch(self) -> Viewer:
        """A new viewer, with everything said so far."""
        viewer = Viewer(self)
        viewer.put(wire.encode(self.head()))
        past = self.history.joined()
        if past:
            viewer.put(wire.encode(past))
        viewer.put(wire.encode(self.last_state))
        if self._frame:
            viewer.show(self._frame)
        self.viewers.append(viewer)
        viewer.lead(len(self.viewers) == 1)
        self.unwatched_since = None
        self.look()
        return viewer

    def head(self) -> Message:
        """What a viewer must know first."""
        known = self.experiment.knobs
        knobs = {name: known[name].write(value) for name, value in self.order.knobs.items()}
        return {
            "type": "run",
            "id": self.id,
            "experiment": self.experiment.name,
            "version": self.experiment.version,
            "knobs": knobs,
            "pace": self.pace,
            "turns": [list(turn) for turn in self.turns],
        }

    def leave(self, viewer: Viewer) -> None:
        """A viewer goes."""
        if viewer in self.viewers:
            self.viewers.remove(viewer)
        if viewer.leads and self.viewers:
            self.viewers[0].lead(True)
            self.look()
        if not self.viewers:
            self.unwatched_since = asyncio.get_running_loop().time()

    def look(self) -> None:
        """Somebody is ready for a frame: ask the child for one, unless it has been asked."""
        if not self._looking and (self.resting or not self.ended):
            self._looking = True
            self.commands.put_nowait({"type": "look"})

    def _follow_another(self) -> None:
        """The leading viewer draws no more, as a page in the background: the next one leads."""
        waited = asyncio.get_running_loop().time() - self._drew
        if self._looking or len(self.viewers) < 2 or waited < PATIENCE:
            return
        before = next((at for at, one in enumerate(self.viewers) if one.leads), -1)
        for one in self.viewers:
            if one.leads:
                one.lead(False)
        self.viewers[(before + 1) % len(self.viewers)].lead(True)
        self.look()

    def command(self, command: dict[str, Any]) -> None:
        """Pass on a command of a learner. One that is over and rests obeys few."""
        if self.resting:
            knob = self.experiment.knobs.get(command.get("knob", ""))
            if command["type"] == "stop" or (knob and (knob.looks or self.last_state.get("still"))):
                self.commands.put_nowait(command)
        elif not self.ended:
            if command["type"] == "pace":
                self.pace = float(command["steps"])
            elif command["type"] in ("play", "pause"):
                self.paused = command["type"] == "pause"
                if self.state == "queued":  # nobody else would answer yet
                    self.say(self.last_state | {"paused": self.paused})
            self.commands.put_nowait(command)
