"""A learner's kernel beside an ordinary one: the first result, and what many of them weigh.

The two take turns. Ours is a child of a keeper that has imported torch, shut into the sandbox;
the other is an ipykernel, started as a notebook starts it. The first result is that of a cell
that imports torch and adds three numbers with it. Memory is PSS, the share of every page that a
process has: of the keeper and all below it, less the keeper alone, after each kernel has trained
a small network; of ipykernels, all of them.
"""

import asyncio
import re
import statistics
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Measured, ratio
from benchmarks.machine import children
from fathom.runtime.kernel import Kernel, Problem, collect
from fathom.runtime.shelter import Shelter

TITLE = "Kernels of learners"
QUICK = {"rounds": 1, "ours": (1, 3), "theirs": 1}
MANY = 100  # kernels, for which there is a goal
PATIENCE = 600.0  # seconds for an import of torch on a busy machine
FIRST = "import torch\ntorch.ones(3).sum().item()"
TRAIN = """
import torch
x = torch.linspace(-1, 1, 200)[:, None]
net = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for step in range(200):
    loss = ((net(x) - x**3) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
loss.item()
"""


class Ordinary:
    """An ipykernel, as a notebook has one."""

    def __init__(self) -> None:
        from jupyter_client.manager import AsyncKernelManager

        self.manager = AsyncKernelManager(kernel_name="python3")

    async def run(self, source: str) -> None:
        """Run a cell, to its reply; the first one starts the kernel."""
        if not self.manager.has_kernel:
            await self.manager.start_kernel()
            self.client = self.manager.client()
            self.client.start_channels()
            await self.client.wait_for_ready(PATIENCE)
        reply = await self.client.execute_interactive(
            source, timeout=PATIENCE, output_hook=lambda _: None
        )
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"The cell failed in ipykernel: {reply['content']['evalue']}")

    async def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        await self.manager.shutdown_kernel(now=True)


async def run(kernel: Kernel, source: str) -> None:
    """Run a cell of ours to its end."""
    for output in await collect(kernel.run(source)):
        if isinstance(output, Problem):
            raise RuntimeError(f"The cell failed in a kernel: {output.trouble.text}")


async def seconds(work: Coroutine[Any, Any, None]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def family(pid: int) -> Iterator[int]:
    """A process, and all that it has started."""
    yield pid
    for child in children(pid):
        yield from family(child)


def pss(pids: Iterator[int]) -> float:
    """Megabytes of these processes together, a shared page counted by its share."""
    kilobytes = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes += int(re.findall(r"^Pss: *(\d+)", rollup, re.M)[0])
    return kilobytes / 1024


async def first_results(shelter: Shelter, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds to the first result, of ours and of ipykernel, in turns."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        ours, theirs = Kernel(shelter), Ordinary()
        found[0].append(await seconds(run(ours, FIRST)))
        await ours.close()
        found[1].append(await seconds(theirs.run(FIRST)))
        await theirs.close()
    return found


async def weights(shelter: Shelter, counts: tuple[int, ...]) -> list[float]:
    """Megabytes that a kernel adds when there are so many."""
    keeper = shelter.pid
    if keeper is None:
        raise RuntimeError("The keeper has ended.")
    alone = pss(family(keeper))
    kernels: list[Kernel] = []
    found = []
    try:
        for count in counts:
            while len(kernels) < count:
                kernels.append(Kernel(shelter))
                await run(kernels[-1], TRAIN)
            found.append((pss(family(keeper)) - alone) / count)
    finally:
        for kernel in kernels:
            await kernel.close()
    return found


async def weight_of_ordinary(count: int) -> float:
    """Megabytes of an ipykernel when there are so many."""
    kernels = [Ordinary() for _ in range(count)]
    try:
        for kernel in kernels:
            await kernel.run(TRAIN)
        return pss(pid for kernel in kernels for pid in family(kernel.manager.provisioner.pid))
    finally:
        for kernel in kernels:
            await kernel.close()


async def all_of_it(rounds: int, ours: tuple[int, ...], theirs: int) -> list[Figure]:
    """Every figure of this part."""
    shelter = Shelter("torch")
    try:
        await shelter.warm()
        mine, other = await first_results(shelter, rounds)
        heavy = await weights(shelter, ours)
    finally:
        await shelter.close()
    ordinary = await weight_of_ordinary(theirs) / theirs
    pairs = [after / before for before, after in zip(mine, other, strict=True)]
    return [
        Figure("first result of a kernel of ours", 1000 * statistics.median(mine), "ms", "<= 100"),
        Figure("first result of an ipykernel", 1000 * statistics.median(other), "ms"),
        ratio("ipykernel over ours, to the first result", pairs),
        *(
            Figure(
                *(f"memory of one of {count} kernels of ours", weight, "MB"),
                goal="<= 12" if count >= MANY else "",
            )
            for count, weight in zip(ours, heavy, strict=True)
        ),
        Figure(f"memory of one of {theirs} ipykernels", ordinary, "MB"),
    ]


def measure(rounds: int = 5, ours: tuple[int, ...] = (1, 20, 100), theirs: int = 5) -> Measured:
    """So many first results, and the memory of so many kernels."""
    try:
        import ipykernel
    except ImportError:
        return Measured(skipped="There is no ipykernel to compare with: pip install ipykernel.")
    figures = asyncio.run(all_of_it(rounds, ours, theirs))
    return Measured(figures, [f"ipykernel {ipykernel.__version__}."])
