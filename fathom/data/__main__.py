"""The data sets for a parent process that must not load torch: JSON lines on stdout.

    python -m fathom.data list
    python -m fathom.data fetch cifar10

Each line is an object: {"type": "data", ...}, {"type": "progress", ...} or, at the end,
{"type": "state", "state": "finished" or "failed", "why": a sentence or where it is}.
"""

import json
import sys
import time
from typing import Any

from fathom.data import catalog, fetch
from fathom.errors import FathomError

BETWEEN = 0.1  # seconds between two lines about the same download


def main(words: list[str]) -> int:
    """Do what the words say; the exit status."""
    try:
        match words:
            case ["list"]:
                for one in catalog():
                    say("data", **one)
                say("state", state="finished", why="")
            case ["fetch", name]:
                say("state", state="finished", why=fetch(name, Progress()))
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except FathomError as error:
        say("state", state="failed", why=str(error))
        return 1
    return 0


def say(kind: str, **rest: Any) -> None:
    """Print one line, at once."""
    print(json.dumps({"type": kind, **rest}), flush=True)


class Progress:
    """Says how far a download is, a few times a second and at its end."""

    def __init__(self) -> None:
        self.said = -BETWEEN

    def __call__(self, what: str, done: float, total: float) -> None:
        """What a loader calls."""
        now = time.monotonic()
        if now - self.said >= BETWEEN or done >= total:
            self.said = now
            say("progress", what=what, done=done, total=total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
