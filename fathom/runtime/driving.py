"""A run of an experiment in which a learner's function has the place of ours, beside our own.

The first message on the channel is {"drive", "zoo", "starter", "source"}: the text of drive.py,
the package of the experiments, and two texts of the learner's; descriptor 4 leads to the attempt,
where the learner's code is, and asks it for every call. One message goes back: what the judge
says, with "parted", "steps", "stopped" and "frames". The experiment runs here, and never code of
learners.
"""

import importlib
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from fathom.lab import wire
from fathom.lab.config import configure
from fathom.lab.frame import Frame
from fathom.lab.views import View, line, signed
from fathom.runtime import judging, plain
from fathom.runtime.channel import Channel
from fathom.runtime.expect import Attempt, Wrong

WITHIN = 1e-6  # how far two numbers may be apart, relative to the larger, and still be the same
NOTHING = 1e-9  # and absolutely
LOST = 1e6  # a loss that is so many times the first one leads nowhere
ROOM = 4  # times our largest loss: higher than that no curve is drawn
ROUND = (1, 2, 5)  # steps that are drawn, and their tens and hundreds
MOST_FRAMES = 40
PLAIN = 1e9  # a number below is written without a power of ten
CHECK = """

from fathom.runtime.driving import follow


def check(attempt):
    follow(attempt, globals())
"""

Numbers = dict[str, float]
found: "Found | None" = None  # what `follow` has seen, in a process that follows one attempt


@dataclass
class Found:
    """The two runs, as far as they went together."""

    zoo: str
    parted: int | None = None  # the step at which they part
    steps: int = 0
    says: str = ""  # where they part, and how it went on
    frames: list[dict[str, Any]] = field(default_factory=list)
    losses: list[tuple[float, float]] = field(default_factory=list)  # of each step: ours, theirs

    def stopped(self) -> str:
        """How far it came, before it is said why it stopped; "" if nowhere."""
        if self.says and self.steps:
            return f"{self.says} After step {self.steps} yours stopped. "
        return f"The same up to step {self.steps}; then yours stopped. " if self.steps else ""

    def message(self) -> dict[str, Any]:
        """As it is sent: in every frame the curves of the whole run."""
        if len(self.losses) > 1:
            curves = self.curves().message()
            for frame in self.frames:
                frame["views"] |= {"loss": curves}
        told = {"parted": self.parted, "steps": self.steps, "stopped": self.stopped()}
        return told | {"frames": self.frames}

    def curves(self) -> View:
        """The loss of both over the steps, and where they part."""
        ours, theirs = zip(*self.losses, strict=True)
        curves: dict[str, Any] = {"ours": ours, "yours": theirs}
        most = 1.25 * max(ours)
        if self.parted is not None and self.parted < len(ours):
            place = theirs[self.parted]
            if place > ROOM * max(ours):  # so high that nothing else would be seen
                place = ours[self.parted]
            marks = [math.nan] * len(ours)
            marks[self.parted] = place
            curves["they part"] = marks
            most = max(most, 1.1 * place)
        return line(
            list(range(len(ours))),
            curves,
            y_range=(0.0, most) if max(theirs) > most else None,  # theirs leaves the picture
            title="loss",
            x_label="step",
            says=f"after {self.steps} steps ours is at {ours[-1]:.4g}, yours at {theirs[-1]:.4g}",
        )


@dataclass(frozen=True)
class Plan:
    """What drive.py says."""

    experiment: str
    part: str  # the function of the experiment that gives way
    function: str  # the learner's, which takes its place
    knobs: dict[str, Any]
    numbers: dict[str, str]  # as the learner calls them -> as the frame does
    views: list[str]
    drive: Callable[[Callable[..., Any]], Callable[..., Any]]


CONSTANTS = ("EXPERIMENT", "PART", "FUNCTION", "KNOBS", "NUMBERS", "VIEWS", "drive")


def follow(attempt: Attempt, names: dict[str, Any]) -> None:
    """Run both, step by step, and note what is seen. Wrong says where and why they part.

    names: what drive.py has made; what is said when they never part becomes PRAISE among them.
    """
    assert found is not None
    plan = Plan(*(names[one] for one in CONSTANTS))
    module = importlib.import_module(f"{found.zoo}.{plan.experiment}")
    if torch := sys.modules.get("torch"):
        torch.set_default_dtype(torch.float64)  # rounding alone parts nobody
        torch.set_num_threads(1)
    try:
        together(found, plan, run(module, plan, attempt), run(module, plan))
    except Wrong as wrong:
        raise Wrong(found.stopped() + wrong.says, wrong.line, wrong.story) from wrong
    if found.says:
        raise Wrong(found.says)
    names["PRAISE"] = f"Your {plan.function} and ours took the same {found.steps} steps."


def run(module: ModuleType, plan: Plan, attempt: Attempt | None = None) -> Iterator[Frame]:
    """The frames of the experiment; with an attempt its function stands in the place of ours.

    The place is taken only while this run makes a step or is drawn: the other one has its own.
    """
    part = own = getattr(module, plan.part)
    if attempt is not None:
        part = plan.drive(lambda *words: attempt.call(plan.function, *words))

    def placed(make: Callable[[], Any]) -> Any:
        setattr(module, plan.part, part)
        try:
            return make()
        finally:
            setattr(module, plan.part, own)

    frames = module.run(configure(module.Config, plan.knobs))
    while frame := placed(lambda: next(frames, None)):
        seen = {
            name: partial(placed, one) if callable(one) else one for name, one in frame.seen.items()
        }
        yield Frame(frame.step, frame.of, **seen)


