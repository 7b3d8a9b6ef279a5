"""What a class costs the server: many viewers of one run.

A real server, one run of `mlp` at 60 steps a second, and as many WebSockets as viewers, all in
one client process that reads no more of a message than its type: a frame for every step, for
everybody. One of them leads, as on a page: only it says that it has drawn. Counted is the CPU
time of the server's process over wall time; the run is another process, and so are the viewers.
"""

import asyncio
import statistics
import time

from benchmarks.figures import Figure, Measured
from benchmarks.machine import children, clock_of
from benchmarks.server import Page, Server

TITLE = "Many viewers of one run"
QUICK = {"seconds": 3.0}
PACE = 60.0  # steps, and so frames, a second
SETTLE = 1.0  # seconds before anything is counted


async def watch(page: Page, frames: list[int], number: int) -> None:
    """Draw everything, for ever, and count the frames."""
    while True:
        frames[number] += (await page.glance()).count("frame")


async def crowd(server: Server, viewers: int, seconds: float) -> tuple[float, float, list[float]]:
    """Shares of a core: server, run; frames a second of every viewer."""
    await server.warm()
    first = await server.page()
    await first.start(pace=PACE, steps=20_000)
    _, run = await first.until("run")
    pages = [first]
    for _ in range(viewers - 1):
        pages.append(await server.page())
        await pages[-1].say("attach", run=run["id"])
    frames = [0] * viewers
    watching = [asyncio.create_task(watch(one, frames, at)) for at, one in enumerate(pages)]
    await asyncio.sleep(SETTLE)
    worker = next((pid for zygote in children(server.pid) for pid in children(zygote)), -1)
    began, before = time.perf_counter(), list(frames)
    clocks = clock_of(server.pid), clock_of(worker)
    await asyncio.sleep(seconds)
    passed = time.perf_counter() - began
    used = [
        (clock_of(pid) - clock) / passed
        for pid, clock in zip((server.pid, worker), clocks, strict=True)
    ]
    rates = [(now - then) / passed for now, then in zip(frames, before, strict=True)]
    for task in watching:
        task.cancel()
    ends = await asyncio.gather(*watching, return_exceptions=True)
    await asyncio.gather(*(page.socket.close() for page in pages))
    for end in ends:  # a viewer that broke off must not look like one that got few frames
        if isinstance(end, Exception):
            raise end
    return used[0], used[1], rates


def measure(viewers: int = 50, seconds: float = 20.0) -> Measured:
    """So many viewers for so many seconds."""
    with Server() as server:
        used, worker, rates = asyncio.run(crowd(server, viewers, seconds))
    return Measured(
        [
            Figure(f"the server with {viewers} viewers", 100 * used, "% of a core", "<= 15"),
            Figure("the run that they watch", 100 * worker, "% of a core"),
            Figure(
                "frames a second of a viewer, median",
                statistics.median(rates),
                note=f"from {min(rates):.1f} to {max(rates):.1f}",
            ),
        ]
    )
