"""What the rest of Fathom may ask of whatever runs experiments: four verbs, and nothing else.

Start, command, frames, stop. A run is queued, running or paused, and then over: finished, failed
or stopped. `fathom.runtime.runner.LocalRunner` is the one for this machine;
whoever shows runs is given one as an argument, so that another can take its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from fathom.lab.experiment import Experiment

ENDS = ("finished", "failed", "stopped")  # the states of a run that is over


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


class Watching(Protocol):
    """One place that looks at a run."""

    async def next(self) -> bytes | None:
        """The next message, or the latest frame when none waits; None for who fell too far back."""

    def ready(self) -> None:
        """The last frame was drawn: ask for another."""

    def leave(self) -> None:
        """Look no longer."""


class Running(Protocol):
    """One execution of an experiment with one config."""

    @property
    def id(self) -> str:
        """Its name, for who comes back to it."""

    def command(self, command: dict[str, Any]) -> None:
        """Play, pause, step, stop, pace, or turn a knob: {"type": "turn", "knob", "value"}."""

    def watch(self) -> Watching:
        """A new place that looks at it, with everything that was said so far."""


R = TypeVar("R", bound=Running)


class Runner(Protocol[R]):
    """What starts runs, here or on a cluster."""

    async def describe(self) -> Mapping[str, Experiment]:
        """All experiments by name, in the order of the course."""

    async def start(self, order: Order, owner: str = "") -> R:
        """Start a run, or queue it. Raises KnobError, UnknownExperiment."""

    async def stop(self, run: R) -> None:
        """End a run for certain."""
