"""How long it takes to shut a child in, and from nothing to the first result of a kernel.

The keeper has imported NumPy and nothing else, so that only the sandbox is measured and not the
page table of PyTorch. First a child until it can run code, shut in and as it is, in turns. Then, in
turns again: a script until its first output, a plain Python that only starts and ends, and a kernel
from nothing to the value of its first cell in hand. Wall time, as a person waits; how long the
kernel of the machine takes to clear up afterwards is not in it.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time

from benchmarks.figures import Figure, Measured
from benchmarks.slices import plain_environment
from fathom.runtime.kernel import Kernel, collect
from fathom.runtime.sandbox import Limits
from fathom.runtime.shelter import Shelter

TITLE = "The sandbox"
QUICK = {"rounds": 3}


async def rounds_of(rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of a shut-in script, of a plain Python, and of a kernel's first result."""
    shelter = Shelter("numpy")
    await shelter.warm()
    scripts, plain, kernels = [], [], []
    try:
        for _ in range(rounds):
            began = time.perf_counter()
            guest = await shelter.admit("script", Limits())
            guest.link.send({"source": "print()"})
            await guest.out.read("stdout")
            scripts.append(1000 * (time.perf_counter() - began))
            guest.close()
            await guest.ended()
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", "pass"], check=True, env=plain_environment())
            plain.append(1000 * (time.perf_counter() - began))
            kernel = Kernel(shelter)
            began = time.perf_counter()
            await collect(kernel.run("6 * 7"))
            kernels.append(1000 * (time.perf_counter() - began))
            await kernel.close()
    finally:
        await shelter.close()
    return scripts, plain, kernels


def forks(rounds: int) -> list[tuple[float, float]]:
    """Milliseconds of a plain fork and of one that is shut in, in turns."""
    command = [sys.executable, "-m", "benchmarks.shut_in", str(rounds)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return [(plain, shut) for plain, shut in json.loads(said.stdout)["pairs"]]


def measure(rounds: int = 50) -> Measured:
    """The medians of so many rounds."""
    pairs = forks(rounds)
    added = [shut - plain for plain, shut in pairs]
    scripts, plain, kernels = asyncio.run(rounds_of(rounds))
    times = f"{rounds} times"
    return Measured(
        [
            Figure("a child as it is, until it can run code", *_of([one for one, _ in pairs])),
            Figure("what shutting it in adds", *_of(added), goal="<= 5", note=times),
            Figure(
                "a script in the sandbox, from asking to its first output",
                *_of(scripts),
                note=times,
            ),
            Figure("a plain `python -c pass`", *_of(plain), note=times),
            Figure("a kernel, from nothing to its first result", *_of(kernels), note=times),
        ]
    )


def _of(milliseconds: list[float]) -> tuple[float, str]:
    return statistics.median(milliseconds), "ms"
