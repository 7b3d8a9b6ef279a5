"""What starts runs on this machine."""

import asyncio
import contextlib
from asyncio import FIRST_COMPLETED
from collections.abc import Coroutine
from dataclasses import asdict, replace
from typing import Any, TypeVar

from fathom import settings
from fathom.errors import ExperimentError, FathomError, RunError, UnknownExperiment
from fathom.lab import config, wire
from fathom.lab.experiment import Experiment
from fathom.lab.order import Order
from fathom.runtime import descriptions
from fathom.runtime.launch import Child, can_fork, spawn, words
from fathom.runtime.nursery import Nursery
from fathom.runtime.run import Run
from fathom.runtime.slots import Slots

COLD = "PyTorch is being loaded, once for all runs."
PATIENCE = 2.0  # seconds that a run may take to stop by itself
ENDING = 30.0  # seconds until a killed process is gone; long where it waits for a slow disk
KEPT = 600.0  # seconds that an ended run can still be looked at
MOST_KEPT = 40  # of them, for each holds its last frame and all of its numbers
RESTING = 2  # ended runs for each core that stay for questions; the oldest goes first
TICK = 0.5  # seconds between two looks at the queue and at who watches
T = TypeVar("T")


class LocalRunner:
    """Runs on this machine: forked from a warm process where that is possible, else spawned."""

    def __init__(self, *, fork: bool | None = None) -> None:
        self.nursery = Nursery() if (can_fork() if fork is None else fork) else None
        self.runs: dict[str, Run] = {}
        self.broken: dict[str, str] = {}  # experiments that cannot be loaded, and why
        self.slots = Slots(settings.cores(), self._make_room)
        self._launch = self.nursery.fork if self.nursery else spawn
        self._described: tuple[str, dict[str, Experiment]] | None = None
        self._describing = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lives: set[asyncio.Task[Any]] = set()  # those of them that hold a process of a run
        self._linger = settings.number("FATHOM_LINGER", 0, 86_400)

    async def open(self) -> None:
        """Begin to load torch, and to tidy up."""
        self._task(self._tidy())
        if self.nursery:
            self._task(self._warm(self.nursery))

    async def close(self) -> None:
        """End every run and every process."""
        for run in list(self.runs.values()):
            await self.stop(run)
        if self._lives:  # a task that is cancelled while its process ends would leave it behind
            await asyncio.wait(self._lives, timeout=ENDING)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.nursery:
            await self.nursery.close()

    async def __aenter__(self) -> "LocalRunner":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- what there is

    async def describe(self) -> dict[str, Experiment]:
        """All experiments. Asked of a child, since they import torch; kept until a file changes."""
        async with self._describing:
            version = descriptions.version()
            if not self._described or self._described[0] != version:
                found = descriptions.recall(version)
                if found is None:
                    found = await self._task(self._ask_child())
                    descriptions.remember(version, found)
                self.broken = {one["name"]: one["error"] for one in found if "error" in one}
                experiments = [Experiment.from_json(one) for one in found if "error" not in one]
                self._described = version, {one.name: one for one in experiments}
        return self._described[1]

    async def _ask_child(self) -> list[dict[str, Any]]:
        child = await self._launch()
        try:
            child.link.send({"do": "describe"})
            data = await child.link.receive()
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            child.link.close()
            code = await child.ended()  # a loop that ends before its child complains
        if data is None:
            raise RunError(f"The process that reads the experiments {words(code)}.")
        answer: list[dict[str, Any]] = wire.decode(data)["experiments"]
        return answer

    # --- the verbs

    async def start(self, order: Order, owner: str = "") -> Run:
        """Start a run, or queue it. Raises KnobError, UnknownExperiment."""
        known = await self.describe()
        if order.experiment in self.broken:
            raise ExperimentError(self.broken[order.experiment])
        if order.experiment not in known:
            raise UnknownExperiment(
                f"There is no experiment {order.experiment!r}; there are {', '.join(known)}."
            )
        experiment = known[order.experiment]
        values = config.read(experiment.knobs, order.knobs)
        checked = {name: values[name] for name in order.knobs}
        for _, name, value in order.turns:
            config.find(experiment.knobs, name).read(value)
        wish = order.threads or int(values.get("threads", 1))
        run = Run(experiment, replace(order, knobs=checked), owner, self.slots.ask(owner, wish))
        self.runs[run.id] = run
        live = self._task(self._live(run))
        self._lives.add(live)
        live.add_done_callback(self._lives.discard)
        return run

    async def stop(self, run: Run) -> None:
        """End a run for certain: ask, wait, kill."""
        run.command({"type": "stop"})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE + 1):
                await run.over.wait()

    # --- the life of a run

    async def _live(self, run: Run) -> None:
        try:
            if await self._queue(run):
                if self.nursery and not self.nursery.warmed:
                    run.become("queued", COLD, place=0)
                child = await self._launch()
                try:
                    await self._accompany(run, child)
                finally:
                    child.kill()
                    child.link.close()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(ENDING):
                            await child.ended()
        except FathomError as error:
            run.become("failed", str(error))
        finally:
            self.slots.release(run.ticket)
            if not run.ended:
                run.become("stopped", "The server was closed.")

    async def _queue(self, run: Run) -> bool:
        """Wait for a core; False when the learner gives up. Says the place whenever it changes."""
        if run.ticket.granted.is_set():
            return True
        granted = asyncio.create_task(run.ticket.granted.wait())
        later = []
        place = 0
        try:
            while not granted.done():
                if place != (place := self.slots.place(run.ticket)):
                    run.become("queued", place=place)
                command = asyncio.create_task(run.commands.get())
                await asyncio.wait({granted, command}, timeout=TICK, return_when=FIRST_COMPLETED)
                if not command.done():
                    command.cancel()
                elif command.result()["type"] == "stop":
                    run.become("stopped")
                    return False
                else:
                    later.append(command.result())
        finally:
            granted.cancel()
        for waiting in later:
            run.commands.put_nowait(waiting)
        return True

    async def _accompany(self, run: Run, child: Child) -> None:
        """From the order to the end of the child."""
        order = asdict(run.order) | {"do": "run", "cores": run.ticket.cores}
        order["turns"] = [*_turned_before(run), *order["turns"]]
        child.link.send(order)
        commands = asyncio.create_task(self._command(run, child))
        try:
            while (data := await child.link.receive()) is not None:
                message = run.hear(data)
                still = run.resting or (message.get("state") == "paused" and run.paused)
                if message["type"] == "state" and still:
                    self.slots.release(run.ticket)  # who thinks about a picture needs no core
                if run.ended and not run.resting:
                    return
                if run.ended and message["type"] == "state":
                    self._end_old_rests()
        finally:
            commands.cancel()
        if run.resting:
            run.say(run.last_state | {"rests": False})
        elif not run.ended:  # cancelled while it waited to go on
            run.become("failed", await self._why(child))

    async def _why(self, child: Child) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                code = await child.ended()
        except TimeoutError:
            code = None
        return (
            f"The process of this run {words(code)}. Start again: the knobs are as you left them."
        )

    async def _command(self, run: Run, child: Child) -> None:
        """Pass commands on; a pause gave the core away, so playing may have to wait for one."""
        while True:
            command = await run.commands.get()
            if command["type"] == "play" and run.state == "paused":
                run.ticket = self.slots.ask(run.owner, run.ticket.wish)
                if not await self._queue(run):
                    child.kill()
                    return
            child.link.send(command)
            if command["type"] == "stop":
                await asyncio.sleep(PATIENCE)
                if not run.ended:
                    run.become("stopped", "It was in the middle of a step and was ended.")
                child.kill()

    # --- keeping house

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _warm(self, nursery: Nursery) -> None:
        """Load torch before anybody clicks; a failure is told to whoever clicks."""
        with contextlib.suppress(RunError):
            await nursery.warm()
            await self.describe()

    def _make_room(self) -> None:
        """Somebody waits for a core: runs that nobody watches have to pause."""
        for run in self.runs.values():
            if run.state == "running" and run.unwatched_since is not None:
                run.command({"type": "pause"})
                return

    def _end_old_rests(self) -> None:
        """What rests keeps its memory: not more of them than this machine can bear."""
        resting = [run for run in self.runs.values() if run.resting]
        for run in resting[: -RESTING * self.slots.cores]:
            run.command({"type": "stop"})

    async def _tidy(self) -> None:
        """Stop runs that nobody watches, forget runs that are long over."""
        while True:
            await asyncio.sleep(TICK)
            now = asyncio.get_running_loop().time()
            for run in list(self.runs.values()):
                away = now - run.unwatched_since if run.unwatched_since is not None else 0.0
                if run.resting or not run.ended:
                    if away > self._linger:
                        run.command({"type": "stop"})
                elif away > max(KEPT, self._linger):
                    del self.runs[run.id]
            if any(self._waited_for(run) for run in self.runs.values()):
                self._make_room()  # somebody may have left since they asked
            self._forget()

    @staticmethod
    def _waited_for(run: Run) -> bool:
        """Whether it has no core yet, and somebody looks at it."""
        queued = run.state == "queued" and not run.ticket.granted.is_set()
        return queued and run.unwatched_since is None

    def _forget(self) -> None:
        """Of runs that are over and that nobody watches only the latest can still be looked at."""
        over = [
            run
            for run in self.runs.values()
            if run.ended and not run.resting and run.unwatched_since is not None
        ]
        for run in over[:-MOST_KEPT]:
            del self.runs[run.id]


def _turned_before(run: Run) -> list[tuple[int, str, Any]]:
    """Knobs turned while the run waited: they belong to step 0. Other commands stay."""
    waiting = [run.commands.get_nowait() for _ in range(run.commands.qsize())]
    for command in waiting:
        if command["type"] != "turn":
            run.commands.put_nowait(command)
    return [(0, one["knob"], one["value"]) for one in waiting if one["type"] == "turn"]
