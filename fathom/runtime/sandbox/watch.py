"""What the kernel does not count: memory, time and processes of a child and all it has started.

The process that forks asks `Watch.look` now and then; it answers with the reason for which the
child must end, or nothing. Ending the first process of a namespace ends all of them.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fathom.runtime.sandbox.limits import MEGABYTE, Limits

Reason = Literal["memory", "cpu", "wall", "processes", "output"]
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
OFTEN, SELDOM = 0.1, 1.0  # seconds between two looks at a child that is busy, and at an idle one


def sentence(reason: Reason, limits: Limits) -> str:
    """Why it was ended, to the learner."""
    match reason:
        case "memory":
            return (
                f"Your code was stopped: it used more than {limits.memory // MEGABYTE} MB of "
                "memory. Make the arrays or the batch smaller, or keep fewer of them."
            )
        case "cpu" | "wall":
            seconds = limits.cpu if reason == "cpu" else limits.wall
            return (
                f"Your code was stopped after {seconds:g} seconds: look for a loop that never "
                "ends, or give it less to do."
            )
        case "processes":
            return (
                f"Your code was stopped: it started more than {limits.processes} processes "
                "or threads."
            )
        case "output":
            return (
                f"Your code was stopped: it printed more than {limits.output / MEGABYTE:g} MB. "
                "Print less, for example only every hundredth step."
            )


def tree(pid: int) -> list[int]:
    """This process and its descendants, as far as they still are."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):  # noqa: PTH208  (hot)
                with open(f"/proc/{one}/task/{task}/children") as file:  # noqa: PTH123
                    waiting += map(int, file.read().split())
        except OSError:
            continue  # it has just ended
    return found


def seconds(pid: int) -> tuple[float, int]:
    """CPU seconds of a process and of the children it has buried; its threads."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    return sum(map(int, after_name[11:15])) / TICK, int(after_name[17])


def resident(pid: int) -> int:
    """Bytes of anonymous and shared memory of a process, shared pages counted in full."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(("RssAnon:", "RssShmem:")):
                total += int(line.split()[1]) * 1024
    except OSError:
        return 0
    return total


def proportional(pid: int) -> int:
    """The same, a page that several processes share divided among them. Slower."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                total += int(line.split()[1]) * 1024
    except OSError:
        return resident(pid)
    return total


@dataclass
class Watch:
    """One child, since `began` (a clock that never goes back)."""

    pid: int
    limits: Limits
    shared: int  # bytes of the process it was forked from
    began: float
    due: float = 0.0
    running: bool = True  # whether its time counts
    _before: float = field(default=0.0, repr=False)
    _used: float = field(default=0.0, repr=False)
    _every: float = field(default=OFTEN, repr=False)

    def mark(self, now: float, running: bool) -> None:
        """Its time counts anew from here, or does not count until the next mark."""
        self.began, self.due, self.running, self._every = now, now, running, OFTEN
        self._before = sum(seconds(pid)[0] for pid in tree(self.pid))

    @property
    def next(self) -> float:
        """When it has to be looked at again: who is idle does not keep the keeper awake."""
        return min(self.due, self.began + self.limits.wall) if self.running else self.due

    def look(self, now: float) -> Reason | None:
        """The reason to end it, if there is one. Looks only when a look is due."""
        if self.running and now - self.began > self.limits.wall:
            return "wall"
        if now < self.due:
            return None
        pids = tree(self.pid)
        times = [seconds(pid) for pid in pids]
        used, threads = sum(one for one, _ in times), sum(count for _, count in times)
        self._every = OFTEN if used > self._used else min(SELDOM, 2 * self._every)
        self._used, self.due = used, now + self._every
        if self.running and used - self._before > self.limits.cpu:
            return "cpu"
        if threads > self.limits.processes + 1:
            return "processes"
        if self.too_much(pids):
            return "memory"
        return None

    def too_much(self, pids: list[int]) -> bool:
        """Whether its memory is beyond the limit: first roughly, then exactly."""
        if sum(map(resident, pids)) - self.shared <= self.limits.memory:
            return False
        own = sum(map(proportional, pids))
        return own > self.limits.memory
