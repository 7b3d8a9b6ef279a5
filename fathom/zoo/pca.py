"""Principal component analysis turns axes until the first one sees the widest spread.

Watch:   The blue axis turns until the points lie as far apart along it as they can; then the
         green threads, what is lost when only the place on the axis is kept, are shortest.
         The orange axis always stands upright on it. With data=fish the speed alone decides;
         switch standardise on, and length and height are joined into one number, the size.
Promise: angle <= 0.1 (for every seed; degrees between the first axis and the exact one)
Source:  Pearson 1901, lines and planes of closest fit; Oja 1982, by ascent along the gradient
Pace:    5 steps a second
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor

from fathom.data import tables
from fathom.data.tables import Table
from fathom.lab import Frame, View, choice, field, knob, line, points, switch

DATA: dict[str, Callable[[Generator], Table]] = {
    "cloud": tables.cloud,
    "fish": tables.fish,
    "iris": lambda _: tables.iris(),
}
ORDER = ("first", "second", "third", "fourth")


@dataclass
class Config:
    data: str = choice("cloud", list(DATA), "the table whose columns are joined")
    standardise: bool = switch(False, "divide each column by its standard deviation", live=True)
    method: str = choice(
        "gradient", ["gradient", "power"], "a step uphill, or the whole leap at once", live=True
    )
    lr: float = knob(0.2, 1e-3, 10.0, "how far a step goes uphill", log=True, live=True)
    steps: int = knob(120, 1, 2000, "how often the axes are turned", live=True)
    seed: int = knob(0, 0, 9999, "chooses the points and the first axes")


def run(config: Config) -> Iterator[Frame]:
    """Turn the axes. N: points, D: columns; there are as many axes as columns."""
    chance = Generator().manual_seed(config.seed)
    table = DATA[config.data](chance)
    columns = table.rows.shape[1]
    axes = upright(torch.randn(columns, columns, generator=chance).double())  # (D, D), one a row

    for step in count():
        x = centre(table.rows.double(), config.standardise)  # (N, D)
        covariance = x.T @ x / len(x)  # (D, D)
        variance = ((x @ axes.T) ** 2).mean(dim=0)  # (D,) how far the points spread along each
        share = variance / covariance.trace()
        yield Frame(
            step,
            of=max(step, config.steps),
            variance=variance[0],
            kept=share[0],
            angle=partial(off, axes[0], covariance),
            views=partial(look, table, config.standardise, x, axes, covariance),
        )
        if step >= config.steps:
            return

        covariance = covariance / covariance.trace()  # so that lr means the same for every table
        uphill = axes @ covariance  # (D, D), the gradient of half the variance along each axis
        axes = upright(uphill if config.method == "power" else axes + config.lr * uphill)


def centre(rows: Tensor, standardise: bool) -> Tensor:
    """The rows (N, D) around 0, each column in its standard deviations if that is wanted."""
    x = rows - rows.mean(dim=0)
    return x / tables.spread(x) if standardise else x


def upright(axes: Tensor) -> Tensor:
    """The axes (D, D) made one long, each at a right angle to those before it (Gram-Schmidt)."""
    done: list[Tensor] = []
    for axis in axes:
        for other in done:
            axis = axis - (axis @ other) * other
        done.append(axis / axis.norm())
    return torch.stack(done)


# ---- what is seen


def exact(covariance: Tensor) -> tuple[Tensor, Tensor]:
    """The variances (D,), the largest first, and their axes (D, D), from the eigenvectors."""
    values, vectors = torch.linalg.eigh(covariance)
    return values.flip(0), vectors.T.flip(0)


def off(axis: Tensor, covariance: Tensor) -> float:
    """Degrees between an axis and the exact first one; an axis has no head and no tail."""
    _, best = exact(covariance)
    across = (axis - (axis @ best[0]) * best[0]).norm().clamp(max=1.0)
    return math.degrees(math.asin(float(across)))


def look(
    table: Table, standardised: bool, x: Tensor, axes: Tensor, covariance: Tensor
) -> dict[str, View]:
    """The axes among the points, the points on two axes, and what each axis is made of."""
    placed = x @ axes.T  # (N, D)
    variance = (placed**2).mean(dim=0)
    total = covariance.trace()
    degrees = angles(axes)
    grouped = len(table.names) > 1
    label, group_names = (table.group, table.names) if grouped else (None, ())
    reach = float(x[:, :2].abs().max()) * 1.1
    names = [named(one, standardised) for one in table.columns]
    seen: dict[str, View] = {
        "points": points(
            x[:, :2],
            x=(-reach, reach),
            y=(-reach, reach),
            x_label=names[0],
            y_label=names[1],
            says=f"{len(x)} points; the first axis sees {variance[0] / total:.0%} of their spread",
            label=label,
            names=group_names,
        )
    }
    for number in (0, 1):
        end = 2 * variance[number].sqrt() * axes[number, :2]
        seen[f"axis_{number + 1}"] = line(
            torch.stack([-end[0], end[0]]),
            torch.stack([-end[1], end[1]]),
            on="points",
            says=f"the {ORDER[number]} axis, two standard deviations each way",
        )
    if x.shape[1] == 2:
        seen["threads"] = threads(x, placed[:, :1] * axes[0])
        seen |= hill(covariance, degrees, float(variance[0]))
    else:
        seen["map"] = points(
            placed[:, :2],
            title="the points on the first two axes",
            x_label="along the first axis",
            y_label="along the second",
            says=f"two numbers a point keep {variance[:2].sum() / total:.0%} of the spread",
            label=label,
            names=group_names,
        )
        seen["recipe"] = field(
            axes,
            lo=-1,
            hi=1,
            rows=[*ORDER[: len(axes)]],
            columns=[one.partition(" in ")[0] for one in table.columns],
            title="what each axis is made of",
            says="; ".join(recipe(*one) for one in zip(ORDER, axes, [table] * 4, strict=False)),
        )
    return seen | {"columns_kept": shares(covariance, variance)}


def threads(x: Tensor, feet: Tensor) -> View:
    """From each point (N, 2) to its foot on the axis (N, 2); a gap lifts the pen."""
    gap = torch.full_like(feet, torch.nan)
    drawn = torch.stack([x, feet, gap], dim=1).reshape(-1, 2)  # (3 N, 2)
    lost = float((x - feet).square().sum(dim=1).mean())
    return line(
        drawn[:, 0],
        drawn[:, 1],
        on="points",
        says=f"from each point to the axis; the mean of their squares is {lost:.3f}",
    )


def named(column: str, standardised: bool) -> str:
    """The name of a column with the unit it is counted in."""
    return f"{column.partition(' in ')[0]}, in standard deviations" if standardised else column


def angles(axes: Tensor) -> float:
    """The angle of the first axis in the plane of the first two columns, from 0 to 180."""
    return math.degrees(math.atan2(float(axes[0, 1]), float(axes[0, 0]))) % 180


def recipe(order: str, axis: Tensor, table: Table) -> str:
    """What an axis is made of, in words: the strongest column first."""
    parts = zip(axis.tolist(), table.columns, strict=True)
    strongest = sorted(parts, key=lambda one: -abs(one[0]))
    said = ", ".join(f"{weight:+.2f} {name.partition(' in ')[0]}" for weight, name in strongest)
    return f"{order} axis: {said}"


def hill(covariance: Tensor, degrees: float, variance: float) -> dict[str, View]:
    """The variance along every direction of the plane, and where the first axis stands."""
    turned = torch.linspace(0, 180, 181)
    radians = torch.deg2rad(turned).double()
    ways = torch.stack([radians.cos(), radians.sin()], dim=1)  # (181, 2)
    heights = ((ways @ covariance) * ways).sum(dim=1)  # (181,)
    here = points(
        torch.tensor([[degrees, variance]]),
        x=(0, 180),
        y=(0, float(heights.max()) * 1.1),
        title="the hill that is climbed",
        x_label="direction in degrees",
        y_label="variance",
        says=f"the first axis stands at {degrees:.0f} degrees, where the variance is "
        f"{variance:.2f}; the most there is, is {float(heights.max()):.2f}",
    )
    return {
        "hill": here,
        "slope": line(turned, heights, on="hill", says="the variance along each direction"),
    }


def shares(covariance: Tensor, variance: Tensor) -> View:
    """The share of the spread that is kept with 0 to D numbers a point, in two ways."""
    total = covariance.trace()
    nothing = torch.zeros(1, dtype=torch.double)
    joined = torch.cat([nothing, (variance / total).cumsum(0)])
    alone = covariance.diag().sort(descending=True).values
    dropped = torch.cat([nothing, (alone / total).cumsum(0)])
    return line(
        torch.arange(len(joined)),
        {"axes (aggregation)": joined, "columns (elimination)": dropped},
        y_range=(0, 1.05),
        title="share of the spread that is kept",
        x_label="numbers kept for each point",
        dots=True,
        says=f"one number a point keeps {joined[1]:.0%} as the place on the first axis, "
        f"{dropped[1]:.0%} as the best column",
    )
