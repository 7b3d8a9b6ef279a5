"""The few system calls that Python has no function for, through ctypes.

Every function raises OSError with the name of the call; none of them knows what it is for.
"""

import ctypes
import functools
import os
import struct
from typing import Any

NEWNS, NEWUTS, NEWIPC = 0x20000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
DETACH = 2  # for umount2
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
SECCOMP = {"x86_64": 317, "aarch64": 277}
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000  # since Linux 5.12
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # Landlock, the same everywhere

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 4, 24, 28
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
MOST_CAPABILITIES = 64  # as many as the kernel's masks have bits


@functools.cache
def libc() -> Any:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


@functools.cache
def machine() -> str:
    """The architecture, as the tables here name it: uname would say what a setting makes it say."""
    return os.uname().machine


def check(result: int, call: str) -> int:
    """The result, or OSError if the call failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return int(result)


def syscall(number: int, *words: Any, call: str) -> int:
    """A system call by its number."""
    return check(libc().syscall(ctypes.c_long(number), *words), call)


def unshare(flags: int) -> None:
    """Leave namespaces that were shared with the parent."""
    check(libc().unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace that a descriptor names."""
    check(libc().setns(descriptor, kind), "setns")


def mount(
    source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str = ""
) -> None:
    """Mount, bind or change a mount."""
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind)]
    done = libc().mount(*words, ctypes.c_ulong(flags), os.fsencode(data) if data else None)
    check(done, f"mount {target}")


def read_only(target: str, everything_below: bool = True) -> None:
    """Make a mount read-only, without setuid programs; other flags stay as they are."""
    attributes = struct.pack("4Q", RDONLY | NOSUID, 0, 0, 0)
    below = AT_RECURSIVE if everything_below else 0
    path, size = os.fsencode(target), ctypes.c_size_t(len(attributes))
    words = (AT_FDCWD, path, ctypes.c_uint32(below), attributes, size)
    syscall(MOUNT_SETATTR, *words, call=f"mount_setattr {target}")


def unmount(target: str) -> None:
    """Take a mount away, at once for everybody in this namespace."""
    check(libc().umount2(os.fsencode(target), DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root; the old one is then at `old`, which must lie below it."""
    syscall(PIVOT_ROOT[machine()], os.fsencode(new), os.fsencode(old), call="pivot_root")


def prctl(option: int, *words: int) -> None:
    """Change a property of this process."""
    four = [ctypes.c_ulong(word) for word in (*words, 0, 0, 0, 0)[:4]]
    check(libc().prctl(option, *four), f"prctl {option}")


def hostname(name: str) -> None:
    """Name this machine, in the namespace of this process."""
    check(libc().sethostname(name.encode(), len(name)), "sethostname")


def no_new_capabilities() -> None:
    """No program that is started may have a capability, and root is nothing special."""
    for capability in range(MOST_CAPABILITIES):
        if libc().prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0):
            break  # refused: the kernel has no more of them, or we have not the right
    libc().prctl(PR_SET_SECUREBITS, ctypes.c_ulong(0x2F), 0, 0, 0)
    libc().prctl(PR_CAP_AMBIENT, ctypes.c_ulong(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)


def no_capabilities() -> None:
    """Give up every capability."""
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    syscall(CAPSET[machine()], head, (ctypes.c_uint32 * 6)(), call="capset")
