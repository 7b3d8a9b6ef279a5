"""A loss that runs away, or becomes no number.

Watch:   the loss
Promise: loss <= 1
Source:  made for the tests
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fathom.lab import Frame, knob, switch


@dataclass
class Config:
    lr: float = knob(3.0, 0.0, 1e9, "step size", live=True)
    nan: bool = switch(False, "no number at step 3")


def run(config: Config) -> Iterator[Frame]:
    loss = 1.0
    for step in range(100_000):
        yield Frame(step, of=100_000, loss=float("nan") if config.nan and step == 3 else loss)
        loss *= config.lr
