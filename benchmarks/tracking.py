"""What it costs a run to be tracked, and to be recorded.

The experiment `cifar10` with its defaults and one thread (two that wait for each other spin, and
count as work what is none), started and followed as `fathom run` does it: a
process that trains, and this one, which hears every message. Three slices of the same run take
turns: nothing is kept; the numbers are kept; the numbers and one set of pictures are kept.
Counted are the CPU seconds of both processes and all of their threads, for each step. The cost
is that of the numbers, and that of a set of pictures spread over the minute that lies between
two sets. A recording has no such sets: it keeps a frame as often as `fathom run --record` asks
for one. What a tool does in processes of its own, as W&B does, is said beside it, and so is what
it needs once, to begin and to end.
"""

import asyncio
import io
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from benchmarks.figures import Figure, Measured, spread
from benchmarks.machine import children, clock_of
from benchmarks.pictures import pictures
from fathom.cli.displays import Lines
from fathom.cli.execution import TICK
from fathom.cli.output import Paper
from fathom.cli.story import Story
from fathom.errors import FathomError
from fathom.lab import wire
from fathom.lab.order import Order
from fathom.lab.recording import Recorder
from fathom.runtime import track
from fathom.runtime.run import Run
from fathom.runtime.runner import LocalRunner

TITLE = "What tracking and recording cost"
QUICK = {"turns": 2, "seconds": 0.5}
GOAL = "<= 1.5"
KEEPERS = ("jsonl", "tensorboard", "wandb", "recording")
PATIENCE = 300.0  # seconds for a message on a busy machine
SETTLE = 0.1  # seconds that threads have to finish what a slice gave them
NOTHING, NUMBERS, PICTURES = range(3)  # what is kept in a slice


@dataclass(frozen=True)
class Spent:
    """What a slice took."""

    steps: int
    wall: float
    cpu: float  # seconds, of the run and of this process
    tools: float  # seconds, of processes that the tool has started

    def __sub__(self, before: "Spent") -> "Spent":
        wall, cpu = self.wall - before.wall, self.cpu - before.cpu
        return Spent(self.steps - before.steps, wall, cpu, self.tools - before.tools)


