"""How long it takes from a click on start to the first picture.

A real server that has run something before, in a process of its own; a WebSocket as a page
opens it. The time runs from sending the start command for `mlp` to the first frame in hand;
drawing it is the browser's. Every run has ended before the next click. Beside it stands what a
script pays before its first line: a new Python that imports torch. Wall time, because that is
what a person waits.
"""

import asyncio
import statistics
import subprocess
import sys
import time

from benchmarks.figures import Figure, Measured, number, percentile
from benchmarks.server import Server
from benchmarks.slices import plain_environment

TITLE = "From a click to the first frame"
QUICK = {"clicks": 5, "imports": 1}
REST = 0.3  # seconds between two clicks


async def clicks_on(server: Server, clicks: int) -> list[float]:
    """Milliseconds of each click."""
    await server.warm()
    found = []
    for _ in range(clicks):
        await asyncio.sleep(REST)
        async with await server.page() as page:
            began = await page.start()
            at, _message = await page.until("frame")
            found.append(1000 * (at - began))
            await page.stop()
    return found


def import_torch() -> float:
    """Milliseconds of a new Python that only imports torch."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True, env=plain_environment())
    return 1000 * (time.perf_counter() - began)


def measure(clicks: int = 30, imports: int = 5) -> Measured:
    """The median of so many clicks, and of so many imports."""
    with Server() as server:
        found = asyncio.run(clicks_on(server, clicks))
    imported = [import_torch() for _ in range(imports)]
    slow = f"95 of 100 within {number(percentile(found, 0.95))} ms, {clicks} clicks"
    return Measured(
        [
            Figure("start to the first frame", statistics.median(found), "ms", "<= 150", slow),
            Figure(
                'a new `python -c "import torch"`',
                statistics.median(imported),
                "ms",
                note=f"{imports} times",
            ),
        ]
    )
