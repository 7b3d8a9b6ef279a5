"""A drawing as an answer: the curve or the border that a learner expects, as a few numbers.

    [[question]]
    id = "fall"
    kind = "draw"
    draw = "curve"        # of a number over the steps; or "border", in the plane of a view
    of = "loss"           # that number, or that view
    x = [0, 600]
    y = [10, 10000]
    log = true            # y is drawn on a logarithmic scale
    text = "How will the loss fall?"
    why = "Steeply, then hardly at all."

It is kept as a list of places, or as NO_IDEA, which is an answer too.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from fathom.errors import LessonError

FIELDS = frozenset({"draw", "of", "x", "y", "log"})
KINDS = ("curve", "border")
NO_IDEA = "none"
MOST = 64  # places of a drawing
OUTSIDE = 1e-3  # of the axis: so far rounding may lead out of the picture
Place = tuple[float, float]


@dataclass(frozen=True)
class Canvas:
    """What is drawn on: what the run will be compared with, and the ends of both axes."""

    draw: str
    of: str
    x: Place
    y: Place
    log: bool = False

    def share(self, place: Place) -> Place:
        """Where a place lies, from 0 to 1 both ways."""
        (x, y), (low, high) = place, self.y
        if self.log:
            y, low, high = math.log(max(y, 1e-300)), math.log(low), math.log(high)
        return (x - self.x[0]) / (self.x[1] - self.x[0]), (y - low) / (high - low)

    def told(self, answer: Any) -> dict[str, Any]:
        """For the page: the canvas, and the drawing that was kept on it, if any."""
        return {**asdict(self), "points": answer if isinstance(answer, list) else []}


def canvas(data: Mapping[str, Any]) -> Canvas:
    """The canvas of a question; ValueError where it is none."""
    if data.get("draw") not in KINDS:
        raise ValueError(f"draw cannot be {data.get('draw')!r}: it must be curve or border")
    if not str(data.get("of", "")).strip():
        raise ValueError("a drawing needs 'of', the number or the view that it is compared with")
    ends = {}
    for name in ("x", "y"):
        said = data.get(name)
        if not isinstance(said, list) or len(said) != 2 or not float(said[0]) < float(said[1]):
            raise ValueError(f"a drawing needs {name} = [low, high] with low < high")
        ends[name] = (float(said[0]), float(said[1]))
    log = data.get("log") is True
    if log and ends["y"][0] <= 0:
        raise ValueError("a logarithmic scale begins above 0: y = [low, high] with low > 0")
    return Canvas(str(data["draw"]), str(data["of"]), ends["x"], ends["y"], log)


def read(text: str, on: Canvas) -> list[list[float]]:
    """The places of a drawing that was sent, `x y, x y`; LessonError where it is none."""
    found = []
    for said in filter(str.strip, text.split(",")):
        numbers = said.split()
        if len(numbers) != 2 or not all(re.fullmatch(r"-?[\d.]+(e[-+]?\d+)?", n) for n in numbers):
            raise LessonError("This is no drawing: draw again.")
        try:
            found.append([float(f"{float(number):.4g}") for number in numbers])
        except ValueError as error:
            raise LessonError("This is no drawing: draw again.") from error
    return checked(found, on)


def checked(places: Any, on: Canvas) -> list[list[float]]:
    """The places, if they are a drawing on this canvas; LessonError where they are not."""
    if not isinstance(places, list) or not 2 <= len(places) <= MOST:
        raise LessonError("Draw first, or say that you have no idea.")
    for place in places:
        if not isinstance(place, list) or [type(one) for one in place] != [float, float]:
            raise LessonError("This is no drawing: draw again.")
        x, y = on.share((place[0], place[1]))
        if not all(-OUTSIDE <= one <= 1 + OUTSIDE for one in (x, y)):
            raise LessonError("The drawing leaves its picture: draw again.")
    if on.draw == "curve" and any(a[0] >= b[0] for a, b in pairwise(places)):
        raise LessonError("A curve goes from left to right: draw again.")
    return places


def outline(places: list[list[float]], on: Canvas, width: float, height: float) -> str:
    """The drawing as the path of an SVG of this size."""
    shares = [on.share((x, y)) for x, y in places]
    return "M" + "L".join(f"{width * x:.1f} {height * (1 - y):.1f}" for x, y in shares)
