"""What can be asked of whatever runs experiments, and how a run may have ended."""

from dataclasses import dataclass, field
from typing import Any

ENDS = ("finished", "failed", "stopped")  # before that it is queued, running or paused


@dataclass(frozen=True)
class Order:
    """What a learner asks for: the whole state of a run, as a link carries it."""

    experiment: str
    knobs: dict[str, Any] = field(default_factory=dict)
    turns: tuple[tuple[int, str, Any], ...] = ()
    pace: float | None = None  # steps a second; 0: full speed; None: the experiment's own
    paused: bool = False
    until: int | None = None  # hurry to this step, then pause
    threads: int = 0  # that the run had which goes back so; 0: what its knob says, if they are free
    rests: bool = False  # stay after the last step, for knobs that only look
    every: int = 0  # a viewer sees every so many steps, and the run waits for it; 0: what it can
