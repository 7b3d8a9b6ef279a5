"""The layers put together: which of them this machine has, and how a child takes them on.

    guard = Guard.best()            in the process that forks, once, before any thread
    pid = guard.fork()              as os.fork
    guard.enter(limits, slot, home) in the child: afterwards it is shut in

`mode` says how a child gets a root of its own: "root" (each child has its own user id), "user"
(an ordinary user: a user namespace for the parent and one in it for every child), or "bare"
(neither: an ordinary container, or another system; then a child has the rights of its parent,
less what Landlock and seccomp take away).
"""

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from fathom.errors import SandboxError
from fathom.runtime.sandbox import landlock, limits as bounds, linux, seccomp
from fathom.runtime.sandbox.limits import Limits
from fathom.runtime.sandbox.namespaces import (
    DEVICES,
    HOME,
    LEARNER,
    SCRATCH,
    SHARED,
    Ground,
    around,
    own_users,
    readable,
)

Mode = Literal["root", "user", "bare"]
FIRST_USER = 64_000  # children of root: this user id and those after it; no file keeps them
USERS = 1_000
TRIAL = Limits(memory=64 * bounds.MEGABYTE, disk=bounds.MEGABYTE, files=64)


@dataclass(frozen=True)
class Layer:
    """One layer: whether this machine has it, and what that means, in a sentence."""

    name: str
    holds: bool
    says: str


class Guard:
    """What the process that forks knows of the sandbox."""

    def __init__(self, mode: Mode, layers: tuple[Layer, ...], hidden: Iterable[str] = ()) -> None:
        self.mode, self.layers, self.hidden = mode, layers, tuple(hidden)
        self._ground = Ground(self.hidden)
        self._own_pids = -1

    @property
    def missing(self) -> list[str]:
        """A sentence for each layer that is not there."""
        return [layer.says for layer in self.layers if not layer.holds]

    @classmethod
    def best(cls, hidden: Iterable[str] = ()) -> Self:
        """Try what this machine has, and get ready. Only one thread may exist.

        `hidden` are folders that no child may see, wherever they lie.
        """
        guard = cls(*_examine(), hidden)
        guard.prepare()
        return guard

    def prepare(self) -> None:
        """Change this process so that it can shut its children in.

        In the mode "user" this process forks: what returns is the child, and the parent waits
        for it, ends as it ends, and takes it along when it is killed.
        """
        if any(layer.holds and layer.name == "seccomp" for layer in self.layers):
            seccomp.program(linux.machine())  # made once for all children
        if self.mode == "bare":
            if sys.platform == "linux":
                linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)  # orphans come to us, to be ended
            return
        if self.mode == "root":
            linux.unshare(linux.NEWNS)
        else:
            self._become_init()
        self._ground.lay()
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def _become_init(self) -> None:
        """Enter namespaces of our own as their first process."""
        user, group = os.geteuid(), os.getegid()
        proc = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY)
        linux.unshare(linux.NEWUSER | linux.NEWNS | linux.NEWPID)
        maps = (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1"))
        for name, text in maps:
            descriptor = os.open(name, os.O_WRONLY, dir_fd=proc)
            os.write(descriptor, text.encode())
            os.close(descriptor)
        os.close(proc)
        inner = os.fork()
        if inner:
            os.closerange(0, 65536)
            _, status = os.waitpid(inner, 0)
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)  # as a shell would say it
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
        linux.mount("proc", "/proc", "proc", linux.NOSUID | linux.NODEV | linux.NOEXEC)

    def fork(self) -> int:
        """As os.fork; the child is the first process of a namespace of processes."""
        if self.mode == "bare":
            return os.fork()
        linux.unshare(linux.NEWPID)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid:
                linux.setns(self._own_pids, linux.NEWPID)
        return pid

    def owner(self, slot: int) -> int:
        """The user id of the child with this number, as this process sees it."""
        if self.mode == "user":
            return 0
        return FIRST_USER + slot % USERS if _is_root() else os.geteuid()

    def enter(self, limits: Limits, slot: int, home: str = "") -> None:
        """Called in the child. `home` is its folder in the mode "bare". Raises SandboxError.

        `slot` is a number that no other living child has: it chooses the user id.
        """
        owner = self.owner(slot)
        with _layer("limits"):
            bounds.bound(limits)
        if self.mode == "root":
            with _layer("namespaces"):
                self._ground.settle(limits, owner)
        elif self.mode == "user":
            proc = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY)
            with _layer("namespaces"):
                self._ground.settle(limits, owner)
                own_users(LEARNER, owner, proc)
            os.close(proc)
        elif home:
            os.chdir(home)
        if sys.platform == "linux":
            self._give_up(limits, owner, home)
        self._furnish(HOME if self.mode != "bare" else home)

    def _give_up(self, limits: Limits, owner: int, home: str) -> None:
        """User id, capabilities, files, system calls: in the order in which each is still free."""
        with _layer("privileges"):
            linux.no_new_capabilities()
            if self.mode != "user" and _is_root():
                os.setgroups([])
                os.setresgid(owner, owner, owner)
                os.setresuid(owner, owner, owner)
                bounds.count_processes(limits)
            elif self.mode == "user":
                bounds.count_processes(limits)
            linux.no_capabilities()
            linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # nobody would watch it any more
        there = {layer.name for layer in self.layers if layer.holds}
        if "Landlock" in there:
            with _layer("Landlock"):
                if self.mode == "bare":
                    whole, ways = around(self.hidden, readable())
                    landlock.restrict([*whole, *DEVICES, "/proc"], [home, *DEVICES[:3]], ways)
                else:
                    landlock.restrict(["/"], [HOME, SCRATCH, SHARED, *DEVICES])
        if "seccomp" in there:
            with _layer("seccomp"):
                seccomp.restrict()

    def _furnish(self, home: str) -> None:
        """An environment that says nothing of the server's."""
        scratch = SCRATCH if self.mode != "bare" else home
        os.environ.clear()
        os.environ.update(
            HOME=home,
            USER="learner",
            LOGNAME="learner",
            PATH=f"{Path(sys.prefix) / 'bin'}:/usr/bin:/bin",
            LANG="C.UTF-8",
            TMPDIR=scratch,
            MPLCONFIGDIR=scratch,
            MPLBACKEND="agg",
            OMP_NUM_THREADS="1",
            OPENBLAS_NUM_THREADS="1",
        )
        tempfile.tempdir = None
        os.umask(0o077)


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    """Say which layer it was that could not be set up."""
    try:
        yield
    except OSError as error:
        raise SandboxError(
            f"The sandbox could not be closed: {name}: {error.strerror or error}."
        ) from error


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def available() -> list[Layer]:
    """What this machine has, each with a sentence. Tries it in processes of its own."""
    return list(_examine()[1])


