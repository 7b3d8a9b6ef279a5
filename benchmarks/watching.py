"""What it costs a run to be watched.

Watched is a real run: a child process with the real worker loop, started by the runner that the
server uses, at full speed, with one viewer. The process of the benchmark is the server's side:
it decodes and keeps every message as the server does, and asks for the next frame as a page
does that has drawn one. No WebSocket and no browser take part: they are other processes, which
on a machine with a core to spare cost the run nothing. Bare is the same training with `yield`
and `look` deleted (`benchmarks/bare.py` does that to the file), in a child process with the same
environment. Both have one thread: two that wait for each other spin, and count as work what is
none. The two take turns: a slice of the watched run by play and pause,
then the bare loop for exactly as many steps; the ratio of a pair is bare time over watched time.
After five pairs both are started anew, for two processes that do the very same may differ by five
in a hundred all their lives, by where their memory lies. The CPU time of the two processes (all of
their threads) decides, because it holds on a busy machine too; the ratio of wall time stands
beside it. A recording is written by whoever watches, from the same messages, so it costs the run
nothing more.
"""

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure, Measured, number, ratio
from benchmarks.machine import children, clock_of
from benchmarks.pictures import pictures
from benchmarks.slices import Child, Slice, worker_environment
from fathom.lab import wire
from fathom.lab.order import Order
from fathom.runtime.run import Run
from fathom.runtime.runner import LocalRunner

TITLE = "Steps a second of a watched run, over the bare loop"
QUICK = {"pairs": 4, "seconds": 0.4}
PATIENCE = 300.0  # seconds for a message on a busy machine
SETTLE = 0.3  # seconds before the first slice
EACH = 5  # pairs of one run: two processes that do the very same may differ by a twentieth


@dataclass(frozen=True)
class Case:
    """One experiment, watched in one way."""

    what: str
    experiment: str
    knobs: dict[str, Any]
    frames: float  # that the viewer asks for in a second; inf: at once; 0: none
    goal: str


LONG = {"steps": 20_000}
CASES = (
    Case("cifar10, all its views", "cifar10", {"epochs": 100, "threads": 1}, math.inf, ">= 0.985"),
    Case("mlp, its curves only", "mlp", LONG, 0, ">= 0.97"),
    Case("mlp, every field, 30 frames a second", "mlp", LONG, 30, ">= 0.7"),
    Case("mlp, every field, as often as the budget allows", "mlp", LONG, math.inf, ""),
)


class Watched:
    """A run with one viewer."""

    def __init__(self, run: Run, frames: float) -> None:
        self.run, self.viewer, self.frames_wanted = run, run.watch(), frames
        self.asking = frames > 0
        self.frames = 0
        self.states: asyncio.Queue[tuple[float, wire.Message]] = asyncio.Queue()
        self._due = 0.0
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (data := await self.viewer.next()) is not None:
            now = time.perf_counter()
            message = wire.decode(data)  # as a page would
            if message["type"] == "frame":
                self.frames += 1
                self._ask_again(now)
            elif message["type"] == "state":
                self.states.put_nowait((now, message))

    def _ask_again(self, now: float) -> None:
        if not self.asking:
            return
        gap = 0.0 if math.isinf(self.frames_wanted) else 1 / self.frames_wanted
        self._due = max(self._due + gap, now)
        asyncio.get_running_loop().call_later(self._due - now, self._ask)

    def _ask(self) -> None:
        if self.asking:
            self.viewer.ready()

    async def until(self, state: str) -> tuple[float, wire.Message]:
        """The next such state, and when it came; RuntimeError when the run ends before."""
        while True:
            async with asyncio.timeout(PATIENCE):
                at, message = await self.states.get()
            if message["state"] == state:
                return at, message
            if message["state"] in ("failed", "stopped", "finished"):
                raise RuntimeError(f"The run has {message['state']}: {message['why']}")

    async def slice(self, seconds: float, pid: int) -> Slice:
        """Play so long, and pause."""
        cpu = clock_of(pid)
        self.asking = self.frames_wanted > 0
        self.run.command({"type": "play"})
        began, first = await self.until("running")
        self._due = began
        self._ask()
        await asyncio.sleep(seconds)
        self.asking = False  # no frame is drawn in the pause, where nobody would count it
        self.run.command({"type": "pause"})
        ended, last = await self.until("paused")
        steps = last["step"] - first["step"]
        return Slice(steps, steps, ended - began, clock_of(pid) - cpu)

    async def close(self) -> None:
        """Stop the run."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self.viewer.leave()


@dataclass
class Pairs:
    """What all pairs of slices of a case gave."""

    wall: list[float]
    cpu: list[float]
    speed: list[float]  # steps a second of the watched run
    frames: int = 0
    seconds: float = 0.0


async def one_run(
    runner: LocalRunner, case: Case, seed: int, pairs: int, seconds: float, found: Pairs
) -> None:
    """One watched run and one bare loop with the same seed, until the pairs or the steps are up."""
    before = set(children(runner.nursery.pid or 0)) if runner.nursery else set()
    run = await runner.start(
        Order(case.experiment, knobs=case.knobs | {"seed": seed}, pace=0, paused=True)
    )
    watched = Watched(run, case.frames)
    try:
        await watched.until("paused")
        new = set(children(runner.nursery.pid or 0)) - before if runner.nursery else set()
        pid = new.pop() if len(new) == 1 else -1  # without the zygote CPU time is not measured
        knobs = case.knobs | {"seed": seed}
        with Child("bare", worker_environment(), name=case.experiment, **knobs) as bare:
            bare.ready()
            # loading, testing and the first frame are not what is compared
            warm = await watched.slice(SETTLE, pid)
            while not warm.steps:
                warm = await watched.slice(SETTLE, pid)
            bare.train(steps=run.step)
            for _ in range(min(EACH, pairs - len(found.wall))):
                already = watched.frames
                seen = await watched.slice(seconds, pid)
                alone = await asyncio.to_thread(bare.train, steps=seen.steps)
                found.wall.append(alone.wall / seen.wall)
                found.cpu.append(alone.cpu / seen.cpu)
                found.speed.append(seen.steps / seen.wall)
                found.frames += watched.frames - already
                found.seconds += seen.wall
                if run.step + 2 * seen.steps > run.of:
                    return  # the next slice might not be whole
    finally:
        await watched.close()
        await runner.stop(run)


async def compare(case: Case, pairs: int, seconds: float) -> list[Figure]:
    """One way of watching, over as many runs as it takes."""
    found = Pairs([], [], [])
    async with LocalRunner() as runner:
        seed = 0
        while len(found.wall) < pairs:
            await one_run(runner, case, seed, pairs, seconds, found)
            seed += 1
    rate = sorted(found.speed)[len(found.speed) // 2]
    note = f"{number(rate)} steps a second watched"
    if case.frames:
        note += f", {number(found.frames / found.seconds)} frames a second"
    if any(map(math.isnan, found.cpu)):
        return [ratio(f"{case.what}: wall time", found.wall, case.goal, note)]
    return [
        ratio(case.what, found.cpu, case.goal, note),
        ratio(f"{case.what}: wall time", found.wall),
    ]


def measure(pairs: int = 30, seconds: float = 1.0, cases: tuple[Case, ...] = CASES) -> Measured:
    """Every case, `pairs` slices of so many seconds each."""
    figures: list[Figure] = []
    with pictures() as source:
        for case in cases:
            figures += asyncio.run(compare(case, pairs, seconds))
    return Measured(figures, [source.words])
