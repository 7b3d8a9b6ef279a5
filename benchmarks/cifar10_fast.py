"""What the fast recipe and the small network have learned from CIFAR-10 in the same time.

The experiment `cifar10_fast` runs with its defaults to its end; the experiment `cifar10`, which
is the small network with Adam, learns on for as many epochs as fit. They are two processes
that take turns in short slices until both have had the same CPU seconds, of all their threads;
what their tests take counts as their time. Accuracies are those of the last test of each.
"""

from benchmarks.figures import Figure, Measured
from benchmarks.machine import cores
from benchmarks.pictures import pictures
from benchmarks.slices import Child, worker_environment
from fathom.lab.experiment import promise, sections
from fathom.zoo import cifar10_fast

TITLE = "A fast recipe for CIFAR-10: test accuracy in the same CPU seconds"
QUICK = None  # it makes no sense in little time
ENDLESS = 100  # epochs of the small network, of which only the first are seen


def race(epochs: int, seconds: float) -> tuple[float, float, float, float, float]:
    """Of the recipe wall and CPU seconds and accuracy; of the small network the last two."""
    threads = min(2, cores())
    environment = worker_environment()
    fast_knobs = {"name": "cifar10_fast", "threads": threads, "epochs": epochs}
    with (
        Child("experiment", environment, **fast_knobs) as fast,
        Child("experiment", environment, threads=threads, epochs=ENDLESS) as small,
    ):
        fast.ready()
        small.ready()
        wall = used = given = 0.0
        ended = stopped = False
        while not ended:
            slice = fast.train(seconds=seconds)
            wall, used, ended = wall + slice.wall, used + slice.cpu, slice.ended
            while given < used and not stopped:
                slice = small.train(seconds=seconds)
                given, stopped = given + slice.cpu, slice.ended
        return wall, used, fast.test(), given, small.test()


def measure(epochs: int | None = None, seconds: float = 2.0) -> Measured:
    """Run both. epochs: of the recipe; its default is what the promise speaks of."""
    (promised,) = promise(sections(cifar10_fast.__doc__ or "")["Promise"][0]).bounds
    goal = f"{promised.relation} {promised.value:g}"
    with pictures() as source:
        if not source.real:
            return Measured(skipped=f"{source.words} They teach nothing.")
        wall, used, accuracy, given, small = race(epochs or cifar10_fast.Config().epochs, seconds)
    return Measured(
        [
            Figure("the recipe", accuracy, goal=goal, note=f"{used:.1f} CPU seconds"),
            Figure("the small network", small, note=f"{given:.1f} CPU seconds"),
            Figure("the recipe from start to end", wall, "s", goal="<= 300"),
        ],
        [source.words],
    )
