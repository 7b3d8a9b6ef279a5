"""A new point asks its nearest neighbours, and the class with the most votes is the answer.

Watch:   With one neighbour every stray point owns an island, and the accuracy on the points
         that were learned is perfect. With every further neighbour the border grows calmer:
         val_accuracy rises, stays level for a while, and falls when even the far away may
         vote. Choose walk=questions, and the points held out ask, one after the other. Take
         data=fruit and switch scaled on: who is near depends on the units.
Promise: test_accuracy >= 0.8 when data=moons, walk=k (for every seed; with the k chosen on val)
Source:  Fix and Hodges 1951, discriminatory analysis; Cover and Hart 1967, nearest neighbour
         pattern classification; Fisher 1936, the irises
Pace:    6 steps a second
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import torch
from sklearn.datasets import load_iris
from torch import Tensor

from fathom.data import toy
from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, clicked, field, knob, line, points, switch

SIDE = 64  # places along each side of the picture
IRISES = ("setosa", "versicolor", "virginica")


@dataclass(frozen=True)
class Kind:
    """A data set: what the two numbers and the classes of its points are called."""

    make: Callable[[int, torch.Generator], tuple[Tensor, Tensor]] | None
    axes: tuple[str, str] = ("x₁", "x₂")
    names: tuple[str, ...] = ("class 0", "class 1")
    middle: tuple[float, float] = (0.0, 0.0)  # a made place from -1 to 1 in units: middle + unit
    unit: tuple[float, float] = (1.0, 1.0)
    columns: tuple[int, int] = (0, 0)  # of the irises


KINDS = {
    "moons": Kind(toy.moons),
    "heaps": Kind(toy.heaps, names=("class 0", "class 1", "class 2")),
    "fruit": Kind(
        toy.ripeness, ("weight in g", "sugar in %"), ("unripe", "ripe"), (150, 12), (40, 2)
    ),
    "petals": Kind(None, ("petal length in cm", "petal width in cm"), IRISES, columns=(2, 3)),
    "sepals": Kind(None, ("sepal length in cm", "sepal width in cm"), IRISES, columns=(0, 1)),
}


@dataclass
class Config:
    data: str = choice("moons", list(KINDS), "made points, or 150 irises by petal or sepal")
    walk: str = choice("k", ["k", "questions", "stay"], "what a step changes: k, who asks, nothing")
    k: int = knob(
        1, 1, 500, "neighbours that vote; the walk goes on from here", log=True, live=True
    )
    scaled: bool = switch(False, "measure both numbers in standard deviations", live=True)
    across: float = knob(0.5, 0.0, 1.0, "where the asking point stands, from the left", live=True)
    up: float = knob(0.5, 0.0, 1.0, "where the asking point stands, from below", live=True)
    points: tuple[Any, ...] = clicked(
        "your own points, learned with the others", low=-1000.0, high=1000.0, live=True
    )
    size: int = knob(400, 20, 1000, "how many points are made")
    train: float = knob(0.6, 0.1, 0.9, "the share that is learned; val and test halve the rest")
    noise: float = knob(0.2, 0.0, 1.0, "how far made points are scattered")
    steps: int = knob(80, 1, 5000, "steps at most", live=True)
    seed: int = knob(0, 0, 9999, "chooses the points and who is held out")


@dataclass
class Data:
    """N points to learn, V held out to choose k, T in the drawer until the end; C classes."""

    xy: Tensor  # (N + V + T, 2) in the units of the data
    label: Tensor  # (N + V + T,) from 0 to C - 1
    n: int  # N
    v: int  # V
    unit: Tensor  # (2,) what distances are measured in
    low: Tensor  # (2,) the lower left corner of the picture
    high: Tensor  # (2,) the upper right one
    voters: Tensor  # (SIDE * SIDE, N) classes of each place's neighbours, the nearest first
    answered: Tensor  # (V, N) whether each point held out is answered rightly, for every k from 1
    train: Tensor  # (N,) accuracy on the points that are learned, for every k from 1
    val: Tensor  # (N,) the same on those held out
    test: Tensor  # (N,) the same in the drawer


def run(config: Config) -> Iterator[Frame]:
    """Nothing is trained: a step asks more neighbours, or asks for another point."""
    made = make(config, torch.Generator().manual_seed(config.seed))
    tried: set[int] = set()  # every k that was measured
    used: tuple[Any, ...] = ()
    for step in count():
        if used[:2] != (config.points, config.scaled):  # the first step, or a knob was turned
            data = gather(config, *made)
        if used[2:] != (config.k,):
            k = config.k
        used = (config.points, config.scaled, config.k)
        k = min(k, data.n)
        tried.add(k)
        tried = {one for one in tried if one <= data.n}

        best = max(sorted(tried), key=lambda one: float(data.val[one - 1]))
        seen = {"train_accuracy": data.train[k - 1].item(), "val_accuracy": data.val[k - 1].item()}
        last = step + max(0, min(config.steps - step, left(config, k, data.n)))
        if step == last:  # the drawer is opened once, with the k that is best on val
            seen["test_accuracy"] = data.test[best - 1].item()
        asked = None
        if config.walk == "questions":
            asked = data.n + step % data.v
            right = data.answered[: step + 1, k - 1]  # of those who have asked so far
            seen["right_so_far"] = right.float().mean().item()
        views = partial(look, config, data, k, sorted(tried), best, asked)
        yield Frame(step, of=last, k=k, best_k=best, **seen, views=views)
        if step == last:
            return
        if config.walk == "k":
            k = further(k, data.n)


def further(k: int, n: int) -> int:
    """The next k: one more, from 20 on a tenth more, at last all N points."""
    return min(n, k + max(1, k // 10))


def left(config: Config, k: int, n: int) -> int:
    """How many steps the walk still has from this k."""
    if config.walk != "k":
        return config.steps
    steps = 0
    while k < n:
        k, steps = further(k, n), steps + 1
    return steps


# ---- the method


def neighbours(asking: Tensor, learned: Tensor, unit: Tensor) -> Tensor:
    """Which learned points (N, 2) are nearest to each place (Q, 2): (Q, N), the nearest first."""
    exactly = "donot_use_mm_for_euclid_dist"  # a point is at distance 0 from itself
    far = torch.cdist(asking / unit, learned / unit, compute_mode=exactly)  # (Q, N)
    return far.argsort(dim=1, stable=True)


def votes(voters: Tensor, k: int, classes: int) -> Tensor:
    """How many of the k nearest are of each class: voters (Q, N) -> (Q, C)."""
    return torch.stack([(voters[:, :k] == c).sum(dim=1) for c in range(classes)], dim=1)


def answers(voters: Tensor, label: Tensor, classes: int) -> Tensor:
    """Whether each is answered rightly, for every k from 1 to N: (Q, N), (Q,) -> (Q, N)."""
    each = [(voters == c).cumsum(dim=1) for c in range(classes)]  # C times (Q, N)
    said = torch.stack(each).argmax(dim=0)  # (Q, N); of equal votes the first class wins
    return said == label[:, None]


def make(config: Config, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """Points (size, 2) in their units and their classes (size,), in a random order."""
    kind = KINDS[config.data]
    if kind.make is None:
        measured = load_iris()
        xy = torch.from_numpy(measured.data[:, kind.columns])  # (150, 2)
        label = torch.from_numpy(measured.target).long()
    else:
        places, label = kind.make(config.size, chance)
        places = places + config.noise * torch.randn(places.shape, generator=chance)
        xy = torch.tensor(kind.middle) + torch.tensor(kind.unit) * places
    order = torch.randperm(len(xy), generator=chance)
    return xy[order].double(), label[order]


def gather(config: Config, xy: Tensor, label: Tensor) -> Data:
    """Split, add the learner's own points to those that are learned, and ask for everything."""
    classes = len(KINDS[config.data].names)
    drawn = torch.tensor(config.points, dtype=torch.float64).reshape(-1, 3)
    if len(drawn) and drawn[:, 2].max() >= classes:
        raise KnobError(f"points: {config.data} has {classes} classes, 0 to {classes - 1}.")
    margin = 0.08 * (xy.amax(dim=0) - xy.amin(dim=0))
    low, high = xy.amin(dim=0) - margin, xy.amax(dim=0) + margin

    cut = round(config.train * len(xy))
    xy = torch.cat([xy[:cut], drawn[:, :2], xy[cut:]])
    label = torch.cat([label[:cut], drawn[:, 2].long(), label[cut:]])
    n = cut + len(drawn)
    v = (len(xy) - n + 1) // 2
    learned = xy[:n]
    unit = learned.std(dim=0) if config.scaled else torch.ones(2)  # of what is learned alone

    places = low + (high - low) * (toy.square(SIDE).double() + 1) / 2  # (SIDE * SIDE, 2)
    voters = label[neighbours(torch.cat([xy, places]), learned, unit)].to(torch.uint8)
    known, held, drawer = (
        answers(voters[rows], label[rows], classes)
        for rows in (slice(n), slice(n, n + v), slice(n + v, len(xy)))
    )
    shares = [one.float().mean(dim=0) for one in (known, held, drawer)]
    return Data(xy, label, n, v, unit, low, high, voters[len(xy) :], held, *shares)


