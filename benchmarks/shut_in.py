"""A process that forks children, with and without the sandbox, in turns: JSON on its output.

Run as `python -m benchmarks.shut_in ROUNDS`. A process of its own, because one that forks children
into the sandbox gives up the file system that it shares with others.
"""

import json
import os
import sys
import time

from fathom.runtime import keeper
from fathom.runtime.sandbox.guard import Guard
from fathom.runtime.sandbox.limits import Limits


def child(guard: Guard | None) -> float:
    """Milliseconds from asking for a child until it could run code: shut in, or as it is."""
    read, write = os.pipe()
    began = time.perf_counter()
    pid = os.fork() if guard is None else guard.fork()
    if pid == 0:
        try:
            if guard:
                guard.enter(Limits(), 0)
            os.write(write, b".")
        finally:
            os._exit(0)
    os.close(write)
    ready = os.read(read, 1)
    took = time.perf_counter() - began
    os.close(read)
    os.waitpid(pid, 0)
    if not ready:
        raise RuntimeError("A child could not be shut in.")
    return 1000 * took


def main() -> None:
    """Both in turns, after one of each."""
    guard = Guard.best()
    keeper.warm_up("numpy")
    pairs = [(child(None), child(guard)) for _ in range(1 + int(sys.argv[1]))]
    print(json.dumps({"mode": guard.mode, "pairs": pairs[1:]}))


if __name__ == "__main__":
    main()
