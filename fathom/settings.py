"""Every setting: name, default, meaning. The only reader of the environment.

A setting is read when it is asked for, so a test may set the variable and ask again.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from fathom.errors import FathomError


@dataclass(frozen=True)
class Setting:
    """One variable of the environment and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("FATHOM_DATA", "", "a folder that holds data sets already, read before the cache"),
    Setting("FATHOM_CACHE", "", "where downloads and other things that can be made again are kept"),
    Setting("FATHOM_HOME", "", "where what must be kept is kept: answers, tracked runs, the key"),
    Setting(
        "FATHOM_LESSONS", "", "the folder of the course; the one that came with Fathom if empty"
    ),
    Setting("FATHOM_HOST", "127.0.0.1", "the address that the server listens on"),
    Setting("FATHOM_PORT", "8540", "the port that the server listens on, if it is free"),
    Setting("FATHOM_TOKEN", "", "the key in the address; made once and kept when empty"),
    Setting("FATHOM_CORES", "", "how many cores runs may use together; all of them when empty"),
    Setting("FATHOM_LINGER", "120", "seconds that a run goes on when nobody watches it"),
    Setting("FATHOM_IDLE", "1200", "seconds that a kernel is kept when nobody uses it"),
    Setting("FATHOM_FORK", "auto", "auto, or never: start every run as a fresh process"),
    Setting("FATHOM_ZOO", "fathom.zoo", "the package that holds the experiments"),
    Setting("FATHOM_OFFLINE", "", "1: never try to download"),
    Setting("FATHOM_WANDB", "offline", "offline, or online: whether --track wandb sends at once"),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def text(name: str) -> str:
    """What the environment says, or the default."""
    return os.environ.get(name, "") or BY_NAME[name].default


def number(name: str, low: float, high: float) -> float:
    """A setting that is a number; FathomError when it is none or out of range."""
    said = text(name)
    try:
        value = float(said)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise FathomError(
            f"The setting {name} is {said!r}: it must be a number from {low:g} to {high:g}."
        )
    return value


def cores() -> int:
    """How many cores runs may use together."""
    if text("FATHOM_CORES"):
        return int(number("FATHOM_CORES", 1, 1024))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cache() -> Path:
    """The folder for what can be downloaded or computed again."""
    said = text("FATHOM_CACHE")
    return Path(said).expanduser() if said else user_cache_path("fathom")


def state() -> Path:
    """The folder for what must be kept."""
    said = text("FATHOM_HOME")
    return Path(said).expanduser() if said else user_data_path("fathom")


SHIPPED = Path(__file__).resolve().parent / "lessons"  # the course in a wheel


def lessons() -> Path:
    """The folder of the course: beside the code in a wheel, beside the package in a checkout."""
    if said := text("FATHOM_LESSONS"):
        return Path(said).expanduser()
    return SHIPPED if SHIPPED.is_dir() else SHIPPED.parent.parent / "lessons"


def data() -> Path | None:
    """The folder of data sets that the user named, if any."""
    said = text("FATHOM_DATA")
    return Path(said).expanduser() if said else None


def offline() -> bool:
    """Whether downloads are forbidden."""
    return text("FATHOM_OFFLINE") not in ("", "0")


def child_environment() -> dict[str, str]:
    """The environment of a process that runs experiments.

    One thread unless a run asks for more.
    Threads that spin for a moment before they sleep: to be woken costs some virtual machines
    more than a step (LeNet with two threads took 0.5 of the steps of one where they slept at
    once, and 1.6 where they spun).
    A glibc that keeps freed memory instead of returning it after every step (measured: +40 %
    steps for LeNet on CIFAR-sized pictures).
    The token is no business of a child.
    """
    kept = {name: value for name, value in os.environ.items() if name != "FATHOM_TOKEN"}
    return kept | {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "passive",  # for other OpenMPs than GNU's
        "GOMP_SPINCOUNT": "50000",  # a tenth of a millisecond or so
        "MALLOC_TRIM_THRESHOLD_": "268435456",
        "MALLOC_MMAP_THRESHOLD_": "33554432",
        "PYTHONUNBUFFERED": "1",
    }


def sheltered_environment() -> dict[str, str]:
    """The environment of the process that learners' code is forked from.

    A learner can read all of it, so nothing is in it but what Python needs to start.
    """
    needed = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY")
    kept = {*needed, *threads}
    return {name: value for name, value in child_environment().items() if name in kept}
