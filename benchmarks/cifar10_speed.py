"""How fast the small network learns CIFAR-10 here, and what makes the difference.

The tutorial's recipe is that of "Training a Classifier" in the PyTorch documentation: batches
of 4, a DataLoader with 2 workers, each picture transformed by itself, SGD with momentum, the
threads that torch takes. The other end is what the experiment `cifar10` does with its defaults,
in the environment of a run. Every rung of the ladder changes one thing and is measured against
the rung before it, in two processes that take turns in short slices; a ratio is the median of
the pairs. Samples a second of wall time are counted, because workers, threads and waiting are what
the rungs are about. The first ratio is of the experiment itself, with its tests and frames, which
nobody draws; the rungs only train.
"""

import statistics
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from benchmarks.figures import Figure, Measured, number, ratio
from benchmarks.machine import cores
from benchmarks.pictures import pictures
from benchmarks.recipes import Recipe
from benchmarks.slices import Child, Slice, plain_environment, take_turns, worker_environment
from fathom.zoo import cifar10

TITLE = "The small network on CIFAR-10: samples a second"
BATCH = cifar10.Config().batch
ENDLESS = 100  # epochs of the experiment, of which only some steps are seen
QUICK = {"pairs": 2, "seconds": 0.4}


@dataclass(frozen=True)
class Rung:
    """One way to train, and what is new in it."""

    what: str
    recipe: Recipe
    tuned: bool = False  # in the environment that Fathom gives its runs

    def start(self) -> Child:
        """A process that trains this way, not yet ready."""
        environment = worker_environment() if self.tuned else plain_environment()
        return Child("recipe", environment, **asdict(self.recipe))


def ladder(threads: int) -> list[Rung]:
    """From the tutorial to the experiment, and on."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("one thread", {"threads": 1}),
        (f"batches of {BATCH}", {"batch": BATCH}),
        ("batches cut from memory", {"loader": False}),
        ("channels_last", {"channels_last": True}),
        ("Adam", {"optimizer": "adam"}),
        ("fused Adam", {"optimizer": "fused"}),
    ]
    rungs = [Rung("the tutorial", Recipe())]
    for what, change in steps:
        rungs.append(Rung(what, replace(rungs[-1].recipe, **change)))
    rungs.append(Rung("a glibc that keeps its memory", rungs[-1].recipe, tuned=True))
    if threads > 1:
        more = replace(rungs[-1].recipe, threads=threads)
        rungs.append(Rung(f"{threads} threads: as the experiment", more, tuned=True))
    larger = replace(rungs[-1].recipe, batch=512)
    rungs.append(Rung("batches of 512", larger, tuned=True))
    rungs.append(Rung("bfloat16", replace(larger, bfloat16=True), tuned=True))
    return rungs


def compare(before: Child, after: Child, pairs: int, seconds: float) -> list[tuple[Slice, Slice]]:
    """Slices of both."""
    return take_turns(before.ready(), after.ready(), pairs, seconds)


def climb(rungs: list[Rung], pairs: int, seconds: float) -> list[Figure]:
    """Every rung against the one before."""
    figures = []
    for before, after in pairwise(rungs):
        with before.start() as one, after.start() as other:
            slices = compare(one, other, pairs, seconds)
        gains = [second.speed / first.speed for first, second in slices]
        speed = statistics.median(second.speed for _, second in slices)
        figures.append(ratio(f"+ {after.what}", gains, note=f"{number(speed)} samples a second"))
    return figures


def measure(pairs: int = 6, seconds: float = 2.0, rungs: list[Rung] | None = None) -> Measured:
    """The experiment against the tutorial, then the ladder between them."""
    threads = min(2, cores())
    rungs = rungs or ladder(threads)
    with pictures() as source:
        ours = Child("experiment", worker_environment(), threads=threads, epochs=ENDLESS)
        with rungs[0].start() as tutorial, ours:
            slices = compare(tutorial, ours, pairs + 2, seconds)
        figures = [
            ratio(
                "the experiment over the tutorial",
                [second.speed / first.speed for first, second in slices],
                ">= 10",
            ),
            speed_of("the tutorial", [first for first, _ in slices]),
            speed_of("the experiment", [second for _, second in slices]),
            *climb(rungs, pairs, seconds),
        ]
    return Measured(figures, [source.words])


def speed_of(what: str, slices: list[Slice]) -> Figure:
    """The median of the speeds of some slices."""
    return Figure(what, statistics.median(one.speed for one in slices), "samples/s")
