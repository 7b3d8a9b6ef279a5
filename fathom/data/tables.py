"""Small tables: a row for each thing, a column for each of its measurements.

What is made up takes every random number from the generator that is given. The groups are
known, so that what a method finds can be compared with them; no method is shown them.
"""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from fathom.data import toy


@dataclass(frozen=True)
class Table:
    """N rows of D measurements, and the group that each row really belongs to."""

    rows: Tensor  # (N, D)
    columns: tuple[str, ...]  # what is measured, with its unit
    group: Tensor  # (N,) int64
    names: tuple[str, ...]  # of the groups


def heaps(generator: Generator) -> Table:
    """Four round heaps of 60 points in a plane: they do not touch, and every eye sees four."""
    middles = torch.tensor([[-2.0, -1.6], [2.2, -1.8], [-1.8, 2.0], [2.0, 1.7]])
    group = torch.arange(240) % 4
    rows = middles[group] + 0.55 * torch.randn(240, 2, generator=generator)
    return Table(rows, ("x", "y"), group, tuple(f"heap {one}" for one in "ABCD"))


def rings(generator: Generator) -> Table:
    """A disc inside a ring, 120 points each: two groups with one and the same middle."""
    rows, inside = toy.circles(240, generator)
    return Table(3 * rows, ("x", "y"), inside, ("ring", "disc"))


def customers(generator: Generator) -> Table:
    """200 customers of a shop: how often they come in a year, and how much they spend.

    There are four kinds of them, by visits and by euros. Euros are large numbers: their standard
    deviation is some 50 times that of the visits.
    """
    group = torch.arange(200) % 4
    often, much = group % 2, group // 2
    luck = torch.randn(200, 2, generator=generator)
    visits = 8 + 30 * often + (2 + 2 * often) * luck[:, 0]
    euros = 700 + 1700 * much + (150 + 100 * much) * luck[:, 1]
    rows = torch.stack([visits.clamp(min=1).round(), euros.clamp(min=20).round()], dim=1)
    names = ("seldom, little", "often, little", "seldom, much", "often, much")
    return Table(rows, ("visits a year", "euros a year"), group, names)


def cloud(generator: Generator) -> Table:
    """60 points in a long heap that lies askew, about three times as long as wide."""
    angle = math.pi * torch.rand((), generator=generator)
    along = torch.stack([angle.cos(), angle.sin()])  # (2,)
    across = torch.stack([-angle.sin(), angle.cos()])
    luck = torch.randn(60, 2, generator=generator)
    luck = (luck - luck.mean(dim=0)) / luck.std(dim=0)  # else chance makes some heaps round
    rows = 1.5 * luck[:, :1] * along + 0.5 * luck[:, 1:] * across
    return Table(rows, ("x", "y"), torch.zeros(60, dtype=torch.long), ("cloud",))


def fish(generator: Generator) -> Table:
    """150 fish: large ones are long and high, and large or small, some are quick.

    Length and height tell nearly the same; the speed has nothing to do with them, but its
    numbers are the largest.
    """
    group = torch.arange(150) % 2
    size, speed, *luck = torch.randn(4, 150, generator=generator)
    length = 40 + 8 * size + 1.5 * luck[0]
    height = 14 + 3 * size + 0.6 * luck[1]
    speed = 120 + 30 * (2 * group - 1) + 12 * speed
    rows = torch.stack([length, speed, height], dim=1)
    columns = ("length in cm", "speed in cm a second", "height in cm")
    return Table(rows, columns, group, ("slow", "quick"))


def iris() -> Table:
    """150 irises of three species: four measurements in cm (Fisher 1936), from scikit-learn."""
    from sklearn.datasets import load_iris  # it takes a second to import

    loaded = load_iris()
    petals_first = loaded.data[:, [2, 3, 0, 1]].copy()
    columns = ("petal length", "petal width", "sepal length", "sepal width")
    return Table(
        torch.from_numpy(petals_first).float(),
        tuple(f"{one} in cm" for one in columns),
        torch.from_numpy(loaded.target).long(),
        tuple(str(one) for one in loaded.target_names),
    )


def spread(rows: Tensor) -> Tensor:
    """The standard deviation of each column (D,), over all rows (N, D); 1 where all are alike."""
    found = rows.std(dim=0, unbiased=False)
    return torch.where(found > 0, found, torch.ones_like(found))
