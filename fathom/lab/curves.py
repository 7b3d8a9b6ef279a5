"""The numbers of a run as curves: which belong into one chart, and what they are called."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fathom.lab.wire import Message

SPLIT = re.compile(r"^(train|val|test)_")
SHORT = {"train": "training", "val": "validation", "test": "test"}
WIDE = 1_000.0  # a positive curve whose ends differ this many times is drawn on a log scale
Floats = NDArray[np.float64]


def charts(names: Sequence[str]) -> dict[str, list[str]]:
    """Names by chart: train_loss, val_loss and loss share the chart 'loss'."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(SPLIT.sub("", name), []).append(name)
    return found


def short(name: str) -> str:
    """What a curve is called in a chart that it shares: training, validation or test."""
    split = SPLIT.match(name)
    return SHORT[split[1]] if split else "training"


def curve(block: Message, name: str) -> tuple[Floats, Floats]:
    """Steps and values (N,) of one number of a block of scalars, only where it was measured.

    Of a step that came twice the later value holds.
    """
    values = np.asarray(block["values"][list(block["names"]).index(name)], np.float64)
    steps = np.asarray(block["steps"], np.float64)
    measured = np.isfinite(values)
    steps, values = steps[measured][::-1], values[measured][::-1]
    unique, first = np.unique(steps, return_index=True)
    return unique, values[first]


def is_wide(values: Sequence[NDArray[Any]]) -> bool:
    """Whether these curves need a log scale to be read."""
    every = np.concatenate([*values, np.zeros(0)])
    return bool(every.size and every.min() > 0 and every.max() / every.min() > WIDE)