class Followed:
    """A run and what hears it; what is kept of it changes from slice to slice."""

    def __init__(
        self, run: Run, worker: int, tracker: track.Tracker | None, recorder: Recorder | None
    ) -> None:
        self.run, self.worker, self.keeps = run, worker, NOTHING
        self.tracker, self.recorder = tracker, recorder
        self.paused = asyncio.Event()
        self.viewer = run.watch()
        self._display = Lines(Paper())
        self._display.paper.file = io.StringIO()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """As `fathom run` does, but for what is not to be kept now."""
        story = Story()
        while (data := await self.viewer.next()) is not None:
            message = wire.decode(data)
            begins = message["type"] == "run"
            if self.recorder and (self.keeps or begins):
                self.recorder.add(data)
                if self.keeps and message["type"] == "frame":
                    asyncio.get_running_loop().call_later(TICK, self._ask)
            story.hear(message)
            self._display.hear(message, story)
            if self.tracker and (self.keeps or begins):
                self.tracker.hear(message, story.config(self.run.experiment) if begins else {})
            if message["type"] == "state" and message["state"] == "paused":
                self.paused.set()

    def _ask(self) -> None:
        if self.keeps:
            self.viewer.ready()

    async def rest(self) -> None:
        """Until it stands still."""
        async with asyncio.timeout(PATIENCE):
            await self.paused.wait()

    def spent(self) -> Spent:
        """Up to now."""
        tools = [pid for pid in descendants(os.getpid()) if pid != self.worker]
        ours = time.process_time() + clock_of(self.worker)
        return Spent(self.run.step, time.perf_counter(), ours, sum(map(clock_of, tools)))

    async def slice(self, keeps: int, seconds: float) -> Spent:
        """Play so long, and pause."""
        before = self.spent()
        self.keeps = keeps
        self.paused.clear()
        self.run.command({"type": "play"})
        if keeps == PICTURES or (keeps and self.recorder):
            self.viewer.ready()
        await asyncio.sleep(seconds)
        self.run.command({"type": "pause"})
        await self.rest()
        await asyncio.sleep(SETTLE)
        self.keeps = NOTHING
        passed = self.spent() - before
        return replace(passed, wall=passed.wall - SETTLE)

    async def close(self) -> None:
        """Hear no more."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self.viewer.leave()


def descendants(pid: int) -> Iterator[int]:
    """All processes below one."""
    for one in children(pid):
        yield one
        yield from descendants(one)


@dataclass(frozen=True)
class Turn:
    """One slice of each kind."""

    nothing: Spent
    numbers: Spent
    pictures: Spent | None

    def share(self) -> float:
        """What keeping costs, in parts of a hundred of what the run takes without."""
        numbers = self.numbers.cpu - self.nothing.cpu / self.nothing.steps * self.numbers.steps
        each = 0.0
        if self.pictures:
            alike = self.numbers.cpu / self.numbers.steps * self.pictures.steps
            each = self.pictures.cpu - alike
        return self._share(numbers, each)

    def beside(self) -> float:
        """What processes of the tool take, in the same measure."""
        each = 0.0
        if self.pictures:
            alike = self.numbers.tools / self.numbers.steps * self.pictures.steps
            each = self.pictures.tools - alike
        return self._share(self.numbers.tools, each)

    def _share(self, numbers: float, pictures: float) -> float:
        """CPU seconds for the numbers of a slice, and for one set of pictures a minute."""
        alone = self.nothing.cpu / self.nothing.steps * self.numbers.steps
        minute = track.PICTURES * self.nothing.cpu / self.nothing.wall
        return 100 * (numbers / alone + pictures / minute)


async def follow(keeper: str, turns: int, seconds: float, folder: Path) -> list[Turn]:
    """One run, kept by one keeper, in slices."""
    with ExitStack() as stack:
        runner = LocalRunner(fork=False)
        await runner.describe()
        before = set(children(os.getpid()))
        knobs = {"epochs": "100", "threads": "1"}
        run = await runner.start(Order("cifar10", knobs, pace=0, paused=True))
        while not (new := set(children(os.getpid())) - before):
            await asyncio.sleep(0.05)
        recorder = tracker = None
        said: list[str] = []
        if keeper == "recording":
            recorder = stack.enter_context(Recorder(folder / "run.fathom"))
        else:
            tracker = track.Tracker(keeper, said.append, every=0.0)
            stack.callback(tracker.close)
        followed = Followed(run, new.pop(), tracker, recorder)
        try:
            await followed.rest()
            kinds = [NOTHING, NUMBERS] if recorder else [NOTHING, NUMBERS, PICTURES]
            for keeps in kinds:  # what is imported or loaded once
                await followed.slice(keeps, SETTLE)
            found = []
            for turn in range(turns):
                order = kinds if turn % 2 else kinds[::-1]
                slices = {keeps: await followed.slice(keeps, seconds) for keeps in order}
                found.append(Turn(slices[NOTHING], slices[NUMBERS], slices.get(PICTURES)))
            if said:
                raise RuntimeError(said[0])
            return found
        finally:
            await followed.close()
            await runner.close()


def once(keeper: str) -> tuple[float, float]:
    """CPU seconds to begin and to end: of this process, and of others that it has started."""
    mine, others = time.process_time(), ended()
    said: list[str] = []
    tracker = track.Tracker(keeper, said.append)
    tracker.hear({"type": "run", "experiment": "cifar10", "knobs": {}}, {})
    tracker.close()
    if said:
        raise RuntimeError(said[0])
    return time.process_time() - mine, ended() - others


def ended() -> float:
    """CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def figures(keeper: str, turns: list[Turn]) -> list[Figure]:
    """What one keeper costs."""
    shares = [turn.share() for turn in turns]
    found = [Figure(keeper, statistics.median(shares), "%", GOAL, spread(shares))]
    if any(turn.numbers.tools for turn in turns):
        beside = [turn.beside() for turn in turns]
        what = f"{keeper}: processes of its own"
        found.append(Figure(what, statistics.median(beside), "%", note=spread(beside)))
    return found


def measure(turns: int = 20, seconds: float = 1.5, keepers: tuple[str, ...] = KEEPERS) -> Measured:
    """Every keeper that is installed."""
    found: list[Figure] = []
    says = []
    with ExitStack() as stack:
        source = stack.enter_context(pictures())
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(patch.dict(os.environ, {"FATHOM_HOME": scratch}))
        for keeper in keepers:
            first = []
            if keeper != "recording":
                try:
                    track.check(keeper)
                except FathomError as error:
                    says.append(str(error))
                    continue
                mine, others = once(keeper)
                note = f"and {others:.2g} s in processes of its own" if others else ""
                first = [Figure(f"{keeper}: once, to begin and to end", mine, "s", note=note)]
            turns_of = asyncio.run(follow(keeper, turns, seconds, Path(scratch)))
            found += figures(keeper, turns_of) + first
    return Measured(found, [source.words, *says])
