"""One look at a running experiment."""

from collections.abc import Callable, Mapping
from typing import Any

from fathom.errors import ExperimentError
from fathom.lab.views import BASES, View


class Frame:
    """What can be seen after `step` updates: numbers and views by name.

    `of` is the step of the last frame. A value is a number (anything with `item()`, such as
    a tensor of no dimensions, will do), a view, or a function that returns one of these or a
    dict of several. Functions are called only when the frame is drawn, so they must not
    change anything that the run depends on, and draw no random numbers.

    >>> frame = Frame(20, of=100, loss=0.5, border=lambda: {"accuracy": 0.75})
    >>> frame.numbers()
    {'loss': 0.5}
    >>> frame.draw()[0]
    {'loss': 0.5, 'accuracy': 0.75}
    """

    __slots__ = ("of", "seen", "step")

    def __init__(self, step: int, of: int, **seen: Any) -> None:
        self.step = step
        self.of = of
        self.seen = seen

    @property
    def last(self) -> bool:
        """Whether the run ends with this frame."""
        return self.step >= self.of

    def numbers(self) -> dict[str, float]:
        """The numbers that cost nothing: all that are neither views nor functions."""
        return {
            name: float(value)
            for name, value in self.seen.items()
            if not (isinstance(value, View) or callable(value))
        }

    def draw(self) -> tuple[dict[str, float], dict[str, View]]:
        """Call every function and sort what is there into numbers and views.

        Raises ExperimentError when a function returns neither, a name comes twice, or a view is
        to be drawn in the axes of one that takes no other.
        """
        numbers: dict[str, float] = {}
        views: dict[str, View] = {}
        for name, value in self.seen.items():
            seen: Any = value() if isinstance(value, Callable) else value  # type: ignore[arg-type]
            several = seen if isinstance(seen, Mapping) else {name: seen}
            for key, one in several.items():
                if key in numbers or key in views:
                    raise ExperimentError(f"Frame {self.step} shows {key!r} twice.")
                if isinstance(one, View):
                    views[key] = one
                else:
                    try:
                        numbers[key] = float(one)
                    except (TypeError, ValueError) as error:
                        raise ExperimentError(
                            f"Frame {self.step}: {key!r} is {type(one).__name__}, "
                            "which is neither a number nor a view."
                        ) from error
        for name, view in views.items():
            base = view.words.get("on")
            if base and (base not in views or views[base].kind not in BASES):
                raise ExperimentError(
                    f"Frame {self.step}: {name!r} cannot be drawn on {base!r}: "
                    f"only a view of the kinds {' and '.join(BASES)} takes others into its axes."
                )
        return numbers, views

    def __repr__(self) -> str:
        names = ", ".join(self.seen)
        return f"Frame({self.step} of {self.of}: {names})"
