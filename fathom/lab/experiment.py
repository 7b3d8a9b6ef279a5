"""What an experiment module must have, and what its docstring says.

    First line: a sentence that names it.

    Watch:   what to look for; the caption, and what a screen reader says first
    Promise: metric >= 0.98 and other <= 0.1 when data=spirals (for every seed)
    Source:  the paper, the book
    Pace:    60 steps a second (optional: how fast it goes on a page, to be watched)
    Asks:    Which rule comes first? (optional: the heading of its page, where no lesson asks
             a question with the knobs as they come)

A promise speaks of numbers in the last frame. It holds when every knob has its default,
or the value that `when` gives it; free are the seed, knobs that are only about what is seen,
and those named in `with any`. There may be several lines of promises: the first that fits the
knobs of a run is the one that is reported, and one of them fits the defaults.
"""

import hashlib
import inspect
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import ModuleType
from typing import Any

from fathom.errors import ExperimentError
from fathom.lab.config import Knob, knobs

SECTION = re.compile(r"^(Watch|Promise|Source|Pace|Asks): *((?:.|\n(?!\n|\w+:))*)", re.MULTILINE)
BOUND = r"\w+ *(?:>=|<=) *-?[\d.]+(?:e-?\d+)?"
PROMISE = re.compile(
    rf"(?P<bounds>{BOUND}(?: and {BOUND})*)"
    r"(?: when (?P<when>\w+=[^\s,]+(?:, *\w+=[^\s,]+)*))?"
    r"(?: with any (?P<free>\w+(?:(?:, *| and )\w+)*))?"
    r"(?: *\((?P<note>.*)\))?\s*",
    re.DOTALL,
)
PACE = re.compile(r"([\d.]+) steps a second.*", re.DOTALL)
HOLDS = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True)
class Bound:
    """What is said about one number."""

    metric: str
    relation: str
    value: float

    def __str__(self) -> str:
        return f"{self.metric} {self.relation} {self.value:g}"

    def holds(self, numbers: Mapping[str, float]) -> bool:
        """Whether it is so; a number that is missing, or that is none, keeps nothing."""
        return bool(HOLDS[self.relation](numbers.get(self.metric, float("nan")), self.value))


@dataclass(frozen=True)
class Promise:
    """What an experiment promises about numbers in its last frame, and with which knobs."""

    bounds: tuple[Bound, ...]
    when: dict[str, str] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        when = ", ".join(f"{name}={value}" for name, value in self.when.items())
        said = " and ".join(map(str, self.bounds))
        return said + (f" when {when}" if when else "")

    def fits(self, known: Mapping[str, Knob], values: Mapping[str, Any]) -> bool:
        """Whether it speaks of a run with these knobs."""
        for name, knob in known.items():
            expected = knob.read(self.when[name]) if name in self.when else knob.default
            if name == "seed" or name in self.free or knob.looks:
                continue
            if values[name] != expected:
                return False
        return True

    def holds(self, numbers: Mapping[str, float]) -> bool:
        """Whether the last frame keeps it."""
        return all(bound.holds(numbers) for bound in self.bounds)


def fitting(
    promises: Sequence[Promise], known: Mapping[str, Knob], values: Mapping[str, Any]
) -> Promise | None:
    """The first promise that speaks of these knobs; None where nothing is promised."""
    return next((one for one in promises if one.fits(known, values)), None)


@dataclass(frozen=True)
class Experiment:
    """All that can be said of an experiment without running it; travels as JSON."""

    name: str
    title: str
    watch: str
    promises: tuple[Promise, ...]
    source: str
    pace: float  # steps a second on a page; 0: as fast as it goes
    knobs: dict[str, Knob]
    code: str
    lines: dict[str, int]  # knob -> its line in the code, from 1
    version: str  # of the code: its hash
    asks: str = ""  # the question that it answers as it opens

    @property
    def promise(self) -> Promise:
        """What is promised when every knob has its default."""
        defaults = {name: knob.default for name, knob in self.knobs.items()}
        return fitting(self.promises, self.knobs, defaults) or self.promises[0]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Experiment":
        """From what `to_json` wrote."""
        rest = dict(data)
        promises = tuple(_promise(one) for one in rest.pop("promises"))
        known = {
            name: Knob(**one | {"options": tuple(one["options"]), "default": _default(one)})
            for name, one in rest.pop("knobs").items()
        }
        return cls(promises=promises, knobs=known, **rest)


