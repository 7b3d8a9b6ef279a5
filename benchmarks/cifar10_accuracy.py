"""What the tutorial's recipe has learned when the experiment has kept its promise.

The experiment `cifar10` runs with its defaults to its end, and its tests count as its time; the
tutorial's recipe trains in another process. They take turns in short slices until both have had
the same seconds of wall time. Then both are tested on the same 10,000 pictures.
"""

from benchmarks.figures import Figure, Measured
from benchmarks.machine import cores
from benchmarks.pictures import pictures
from benchmarks.slices import Child, plain_environment, worker_environment
from fathom.lab.experiment import promise, sections
from fathom.zoo import cifar10

TITLE = "The small network on CIFAR-10: test accuracy in the same seconds"
QUICK = None  # it makes no sense in little time


def race(epochs: int, seconds: float) -> tuple[float, float, float, float]:
    """Seconds and accuracy of the experiment, then of the tutorial."""
    knobs = {"threads": min(2, cores()), "epochs": epochs}
    with (
        Child("experiment", worker_environment(), **knobs) as ours,
        Child("recipe", plain_environment()) as tutorial,
    ):
        ours.ready()
        tutorial.ready()
        used = given = 0.0
        ended = False
        while not ended:
            slice = ours.train(seconds=seconds)
            used, ended = used + slice.wall, slice.ended
            if given < used:
                given += tutorial.train(seconds=used - given).wall
        return used, ours.test(), given, tutorial.test()


def measure(epochs: int | None = None, seconds: float = 2.0) -> Measured:
    """Run both. epochs: of the experiment; its default is what the promise speaks of."""
    (promised,) = promise(sections(cifar10.__doc__ or "")["Promise"][0]).bounds
    goal = f"{promised.relation} {promised.value:g}"
    with pictures() as source:
        if not source.real:
            return Measured(skipped=f"{source.words} They teach nothing.")
        used, accuracy, given, tutorial = race(epochs or cifar10.Config().epochs, seconds)
    return Measured(
        [
            Figure("the experiment", accuracy, goal=goal, note=f"{used:.1f} s"),
            Figure("the tutorial's recipe", tutorial, note=f"{given:.1f} s"),
        ],
        [source.words],
    )
