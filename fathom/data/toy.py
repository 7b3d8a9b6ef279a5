"""Small made-up data sets. Every random number comes from the generator that is given.

Places are in [-1, 1], noise aside. Letters: N points.
"""

import math

import torch
from torch import Generator, Tensor


def exams(count: int, luck: float, generator: Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Study, sleep and coffee (N, 3), each from its usual amount; passed (N,); the rule (N,).

    Who passes is decided by the first two and by luck: its standard deviation, where an hour of
    study counts 1. The rule, true or false, is what would be right most often.
    """
    x = 1.5 * torch.randn(count, 3, generator=generator)
    merit = x[:, 0] + 0.7 * x[:, 1] - 0.5
    chance = luck * torch.randn(count, generator=generator)
    return x, (merit + chance > 0).float(), merit > 0


def patients(
    count: int, prevalence: float, overlap: float, bent: bool, generator: Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Two measurements of each patient (N, 2), who is ill (N,), and the best score there is (N,).

    Healthy and ill are two round heaps of the same shape. Of their two bell curves this share
    lies on common ground: `overlap`, from 0 to 1. No score can rank the patients better than the
    last one that is given, the height before the heaps are bent; its AUC is Phi(d / sqrt 2) where
    d is the distance of the heaps. bent: both are bent upwards like a bowl, which moves nobody
    across a border that is bent with them.
    """
    ill = (torch.arange(count) < round(prevalence * count)).long()
    distance = -2 * torch.special.ndtri(torch.tensor(overlap / 2, dtype=torch.double)).item()
    across, up = torch.randn(2, count, generator=generator)
    up = up + distance * (ill - 0.5)
    bowl = 0.7 * (across.square() - 1) if bent else torch.zeros(count)
    return torch.stack([across, up + bowl], dim=1), ill, up


def xor(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Four squares, opposite ones of the same class: places (N, 2), labels (N,) of 0 or 1."""
    places = 1.8 * torch.rand(count, 2, generator=generator) - 0.9
    places += 0.06 * places.sign()  # a gap between the squares
    return places, (places[:, 0] * places[:, 1] > 0).long()


def circles(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """A disc of class 1 inside a ring of class 0: places (N, 2), labels (N,) of 0 or 1."""
    label = _classes(count)
    spread = torch.rand(count, generator=generator)
    radius = torch.where(label == 1, 0.45 * spread.sqrt(), 0.65 + 0.25 * spread)
    angle = 2 * math.pi * torch.rand(count, generator=generator)
    return _polar(radius, angle), label


def moons(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two half circles, each reaching into the other: places (N, 2), labels (N,) of 0 or 1."""
    label = _classes(count)
    angle = math.pi * torch.rand(count, generator=generator)
    upper = _polar(torch.full((count,), 0.55), angle) + torch.tensor([-0.275, -0.1])
    lower = -_polar(torch.full((count,), 0.55), angle) + torch.tensor([0.275, 0.1])
    return torch.where(label[:, None] == 1, upper, lower), label


def spirals(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two arms that wind around each other: places (N, 2), labels (N,) of 0 or 1."""
    label = _classes(count)
    along = torch.rand(count, generator=generator)  # from the middle to the end of the arm
    angle = 3 * math.pi * along + math.pi * label  # one turn and a half
    return _polar(0.12 + 0.78 * along, angle), label


def blobs(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two round heaps: places (N, 2), labels (N,) of 0 or 1."""
    label = _classes(count)
    middle = 0.45 * (2.0 * label[:, None] - 1).expand(-1, 2)
    return middle + 0.16 * torch.randn(count, 2, generator=generator), label


def heaps(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Three round heaps: places (N, 2), labels (N,) of 0, 1 or 2."""
    label = torch.arange(count) % 3
    angle = math.pi * (0.5 + 2 * label / 3)
    middle = _polar(torch.full((count,), 0.5), angle)
    return middle + 0.2 * torch.randn(count, 2, generator=generator), label


def ripeness(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two flat layers, one over the other: places (N, 2), labels (N,) of 0 or 1.

    Only the second number tells the classes apart; the first is chance.
    """
    label = _classes(count)
    across = 1.8 * torch.rand(count, generator=generator) - 0.9
    up = 0.4 * (2.0 * label - 1) + 0.2 * torch.randn(count, generator=generator)
    return torch.stack([across, up], dim=1), label


def plane(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """A slope: places (N, 2), and a height from -1 to 1 for each, (N,)."""
    places = 1.8 * torch.rand(count, 2, generator=generator) - 0.9
    return places, places.mean(dim=1) / 0.9


def hills(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Three hills and three valleys: places (N, 2), and a height from -1 to 1 for each, (N,)."""
    places = 1.8 * torch.rand(count, 2, generator=generator) - 0.9
    middles = torch.tensor([[-0.6, 0.4], [0.0, -0.5], [0.6, 0.4]])
    middles = torch.cat([middles, -middles])  # (6, 2)
    bumps = (-((torch.cdist(places, middles) / 0.25) ** 2)).exp()  # (N, 6)
    return places, bumps[:, :3].sum(1) - bumps[:, 3:].sum(1)


def nothing(_count: int, _generator: Generator) -> tuple[Tensor, Tensor]:
    """No points at all, for a learner to draw them: places (0, 2), labels (0,)."""
    return torch.empty(0, 2), torch.empty(0, dtype=torch.long)


def square(side: int) -> Tensor:
    """Every place of a side x side picture, row by row from the bottom: (side * side, 2)."""
    axis = torch.linspace(-1, 1, side)
    x2, x1 = torch.meshgrid(axis, axis, indexing="ij")
    return torch.stack([x1.flatten(), x2.flatten()], dim=1)


def _classes(count: int) -> Tensor:
    """Labels 0 and 1 in turn, so that both classes are equally large."""
    return torch.arange(count) % 2


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    """Places (N, 2) from distances and angles (N,)."""
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
