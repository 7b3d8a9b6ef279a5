"""A process that is killed in the middle, as when memory runs out.

Watch:   the end
Promise: loss <= 1
Source:  made for the tests
"""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

from fathom.lab import Frame, knob


@dataclass
class Config:
    signal: int = knob(9, 0, 15, "which signal; 0: it just exits")


def run(config: Config) -> Iterator[Frame]:
    yield Frame(0, of=9, loss=1.0)
    if config.signal:
        os.kill(os.getpid(), signal.Signals(config.signal))
    os._exit(7)
