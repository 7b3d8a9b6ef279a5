"""What a part of the benchmarks found: figures, their goals, and sentences about them."""

import math
import operator
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

HOLDS = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True)
class Figure:
    """One number that was measured."""

    what: str
    value: float
    unit: str = ""
    goal: str = ""  # such as ">= 0.97"; empty: for information only
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None when there is none."""
        if not self.goal:
            return None
        relation, bound = self.goal.split()
        return bool(HOLDS[relation](self.value, float(bound)))

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{number(self.value)} {self.unit}".strip()

    @property
    def verdict(self) -> str:
        """Met, missed, or nothing."""
        return {True: "met", False: "missed", None: ""}[self.met]


@dataclass(frozen=True)
class Measured:
    """All that one part found."""

    figures: list[Figure] = field(default_factory=list)
    says: list[str] = field(default_factory=list)  # sentences
    skipped: str = ""  # why nothing was measured


def number(value: float) -> str:
    """A number with as many digits as mean something."""
    if not math.isfinite(value):
        return "not measured"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> str:
    """The middle half of the values, in words."""
    low, high = percentile(values, 0.25), percentile(values, 0.75)
    return f"middle half {number(low)} to {number(high)}, {len(values)} pairs"


def ratio(what: str, values: Sequence[float], goal: str = "", note: str = "") -> Figure:
    """The median of paired ratios."""
    words = "; ".join(filter(None, (spread(values), note)))
    return Figure(what, statistics.median(values), goal=goal, note=words)