def together(found: Found, plan: Plan, theirs: Iterator[Frame], ours: Iterator[Frame]) -> None:
    """Let both make their steps, one beside the other, until the end or until theirs is lost."""
    last: tuple[Frame, Frame] | None = None  # the newest that was not drawn
    try:
        for yours, mine in zip(theirs, ours, strict=False):  # theirs first: where it stops, so does
            step, one, other = mine.step, mine.numbers(), yours.numbers()  # ours
            if found.parted is None and (unlike := differing(plan, one, other)):
                found.parted, found.says = step, parting(step, unlike)
            if why := astray(found, step, other):
                found.says, last = f"{found.says} {why}", None
                return
            found.steps, last = step, (mine, yours)
            if "loss" in one:
                found.losses.append((one["loss"], other["loss"]))
            if due(step, found.parted) and len(found.frames) < MOST_FRAMES:
                found.frames.append(drawn(plan, mine, yours))
                last = None
    finally:
        if last:
            with suppress(Wrong, judging.Gone):  # where it stopped, perhaps it cannot be drawn
                found.frames.append(drawn(plan, *last))


def differing(plan: Plan, ours: Numbers, theirs: Numbers) -> dict[str, tuple[float, float]]:
    """The numbers that are not the same, as a learner calls them: ours and theirs."""
    return {
        said: (ours[name], theirs[name])
        for said, name in plan.numbers.items()
        if not math.isclose(ours[name], theirs[name], rel_tol=WITHIN, abs_tol=NOTHING)
    }


def parting(step: int, unlike: dict[str, tuple[float, float]]) -> str:
    """Where they part, in a sentence."""
    ours = ", ".join(f"{name} = {number(*pair)}" for name, pair in unlike.items())
    theirs = ", ".join(f"{name} = {number(*pair[::-1])}" for name, pair in unlike.items())
    if step == 0:
        return f"They part before the first step: yours has {theirs}, ours {ours}."
    if step == 1:
        return f"They part at the first step: yours goes to {theirs}, ours to {ours}."
    return f"The same up to step {step - 1}; at step {step} yours goes to {theirs}, ours to {ours}."


def number(value: float, other: float) -> str:
    """A number with as many digits as it takes to tell it from another."""
    short = f"{value:.4g}"
    if short == f"{other:.4g}":
        short = f"{value:.9g}"
    elif abs(value) < PLAIN:
        short = short if "e+" not in short else f"{value:.0f}"
    return str(signed(short.replace("inf", "∞")))


def astray(found: Found, step: int, theirs: Numbers) -> str:
    """Why it makes no sense to go on, as a sentence; "" where it does."""
    if not all(map(math.isfinite, theirs.values())):
        return f"At step {step} yours has numbers that are none any more, and ends there."
    first = max(found.losses[0]) if found.losses else math.inf
    if theirs.get("loss", 0.0) > LOST * max(first, NOTHING):
        return f"At step {step} your loss is a million times the first one, and yours ends there."
    return ""


def due(step: int, parted: int | None) -> bool:
    """Whether a step is drawn: the first ones, and ever fewer; from the parting on once more."""
    return any(
        since <= 0 or since / 10 ** int(math.log10(since)) in ROUND
        for since in (step, step - parted if parted is not None else step)
    )


def drawn(plan: Plan, ours: Frame, theirs: Frame) -> dict[str, Any]:
    """A frame for the page: each curve twice in one picture, and two pictures of a field that
    is not the same."""
    mine, yours = ours.draw()[1], theirs.draw()[1]
    views: dict[str, View] = {}
    for name in plan.views:
        one, other, base = mine[name], yours[name], mine[name].words.get("on")
        views[name] = one
        if base and f"your_{base}" in views:  # which has a picture of its own
            views[f"your_{name}"] = replace(other, words=other.words | {"on": f"your_{base}"})
        elif one.kind == "line":
            words = other.words | {"sketch": "yours"}  # dashed, with its name
            views[f"your_{name}"] = replace(other, words=words)
            if base in views:
                says = f"{mine[base].says} (ours: {one.says}; yours: {other.says})"
                views[base] = replace(mine[base], says=says)
        elif one.kind == "field" and not alike(one, other):
            views[name] = titled(one, "ours")
            views[f"your_{name}"] = titled(other, "yours")
    made = {name: view.message() for name, view in views.items()}
    numbers = {name: value for name, value in theirs.numbers().items() if math.isfinite(value)}
    return {"type": "frame", "step": ours.step, "of": ours.of, "numbers": numbers, "views": made}


def alike(one: View, other: View) -> bool:
    """Whether two fields have the same colours at the same places."""
    same = np.array_equal(one.arrays["values"], other.arrays["values"])
    return same and one.words == other.words


def titled(view: View, title: str) -> View:
    """A picture under another title."""
    return replace(view, words=view.words | {"title": title})


def main() -> None:
    """Follow one attempt."""
    global found
    channel = Channel(3, 3)
    order = channel.receive()
    found = Found(order["zoo"])
    try:
        said = judging.judge({**order, "check": order["drive"] + CHECK}, judging.Line())
        said |= found.message()
    except Exception as error:  # a mistake in drive.py or in the experiment, for its author
        told = plain.trouble(error, [judging.CHECK])
        said = {"type": "broken", "text": told.sentence(), "line": told.line}
    channel.send(wire.encode(said))
