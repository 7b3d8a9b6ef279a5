"""Six classifiers go through all worlds there are, and each is right half of the time.

Watch:   Nine places, each of class 0 or 1: that makes 512 possible worlds. In each of them every
         classifier is told the classes of five places, and guesses those of the other four. At
         first some seem better than others; after all 512 everybody has guessed exactly half of
         them right, the network, the majority, and even the one who says the opposite. Then
         choose smooth worlds, where neighbours are mostly alike: there nearest is good, and in
         checkered worlds it is bad. What makes a classifier good is that its world suits it.
Promise: gap <= 0 when worlds=all (for every seed; gap is the largest distance of a mean
         accuracy from one half)
Source:  Wolpert 1996, The lack of a priori distinctions between learning algorithms
Pace:    20 steps a second
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import pi

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from fathom.lab import Frame, View, choice, field, knob, line, tiles

SIDE = 3  # the places lie in rows and columns of three
PLACES = SIDE * SIDE
AXIS = torch.arange(SIDE) - 1.0
GRID = torch.cartesian_prod(AXIS, AXIS)  # (9, 2) where the places lie: row, column


@dataclass
class Config:
    worlds: str = choice(
        "all",
        ["all", "straight", "smooth", "checkered"],
        "all; those with a straight border; those whose neighbours mostly agree, or disagree",
    )
    told: int = knob(5, 1, 8, "of how many places the classes are told")
    steps: int = knob(511, 1, 511, "how many worlds follow after the first", live=True)
    seed: int = knob(0, 0, 9999, "chooses the places that are told, and the order of the worlds")


# ---- the classifiers: from what is told they guess everything
#
# M: places that are told. T = 2^M: all that can be told; each classifier learns all of it at once.
# x (M, 2) the places, y (T, M) their classes in each case -> what is said of all places (T, 9).


def always_one(x: Tensor, y: Tensor) -> Tensor:
    """Says 1, whatever it is told."""
    return torch.ones(len(y), PLACES)


def majority(x: Tensor, y: Tensor) -> Tensor:
    """Says everywhere what it is told most often."""
    return (y.mean(dim=1, keepdim=True) > 0.5).float().expand(-1, PLACES)


def opposite(x: Tensor, y: Tensor) -> Tensor:
    """Says everywhere what it is told least often."""
    return 1 - majority(x, y)


def nearest(x: Tensor, y: Tensor) -> Tensor:
    """Says what the nearest place is that it is told of; of several, the first."""
    return y[:, torch.cdist(GRID, x).argmin(dim=1)]


def straight(x: Tensor, y: Tensor) -> Tensor:
    """Fits a plane to -1 and 1 by least squares, and says on which side of 0 a place lies."""
    one = torch.ones(PLACES, 1)
    solver: Tensor = torch.linalg.pinv(torch.cat([x, one[: len(x)]], dim=1))  # (3, M)
    weights = solver @ (2 * y.T - 1)  # (3, T)
    return (torch.cat([GRID, one], dim=1) @ weights > 1e-4).float().T


def network(x: Tensor, y: Tensor) -> Tensor:
    """T networks of eight neurons, trained side by side for 100 steps of Adam."""
    chance = Generator().manual_seed(0)
    w1 = torch.randn(2, 8, generator=chance).repeat(len(y), 1, 1).requires_grad_()  # (T, 2, 8)
    b1 = torch.randn(1, 8, generator=chance).repeat(len(y), 1, 1).requires_grad_()  # (T, 1, 8)
    w2 = torch.randn(8, 1, generator=chance).repeat(len(y), 1, 1).requires_grad_()  # (T, 8, 1)

    def says(places: Tensor) -> Tensor:
        hidden = torch.tanh(places @ w1 + b1)  # (T, places, 8)
        return (hidden @ w2).squeeze(-1)  # (T, places)

    optimizer = torch.optim.Adam([w1, b1, w2], lr=0.1)
    for _ in range(100):
        loss = F.binary_cross_entropy_with_logits(says(x), y, reduction="none").mean(1).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return (says(GRID) > 0).float().detach()


CLASSIFIERS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "always 1": always_one,
    "majority": majority,
    "opposite": opposite,
    "nearest": nearest,
    "straight": straight,
    "network": network,
}


# ---- the worlds


def every_world(count: int = PLACES) -> Tensor:
    """All ways to give so many places the classes 0 and 1: (2^count, count)."""
    numbers = torch.arange(2**count)[:, None]
    return (numbers >> torch.arange(count) & 1).float()


def borders(worlds: Tensor) -> Tensor:
    """How many of the 12 pairs of neighbours are of different classes, (W,)."""
    grid = worlds.view(-1, SIDE, SIDE)
    return (grid.diff(dim=1) != 0).sum(dim=(1, 2)) + (grid.diff(dim=2) != 0).sum(dim=(1, 2))


def can_be_cut(worlds: Tensor) -> Tensor:
    """Whether a straight line can lie between the two classes, (W,)."""
    angles = 2 * pi * (torch.arange(64) + 0.3) / 64  # none of them along a row of places
    heights = GRID @ torch.stack([angles.cos(), angles.sin()])  # (9, 64)
    ranks = heights.argsort(dim=0).argsort(dim=0)  # (9, 64) of each place in each direction
    cuts = {tuple(row) for k in range(PLACES + 1) for row in (ranks < k).T.float().tolist()}
    return torch.tensor([tuple(world) in cuts for world in worlds.tolist()])


def chosen(kind: str) -> Tensor:
    """The worlds of a kind, (W, 9)."""
    worlds = every_world()
    kept = {
        "all": lambda: torch.ones(len(worlds), dtype=torch.bool),
        "straight": lambda: can_be_cut(worlds),
        "smooth": lambda: borders(worlds) <= 4,
        "checkered": lambda: borders(worlds) >= 8,
    }[kind]()
    return worlds[kept]


# ---- the race


def run(config: Config) -> Iterator[Frame]:
    """Go through the worlds, one a step. C classifiers, W worlds."""
    chance = Generator().manual_seed(config.seed)
    worlds = chosen(config.worlds)
    worlds = worlds[torch.randperm(len(worlds), generator=chance)]  # (W, 9)
    shuffled = torch.randperm(PLACES, generator=chance)
    told, asked = shuffled[: config.told].sort().values, shuffled[config.told :].sort().values
    cases = every_world(config.told)  # (T, M): a world is told as case number (its bits)
    answers = torch.stack([guess(GRID[told], cases) for guess in CLASSIFIERS.values()])  # (C, T, 9)
    right: list[Tensor] = []  # of each world: how many places each classifier guessed, (C,)

    for step in count():
        world = worlds[step]  # (9,)
        case = int((world[told] * 2 ** torch.arange(config.told)).sum())
        guesses = answers[:, case]  # (C, 9)
        right.append((guesses[:, asked] == world[asked]).sum(dim=1))
        last = min(max(step, config.steps), len(worlds) - 1)
        means = torch.stack(right).double().mean(dim=0) / len(asked)  # (C,)
        yield Frame(
            step,
            of=last,
            gap=(means - 0.5).abs().max(),
            views=partial(look, world, guesses, told, right, len(asked)),
        )
        if step >= last:
            return


# ---- what is seen


def look(
    world: Tensor, guesses: Tensor, told: Tensor, right: list[Tensor], asked: int
) -> dict[str, View]:
    """This world and what everybody says of it; how often they were right so far."""
    counts = torch.stack(right)  # (worlds so far, C)
    seen = 1 + torch.arange(len(counts))
    means = counts.cumsum(dim=0) / seen[:, None] / asked  # (worlds so far, C)
    table = torch.stack([(counts == k).sum(dim=0) for k in range(asked + 1)], dim=1)  # (C, A + 1)
    names = list(CLASSIFIERS)
    ends = ", ".join(f"{name} {end:.3f}" for name, end in zip(names, means[-1], strict=True))
    return {
        "world": pictures(world, guesses, told, counts[-1], asked),
        "averages": line(
            seen,
            dict(zip(names, means.T, strict=True)),
            y_range=(0, 1),
            title="share of the guesses that were right, over all worlds so far",
            x_label="worlds",
            says=f"after {len(counts)} worlds: {ends}",
        ),
        "table": field(
            table,
            lo=0,
            hi=float(table.max()),
            rows=names,
            columns=[f"{k} right" for k in range(asked + 1)],
            colours="sequential",
            title="in how many worlds so many guesses were right",
            says="; ".join(
                f"{name}: {', '.join(map(str, row))}"
                for name, row in zip(names, table.tolist(), strict=True)
            ),
        ),
    }


def pictures(world: Tensor, guesses: Tensor, told: Tensor, right: Tensor, asked: int) -> View:
    """The world, what is told of it, and what each classifier says, places as colours."""
    signs = 2 * torch.cat([world[None], torch.zeros(1, PLACES), guesses]) - 1  # -1 or 1
    signs[1] = 0.0  # nothing is known but what is told
    signs[1, told] = 2 * world[told] - 1
    captions = ["the world", "what is told"]
    captions += [
        f"{name}: {int(count)} of {asked}" for name, count in zip(CLASSIFIERS, right, strict=True)
    ]
    return tiles(
        signs.view(-1, SIDE, SIDE),
        lo=-1.6,
        hi=1.6,
        colours="diverging",
        captions=captions,
        columns=4,
        title="a world, and what is said of it",
        says="; ".join(captions[2:]),
    )