def _promise(data: Mapping[str, Any]) -> Promise:
    bounds = tuple(Bound(**one) for one in data["bounds"])
    return Promise(bounds, dict(data["when"]), tuple(data["free"]), data["note"])


def _default(knob: Mapping[str, Any]) -> Any:
    return tuple(map(tuple, knob["default"])) if knob["kind"] == "points" else knob["default"]


def promise(said: str) -> Promise:
    """A promise from its sentence; ExperimentError when it is not one.

    >>> promise("accuracy >= 0.98 when data=spirals, noise=0 (for every seed)").when
    {'data': 'spirals', 'noise': '0'}
    """
    found = PROMISE.fullmatch(" ".join(said.split()))
    if not found:
        raise ExperimentError(
            f"The promise {said!r} cannot be read: write for example "
            "'accuracy >= 0.98 and gap <= 0.1 when data=spirals (for every seed)'."
        )
    words = [bound.partition("=") for bound in re.split(r" and ", found["bounds"])]
    bounds = [Bound(left[:-1].strip(), left[-1] + "=", float(right)) for left, _, right in words]
    pairs = re.findall(r"(\w+)=([^\s,]+)", found["when"] or "")
    return Promise(
        bounds=tuple(bounds),
        when=dict(pairs),
        free=tuple(re.split(r", *| and ", found["free"])) if found["free"] else (),
        note=found["note"] or "",
    )


def sections(doc: str) -> dict[str, list[str]]:
    """Watch, Promise, Source, Pace and Asks of a docstring: each time one occurs, as one line."""
    found: dict[str, list[str]] = {}
    for name, said in SECTION.findall(inspect.cleandoc(doc)):
        found.setdefault(name, []).append(" ".join(said.split()))
    return found


def describe(module: ModuleType) -> Experiment:
    """Read an experiment module; ExperimentError names what it lacks."""
    name = module.__name__.rpartition(".")[2]
    said = sections(module.__doc__ or "")
    for word in ("Watch", "Promise", "Source"):
        if not all(said.get(word, [""])):
            raise ExperimentError(f"{name}: the docstring needs a line that starts with '{word}:'.")
    for part in ("Config", "run"):
        if not hasattr(module, part):
            raise ExperimentError(f"{name}: the file needs {part}.")
    known = knobs(module.Config)
    promises = tuple(promise(one) for one in said["Promise"])
    for promised in promises:
        for knob_name in (*promised.when, *promised.free):
            if knob_name not in known:
                raise ExperimentError(f"{name}: the promise names {knob_name!r}, which is no knob.")
        for knob_name, value in promised.when.items():
            known[knob_name].read(value)
    for one in known.values():
        if not one.help:
            raise ExperimentError(f"{name}: the knob {one.name!r} has no meaning.")
        one.read(one.default)
    pace = PACE.fullmatch(said.get("Pace", ["0 steps a second"])[0])
    if not pace:
        raise ExperimentError(f"{name}: 'Pace:' must read like '60 steps a second'.")
    asks = " ".join(said.get("Asks", []))
    if asks and not asks.endswith("?"):
        raise ExperimentError(f"{name}: 'Asks:' must be a question, with its question mark.")
    code = inspect.getsource(module)
    return Experiment(
        name=name,
        title=(module.__doc__ or "").strip().splitlines()[0],
        watch=" ".join(said["Watch"]),
        promises=promises,
        source=" ".join(said["Source"]),
        pace=float(pace[1]),
        knobs=known,
        code=code,
        lines=_lines(code, known),
        version=hashlib.sha256(code.encode()).hexdigest()[:12],
        asks=asks,
    )


def _lines(code: str, known: Mapping[str, Knob]) -> dict[str, int]:
    """The line of every knob in the code, for the link from the knob to it."""
    found: dict[str, int] = {}
    for number, text in enumerate(code.splitlines(), 1):
        declared = re.match(r"    (\w+) *:", text)
        if declared and declared[1] in known:
            found.setdefault(declared[1], number)
    return found
