"""How many cores stand idle, whoever uses the others.

Two threads that share a step wait for each other after every operation. Where another program
has one of the two cores, both wait for that program's turns: LeNet on CIFAR-10 took 0.2 to 0.6
of the steps of one thread on two cores of which one was busy, and 1.6 times as many on two idle
ones. So a run takes no more threads than there are cores with nothing to do.
"""

import os
import sys
import time
from pathlib import Path

LOOKS = 5  # a page that is loading is no reason to train slowly for minutes: the best look counts
PAUSE = 0.2  # seconds of a look


def idle(enough: int) -> int:
    """How many cores had nothing to do for a moment, at most `enough`; `enough` if nobody knows.

    It sleeps for a fifth of a second, and for a second where `enough` are not idle.
    """
    best = 0.0
    for _ in range(LOOKS):
        before, began = _waited(), time.perf_counter()
        time.sleep(PAUSE)
        after = _waited()
        if before is None or after is None:
            return enough
        best = max(best, (after - before) / (time.perf_counter() - began))
        if round(best) >= enough:
            return enough
    return round(best)


def _waited() -> float | None:
    """The seconds that all cores together have waited since the start, by Linux's own count."""
    if sys.platform != "linux":
        return None
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").split(maxsplit=6)
        return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")  # idle, iowait
    except (OSError, ValueError, IndexError):
        return None
