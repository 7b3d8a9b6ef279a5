"""Protections, each taken away once, and the snippet that must then get through.

`taken` is Python that runs in the keeper before it starts. Nothing here is left out by which a
snippet could hurt the machine on which the tests run: those that end other people's processes,
write to the system or fork without end are tried with everything in its place alone.
"""

from dataclasses import dataclass, field
from typing import Any

NO_SECCOMP = "seccomp.restrict = lambda: None\n"
NO_LANDLOCK = "landlock.restrict = lambda *a: None\n"
SAME_NETWORK = "namespaces.ALONE &= ~linux.NEWNET\n"
STAYS_ROOT = "os.setresuid = os.setresgid = lambda *a: None\n"
KEEPS_CAPABILITIES = "linux.no_capabilities = linux.no_new_capabilities = lambda: None\n"


@dataclass(frozen=True)
class Without:
    what: str  # that is taken away
    taken: str
    snippet: str  # that gets through then
    limits: dict[str, Any] = field(default_factory=dict)
    environment: bool = False  # whether the keeper has the server's


WITHOUT = [
    Without("the list of system calls", NO_SECCOMP, "memfd"),
    Without("the list of system calls, for sockets", NO_SECCOMP, "other kinds of sockets"),
    Without(
        "the network of its own, and what refuses sockets",
        NO_SECCOMP + NO_LANDLOCK + SAME_NETWORK,
        "a database on loopback",
    ),
    Without(
        "the network of its own, and Landlock",
        NO_LANDLOCK + SAME_NETWORK,
        "a socket without a file",
    ),
    Without(
        "the root of its own",
        "namespaces.Ground.settle = lambda self, *a: linux.unshare(namespaces.ALONE)\n"
        + NO_LANDLOCK,
        "a file of the server",
    ),
    Without("the cover over the lessons", "sys.argv[3:] = []\n", "lessons among Python's packages"),
    Without(
        "the namespace of processes",
        "guard.Guard.fork = lambda self: os.fork()\n",
        "processes of others",
    ),
    Without("the user id of its own", STAYS_ROOT, "another user"),
    Without("giving up capabilities", STAYS_ROOT + KEEPS_CAPABILITIES, "capabilities"),
    Without(
        "giving up capabilities, the list of system calls and Landlock",
        STAYS_ROOT + KEEPS_CAPABILITIES + NO_SECCOMP + NO_LANDLOCK,
        "mounts",
    ),
    Without(
        "what is read-only",
        "linux.read_only = lambda *a, **k: None\n",
        "places that can be written",
    ),
    Without("closing descriptors", "os.closerange = lambda *a: None\n", "inherited descriptors"),
    Without(
        "the room of the folders in memory",
        "mount = linux.mount\n"
        "linux.mount = lambda s, t, k=None, f=0, d='': mount(s, t, k, f, '' if 'inodes' in d else d)\n",
        "fill the disk by files",
    ),
    Without("the limits of the kernel", "limits.bound = lambda l: None\n", "raise its own limits"),
    Without(
        "both counts of processes",
        "limits.count_processes = lambda l: None\n"
        "seconds = watch.seconds\nwatch.seconds = lambda pid: (seconds(pid)[0], 0)\n",
        "more processes than there may be",
    ),
    Without(
        "the watcher of memory",
        "watch.Watch.too_much = lambda *a: False\n",
        "memory in many processes",
        {"wall": 2.0},
    ),
    Without(
        "the watcher",
        "watch.Watch.look = lambda *a: None\n",
        "sleep without end",
    ),
    Without(
        "the environment of the keeper",
        "",
        "memory of this process holds no secret",
        environment=True,
    ),
]
