"""A line learns how many points an hour of study brings in the exam.

Watch:   The path first falls into the valley, then creeps along its floor: the slope is
         right early, the intercept late. Turn lr up a little: the path jumps from wall to
         wall, and above 0.0273 every jump is longer than the one before. Turn momentum up
         to 0.9, or switch standardise on, and it arrives many times sooner.
Promise: gap <= 0.01 (for every seed; gap is the distance from the line of least squares)
Source:  Legendre 1805, least squares; Cauchy 1847, gradient descent
Pace:    40 steps a second
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Tensor
from torch.optim import SGD, Optimizer

from fathom.data import exam
from fathom.lab import Frame, View, field, knob, line, points, switch

SLOPES, INTERCEPTS = (-5.0, 20.0), (-20.0, 60.0)  # the part of the map that is shown


@dataclass
class Config:
    lr: float = knob(0.01, 1e-4, 1.0, "how far a step goes downhill", log=True, live=True)
    momentum: float = knob(0.0, 0.0, 0.99, "how much of the last step is kept", live=True)
    batch: int = knob(0, 0, 200, "students that a step looks at; 0: all of them", live=True)
    start_slope: float = knob(0.0, -20.0, 40.0, "the slope it begins with")
    start_intercept: float = knob(0.0, -100.0, 100.0, "the intercept it begins with")
    standardise: bool = switch(False, "count hours from their mean, in standard deviations")
    students: int = knob(20, 2, 200, "how many students there are")
    noise: float = knob(5.0, 0.0, 30.0, "how many points luck adds or takes")
    steps: int = knob(2000, 1, 5000, "updates of the line", live=True)
    seed: int = knob(0, 0, 9999, "chooses the luck of the students, and the batches")


def run(config: Config) -> Iterator[Frame]:
    """Walk downhill on the loss. N: students, n: those in the batch."""
    chance = torch.Generator().manual_seed(config.seed)
    hours, score = exam.students(config.students, config.noise, chance)  # (N,), (N,)
    mean, unit = hours.mean(), hours.std(correction=0)
    x = (hours - mean) / unit if config.standardise else hours  # (N,)

    best = closed_form(x, score)  # (2,)
    path: list[list[float]] = []  # slope and intercept at every step
    views = partial(look, hours, score, x, best, surface(x, score, best), path)

    start = [config.start_slope, config.start_intercept]
    weights = torch.tensor(start, requires_grad=True)  # slope and intercept
    optimizer = SGD([weights], config.lr)
    for step in count():
        some = torch.arange(len(x))
        if 0 < config.batch < len(x):
            some = torch.randperm(len(x), generator=chance)[: config.batch]
        loss = squared_error(weights, x[some], score[some])

        path.append(weights.tolist())
        gap = (weights.detach() - best).norm().item()
        seen = {"slope": path[-1][0], "intercept": path[-1][1], "gap": gap, "views": views}
        yield Frame(step, of=max(step, config.steps), loss=loss.item(), **seen)
        if step >= config.steps:
            return
        optimizer.param_groups[0].update(lr=config.lr, momentum=config.momentum)
        optimizer.zero_grad()
        loss.backward()
        downhill(optimizer, weights, x[some], score[some])


def squared_error(weights: Tensor, x: Tensor, score: Tensor) -> Tensor:
    """The loss of a line: the mean of the squared misses."""
    guess = weights[0] * x + weights[1]  # (n,)
    return (guess - score).square().mean()


def downhill(optimizer: Optimizer, weights: Tensor, x: Tensor, score: Tensor) -> None:
    """One step against the slope. The step of a learner, in its place, finds the slope itself."""
    optimizer.step()


def closed_form(x: Tensor, score: Tensor) -> Tensor:
    """Slope and intercept of the line that no other beats (2,): least squares need no descent."""
    x, y = x.double(), score.double()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum()
    return torch.stack([slope, y.mean() - slope * x.mean()]).float()


def surface(x: Tensor, score: Tensor, best: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Slopes (W,), intercepts (H,) of a part of the map, and the loss of each pair (H, W)."""
    (left, right), (low, high) = SLOPES, INTERCEPTS
    if not left < best[0] < right or not low < best[1] < high:  # hours in other units
        reach = 2 * best.abs().clamp(min=1.0)
        (left, low), (right, high) = (best - reach).tolist(), (best + reach).tolist()
    slopes = torch.linspace(left, right, 120)
    intercepts = torch.linspace(low, high, 100)
    guess = slopes[None, :, None] * x + intercepts[:, None, None]  # (H, W, N)
    return slopes, intercepts, (guess - score).square().mean(dim=2)


