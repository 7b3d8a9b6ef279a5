"""Raise the learning rate from batch to batch until the loss explodes; then try what that suggests.

Watch:   At first the rate is too small to learn anything. Then the loss falls, it is lowest, and
         a little later it explodes. The suggested rate is where the smoothed loss falls most
         steeply. Then three networks start again from the same weights: with a tenth of that
         rate, with it, and with ten times as much, so that the suggestion is tested, not
         believed. Look at the validation loss, too: who learns fastest overfits first.
Promise: lead >= 0.02 (for every seed; lead is how much lower the training loss of the last 20
         batches is with the suggested rate than with the better one of the other two)
Source:  Smith 2017, Cyclical learning rates for training neural networks, section 3.3, where
         the rate rises evenly and the accuracy is watched; the rate that rises by a factor, and
         the steepest fall of the smoothed loss: Howard and Gugger 2020, fastai
Pace:    30 steps a second
"""

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field as declare
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F
from torch.optim import SGD, Adam, Optimizer

from fathom.data import digits
from fathom.data.digits import TRAINED
from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, field, knob, line, points

WIDTH = 64  # neurons in each of the two hidden layers
KEPT = 0.9  # of the smoothed loss, from one batch to the next
SETTLED = 10  # batches until the smoothed loss says anything
SPOILT = 4.0  # times the lowest smoothed loss: it has exploded
LOST = 1e3  # a network with a larger loss than this is not trained any further
TOP = 2.5  # losses above this are drawn here
RECENT = 20  # batches whose mean loss is compared at the end
EVERY = 10  # steps from one look at the validation digits to the next
TRIED = ("a tenth", "suggested", "ten times")
TIMES = (0.1, 1.0, 10.0)
OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "momentum": partial(SGD, momentum=0.9),
    "adam": Adam,
}


@dataclass
class Config:
    optimizer: str = choice("momentum", list(OPTIMIZERS), "the rule whose rate is looked for")
    low: float = knob(1e-4, 1e-8, 1.0, "the rate at which the test begins", log=True)
    high: float = knob(10.0, 1e-6, 100.0, "the rate at which it ends", log=True)
    batches: int = knob(200, 3, 1000, "batches of the test, if nothing explodes before")
    factor: float = knob(
        1.0, 0.01, 100.0, "multiplies the suggestion before it is tried", log=True, live=True
    )
    batch: int = knob(32, 1, 1500, "digits in a batch")
    steps: int = knob(500, 1, 5000, "batches of the test and the trial together", live=True)
    seed: int = knob(0, 0, 9999, "chooses the first weights and the batches")


@dataclass
class Sweep:
    """A rate and a loss for every batch of the test."""

    rates: list[float] = declare(default_factory=list)
    losses: list[float] = declare(default_factory=list)
    smoothed: list[float] = declare(default_factory=list)

    def add(self, rate: float, loss: float) -> None:
        """One batch. Smoothed as Adam's averages are: s <- 0.9 s + 0.1 loss, s / (1 - 0.9^t)."""
        t = len(self.losses)
        before = self.smoothed[-1] * (1 - KEPT**t) if t else 0.0
        self.rates.append(rate)
        self.losses.append(loss)
        self.smoothed.append((KEPT * before + (1 - KEPT) * loss) / (1 - KEPT ** (t + 1)))

    @property
    def lowest(self) -> int:
        """The batch at which the smoothed loss is lowest."""
        return self.smoothed.index(min(self.smoothed))

    @property
    def steepest(self) -> int:
        """The batch, before the lowest, at which the smoothed loss falls fastest."""
        if len(self.smoothed) < 2:
            return 0
        slope = torch.gradient(torch.tensor(self.smoothed))[0]  # per batch: evenly in log rate
        first = min(SETTLED, self.lowest)
        return first + int(slope[first : self.lowest + 1].argmin())

    @property
    def exploded(self) -> bool:
        """Whether the rate has become too large."""
        return self.smoothed[-1] > SPOILT * min(self.smoothed) or self.losses[-1] >= LOST


@dataclass
class Trial:
    """What the three networks did after the test."""

    suggestion: float = 0.0
    begun: int = 0  # at this step; 0: not yet
    losses: list[list[float]] = declare(default_factory=list)  # of the batch, at every step
    at: list[int] = declare(default_factory=list)  # the steps of the next two
    val: list[list[float]] = declare(default_factory=list)  # validation loss
    right: list[list[float]] = declare(default_factory=list)  # and accuracy


