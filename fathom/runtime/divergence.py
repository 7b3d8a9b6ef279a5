"""When a run has diverged, and what to tell a beginner about it."""

import math
from collections.abc import Mapping
from typing import Any

from fathom.errors import FathomError
from fathom.lab.config import Knob

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
GROWTH = 1e8  # a loss this many times the first one has diverged


class Diverged(FathomError):
    """The numbers of a run are no numbers any more: a result, and nobody's mistake.

    instead: knobs, as they are written, with which it will go better.
    """

    def __init__(self, text: str, instead: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.instead = instead or {}


class Sense:
    """Looks at the numbers of a run from its first step on."""

    def __init__(self) -> None:
        self._first_loss: float | None = None

    def check(
        self, numbers: Mapping[str, float], step: int, config: Any, knobs: Mapping[str, Knob]
    ) -> None:
        """Diverged where numbers are no numbers any more, or where the loss has run away."""
        for name, value in numbers.items():
            if not math.isfinite(value):
                what = f"The {name.replace('_', ' ')} is not a number any more"
                raise diverged(what, step, config, knobs)
        loss = numbers.get("loss", numbers.get("train_loss"))
        if loss is None:
            return
        if self._first_loss is None:
            self._first_loss = max(abs(loss), 1e-3)
        elif loss > GROWTH * self._first_loss:
            what = f"The loss has grown from {written(self._first_loss)} to {written(loss)}"
            raise diverged(what, step, config, knobs)


def written(value: float) -> str:
    """A number as people read it.

    >>> written(4.21e12)
    '4.21 × 10¹²'
    """
    if abs(value) < 1000:
        return f"{value:.3g}"
    if abs(value) < 1e6:
        return f"{value:,.0f}".replace(",", "\u202f")
    digits, _, power = f"{value:.2e}".partition("e+")
    return f"{digits} × 10{str(int(power)).translate(RAISED)}"


def diverged(what: str, step: int, config: Any, knobs: Mapping[str, Knob]) -> Diverged:
    """The sentence that a beginner understands, with a way on where the step size is a knob."""
    rate = getattr(config, "lr", None)
    if not rate:
        return Diverged(f"{what} at step {step}. Change a knob and start again.")
    smaller = max(knobs["lr"].low, float(f"{rate / 10:.1g}"))
    return Diverged(
        f"{what} at step {step}: the learning rate {rate:g} is too large. "
        "Turn lr down and start again.",
        {"lr": knobs["lr"].write(smaller)},
    )
