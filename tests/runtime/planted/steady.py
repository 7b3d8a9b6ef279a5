"""A number grows by one each step.

Watch:   the number, which is the step
Promise: double >= 20 (for every seed)
Source:  made for the tests
"""

# ruff: noqa: B023 - the frame is drawn before the loop goes on

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fathom.lab import Frame, View, field, knob, switch


@dataclass
class Config:
    gain: float = knob(1.0, 0.0, 100.0, "how much is added", live=True)
    steps: int = knob(10, 1, 1_000_000, "how many steps", live=True)
    pause: float = knob(0.0, 0.0, 10.0, "seconds that a step takes")
    drawing: float = knob(0.0, 0.0, 10.0, "seconds that a picture takes")
    tint: float = knob(0.0, 0.0, 100.0, "what the picture alone has more", looks=True)
    noisy: bool = switch(False, "print something")
    threads: int = knob(1, 1, 8, "threads")
    seed: int = knob(0, 0, 9, "chooses nothing")


def run(config: Config) -> Iterator[Frame]:
    total = 0.0
    step = 0
    while True:
        if config.noisy:
            print("a print must not break the channel")
        yield Frame(
            step,
            of=config.steps,
            total=total,
            double=lambda: 2 * total,
            place=lambda: look(config, total),
            pid=os.getpid(),
            threads=config.threads,
        )
        if step >= config.steps:
            return
        time.sleep(config.pause)
        total += config.gain
        step += 1


def look(config: Config, total: float) -> View:
    time.sleep(config.drawing)
    return field(np.full((2, 2), total + config.tint), lo=0.0, hi=255.0)
