"""Children that train in slices, seen from outside, and what takes turns with what."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import ROOT
from fathom import settings


@dataclass(frozen=True)
class Slice:
    """What was done in a short while."""

    steps: int
    samples: int
    wall: float  # seconds
    cpu: float  # seconds of all its threads
    ended: bool = False

    @property
    def speed(self) -> float:
        """Samples a second."""
        return self.samples / self.wall


def worker_environment() -> dict[str, str]:
    """What a run of Fathom finds: one thread at first, and a glibc that keeps its memory."""
    return settings.child_environment()


def plain_environment() -> dict[str, str]:
    """What a script finds that somebody starts in a terminal."""
    return {name: value for name, value in os.environ.items() if name != "FATHOM_TOKEN"}


class Child:
    """A process of `benchmarks.child`; a context manager."""

    def __init__(self, kind: str, environment: Mapping[str, str], **rest: Any) -> None:
        order = json.dumps({"kind": kind, **rest})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.child", order],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=dict(environment),
        )

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ready(self) -> "Child":
        """Wait until it can train."""
        self._answer()
        return self

    def train(self, **order: float) -> Slice:
        """A slice of so many `steps`, or so many `seconds`."""
        return Slice(**self._ask(order))

    def test(self) -> float:
        """The accuracy on the test pictures."""
        return float(self._ask({"test": True})["accuracy"])

    def close(self) -> None:
        """Let it end: its own children, if it has any, end with it."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None:
            raise RuntimeError("A child was started without pipes.")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"A child ended with exit code {self._process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def take_turns(one: Child, other: Child, pairs: int, seconds: float) -> list[tuple[Slice, Slice]]:
    """Slices of both in turns; which goes first alternates, and the first pair does not count."""
    found = []
    for turn in range(pairs + 1):
        if turn % 2:
            second = other.train(seconds=seconds)
            first = one.train(seconds=seconds)
        else:
            first = one.train(seconds=seconds)
            second = other.train(seconds=seconds)
        found.append((first, second))
    return found[1:]
