"""How much a child may use, and the limits that the kernel itself keeps for each process."""

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

with contextlib.suppress(ModuleNotFoundError):  # Windows reads these limits and sets none
    import resource

MEGABYTE = 1 << 20
OPEN_FILES = 256
KEPT_BY_KERNEL = 2  # the watcher counts the whole tree; one process may map so many times more


@dataclass(frozen=True)
class Limits:
    """What a child and everything it starts may use together. Bytes, seconds, counts."""

    memory: int = 1024 * MEGABYTE  # beyond what it shares with the process it was forked from
    cpu: float = 60.0
    wall: float = 120.0
    processes: int = 32  # threads count, as the kernel counts them
    disk: int = 64 * MEGABYTE  # each of home, scratch and shared memory
    files: int = 4096  # in each of home, scratch and shared memory
    output: int = 1 * MEGABYTE  # what it may write to its standard output and error

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"The limit {field.name} is {value!r}: it must be above 0.")

    def message(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    @classmethod
    def parse(cls, said: Mapping[str, Any]) -> Self:
        """What `message` gave; TypeError for a limit that does not exist."""
        return cls(**said)


def mapped() -> tuple[int, int]:
    """Bytes that this process has mapped: in all, and as data and stacks of its own.

    The first and the sixth word of /proc/self/statm, in pages.
    """
    words = Path("/proc/self/statm").read_bytes().split()
    return int(words[0]) * resource.getpagesize(), int(words[5]) * resource.getpagesize()


def bound(limits: Limits) -> None:
    """Set the limits of this process, which its children inherit; none can be raised again."""
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_FSIZE, limits.disk)
    _at_most(resource.RLIMIT_NOFILE, OPEN_FILES)
    _at_most(resource.RLIMIT_MEMLOCK, 1 << 16)
    _at_most(resource.RLIMIT_MSGQUEUE, 0)
    everything, data = mapped()
    _at_most(resource.RLIMIT_DATA, data + limits.memory)
    _at_most(resource.RLIMIT_AS, everything + KEPT_BY_KERNEL * limits.memory)


def count_processes(limits: Limits) -> None:
    """Let the kernel count processes: only where the user, or its namespace, is the child's own.

    Otherwise those of other programs of the same user would count as well.
    """
    _at_most(resource.RLIMIT_NPROC, limits.processes)


def _at_most(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))
