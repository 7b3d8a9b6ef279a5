"""An experiment with a mistake in it.

Watch:   the error
Promise: loss >= 0
Source:  made for the tests
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fathom.lab import Frame, knob


@dataclass
class Config:
    seed: int = knob(0, 0, 9, "chooses nothing")


def run(config: Config) -> Iterator[Frame]:
    yield Frame(0, of=5, loss=1.0)
    yield Frame(1, of=5, loss=[1.0, 2.0][config.seed + 2])
