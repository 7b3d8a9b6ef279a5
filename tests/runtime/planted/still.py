"""Two numbers are added: nothing is trained.

Watch:   the sum, which follows every knob at once
Promise: sum >= 3
Source:  made for the tests
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from fathom.errors import KnobError
from fathom.lab import Frame, field, knob


@dataclass
class Config:
    a: float = knob(1.0, 0.0, 1000.0, "one number")
    b: float = knob(2.0, 0.0, 1000.0, "the other", live=True)


def run(config: Config) -> Iterator[Frame]:
    if config.a == config.b:
        raise KnobError("a and b cannot be the same: turn one of them.")
    total = config.a + config.b
    yield Frame(0, of=0, sum=total, pid=os.getpid(), place=lambda: field([[total]]))
