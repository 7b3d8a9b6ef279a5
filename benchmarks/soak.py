"""What is left of many runs: processes, descriptors and memory of the server.

A real server; one WebSocket after the other starts `mlp`, sees its first frame, and leaves in one
of three ways: it stops the run, it lets it come to its end, or it just goes, and comes back later
to end what it left. Counted are the processes below the server, the descriptors of the server and
of the warm process that its runs are forked from, and the memory of the server (RSS), after the
first hundred runs and after the last, when everything has come to rest.
"""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, Measured
from benchmarks.machine import children
from benchmarks.server import Server

TITLE = "A thousand runs, one after the other"
QUICK = {"runs": 60, "first": 20}
STEPS = 30
REST = 60.0  # seconds until everything must have come to rest
LOOK = 0.2  # seconds between two looks


@dataclass(frozen=True)
class Left:
    """What a server holds."""

    processes: int  # below it
    descriptors: int  # of it and of the warm process
    megabytes: float


def left(server: Server) -> Left:
    """What it holds now."""
    below = children(server.pid)
    whole = [server.pid, *below]
    runs = [run for zygote in below for run in children(zygote)]
    descriptors = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in whole)
    status = Path(f"/proc/{server.pid}/status").read_text()
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line[:5] == "VmRSS")
    return Left(len(below) + len(runs), descriptors, kilobytes / 1024)


async def one(server: Server, number: int) -> None:
    """One run, in one of three ways."""
    async with await server.page() as page:
        await page.start(pace=0, steps=STEPS if number % 3 == 1 else 20_000, width=4)
        _, run = await page.until("run")
        await page.until("frame")
        if number % 3 == 1:
            while True:
                _, message = await page.hear()
                if message["type"] == "state" and message["state"] == "finished":
                    return
        if number % 3 == 2:
            await page.stop()
            return
    async with await server.page() as back:  # it only went away: somebody ends it later
        await back.say("attach", run=run["id"])
        await back.stop()


async def rested(server: Server, processes: int) -> Left:
    """What is left when no run is left, or when the patience is at its end."""
    end = time.monotonic() + REST
    while left(server).processes > processes and time.monotonic() < end:
        await asyncio.sleep(LOOK)
    await asyncio.sleep(2.0)  # for what is tidied now and then
    return left(server)


async def soak(server: Server, runs: int, first: int) -> tuple[Left, Left, float]:
    """After the first runs, after the last, and the seconds between."""
    await server.warm()
    alone = len(children(server.pid))
    for number in range(first):
        await one(server, number)
    before = await rested(server, alone)
    began = time.perf_counter()
    for number in range(first, runs):
        await one(server, number)
    took = time.perf_counter() - began
    return before, await rested(server, alone), took


def measure(runs: int = 1000, first: int = 100) -> Measured:
    """So many runs; Linux only, for it looks into /proc."""
    if not Path("/proc/self/fd").exists():
        return Measured(skipped="There is no /proc here, in which open descriptors can be counted.")
    with Server() as server:
        before, after, took = asyncio.run(soak(server, runs, first))
    grown = 100 * (after.megabytes / before.megabytes - 1)
    return Measured(
        [
            Figure(
                f"processes after {runs} runs, more than after {first}",
                after.processes - before.processes,
                goal="<= 0",
                note=f"{after.processes}: what the next run is forked from",
            ),
            Figure(
                f"descriptors after {runs} runs, more than after {first}",
                after.descriptors - before.descriptors,
                goal="<= 0",
                note=f"{after.descriptors} in all",
            ),
            Figure(
                "memory of the server, grown by",
                grown,
                "%",
                goal="<= 5",
                note=f"from {before.megabytes:.0f} to {after.megabytes:.0f} MB",
            ),
            Figure("a run, from its start to its end", 1000 * took / (runs - first), "ms"),
        ]
    )