def run(config: Config) -> Iterator[Frame]:
    """Test, then try. B: digits in a batch."""
    if config.low >= config.high:
        raise KnobError(
            f"low is {config.low:g}, high is {config.high:g}: the test goes up, so make low less."
        )
    torch.manual_seed(config.seed)
    chance = Generator().manual_seed(config.seed)
    images, labels = digits.rows()  # (1797, 64), (1797,)
    start = nn.Sequential(
        nn.Linear(64, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 10)
    )
    growth = (config.high / config.low) ** (1 / (config.batches - 1))  # of the rate, each batch
    test, trial = Sweep(), Trial()
    nets, optimizers = begin(config, start, 1)

    order, at = torch.randperm(TRAINED, generator=chance), 0
    for step in count():
        some = order[at : at + config.batch]  # the same for all networks
        losses = [F.cross_entropy(net(images[some]), labels[some]) for net in nets]
        now = [min(loss.item(), LOST) if loss.isfinite() else LOST for loss in losses]
        over = step >= config.steps
        if trial.begun:
            trial.losses.append(now)
            rates = [times * config.factor * trial.suggestion for times in TIMES]
            if over or (step - trial.begun) % EVERY == 0:
                validate(trial, step, nets, images[TRAINED:], labels[TRAINED:])
            a_tenth, suggested, ten_times = (
                torch.tensor(trial.losses[-RECENT:]).mean(dim=0).tolist()
            )
            seen = {"lead": min(a_tenth, ten_times) - suggested}
        else:
            rates = [config.low * growth ** len(test.rates)]
            test.add(rates[0], now[0])
            seen = {"smoothed_loss": test.smoothed[-1]}
        views = partial(look, config, test, trial)
        yield Frame(
            step, of=max(step, config.steps), **seen, rate=rates[len(rates) // 2], views=views
        )
        if over:
            return

        for rate, loss, one, optimizer in zip(rates, losses, now, optimizers, strict=True):
            if one < LOST:
                optimizer.param_groups[0]["lr"] = rate
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        at += len(some)
        if at >= TRAINED:  # an epoch is over
            order, at = torch.randperm(TRAINED, generator=chance), 0
        if not trial.begun and (test.exploded or len(test.rates) >= config.batches):
            trial.begun, trial.suggestion = step + 1, test.rates[test.steepest]
            nets, optimizers = begin(config, start, len(TIMES))


def begin(config: Config, start: nn.Module, count: int) -> tuple[list[nn.Module], list[Optimizer]]:
    """So many networks with the same first weights, and an optimizer for each."""
    nets = [deepcopy(start) for _ in range(count)]
    return nets, [OPTIMIZERS[config.optimizer](net.parameters(), lr=config.low) for net in nets]


@torch.no_grad()
def validate(trial: Trial, step: int, nets: list[nn.Module], x: Tensor, y: Tensor) -> None:
    """Write down what each network makes of digits that nobody learned."""
    answers = [net(x).nan_to_num(0.0) for net in nets]  # (V, 10) each
    trial.at.append(step)
    trial.val.append([min(F.cross_entropy(one, y).item(), LOST) for one in answers])
    trial.right.append([(one.argmax(dim=1) == y).float().mean().item() for one in answers])


# ---- what is seen


def look(config: Config, test: Sweep, trial: Trial) -> dict[str, View]:
    """The loss over the rate, and the three trainings that put the suggestion to the test."""
    seen = test_curve(config, test)
    if trial.begun:
        seen |= trial_curves(config, trial)
    return seen


def test_curve(config: Config, test: Sweep) -> dict[str, View]:
    """Loss over rate, the steepest place, and where it exploded."""
    across = torch.tensor(test.rates).log10()
    top = 2 * test.losses[0]
    marks, label = [[float(across[test.steepest]), test.smoothed[test.steepest]]], [2]
    said = f"steepest at {test.rates[test.steepest]:.2g}"
    if test.exploded:
        marks.append([float(across[-1]), min(top, test.smoothed[-1])])
        label.append(3)
        said += f", exploded at {test.rates[-1]:.2g}"
    return {
        "test": points(
            torch.tensor(marks),
            label=label,
            names=["loss of each batch", "smoothed", "steepest", "exploded"],
            x=(math.log10(config.low), math.log10(config.high)),
            y=(0, top),
            title="the test: one batch at each rate",
            x_label="log₁₀ of the learning rate",
            y_label="loss",
            says=f"rates from {test.rates[0]:.2g} to {test.rates[-1]:.2g}: {said}",
        ),
        "loss": line(across, test.losses, on="test", says="the loss of each batch"),
        "smoothed": line(across, test.smoothed, on="test", says="the smoothed loss"),
    }


def trial_curves(config: Config, trial: Trial) -> dict[str, View]:
    """The losses of the three networks, and how well they do on digits that nobody learned."""
    rates = [times * config.factor * trial.suggestion for times in TIMES]
    names = [f"{name}, {rate:.2g}" for rate, name in zip(rates, TRIED, strict=True)]
    losses = torch.tensor(trial.losses)  # (steps, 3)
    before = losses[:1].expand(RECENT - 1, -1)
    recent = torch.cat([before, losses]).unfold(0, RECENT, 1).mean(dim=-1)  # (steps, 3)
    val, right = torch.tensor(trial.val), torch.tensor(trial.right)  # (looks, 3)
    ends = [
        ", ".join(f"{name}: {end:.3g}" for name, end in zip(names, last.tolist(), strict=True))
        for last in (recent[-1], val[-1])
    ]
    seen: dict[str, View] = {}
    for key, steps, values, title, said in (
        ("training", trial.begun + torch.arange(len(losses)), recent, "training loss", ends[0]),
        ("validation", torch.tensor(trial.at), val, "validation loss", ends[1]),
    ):
        seen[key] = line(
            steps,
            dict(zip(names, values.clamp(max=TOP).T, strict=True)),
            y_range=(0, TOP),
            title=title,
            x_label="step",
            says=f"{title}, {said}",
        )
    seen["result"] = field(
        torch.stack([recent[-1].clamp(max=9.99), val[-1].clamp(max=9.99), right[-1]], dim=1),
        lo=0,
        hi=3,
        rows=names,
        columns=["training loss", "validation loss", "accuracy"],
        colours="sequential",
        title="what the three rates lead to",
        says=f"training loss, {ends[0]}",
    )
    return seen
