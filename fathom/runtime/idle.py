"""How many cores stand idle, whoever uses the others.

Two threads that share a step wait for each other after every operation. Where another program
has one of the two cores, both wait for that program's turns: LeNet on CIFAR-10 took 0.2 to 0.6
of the steps of one thread on two cores of which one was busy, and 1.6 times as many on two idle
ones. So a run takes no more threads than there are cores with nothing to do.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

LOOKS = 5  # a page that is loading is no reason to train slowly for minutes: the best look counts
PAUSE = 0.2  # seconds of a look


def _ticks() -> tuple[int, int] | None:
    """How long all cores together were idle, and how long they have been there, since the start.

    By Linux's own count; None elsewhere.
    """
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").split(maxsplit=9)[1:9]
        ticks = [int(field) for field in fields]  # user nice system idle iowait irq softirq steal
    except (OSError, ValueError):
        return None
    return (ticks[3] + ticks[4], sum(ticks)) if len(ticks) == len(fields) == 8 else None


def idle(
    enough: int,
    *,
    sleep: Callable[[float], None] = time.sleep,
    ticks: Callable[[], tuple[int, int] | None] = _ticks,
    cores: int | None = None,
) -> int:
    """How many cores had nothing to do for a moment, at most `enough`; `enough` if nobody knows.

    It sleeps for a fifth of a second, and for a second where `enough` are not idle.
    """
    best = 0.0
    for _ in range(LOOKS):
        before = ticks()
        sleep(PAUSE)
        after = ticks()
        if before is None or after is None or after[1] == before[1]:
            return enough
        share = (after[0] - before[0]) / (after[1] - before[1])
        best = max(best, share * (cores or os.cpu_count() or 1))
        if round(best) >= enough:
            return enough
    return round(best)