# ---- what is seen


def look(
    config: Config, data: Data, k: int, tried: list[int], best: int, asked: int | None
) -> dict[str, Any]:
    """The border with the points, who is asked and answers, and how good each k is."""
    kind = KINDS[config.data]
    shown = slice(data.n + data.v)  # what is in the drawer is not shown
    seen: dict[str, Any] = {
        "border": border(kind, data, k),
        "data": points(
            data.xy[shown],
            label=data.label[shown],
            held_out=torch.arange(data.n + data.v) >= data.n,
            names=kind.names,
            on="border",
            knob="points",
            says=f"{data.n} points that are learned, {data.v} held out",
        ),
    }
    seen |= ask(config, kind, data, k, asked)
    at = torch.tensor(tried)
    seen["by_k"] = line(
        at,
        {"learned": data.train[at - 1], "held out": data.val[at - 1]},
        x_range=(0, data.n),
        y_range=(0.3, 1.02),
        title="Accuracy by k",
        x_label="k",
        says=f"of the k tried, {best} is best on the points held out: "
        f"{100 * data.val[best - 1]:.0f} % of them are right",
    )
    return seen


def border(kind: Kind, data: Data, k: int) -> View:
    """What every place would be called: the share of votes of two classes, the winner of more."""
    said = votes(data.voters, k, len(kind.names)).reshape(SIDE, SIDE, -1)  # (SIDE, SIDE, C)
    two = len(kind.names) == 2
    return field(
        2 * said[:, :, 1] / k - 1 if two else said.argmax(dim=2),
        x=(float(data.low[0]), float(data.high[0])),
        y=(float(data.low[1]), float(data.high[1])),
        lo=-1 if two else 0,
        hi=1 if two else len(kind.names) - 1,
        colours="diverging" if two else "classes",
        labels=kind.names,
        x_label=kind.axes[0],
        y_label=kind.axes[1],
        says=f"what {k} {'neighbour' if k == 1 else 'neighbours'} say at every place; "
        f"{100 * data.val[k - 1]:.0f} % of the points held out are right",
    )


