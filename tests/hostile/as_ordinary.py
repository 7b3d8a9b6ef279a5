"""Start a program as an ordinary user from a test that runs as root.

    python tests/hostile/as_ordinary.py PYTHON ARGUMENT ...

A Python that lies in root's home cannot be reached by anybody else, so the way to it is opened
first, in a mount namespace of this process alone: nothing changes outside.
"""

import os
import sys
from pathlib import Path

from fathom.runtime.sandbox import linux

NOBODY = 65534


def open_ways(paths):
    """Cover the folders that others may not enter, and bring back what is needed of them."""
    held = {path: os.open(path, os.O_PATH) for path in sorted(paths)}  # folders before their parts
    for path in held:
        for parent in reversed(Path(path).parents):
            if not parent.stat().st_mode & 0o001:
                linux.mount("tmpfs", str(parent), "tmpfs", 0, "size=1m,mode=755")
                break
            if not (parent / Path(path).relative_to(parent).parts[0]).exists():
                break  # what covers it was laid for another path
    for path, descriptor in held.items():
        Path(path).mkdir(parents=True, exist_ok=True)
        if not os.path.samestat(Path(path).stat(), os.fstat(descriptor)):
            linux.mount(f"/proc/self/fd/{descriptor}", path, None, linux.BIND | linux.REC)
        os.close(descriptor)


def main():
    linux.unshare(linux.NEWNS)
    linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
    open_ways({sys.base_prefix, sys.prefix, str(Path(__file__).resolve().parents[2])})
    os.chdir("/")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.execv(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
