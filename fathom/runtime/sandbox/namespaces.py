"""A root of its own: namespaces, and a file system in which there is little.

`Ground` is laid once, in the process that forks: a tmpfs with the system and the Python
environment bound read-only, in a mount namespace that nobody else sees. Each child then takes a
copy of that namespace, adds a home, a scratch folder and shared memory of its own, makes it its
root and forgets the rest. What is not bound does not exist there: no other home, no database,
no file of the server. What lies inside something that is bound, as the lessons of a wheel with
their answers lie inside Python's packages, is covered.
"""

import contextlib
import os
import site
import sys
from collections.abc import Iterable
from pathlib import Path

import fathom
from fathom.runtime.sandbox import linux
from fathom.runtime.sandbox.limits import Limits

HOME, SCRATCH, SHARED = "/home/learner", "/scratch", "/dev/shm"
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts", "/etc/mime.types"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
PLACES = ("/mnt", "/srv", "/media", "/opt")  # for the tmpfs; what lies there is hidden, not lost
FILES = {
    "/etc/passwd": "learner:x:{uid}:{uid}::/home/learner:/bin/sh\n",
    "/etc/group": "learner:x:{uid}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
}
LEARNER = 1000  # the user id that a child sees in a user namespace of its own
ALONE = linux.NEWNS | linux.NEWNET | linux.NEWIPC | linux.NEWUTS


def environment() -> list[str]:
    """The folders that hold Python and its packages, and Fathom's own package; no others.

    A folder in the path of a checkout is not among them: tests and lessons lie there.
    """
    named = [sys.base_prefix, sys.prefix, str(Path(fathom.__file__).parent)]
    named += [one for one in sys.path if Path(one).name in ("site-packages", "dist-packages")]
    if site.ENABLE_USER_SITE:
        named.append(site.getusersitepackages())
    found = {os.path.realpath(one) for one in named}
    found |= {str(Path(one).absolute()) for one in named}
    return sorted(one for one in found if Path(one).is_dir() and one != "/")


def readable() -> list[str]:
    """Everything of this machine that a child may read, shortest first."""
    paths = [path for path in SYSTEM if Path(path).exists()]
    for path in sorted(environment(), key=len):
        if not any(path == one or path.startswith(f"{one}/") for one in paths):
            paths.append(path)
    return paths


def within(folders: Iterable[str], readable: Iterable[str]) -> list[str]:
    """Where the folders can be come upon in what is readable, under every name that leads there."""
    hidden = {os.path.realpath(one) for one in folders}
    return sorted(
        path + one.removeprefix(real)
        for path, real in ((path, os.path.realpath(path)) for path in readable)
        for one in hidden
        if one.startswith(f"{real}/") and Path(one).is_dir()
    )


def around(hidden: Iterable[str], readable: Iterable[str]) -> tuple[list[str], list[str]]:
    """The readable paths without the hidden folders, and the folders on the way to those.

    For rules that can allow a folder with all that is in it, but not forbid a part of it.
    """
    waiting, whole, ways = list(readable), [], []
    covered = {os.path.realpath(one) for one in within(hidden, waiting)}
    while waiting:
        path = waiting.pop(0)
        real = os.path.realpath(path)
        if real in covered:
            continue
        if any(one.startswith(f"{real}/") for one in covered):
            ways.append(path)
            waiting += sorted(entry.path for entry in os.scandir(path))
        else:
            whole.append(path)
    return whole, ways


class Ground:
    """The skeleton of the root of every child. Made once, before the first child.

    `hidden` are folders that no child may see, wherever they lie.
    """

    def __init__(self, hidden: Iterable[str] = ()) -> None:
        self.root, self.hidden = "", tuple(hidden)

    def lay(self) -> None:
        """Build it, in a mount namespace that this process does not share with anyone."""
        paths = readable()
        free = (
            place
            for place in PLACES
            if Path(place).is_dir() and not any(path.startswith(f"{place}/") for path in paths)
        )
        self.root = next(free, "")
        if not self.root:
            raise OSError(f"none of the folders {', '.join(PLACES)} is there and free")
        linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
        flags = linux.NOSUID | linux.NODEV
        linux.mount("tmpfs", self.root, "tmpfs", flags, "size=1m,mode=755")
        for path in paths:
            self._bring(path)
        for path in within(self.hidden, (path for path in paths if not _link(path))):
            linux.mount("tmpfs", self.root + path, "tmpfs", flags | linux.RDONLY, "size=4k")
        for path in DEVICES:
            self._bind(path, linux.BIND)
        for place in ("/proc", SCRATCH, SHARED, HOME, "/old", "/tmp"):
            Path(self.root + place).mkdir(parents=True, exist_ok=True)
        Path(f"{self.root}/dev/fd").symlink_to("/proc/self/fd")
        for path, text in FILES.items():
            file = Path(self.root + path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.format(uid=LEARNER))

    def _bring(self, path: str) -> None:
        """One path of the system, read-only. Links stay links."""
        if _link(path):
            Path(self.root + path).symlink_to(Path(path).readlink())
            return
        self._bind(path, linux.BIND | linux.REC)
        linux.read_only(self.root + path)

    def _bind(self, path: str, flags: int) -> None:
        target = Path(self.root + path)
        if Path(path).is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        linux.mount(path, str(target), None, flags)

    def settle(self, limits: Limits, owner: int) -> None:
        """Called in a child: make the skeleton its root, with folders of its own.

        `owner` is the user id in the namespace of the process that forked.
        """
        linux.unshare(ALONE)
        linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
        flags = linux.NOSUID | linux.NODEV
        room = f"size={limits.disk},nr_inodes={limits.files},mode=700,uid={owner},gid={owner}"
        for place in (SCRATCH, SHARED, HOME):
            linux.mount("tmpfs", self.root + place, "tmpfs", flags, room)
        os.chdir(self.root)
        linux.pivot_root(".", "old")
        os.chdir("/")
        with contextlib.suppress(PermissionError):  # in a container that hides parts of its own
            linux.mount("proc", "/proc", "proc", flags | linux.NOEXEC)
        linux.unmount("/old")
        linux.read_only("/", everything_below=False)
        linux.hostname("fathom")
        os.chdir(HOME)


def _link(path: str) -> bool:
    """Whether it is only another name in the root folder, as /bin is where it means /usr/bin."""
    return Path(path).is_symlink() and Path(path).parent == Path("/")


def own_users(inside: int, outside: int, proc: int) -> None:
    """Enter a user namespace in which `outside` is called `inside`, and there is nobody else.

    `proc` is a descriptor of /proc/self, opened before: there may be no /proc any more.
    """
    linux.unshare(linux.NEWUSER)
    maps = (("setgroups", "deny"), ("uid_map", f"{inside} {outside} 1"))
    for name, text in (*maps, ("gid_map", f"{inside} {outside} 1")):
        descriptor = os.open(name, os.O_WRONLY, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
