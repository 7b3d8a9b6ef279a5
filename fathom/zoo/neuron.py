"""One artificial neuron: multiply, add up, bend; and learn whether somebody passes an exam.

Watch:   Each input is multiplied by its weight, the products and the bias are added up, and the
         activation turns the sum into an answer. While it learns, the weights of study and sleep
         grow, and that of coffee stays near 0: it tells nothing. Switch learn off, and turn the
         weights by hand: the border moves, but it stays a straight line whatever you do.
Promise: behind <= 0.03 (for every seed; behind is the accuracy of the rule that made the data,
         less that of the neuron)
Source:  McCulloch and Pitts 1943, the sum and the threshold; Rosenblatt 1958, learned weights
Pace:    20 steps a second
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Tensor

from fathom.data import toy
from fathom.lab import Frame, View, choice, field, knob, line, points, switch

INPUTS = ("study", "sleep", "coffee")
LABELS = ("study, hours a day from the usual", "sleep, hours from the usual")
REACH = 4.0  # the pictures go so far both ways
SIDE = 100  # places along each side of the picture
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "none": lambda total: total,
    "step": lambda total: (total > 0).float(),
    "tanh": torch.tanh,
    "relu": torch.relu,
}


@dataclass
class Config:
    study: float = knob(1.0, -REACH, REACH, "the inputs that are looked at: study", live=True)
    sleep: float = knob(-1.0, -REACH, REACH, "sleep of the one who is looked at", live=True)
    coffee: float = knob(2.0, -REACH, REACH, "coffee of the one who is looked at", live=True)
    activation: str = choice(
        "sigmoid", list(ACTIVATIONS), "what the neuron does to its sum", live=True
    )
    learn: bool = switch(True, "learn the weights; else they are those below", live=True)
    w1: float = knob(0.0, -3.0, 3.0, "the weight of study, set by hand", live=True)
    w2: float = knob(0.0, -3.0, 3.0, "the weight of sleep, set by hand", live=True)
    w3: float = knob(0.0, -3.0, 3.0, "the weight of coffee, set by hand", live=True)
    bias: float = knob(0.0, -3.0, 3.0, "what is added to the products, set by hand", live=True)
    lr: float = knob(0.2, 1e-3, 10.0, "how far a step goes downhill", log=True, live=True)
    people: int = knob(300, 10, 1000, "how many people there are to learn from")
    luck: float = knob(0.5, 0.0, 3.0, "how much chance there is in an exam")
    steps: int = knob(300, 1, 5000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the people")


def run(config: Config) -> Iterator[Frame]:
    """Learn. N: people."""
    chance = torch.Generator().manual_seed(config.seed)
    x, passed, rule = toy.exams(config.people, config.luck, chance)  # (N, 3), (N,), (N,)
    best = accuracy(rule, passed)
    # Of the three inputs, and the bias. Not 0: there the slope of ReLU is 0, and stays so.
    weights = (0.3 * torch.randn(4, generator=chance)).requires_grad_()
    by_hand = torch.tensor([config.w1, config.w2, config.w3, config.bias])
    optimizer = torch.optim.SGD([weights], config.lr, momentum=0.9)

    for step in count():
        before, by_hand = by_hand, torch.tensor([config.w1, config.w2, config.w3, config.bias])
        with torch.no_grad():  # a knob that was turned moves its weight, also while it learns
            weights.copy_(
                torch.where(by_hand != before, by_hand, weights) if config.learn else by_hand
            )
        answer = neuron(x, weights, config.activation)  # (N,)
        loss = (answer - passed).square().mean()
        right = accuracy(answer.detach() > 0.5, passed)
        yield Frame(
            step,
            of=max(step, config.steps),
            loss=loss.item(),
            train_accuracy=right,
            behind=best - right,
            views=partial(look, config, x, passed, weights),
        )
        if step >= config.steps:
            return

        optimizer.param_groups[0]["lr"] = config.lr
        optimizer.zero_grad()
        if config.learn and loss.requires_grad:
            loss.backward()
            optimizer.step()


def neuron(x: Tensor, weights: Tensor, activation: str) -> Tensor:
    """What the neuron answers (N,) to the inputs x (N, 3)."""
    total = x @ weights[:3] + weights[3]  # (N,) w1 x1 + w2 x2 + w3 x3 + b
    return ACTIVATIONS[activation](total)


def accuracy(said: Tensor, passed: Tensor) -> float:
    """The share of people (N,) of whom the right thing is said."""
    return float((said == (passed > 0.5)).float().mean())


# ---- what is seen


@torch.no_grad()
def look(config: Config, x: Tensor, passed: Tensor, weights: Tensor) -> dict[str, View]:
    """The arithmetic for one person, the activation, and the border among all people."""
    one = torch.tensor([config.study, config.sleep, config.coffee])
    total = one @ weights[:3] + weights[3]
    answer = float(ACTIVATIONS[config.activation](total))
    plane = REACH * toy.square(SIDE)
    others = one[2].expand(len(plane), 1)
    everywhere = neuron(torch.cat([plane, others], dim=1), weights, config.activation)
    sums = torch.linspace(-6, 6, 241)
    return {
        "arithmetic": arithmetic(one, weights, float(total), answer, config.activation),
        "activation": points(  # a picture of points takes a curve into its axes
            torch.tensor([[float(total), answer]]),
            x=(-6, 6),
            y=(-1.5, 2.0),
            title="the activation",
            x_label="sum",
            y_label="answer",
            says=f"{config.activation} turns the sum {total:.2f} into {answer:.2f}",
        ),
        "curve": line(
            sums,
            ACTIVATIONS[config.activation](sums),
            on="activation",
            says=f"{config.activation} over all sums",
        ),
        "border": field(
            everywhere.reshape(SIDE, SIDE),
            x=(-REACH, REACH),
            y=(-REACH, REACH),
            lo=0,
            hi=1,
            labels=["fails", "passes"],
            title="what it answers to everybody who drinks as much coffee",
            x_label=LABELS[0],
            y_label=LABELS[1],
            says=f"the one who is looked at gets {answer:.2f}: {verdict(answer)}",
        ),
        "people": points(x[:, :2], label=passed, names=["failed", "passed"], on="border"),
        "looked_at": points(one[None, :2], on="border", label=[2], names=["", "", "looked at"]),
    }


def arithmetic(one: Tensor, weights: Tensor, total: float, answer: float, activation: str) -> View:
    """The sum as it is worked out: a row for each input, and one for the bias."""
    inputs = torch.cat([one, torch.ones(1)])  # the bias is the weight of an input that is always 1
    table = torch.stack([inputs, weights, inputs * weights], dim=1)  # (4, 3)
    terms = " ".join(f"{product:+.2f}" for product in table[:, 2].tolist())
    return field(
        table,
        lo=-REACH,
        hi=REACH,
        rows=[*INPUTS, "bias"],
        columns=["input", "weight", "product"],
        title=f"sum {total:+.2f}, {activation} answers {answer:.2f}",
        says=f"{terms} = {total:+.2f}, and {activation} makes {answer:.2f} of it",
    )


def verdict(answer: float) -> str:
    """The answer in a word."""
    return "passes" if answer > 0.5 else "fails"