def look(
    hours: Tensor,
    score: Tensor,
    x: Tensor,
    best: Tensor,
    ground: tuple[Tensor, Tensor, Tensor],
    path: list[list[float]],
) -> dict[str, View]:
    """The line among the students; the path on the loss. At first both have handles."""
    slope, intercept = path[-1]
    guess = slope * x + intercept  # (N,)
    miss = (guess - score).square().mean().sqrt()  # a typical one, in points
    slopes, intercepts, loss = ground
    steps = torch.tensor(path)  # (steps, 2)
    order = hours.argsort()
    ends = order[[0, -1]]
    return {
        "data": points(
            torch.stack([hours, score], dim=1),
            x=(0, 10),
            y=(0, 100),
            x_label="hours of study",
            y_label="points in the exam",
            says=f"{len(hours)} students: hours of study and points in the exam",
        ),
        "line": line(
            hours[ends],
            guess[ends],
            on="data",
            says=f"the line: {slope:.2f} points for each hour, {intercept:.1f} to begin with; "
            f"it misses by about {miss:.1f} points",
        ),
        "misses": misses(hours, score, guess),
        "surface": field(
            loss.log10(),
            x=(float(slopes[0]), float(slopes[-1])),
            y=(float(intercepts[0]), float(intercepts[-1])),
            colours="sequential",
            labels=[f"loss {loss.min():.0f}", f"loss {loss.max():.0f}"],
            x_label="slope",
            y_label="intercept",
            unit="log10 of the mean squared error",
            says=f"the loss: a valley, lowest at slope {best[0]:.2f}, intercept {best[1]:.1f}",
        ),
        "path": line(
            steps[:, 0],
            steps[:, 1],
            on="surface",
            dots=True,
            says=f"{len(path) - 1} steps, now at slope {slope:.2f}, intercept {intercept:.1f}",
        ),
        "start": points(
            steps[:1],
            on="surface",
            drag=("start_slope", "start_intercept"),
            says="where it began: drag it to begin elsewhere",
        ),
        "best": points(best[None], on="surface", names=["least squares"], says="the lowest place"),
        **(handles(hours, x, slope, intercept) if len(path) == 1 else {}),
    }


def misses(hours: Tensor, score: Tensor, guess: Tensor) -> View:
    """From every student straight up or down to the line, with a gap before the next (3N,)."""
    gap = torch.full_like(hours, torch.nan)
    return line(
        torch.stack([hours, hours, gap], dim=1).flatten(),
        torch.stack([score, guess, gap], dim=1).flatten(),
        on="data",
        says="how far the line misses each student",
    )


def handles(hours: Tensor, x: Tensor, slope: float, intercept: float) -> dict[str, View]:
    """Two places of the line, to be dragged: where x is 0 it moves, at its end it turns."""
    near, far = float(x[0]), float(x[-1])
    unit = (far - near) / float(hours[-1] - hours[0])  # of x, for an hour
    levers = {"start_intercept": (0.0, 0.0, 1.0), "start_slope": (far, intercept, 1 / far)}
    return {
        f"{knob}_handle": points(
            torch.tensor([[float(hours[0]) + (at - near) / unit, slope * at + intercept]]),
            on="data",
            drag=("", knob),
            lever=(start, by),
            says="a place of the line: drag it up or down",
        )
        for knob, (at, start, by) in levers.items()
    }
