"""Knobs: one declaration feeds the command line, the page, the checks and the docs."""

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from fathom.errors import ExperimentError, KnobError

Kind = Literal["number", "choice", "switch", "text", "points", "picture"]
TRUE, FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
MOST_POINTS = 500
MOST_LETTERS = 2_000
JPEG = "_9j_"  # how each of them begins, in base64url
MOST_PICTURE = 4_096  # letters of a picture: 3 kB, so that a link can carry it
PICTURE = re.compile(rf"(?:{JPEG}[\w-]*)?", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Knob:
    """The kind, the range, the meaning and the freedom of one field of a Config."""

    name: str
    kind: Kind
    default: Any
    help: str
    live: bool = False  # may move while the run is under way
    looks: bool = False  # it is about what is seen alone: it also moves after the end
    low: float = 0.0
    high: float = 0.0
    log: bool = False  # equal ratios look equally far apart
    whole: bool = False  # a whole number
    options: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """The value this knob takes for what a person or a program gave it.

        Raises KnobError with the knob, the value and what is possible.
        """
        try:
            return READERS[self.kind](self, value)
        except (TypeError, ValueError, OverflowError) as error:
            shown = brief(repr(value) if isinstance(value, str) else str(value))
            raise KnobError(f"{self.name} cannot be {shown}: it must be {self.range()}.") from error

    def range(self) -> str:
        """What is possible, in words."""
        match self.kind:
            case "number":
                if self.whole:
                    return f"a whole number from {plain(self.low)} to {plain(self.high)}"
                return f"a number from {plain(self.low)} to {plain(self.high)}"
            case "choice":
                return f"one of {', '.join(self.options)}"
            case "switch":
                return "on or off"
            case "text":
                return f"a text of at most {MOST_LETTERS} letters"
            case "points":
                return (
                    f"at most {MOST_POINTS} points as x,y,class separated by spaces, "
                    f"with x and y from {self.low:g} to {self.high:g}"
                )
            case "picture":
                return "a small picture: choose one on the page, or name its file in the terminal"

    def write(self, value: Any) -> str:
        """The value as it stands in a link or on the command line; `read` undoes it."""
        match self.kind:
            case "switch":
                return "on" if value else "off"
            case "number":
                return str(value) if self.whole else f"{value:.6g}"
            case "points":
                return " ".join(f"{x:.3g},{y:.3g},{int(label)}" for x, y, label in value)
            case _:
                return str(value)


def plain(number: float) -> str:
    """A number without an exponent, as a beginner writes it: 0.00001."""
    said = f"{number:.12f}".rstrip("0").rstrip(".")
    return said if float(said) == number else f"{number:g}"


def brief(said: str) -> str:
    """A value as a sentence can hold it, without its thousands of letters."""
    return said if len(said) <= 60 else said[:57] + "..."


def _read_number(knob: Knob, value: Any) -> float | int:
    if isinstance(value, bool):
        raise ValueError("a switch is not a number")
    if isinstance(value, str):
        value = value.strip().replace("_", "")
    number = float(value)
    if not (math.isfinite(number) and knob.low <= number <= knob.high):
        raise ValueError("out of range")
    if knob.whole:
        if number != int(number):
            raise ValueError("not whole")
        return int(number)
    return number


def _read_choice(knob: Knob, value: Any) -> str:
    if str(value) not in knob.options:
        raise ValueError("not an option")
    return str(value)


def _read_switch(knob: Knob, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in TRUE + FALSE:
        raise ValueError("neither on nor off")
    return word in TRUE


def _read_text(knob: Knob, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise ValueError("no text, or too long")
    return value


def _read_points(knob: Knob, value: Any) -> tuple[tuple[float, float, int], ...]:
    rows: Iterable[Any] = value
    if isinstance(value, str):
        rows = [part.split(",") for part in value.replace(";", " ").split()]
    read = tuple((float(x), float(y), int(label)) for x, y, label in rows)
    if len(read) > MOST_POINTS:
        raise ValueError("too many points")
    for x, y, label in read:
        if not (knob.low <= x <= knob.high and knob.low <= y <= knob.high and 0 <= label <= 9):
            raise ValueError("a point outside the picture")
    return read


def _read_picture(knob: Knob, value: Any) -> str:
    """A small JPEG in base64url, or nothing; whether it can be decoded is seen in the run."""
    if not isinstance(value, str) or len(value) > MOST_PICTURE or not PICTURE.fullmatch(value):
        raise ValueError("no picture, or too large")
    return value


READERS = {
    "number": _read_number,
    "choice": _read_choice,
    "switch": _read_switch,
    "text": _read_text,
    "points": _read_points,
    "picture": _read_picture,
}


def _field(
    kind: Kind, default: Any, help: str, live: bool, looks: bool = False, **rest: Any
) -> Any:
    """A field of a dataclass that carries its knob; the name is filled in by `knobs`."""
    declared = Knob("", kind, default, help, live or looks, looks, **rest)
    return dataclasses.field(default=default, metadata={"knob": declared})


def knob(
    default: float,
    low: float,
    high: float,
    help: str,
    *,
    log: bool = False,
    live: bool = False,
    looks: bool = False,
) -> Any:
    """A number from low to high; whole when the default and the range are `int`.

    `looks`, here and below: only pictures depend on it, no step of the run does. So it also
    acts at once while the run is paused, and after its last step.
    """
    whole = all(isinstance(bound, int) for bound in (default, low, high))
    return _field("number", default, help, live, looks, low=low, high=high, log=log, whole=whole)


def choice(
    default: str, options: Sequence[str], help: str, *, live: bool = False, looks: bool = False
) -> Any:
    """One of several words."""
    return _field("choice", default, help, live, looks, options=tuple(options))


def switch(default: bool, help: str, *, live: bool = False) -> Any:
    """On or off."""
    return _field("switch", default, help, live)


def text(default: str, help: str, *, live: bool = False) -> Any:
    """A line of text."""
    return _field("text", default, help, live)


def clicked(help: str, *, low: float = -1.0, high: float = 1.0, live: bool = False) -> Any:
    """Points (x, y, class) that a learner clicks into the picture; none at first."""
    return _field("points", (), help, live, low=low, high=high)


def own_picture(help: str, *, live: bool = False, looks: bool = False) -> Any:
    """A picture of the learner's own; none at first. `fathom.data.own` decodes it."""
    return _field("picture", "", help, live, looks)


def knobs(config: Any) -> dict[str, Knob]:
    """The knobs of a Config (class or instance) by name, in the order they were declared."""
    found = {}
    for declared in dataclasses.fields(config):
        if "knob" not in declared.metadata:
            raise ExperimentError(
                f"The field {declared.name!r} of Config has no meaning and no range: "
                "declare it with knob(), choice(), switch(), text(), clicked() or own_picture()."
            )
        found[declared.name] = dataclasses.replace(declared.metadata["knob"], name=declared.name)
    return found


def find(known: Mapping[str, Knob], name: str) -> Knob:
    """The knob of that name; KnobError lists the ones there are."""
    if name not in known:
        raise KnobError(f"There is no knob {name!r}; there are {', '.join(known)}.")
    return known[name]


def read(known: Mapping[str, Knob], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values for all knobs: defaults, and what was given, checked."""
    given = {name: find(known, name).read(value) for name, value in raw.items()}
    return {name: one.default for name, one in known.items()} | given


def configure(kind: type, raw: Mapping[str, Any]) -> Any:
    """A Config from what a link, a form or a command line said. Raises KnobError."""
    return kind(**read(knobs(kind), raw))


def turn(config: Any, name: str, value: Any) -> Any:
    """Turn a live knob of a config in use; returns the value it took. Raises KnobError."""
    turned = find(knobs(config), name)
    if not turned.live:
        raise KnobError(f"{name} takes effect at a restart: it cannot move while the run goes on.")
    setattr(config, name, turned.read(value))
    return getattr(config, name)
