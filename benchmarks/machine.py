"""The machine, and whether it had anything else to do."""

import datetime
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

BUSY_LOAD = 0.5  # more than this at the start, and figures are doubtful
BUSY_STEAL = 0.01  # share of the time that the host gave to somebody else


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """The name of the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def clock_of(pid: int) -> float:
    """CPU seconds that a process and all of its threads have used; NaN where it cannot be told.

    Linux makes a clock of every process: the number of the clock is made of that of the process,
    as clock_getcpuclockid(3) does.
    """
    if platform.system() != "Linux":
        return float("nan")
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return float("nan")


def children(pid: int) -> list[int]:
    """The processes that this one has started; empty where there is no /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        if int(after_name[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def _ticks() -> list[int]:
    """The line `cpu` of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return []
    return [int(word) for word in stat.read_text().splitlines()[0].split()[1:9]]


class Conditions:
    """What the machine was like while something was measured."""

    def __init__(self) -> None:
        self.began = datetime.datetime.now().astimezone()
        self.load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        self._ticks = _ticks()
        self._clock = time.perf_counter()

    def over(self) -> dict[str, Any]:
        """Everything that belongs beside the figures, as plain data."""
        passed = [after - before for before, after in zip(self._ticks, _ticks(), strict=True)]
        return {
            "date": self.began.strftime("%Y-%m-%d %H:%M"),
            "seconds": round(time.perf_counter() - self._clock),
            "processor": processor(),
            "cores": cores(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "torch": version("torch"),
            "load": round(self.load, 2),
            "steal": round(passed[7] / sum(passed), 4) if passed and sum(passed) else 0.0,
        }


def sentence(kept: dict[str, Any]) -> str:
    """When and where, in a sentence."""
    return (
        f"Measured {kept['date']} in {kept['seconds']} s: {kept['processor']}, "
        f"{kept['cores']} cores, {kept['system']}, Python {kept['python']}, "
        f"torch {kept['torch']}; load average {kept['load']:.2f} at the start, "
        f"{100 * kept['steal']:.1f} % of the time stolen by the host."
    )


def warning(kept: dict[str, Any]) -> str:
    """A sentence if the machine was busy, else nothing."""
    why = []
    if kept["load"] > BUSY_LOAD:
        why.append(f"a load average of {kept['load']:.2f} at the start")
    if kept["steal"] > BUSY_STEAL:
        why.append(f"{100 * kept['steal']:.0f} % of the time stolen by the host")
    if not why:
        return ""
    return (
        f"The machine was busy ({' and '.join(why)}): ratios side by side hold better "
        "than times and rates, which would be better on a quiet one."
    )
