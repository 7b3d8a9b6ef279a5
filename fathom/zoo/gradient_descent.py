"""Four walkers go downhill on one surface, each by another rule or with another step size.

Watch:   In the long valley, sgd zigzags between the walls and then creeps along the floor;
         momentum swings through; rmsprop and adam take the straight way. Choose race=rates:
         the smallest rate is slow, the next ones are quicker, the largest jumps from wall to
         wall; turn lr up to 0.06 while they walk, and it is thrown out of the valley.
Promise: loss <= 0.001 when surface=valley, race=optimizers (for every seed; of the best walker)
Source:  Cauchy 1847, gradient descent; Polyak 1964, momentum; Hinton 2012, RMSprop;
         Kingma and Ba 2015, Adam
Pace:    20 steps a second
Asks:    Which rule finds the lowest place first?
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Tensor
from torch.optim import SGD, Adam, Optimizer, RMSprop

from fathom.lab import Frame, View, choice, field, knob, line, points

REACH = 2.0  # the picture goes from -2 to 2 both ways
SIDE = 120  # places along each side of the picture
LOST = 20.0  # who is further away than this does not come back
RATES = {"rate / 4": 0.25, "rate": 1.0, "2 x rate": 2.0, "4 x rate": 4.0}


def valley(x: Tensor, y: Tensor) -> Tensor:
    """A straight valley: ten times as steep across as along. Curvatures 1 and 10."""
    return (x.square() + 10 * y.square()) / 2


def banana(x: Tensor, y: Tensor) -> Tensor:
    """A bent valley (Rosenbrock 1960, made less steep): lowest at (1, 1)."""
    return ((1 - x).square() + 5 * (y - x.square()).square()) / 2


def two_dips(x: Tensor, y: Tensor) -> Tensor:
    """A deep dip on the left, a shallow one on the right: not every way down leads to the best."""
    left = 1.5 * (-2 * ((x + 1).square() + y.square())).exp()
    right = (-2 * ((x - 1).square() + y.square())).exp()
    return 1.5 - left - right + 0.05 * (x.square() + y.square())


def saddle(x: Tensor, y: Tensor) -> Tensor:
    """Level in the middle, up along x, down along y until it rises again."""
    return (x.square() - y.square() + y.pow(4) / 4) / 2 + 0.5


SURFACES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "valley": valley,
    "banana": banana,
    "two dips": two_dips,
    "saddle": saddle,
}


@dataclass
class Config:
    surface: str = choice("valley", list(SURFACES), "what they walk on")
    race: str = choice("optimizers", ["optimizers", "rates"], "four rules, or sgd at four rates")
    lr: float = knob(0.05, 1e-4, 1.0, "the learning rate of sgd and momentum", log=True, live=True)
    adaptive_lr: float = knob(0.05, 1e-4, 1.0, "that of rmsprop and adam", log=True, live=True)
    momentum: float = knob(0.9, 0.0, 0.99, "how much of its last step momentum keeps", live=True)
    luck: float = knob(
        0.0, 0.0, 2.0, "random part of every slope, as small batches have", live=True
    )
    steps: int = knob(200, 1, 2000, "how many steps they take", live=True)
    seed: int = knob(0, 0, 9999, "chooses where they start, and the luck")


def run(config: Config) -> Iterator[Frame]:
    """Walk. W = 4 walkers, who start at one place."""
    chance = torch.Generator().manual_seed(config.seed)
    ground = SURFACES[config.surface]
    start = begin(config.surface, chance)
    walkers = [start.clone().requires_grad_() for _ in range(4)]
    names, optimizers = team(config, walkers)
    paths = [[start.tolist()] for _ in walkers]
    losses: list[list[float]] = []  # of each step, one a walker
    views = partial(look, config.surface, names, paths, losses)

    for step in count():
        heights = [ground(*place) for place in walkers]
        losses.append([height.item() for height in heights])
        yield Frame(step, of=max(step, config.steps), loss=min(losses[-1]), views=views)
        if step >= config.steps:
            return

        turn(config, optimizers)
        luck = config.luck * torch.randn(2, generator=chance)  # the same for everybody
        for place, height, optimizer, path in zip(walkers, heights, optimizers, paths, strict=True):
            if place.detach().abs().max() < LOST:
                optimizer.zero_grad()
                height.backward()
                place.grad = luck if place.grad is None else place.grad + luck
                optimizer.step()
            path.append(place.tolist())


def begin(surface: str, chance: torch.Generator) -> Tensor:
    """Where they start (2,): high up, to one side or the other; near the ridge of the saddle."""
    if surface == "saddle":
        return torch.tensor([1.6, 0.05]) + 0.02 * torch.rand(2, generator=chance)
    angle = math.pi * (0.8 + 0.1 * torch.rand((), generator=chance))
    return 1.8 * torch.stack([angle.cos(), angle.sin()])


def team(config: Config, walkers: list[Tensor]) -> tuple[list[str], list[Optimizer]]:
    """What the four are called, and the rule that each follows."""
    if config.race == "rates":
        return list(RATES), [SGD([one], config.lr) for one in walkers]
    one, two, three, four = walkers
    rules = {
        "sgd": SGD([one], config.lr),
        "momentum": SGD([two], config.lr, config.momentum),
        "rmsprop": RMSprop([three], config.adaptive_lr),
        "adam": Adam([four], config.adaptive_lr),
    }
    return list(rules), list(rules.values())


def turn(config: Config, optimizers: list[Optimizer]) -> None:
    """Knobs that were turned act from the next step on."""
    for optimizer, factor in zip(optimizers, RATES.values(), strict=True):
        group = optimizer.param_groups[0]
        if config.race == "rates":
            group["lr"] = factor * config.lr
        elif isinstance(optimizer, SGD):
            group["lr"] = config.lr
        else:
            group["lr"] = config.adaptive_lr
    if config.race == "optimizers":
        optimizers[1].param_groups[0]["momentum"] = config.momentum


@torch.no_grad()
def look(
    surface: str, names: list[str], paths: list[list[list[float]]], losses: list[list[float]]
) -> dict[str, View]:
    """The surface from above with the four paths, and how high each walker stands."""
    across = torch.linspace(-REACH, REACH, SIDE)
    y, x = torch.meshgrid(across, across, indexing="ij")  # (SIDE, SIDE)
    seen: dict[str, View] = {
        "surface": field(
            (SURFACES[surface](x, y) + 1e-3).log10(),
            x=(-REACH, REACH),
            y=(-REACH, REACH),
            colours="sequential",
            x_label="first weight",
            y_label="second weight",
            unit="log10 of the loss",
            says=f"the surface {surface} from above; {ranking(names, losses[-1])}",
        )
    }
    for number, (name, path) in enumerate(zip(names, paths, strict=True), start=1):
        walked = torch.tensor(path)  # (steps + 1, 2)
        seen[f"path_{number}"] = line(
            walked[:, 0],
            walked[:, 1],
            on="surface",
            dots=True,
            says=f"{name}: {len(path) - 1} steps, now at {walked[-1, 0]:.2f}, {walked[-1, 1]:.2f}",
        )
    seen["now"] = points(
        torch.tensor([path[-1] for path in paths]),
        label=torch.arange(len(names)),
        names=names,
        on="surface",
        says="where the four are",
    )
    heights = torch.tensor(losses)  # (steps + 1, W)
    seen["losses"] = line(
        torch.arange(len(losses)),
        dict(zip(names, heights.T, strict=True)),
        title="loss of each",
        x_label="step",
        says=ranking(names, losses[-1]),
    )
    return seen


def ranking(names: list[str], losses: list[float]) -> str:
    """Who stands lowest, in a sentence."""
    order = sorted(zip(losses, names, strict=True))
    return "lowest first: " + ", ".join(f"{name} at {loss:.2g}" for loss, name in order)
