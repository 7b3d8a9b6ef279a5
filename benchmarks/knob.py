"""How long it takes from turning a knob to the first picture that knows of it.

A real server, a run of `mlp` at its own pace, a page that draws at once. The time runs from
sending the new learning rate to holding the first frame of a step after the one at which the
knob took effect. The pauses between two turns are of many lengths, so that turns fall anywhere
between two steps. Wall time, because that is what a person waits.
"""

import asyncio
import random
import statistics

from benchmarks.figures import Figure, Measured, number, percentile
from benchmarks.server import Page, Server

TITLE = "From turning a knob to a frame that shows it"
QUICK = {"turns": 10}
RATES = ("0.01", "0.02")
PAUSE = (0.02, 0.12)  # seconds between two turns, from and to


async def rest(page: Page, seconds: float) -> None:
    """Go on watching for a while."""
    with_end = asyncio.get_running_loop().time() + seconds
    while (left := with_end - asyncio.get_running_loop().time()) > 0:
        try:
            async with asyncio.timeout(left):
                await page.hear()
        except TimeoutError:
            return


async def turns_of(server: Server, turns: int) -> list[float]:
    """Milliseconds of each turn."""
    await server.warm()
    chance = random.Random(0)
    found = []
    async with await server.page() as page:
        await page.start(steps=20_000)
        await page.until("frame")
        await rest(page, 0.5)
        for turn in range(turns):
            began = await page.say("turn", knob="lr", value=RATES[turn % 2])
            _, turned = await page.until("turned")
            at, _frame = await page.until("frame", after=turned["step"])
            found.append(1000 * (at - began))
            await rest(page, chance.uniform(*PAUSE))
        await page.stop()
    return found


def measure(turns: int = 100) -> Measured:
    """So many turns."""
    with Server() as server:
        found = asyncio.run(turns_of(server, turns))
    middle = f"median {number(statistics.median(found))} ms, {turns} turns"
    what = "turn to the frame, 95 of 100 within"
    return Measured([Figure(what, percentile(found, 0.95), "ms", "<= 50", middle)])
