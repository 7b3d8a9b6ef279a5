"""A step that never ends.

Watch:   nothing happens
Promise: loss <= 1
Source:  made for the tests
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from fathom.lab import Frame, knob


@dataclass
class Config:
    seed: int = knob(0, 0, 9, "chooses nothing")


def run(config: Config) -> Iterator[Frame]:
    yield Frame(0, of=1, pid=os.getpid())
    while True:
        pass
