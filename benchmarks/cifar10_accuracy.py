"""What the tutorial's recipe has learned when the experiment has kept its promise.

The experiment `cifar10` runs with its defaults to its end, and its tests count as its time. The
tutorial's recipe and some rungs of the ladder that leads from it to the experiment train in other
processes. All take turns in short slices until each has had the same seconds of wall time. Then
all are tested on the same 10,000 pictures.
"""

from contextlib import ExitStack
from dataclasses import replace

from benchmarks.cifar10_speed import BATCH, Rung
from benchmarks.figures import Figure, Measured
from benchmarks.machine import cores
from benchmarks.pictures import pictures
from benchmarks.recipes import Recipe
from benchmarks.slices import Child, worker_environment
from fathom.lab.experiment import promise, sections
from fathom.zoo import cifar10

TITLE = "The small network on CIFAR-10: test accuracy in the same seconds"
QUICK = None  # it makes no sense in little time


def rivals(threads: int) -> list[Rung]:
    """The tutorial's recipe, and what a few changes make of it."""
    cut = Recipe(batch=BATCH, loader=False, threads=1)
    fused = Recipe(BATCH, loader=False, channels_last=True, optimizer="fused", threads=threads)
    return [
        Rung("the tutorial's recipe", Recipe()),
        Rung(f"batches of {BATCH}", Recipe(batch=BATCH, threads=1)),
        Rung(f"batches of {BATCH}, cut from memory", cut),
        Rung("the same with Adam, fused, and as many threads as the experiment", fused, tuned=True),
    ]


def race(others: list[Rung], threads: int, epochs: int, seconds: float) -> list[Figure]:
    """The accuracy of the experiment, and of all others after the same time."""
    with ExitStack() as stack:
        ours = Child("experiment", worker_environment(), threads=threads, epochs=epochs)
        stack.enter_context(ours)
        children = [stack.enter_context(one.start()) for one in others]
        for child in (ours, *children):
            child.ready()
        used, given, ended = 0.0, [0.0] * len(children), False
        while not ended:
            slice = ours.train(seconds=seconds)
            used, ended = used + slice.wall, slice.ended
            for number, child in enumerate(children):
                if given[number] < used:
                    given[number] += child.train(seconds=used - given[number]).wall
        found = [Figure("the experiment", ours.test(), note=f"{used:.1f} s")]
        for rung, child, wall in zip(others, children, given, strict=True):
            found.append(Figure(rung.what, child.test(), note=f"{wall:.1f} s"))
    return found


def measure(epochs: int | None = None, seconds: float = 2.0) -> Measured:
    """Run all. epochs: of the experiment; its default is what the promise speaks of."""
    (promised,) = promise(sections(cifar10.__doc__ or "")["Promise"][0]).bounds
    threads = min(2, cores())
    with pictures() as source:
        if not source.real:
            return Measured(skipped=f"{source.words} They teach nothing.")
        ours, *theirs = race(rivals(threads), threads, epochs or cifar10.Config().epochs, seconds)
    goal = f"{promised.relation} {promised.value:g}"
    return Measured([replace(ours, goal=goal), *theirs], [source.words])
