"""Slopes for what a learner's function gives back, where training needs them.

The function runs in another process and gives back plain numbers: autograd does not see into it.
A loss has few weights, so its slopes are measured; a forward pass keeps those of our own.
PyTorch tensors everywhere; drive.py brings them, and nothing here imports PyTorch.
"""

from collections.abc import Callable
from typing import Any

NUDGE = 1e-3  # of each weight, to both sides: exact for squares but for rounding


def measured(loss: Callable[..., float], weights: Any) -> Any:
    """The loss of these weights (P,), a tensor () whose slopes are measured: 2 P + 1 calls.

    loss: takes P numbers.
    """
    here = weights.tolist()

    def beside(at: int, aside: float) -> float:
        return loss(*here[:at], here[at] + aside, *here[at + 1 :])

    slopes = [(beside(at, NUDGE) - beside(at, -NUDGE)) / (2 * NUDGE) for at in range(len(here))]
    still = weights - weights.detach()  # 0, with a slope of 1
    return weights.new_tensor(loss(*here)) + weights.new_tensor(slopes) @ still


def lent(values: Any, ours: Any) -> Any:
    """The learner's values, an array of the shape of `ours`, with the slopes of `ours`."""
    return ours.new_tensor(values) + (ours - ours.detach())