def ask(config: Config, kind: Kind, data: Data, k: int, asked: int | None) -> dict[str, View]:
    """The asking point, lines to its k nearest, and the circle that holds them."""
    share = torch.tensor([config.across, config.up], dtype=torch.float64)
    here = data.low + share * (data.high - data.low) if asked is None else data.xy[asked]  # (2,)
    near = neighbours(here[None], data.xy[: data.n], data.unit)[0, :k]  # (k,)
    lines = torch.stack([here.expand(k, 2), data.xy[near]], dim=1).reshape(-1, 2)  # (2 * k, 2)
    said = votes(data.label[near][None], k, len(kind.names))[0]  # (C,)
    answer = int(said.argmax())
    tally = ", ".join(f"{kind.names[c]} {int(said[c])}" for c in range(len(kind.names)))
    story = f"votes: {tally}; the answer is {kind.names[answer]}"
    if asked is not None:
        right = answer == int(data.label[asked])
        story += f", which is {'right' if right else 'wrong'}"
    radius = ((data.xy[near[-1]] - here) / data.unit).norm()
    turn = torch.linspace(0, 2 * math.pi, 73, dtype=torch.float64)
    circle = here + radius * data.unit * torch.stack([turn.cos(), turn.sin()], dim=1)  # (73, 2)
    return {
        "neighbours": line(lines[:, 0], lines[:, 1], on="border", says=story),
        "circle": line(circle[:, 0], circle[:, 1], on="border", says="as far as the last of them"),
        "asking": points(
            here[None], label=torch.tensor([answer]), names=kind.names, on="border", says=story
        ),
    }
