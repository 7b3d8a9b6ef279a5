"""What a loss looks like, and how its slope pulls the answer to where it is right.

Watch:   Two neurons are surely wrong. The short lines are the slopes that gradient descent feels:
         the squared error is flat there and hardly moves, the cross entropy pulls with full
         force. With loss=squared it is a number that is guessed: steep far away, flat at the goal.
         With loss=rounding, w=8 and b=4 the cross entropy is computed from the probability,
         which rounds to 1, and from the logit.
Promise: ahead >= 0.8 when loss=binary (for every seed; ahead is the probability of the wrong
         answer by the squared error, less that by the cross entropy)
Source:  Gauss 1809, squared errors; Good 1952, the logarithm of a probability;
         Solla, Levin and Fleisher 1988, cross entropy learns faster
Pace:    5 steps a second
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Tensor
from torch.nn import functional as F

from fathom.lab import Frame, View, choice, field, knob, line, points

CLASSES = ("cat", "dog", "fox")
RIGHT = 1  # the picture shows a dog
OTHERS = ((0.5, 0.0), (-1.0, 1.0))  # first weight and bias of dog and fox
DOTS = 321  # places along a curve

Measure = Callable[[Tensor, float], Tensor]


def squared_error(guess: Tensor, y: float) -> Tensor:
    """(guess - y)^2: a parabola."""
    return (guess - y).square()


def squared_error_of_sigmoid(logit: Tensor, y: float) -> Tensor:
    """(p - y)^2 with p = sigmoid(logit): flat wherever p is near 0 or 1, right or wrong."""
    return (torch.sigmoid(logit) - y).square()


def entropy_of_probability(logit: Tensor, y: float) -> Tensor:
    """-y log p - (1 - y) log(1 - p), as PyTorch computes it when it is given p.

    Where p rounds to 1, 1 - p is 0; PyTorch then takes -100 for its logarithm, with slope 0.
    """
    p = torch.sigmoid(logit)
    return F.binary_cross_entropy(p, torch.full_like(p, y), reduction="none")


def entropy_of_logit(logit: Tensor, y: float) -> Tensor:
    """The same number without p: log(1 + e^logit) - y logit, and e^logit is never written out."""
    return torch.logaddexp(logit, torch.zeros_like(logit)) - y * logit


def entropy_of_classes(logits: Tensor, right: float) -> Tensor:
    """-log of the softmax probability of the right class: log(sum of e^logit) - its logit."""
    return torch.logsumexp(logits, dim=-1) - logits[..., int(right)]


# Which losses are compared, and which answer is right: a number, "no", or the second class.
LOSSES: dict[str, dict[str, Measure]] = {
    "squared": {"squared error": squared_error},
    "binary": {"squared error": squared_error_of_sigmoid, "cross entropy": entropy_of_logit},
    "rounding": {
        "from the probability": entropy_of_probability,
        "from the logit": entropy_of_logit,
    },
    "categorical": {"cross entropy": entropy_of_classes},
}


@dataclass
class Config:
    loss: str = choice("binary", list(LOSSES), "of a number, of yes or no, or of three classes")
    x: float = knob(2.0, -3.0, 3.0, "the input")
    y: float = knob(7.0, -10.0, 10.0, "the right answer, when it is a number; else it is no")
    w: float = knob(1.0, -10.0, 10.0, "where the weight starts, or goes on when turned", live=True)
    b: float = knob(3.0, -10.0, 10.0, "where the bias starts", live=True)
    lr: float = knob(0.05, 1e-4, 1.0, "how far a step goes", log=True, live=True)
    steps: int = knob(60, 1, 5000, "updates of weight and bias", live=True)
    seed: int = knob(0, 0, 9999, "0: w and b as they are set; else a little to the side")


@dataclass
class Walker:
    """One who learns: its weights, and where its answer has been. K: answers, 1 or 3."""

    measure: Measure
    weights: Tensor  # (2, K): w and b
    path: list[list[float]]  # the answer (K,) of each step so far
    gradient: Tensor  # (2, K)

    def loss(self, x: float, y: float) -> Tensor:
        """The loss of w x + b; remembers that answer, and the gradient."""
        w, b = self.weights
        answer = w * x + b  # (K,) a guess, a logit, or a logit for each class
        loss = self.measure(answer, y).sum()
        (self.gradient,) = torch.autograd.grad(loss, self.weights)
        self.path.append(answer.tolist())
        return loss.detach()


def run(config: Config) -> Iterator[Frame]:
    """Walk downhill, each on a loss of its own, all from the same weights."""
    chance = torch.Generator().manual_seed(config.seed)
    aside = 0.2 * torch.randn(2, generator=chance) if config.seed else torch.zeros(2)
    y = {"squared": config.y, "categorical": RIGHT}.get(config.loss, 0.0)  # 0: the answer is no
    walkers = {}
    for name, measure in LOSSES[config.loss].items():
        weights = begin(config, aside)
        walkers[name] = Walker(measure, weights, [], torch.zeros_like(weights))
    begun = (config.w, config.b)

    for step in count():
        if begun != (config.w, config.b):  # a knob that was turned puts everybody there
            begun = (config.w, config.b)
            for walker in walkers.values():
                walker.weights = begin(config, aside)
        losses = [walker.loss(config.x, y) for walker in walkers.values()]
        seen = {"loss": losses[-1].item()}
        if len(walkers) == 2:
            first, last = (torch.tensor(one.path[-1]).sigmoid() for one in walkers.values())
            seen["ahead"] = (first - last).item()
        views = partial(look, config, walkers, y)
        yield Frame(step, of=max(step, config.steps), **seen, views=views)
        if step >= config.steps:
            return

        for walker in walkers.values():
            moved = walker.weights.detach() - config.lr * walker.gradient
            walker.weights = moved.requires_grad_()


def begin(config: Config, aside: Tensor) -> Tensor:
    """The first weights (2, K), as the knobs say and a little aside (2,)."""
    columns = [torch.tensor([config.w, config.b]) + aside]
    if config.loss == "categorical":
        columns += [torch.tensor(other) for other in OTHERS]
    return torch.stack(columns, dim=1).requires_grad_()


# ---- what is seen


def look(config: Config, walkers: dict[str, Walker], y: float) -> dict[str, View]:
    """The loss with a tangent, its slope, the arithmetic, and the way of the answers."""
    if config.loss == "categorical":
        (walker,) = walkers.values()
        return {**softmax_table(walker), **over_probability(walker), **way(config, walkers, y)}
    return {
        **over_answer(config, walkers, y),
        "numbers": weights_table(config, walkers) if len(walkers) == 1 else sides(walkers, y),
        **way(config, walkers, y),
    }


def differentiate(measure: Measure, answer: Tensor, y: float) -> tuple[Tensor, Tensor]:
    """Loss and slope (N,) at many answers (N,), the slope by autograd."""
    answer = answer.detach().clone().requires_grad_()
    loss = measure(answer, y)
    (slope,) = torch.autograd.grad(loss.sum(), answer)
    return loss.detach(), slope


def over_answer(config: Config, walkers: dict[str, Walker], y: float) -> dict[str, View]:
    """Each loss over the answer with the tangent at its learner, and each slope below."""
    squared = config.loss == "squared"
    middle = y if squared else 0.0
    far = max(abs(one.path[0][0] - middle) for one in walkers.values())
    reach = max(3.0, 1.5 * far) if squared else max(8.0, 1.2 * far)
    across = torch.linspace(middle - reach, middle + reach, DOTS)
    span = (middle - reach, middle + reach)
    label = "the guess w x + b" if squared else "the logit w x + b: below 0 no, above it yes"

    seen: dict[str, View] = {}
    tangents: dict[str, View] = {}
    stands = torch.zeros(len(walkers), 3)  # answer, loss, slope
    steepest = torch.zeros(2)  # the range of the slopes
    for number, (name, walker) in enumerate(walkers.items()):
        losses, slopes = differentiate(walker.measure, across, y)
        steepest = torch.stack([steepest[0].min(slopes.min()), steepest[1].max(slopes.max())])
        seen[f"loss_{number + 1}"] = line(across, losses, on="curve", says=f"loss by {name}")
        seen[f"slope_{number + 1}"] = line(across, slopes, on="slope", says=f"slope by {name}")
        at = torch.tensor(walker.path[-1])  # (1,)
        stands[number] = torch.cat([at, *differentiate(walker.measure, at, y)])
        here, height, slope = stands[number]
        ends = here + 0.2 * reach * torch.tensor([-1.0, 1.0])
        tangents[f"tangent_{number + 1}"] = line(
            ends, height + slope * (ends - here), on="curve", says=f"slope {slope:.3g} of {name}"
        )
    told = "; ".join(
        f"{name}: loss {loss:.3g}, slope {slope:.3g}"
        for name, (_, loss, slope) in zip(walkers, stands.tolist(), strict=True)
    )
    dots = partial(points, x=span, x_label=label, names=list(walkers), says=told)
    high = max(reach**2 if squared else reach, 1.1 * stands[:, 1].max().item())
    low, up = (1.1 * steepest).tolist()
    which = torch.arange(len(walkers))
    return {
        "curve": dots(
            stands[:, :2], label=which, y=(-0.1 * high, high), title="the loss", y_label="J"
        ),
        "slope": dots(
            stands[:, [0, 2]],
            label=which,
            y=(low - 0.05, up),
            title="the slope of the loss",
            y_label="dJ / d answer",
        ),
        **seen,
        **tangents,
    }


def weights_table(config: Config, walkers: dict[str, Walker]) -> View:
    """The worked example: w and b, their gradients, and where the next step puts them."""
    (walker,) = walkers.values()
    weights, gradient = walker.weights.detach()[:, 0], walker.gradient[:, 0]
    w, b = weights.tolist()
    guess = walker.path[-1][0]
    sum_ = f"({w:.3g} · {config.x:.3g} + {b:.3g} − {config.y:.3g})²".replace("-", "−")
    return field(
        torch.stack([weights, gradient, weights - config.lr * gradient], dim=1),
        lo=-9,
        hi=9,
        rows=["w", "b"],
        columns=["now", "gradient", "next"],
        title=f"J = {sum_} = {(guess - config.y) ** 2:.3g}",
        says=f"the guess is {guess:.3g}, and should be {config.y:.3g}",
    )


def sides(walkers: dict[str, Walker], y: float) -> View:
    """Two learners side by side: what they answer, and how they are pulled."""
    rows = []
    for walker in walkers.values():
        logit = torch.tensor(walker.path[-1])
        loss, slope = differentiate(walker.measure, logit, y)
        rows.append(torch.cat([logit, logit.sigmoid(), loss, slope]))
    table = torch.stack(rows)  # (2, 4)
    told = (f"{name} says yes with {p:.3g}" for name, p in zip(walkers, table[:, 1], strict=True))
    return field(
        table,
        lo=-9,
        hi=9,
        rows=list(walkers),
        columns=["logit", "p", "loss", "slope"],
        title="the right answer is no",
        says="; ".join(told),
    )


def softmax_table(walker: Walker) -> dict[str, View]:
    """From logits to probabilities, and the gradient: probability minus truth."""
    logits = torch.tensor(walker.path[-1])  # (3,)
    _, slope = differentiate(walker.measure, logits, RIGHT)
    p, truth = logits.softmax(dim=0), F.one_hot(torch.tensor(RIGHT), len(CLASSES))
    table = torch.stack([logits, logits.exp(), p, truth, slope], dim=1)
    return {
        "numbers": field(
            table,
            lo=-5,
            hi=5,
            rows=list(CLASSES),
            columns=["logit", "e^logit", "p", "truth", "slope"],
            title=f"the picture shows a {CLASSES[RIGHT]}",
            says=", ".join(f"{name} {one:.3g}" for name, one in zip(CLASSES, p, strict=True)),
        )
    }


def over_probability(walker: Walker) -> dict[str, View]:
    """The cross entropy over the probability of the right class."""
    across = torch.linspace(0.005, 1, DOTS)
    p = torch.tensor(walker.path[-1]).softmax(dim=0)[RIGHT]
    told = f"p = {p:.3g} for the right class, loss {-p.log():.3g}"
    return {
        "curve": points(
            torch.stack([p, -p.log()])[None],
            x=(0, 1),
            y=(-0.3, 6),
            title="the loss",
            x_label="probability of the right class",
            y_label="J = −log p",
            says=told,
        ),
        "loss_1": line(across, -across.log(), on="curve", says="minus the logarithm of p"),
    }


def way(config: Config, walkers: dict[str, Walker], y: float) -> dict[str, View]:
    """What has been answered at each step so far."""
    steps = torch.arange(len(next(iter(walkers.values())).path))
    paths = {name: torch.tensor(one.path) for name, one in walkers.items()}  # (steps + 1, K)
    label = "guess"
    if config.loss == "squared":
        curves = {"guess": paths["squared error"][:, 0], "right answer": torch.full(steps.shape, y)}
    elif config.loss == "categorical":
        curves = dict(zip(CLASSES, paths["cross entropy"].softmax(dim=1).T, strict=True))
        label = "probability"
    else:
        curves = {name: path[:, 0].sigmoid() for name, path in paths.items()}
        label = "probability of yes"
    ends = ", ".join(f"{name} {curve[-1]:.3g}" for name, curve in curves.items())
    return {
        "answers": line(
            steps, curves, title="what is answered", x_label="step", y_label=label, says=ends
        )
    }