def _examine() -> tuple[Mode, tuple[Layer, ...]]:
    """The best mode, and the layers that hold in it."""
    if sys.platform != "linux":
        says = "This is not Linux: code runs with your own rights, only its time is limited."
        return "bare", (Layer("namespaces", False, says),)
    abi = landlock.version()
    second = (
        Layer("Landlock", True, f"Landlock version {abi} allows only the files that are needed.")
        if abi
        else Layer("Landlock", False, "This kernel has no Landlock to guard files a second time."),
        Layer("seccomp", True, "seccomp refuses system calls that a lesson does not need.")
        if not (why := _try("seccomp"))
        else Layer("seccomp", False, f"System calls are not filtered: {why}."),
    )
    modes: list[Mode] = ["root", "user"] if _is_root() else ["user"]
    for mode in modes:
        why = _try(mode, second)
        if not why:
            whose = (
                "Each child has a root folder, a user id and namespaces of its own."
                if mode == "root"
                else "Each child has a root folder and namespaces of its own, made without root."
            )
            return mode, (Layer("namespaces", True, whose), *second)
    says = (
        f"Children cannot be given a root folder and namespaces of their own here ({why}): code "
        "runs with your own rights, and files, network and processes are less well guarded."
    )
    return "bare", (Layer("namespaces", False, says), *second)


def _try(what: Mode | Literal["seccomp"], layers: tuple[Layer, ...] = ()) -> str:
    """Go all the way in a process of its own: nothing if it works, else why not."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            if what == "seccomp":
                linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
                seccomp.restrict()
            else:
                _rehearse(Guard(what, layers), write)
            os.write(write, b"works")
        except BaseException as error:
            os.write(write, str(error).encode() or type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode(errors="replace")
    os.waitpid(pid, 0)
    return "" if said == "works" else said.rstrip(".") or "the trial was killed"


def _rehearse(guard: Guard, write: int) -> None:
    """Prepare and let one child enter; its reason goes to the pipe if it cannot."""
    kept = os.dup2(write, 200)
    guard.prepare()
    pid = guard.fork()
    if pid == 0:
        code = 0
        try:
            guard.enter(TRIAL, 0)
        except BaseException as error:
            os.write(kept, str(error).encode())
            code = 1
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if status:
        os._exit(1)
