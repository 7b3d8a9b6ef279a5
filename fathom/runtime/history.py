"""The numbers of a run so far, for whoever starts to watch later."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fathom.lab.wire import Message

MOST = 100_000  # steps kept; beyond, every second one of the older half is forgotten


class History:
    """Blocks of scalars, kept as they came and joined when somebody asks."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._blocks: list[Message] = []
        self._rows = 0

    def add(self, block: Message) -> None:
        """Keep one block of scalars."""
        self._blocks.append(block)
        self._rows += len(block["steps"])
        if self._rows > self._most:
            self._thin()

    def joined(self) -> Message | None:
        """All blocks as one; None when there is nothing."""
        if not self._blocks:
            return None
        names = list(dict.fromkeys(name for block in self._blocks for name in block["names"]))
        steps = np.concatenate([block["steps"] for block in self._blocks])
        values = np.full((len(names), len(steps)), np.nan)
        at = 0
        for block in self._blocks:
            count = len(block["steps"])
            for row, name in enumerate(block["names"]):
                values[names.index(name), at : at + count] = block["values"][row]
            at += count
        whole = _message(names, steps, values)
        self._blocks = [whole]
        return whole

    def _thin(self) -> None:
        whole = self.joined()
        if whole is None:
            return
        steps, values = whole["steps"], whole["values"]
        half = len(steps) // 2
        kept = np.concatenate([np.arange(0, half, 2), np.arange(half, len(steps))])
        rare = np.isfinite(values[:, :half]).mean(axis=1) < 0.5  # measured now and then: keep all
        if rare.any():
            also = np.flatnonzero(np.isfinite(values[rare][:, :half]).any(axis=0))
            if len(also) < half // 2:
                kept = np.unique(np.concatenate([kept, also]))
        self._blocks = [_message(whole["names"], steps[kept], values[:, kept])]
        self._rows = len(kept)


def _message(names: list[str], steps: NDArray[Any], values: NDArray[Any]) -> Message:
    return {"type": "scalars", "names": names, "steps": steps, "values": values}
