"""Linear layers on top of each other are one linear layer, until something bends between them.

Watch:   Without an activation the border is a straight line, however many layers there are:
         the product of their matrices is one row of two numbers, and gap says that it answers
         like the whole stack. Switch an activation on while it trains: the border bends, and
         the product has nothing to do with the network any more.
Promise: gap <= 0.0001 when activation=none (for every seed; gap is the largest difference
         between the stack and the product of its matrices)
Source:  Minsky and Papert 1969, what one layer cannot do; the product is matrix multiplication
Pace:    30 steps a second
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fathom.data import toy
from fathom.lab import Frame, View, choice, field, knob, line, points

DATA: dict[str, Callable[[int, torch.Generator], tuple[Tensor, Tensor]]] = {
    "moons": toy.moons,
    "circles": toy.circles,
    "xor": toy.xor,
    "blobs": toy.blobs,
}
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda h: h,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
MATRICES = ("matrix_1", "matrix_2", "matrix_3", "matrix_4", "matrix_5")  # views, first to last
REACH = 2.0  # the picture goes from -2 to 2 both ways
SIDE = 100  # places along each side of the picture


@dataclass
class Config:
    data: str = choice("moons", list(DATA), "two classes of points")
    activation: str = choice("none", list(ACTIVATIONS), "what stands between the layers", live=True)
    layers: int = knob(3, 1, 5, "how many layers there are, the last one included")
    width: int = knob(4, 1, 8, "neurons in each layer but the last")
    lr: float = knob(0.03, 1e-4, 1.0, "the step size of Adam", log=True, live=True)
    size: int = knob(400, 10, 2000, "how many points there are")
    noise: float = knob(0.1, 0.0, 1.0, "how far the points are scattered")
    steps: int = knob(600, 1, 5000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the points and the first weights")


def run(config: Config) -> Iterator[Frame]:
    """Train. N: points, H: neurons in a layer."""
    torch.manual_seed(config.seed)
    chance = torch.Generator().manual_seed(config.seed)
    x, y = DATA[config.data](config.size, chance)  # (N, 2), (N,)
    x = REACH * x + config.noise * torch.randn(x.shape, generator=chance)
    stack = [
        nn.Linear(*sizes) for sizes in pairwise([2] + [config.width] * (config.layers - 1) + [1])
    ]
    optimizer = torch.optim.Adam(nn.ModuleList(stack).parameters(), config.lr)

    for step in count():
        output = through(stack, x, config.activation)  # (N,)
        loss = F.binary_cross_entropy_with_logits(output, y.float())
        with torch.no_grad():
            weight, bias = product(stack)  # (1, 2), (1,)
            gap = (output - (x @ weight.T + bias)[:, 0]).abs().max().item()
            right = ((output > 0) == (y > 0)).float().mean().item()
        yield Frame(
            step,
            of=max(step, config.steps),
            loss=loss.item(),
            train_accuracy=right,
            gap=gap,
            views=partial(look, config, stack, x, y),
        )
        if step >= config.steps:
            return

        optimizer.param_groups[0]["lr"] = config.lr
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def through(stack: list[nn.Linear], x: Tensor, activation: str) -> Tensor:
    """What the stack says (N,) to x (N, 2); the activation stands between the layers."""
    for layer in stack[:-1]:
        x = ACTIVATIONS[activation](layer(x))  # (N, H)
    said: Tensor = stack[-1](x)  # (N, 1)
    return said[:, 0]


def product(stack: list[nn.Linear]) -> tuple[Tensor, Tensor]:
    """All layers as one: its weight (1, 2) and its bias (1,).

    W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)
    """
    weight, bias = torch.eye(2), torch.zeros(2)
    for layer in stack:
        weight, bias = layer.weight @ weight, layer.weight @ bias + layer.bias
    return weight, bias


# ---- what is seen


@torch.no_grad()
def look(config: Config, stack: list[nn.Linear], x: Tensor, y: Tensor) -> dict[str, View]:
    """The border of the stack, that of the product, and every matrix."""
    places = REACH * toy.square(SIDE)
    output = through(stack, places, config.activation).reshape(SIDE, SIDE)
    weight, bias = product(stack)
    straight = config.activation == "none" or len(stack) == 1
    seen: dict[str, View] = {
        "border": field(
            torch.tanh(output / 2),  # from -1, surely class 0, to 1
            x=(-REACH, REACH),
            y=(-REACH, REACH),
            lo=-1,
            hi=1,
            labels=["class 0", "class 1"],
            x_label="x₁",
            y_label="x₂",
            says="the border is a straight line" if straight else "the border is free to bend",
        ),
        "data": points(x, label=y, names=["class 0", "class 1"], on="border"),
        "one_layer": ruler(weight[0], float(bias)),
    }
    for number, (name, layer) in enumerate(zip(MATRICES, stack, strict=False), start=1):
        seen[name] = matrix(f"layer {number}", layer.weight, layer.bias)
    seen["product"] = matrix("the product of all", weight, bias)
    return seen


def matrix(title: str, weight: Tensor, bias: Tensor) -> View:
    """A weight matrix (out, in), with its bias (out,) as the last column."""
    tall, wide = weight.shape
    return field(
        torch.cat([weight, bias[:, None]], dim=1),
        lo=-2,
        hi=2,
        rows=[f"out {number}" for number in range(1, tall + 1)],
        columns=[f"in {number}" for number in range(1, wide + 1)] + ["bias"],
        title=title,
        says=f"{title}: {tall} x {wide} weights",
    )


def ruler(weight: Tensor, bias: float) -> View:
    """Where the one layer with this weight (2,) and bias says 0: a straight line."""
    size = weight.norm().clamp(min=1e-9)
    foot = -bias * weight / size**2  # the place of the line that is next to the middle
    along = torch.stack([-weight[1], weight[0]]) / size
    ends = torch.stack([foot - 3 * REACH * along, foot + 3 * REACH * along])  # (2, 2)
    return line(
        ends[:, 0],
        ends[:, 1],
        on="border",
        says="the border of the one layer that is the product of all",
    )
