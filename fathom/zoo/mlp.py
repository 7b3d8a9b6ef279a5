"""A small network learns where one kind of point ends and the other begins.

Watch:   At first the border is almost straight. Then it bends, one neuron after the other
         takes up a piece of it, until it follows both arms of the spiral. Choose a neuron:
         in the first layer each knows one straight line, the next layers join them.
         With activation none no depth helps: the border stays straight.
Promise: val_accuracy >= 0.98 when data=spirals (for every seed)
Promise: val_accuracy >= 0.98 when data=circles (for every seed)
Promise: val_accuracy >= 0.98 when data=moons (for every seed)
Promise: val_accuracy >= 0.98 when data=xor (for every seed)
Promise: val_accuracy >= 0.98 when data=blobs (for every seed)
Source:  Lang and Witbrock 1988, the two spirals; Smilkov and others 2017, a network in 2-D
Pace:    80 steps a second
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise
from math import atan2, pi
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from fathom.data import toy
from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, clicked, field, graph, knob, points, switch, text

Made = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]
CLASSES: dict[str, Made] = {
    "spirals": toy.spirals,
    "circles": toy.circles,
    "moons": toy.moons,
    "xor": toy.xor,
    "blobs": toy.blobs,
    "mine": toy.nothing,
}
HEIGHTS: dict[str, Made] = {"plane": toy.plane, "hills": toy.hills}
FEATURES: dict[str, tuple[str, Callable[[Tensor, Tensor], Tensor]]] = {
    "x1": ("x₁", lambda x1, x2: x1),
    "x2": ("x₂", lambda x1, x2: x2),
    "x1_squared": ("x₁²", lambda x1, x2: x1 * x1),
    "x2_squared": ("x₂²", lambda x1, x2: x2 * x2),
    "x1_x2": ("x₁x₂", lambda x1, x2: x1 * x2),
    "sin_x1": ("sin 2x₁", lambda x1, x2: (2 * x1).sin()),
    "sin_x2": ("sin 2x₂", lambda x1, x2: (2 * x2).sin()),
}
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda h: h,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "gelu": F.gelu,
    "silu": F.silu,
}
OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": partial(SGD, fused=True),
    "momentum": partial(SGD, momentum=0.9, fused=True),
    "rmsprop": RMSprop,
    "adam": partial(Adam, fused=True),
    "adamw": partial(AdamW, fused=True),
}
DIRECTIONS = ["right", "upper right", "top", "upper left"]
DIRECTIONS += ["left", "lower left", "bottom", "lower right"]
REACH = 3.0  # the picture goes from -3 to 3 both ways
SIDE = 100  # places along each side of the picture
EVERY = 3  # a neuron's picture takes every third of them


@dataclass
class Config:
    data: str = choice("spirals", [*CLASSES, *HEIGHTS], "two classes, or a height: plane, hills")
    points: tuple[Any, ...] = clicked(
        "your own points, learned with the others", low=-REACH, high=REACH, live=True
    )
    size: int = knob(800, 10, 2000, "how many points are made")
    train: float = knob(0.7, 0.1, 0.9, "the share of them that is trained on")
    noise: float = knob(0.06, 0.0, 1.0, "how far the points are scattered")
    x1: bool = switch(True, "input: x₁, across")
    x2: bool = switch(True, "input: x₂, upwards")
    x1_squared: bool = switch(False, "input: x₁²")
    x2_squared: bool = switch(False, "input: x₂²")
    x1_x2: bool = switch(False, "input: x₁ times x₂")
    sin_x1: bool = switch(False, "input: sin 2x₁")
    sin_x2: bool = switch(False, "input: sin 2x₂")
    hidden: int = knob(2, 0, 4, "hidden layers")
    width: int = knob(16, 1, 32, "neurons in each hidden layer")
    widths: str = text("", "neurons layer by layer, such as 8 4 2, instead of hidden and width")
    activation: str = choice("tanh", list(ACTIVATIONS), "what a neuron does to its sum", live=True)
    optimizer: str = choice("adam", list(OPTIMIZERS), "the rule of the update", live=True)
    lr: float = knob(0.02, 1e-5, 10.0, "the step size", log=True, live=True)
    batch: int = knob(64, 1, 2000, "points that a step looks at", live=True)
    weight_decay: float = knob(0.0, 0.0, 0.5, "L2: pulls large weights towards 0", live=True)
    l1: float = knob(0.0, 0.0, 0.1, "L1: pulls all weights towards 0", live=True)
    dropout: float = knob(0.0, 0.0, 0.9, "the share of neurons left out of a step", live=True)
    steps: int = knob(1000, 1, 20_000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses points, first weights and batches")


class Network(nn.Module):
    """Layers of neurons; the last layer has one."""

    def __init__(self, sizes: Sequence[int]) -> None:
        super().__init__()
        self.linear = [nn.Linear(a, b) for a, b in pairwise(sizes)]
        self.layers = nn.ModuleList(self.linear)

    def forward(self, x: Tensor, activation: str, dropout: float = 0.0) -> list[Tensor]:
        """What each layer makes of x (B, F): first x itself, last the output (B, 1)."""
        said = [x]
        for layer in self.linear[:-1]:
            x = ACTIVATIONS[activation](layer(x))  # (B, width)
            if dropout:
                x = F.dropout(x, dropout)
            said.append(x)
        return [*said, self.linear[-1](x)]


@dataclass
class Data:
    """F inputs of N points to learn, V points held out, and every place of the picture."""

    places: Tensor  # (N + V, 2)
    y: Tensor  # (N + V,) 0 or 1, or a height
    n: int  # N
    x: Tensor  # (N + V + SIDE * SIDE, F)


def run(config: Config) -> Iterator[Frame]:
    """Train. B: points in a batch."""
    torch.manual_seed(config.seed)
    chance = torch.Generator().manual_seed(config.seed)
    made = make(config, chance)
    data, clicks = gather(config, *made), config.points
    measure = F.mse_loss if config.data in HEIGHTS else F.binary_cross_entropy_with_logits
    net = Network([data.x.shape[1], *widths(config), 1])
    optimizer, rule = OPTIMIZERS[config.optimizer](net.parameters(), lr=config.lr), config.optimizer

    order, at = torch.randperm(data.n, generator=chance), 0
    for step in count():
        some = order[at : at + config.batch]
        output = net(data.x[some], config.activation, config.dropout)[-1][:, 0]  # (B,)
        loss = measure(output, data.y[some]) if data.n else output.sum()  # 0 without points
        views = partial(look, config, net, data, measure)
        yield Frame(step, of=max(step, config.steps), loss=loss.item(), views=views)
        if step >= config.steps:
            return

        if config.l1:
            loss = loss + config.l1 * sum(layer.weight.abs().sum() for layer in net.linear)
        if config.optimizer != rule:
            rule = config.optimizer
            optimizer = OPTIMIZERS[rule](net.parameters(), lr=config.lr)
        optimizer.param_groups[0].update(lr=config.lr, weight_decay=config.weight_decay)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        at += len(some)
        if config.points is not clicks:  # the learner drew another point
            data, clicks, at = gather(config, *made), config.points, data.n
        if at >= len(order):  # an epoch is over
            order, at = torch.randperm(data.n, generator=chance), 0


def make(config: Config, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """Points (size, 2), and their classes or heights (size,)."""
    places, y = (CLASSES | HEIGHTS)[config.data](config.size, chance)
    places = REACH * places
    return places + config.noise * torch.randn(places.shape, generator=chance), y.float()


def gather(config: Config, places: Tensor, y: Tensor) -> Data:
    """Made and drawn points, those to learn first; the drawn ones are all learned."""
    if any(label > 1 for _, _, label in config.points):
        raise KnobError("points: this network tells two classes apart, 0 and 1.")
    drawn = torch.tensor(config.points).reshape(-1, 3)
    wanted = 2 * drawn[:, 2] - 1 if config.data in HEIGHTS else drawn[:, 2]
    cut = round(config.train * len(places))
    places = torch.cat([places[:cut], drawn[:, :2], places[cut:]])
    y = torch.cat([y[:cut], wanted, y[cut:]])
    x1, x2 = torch.cat([places, REACH * toy.square(SIDE)]).unbind(dim=1)
    chosen = [FEATURES[name][1](x1, x2) for name in FEATURES if getattr(config, name)]
    if not chosen:
        raise KnobError("The network needs an input: switch on at least x1 or x2.")
    return Data(places, y, cut + len(drawn), torch.stack(chosen, dim=1))


def widths(config: Config) -> list[int]:
    """How many neurons each hidden layer has."""
    if not config.widths.strip():
        return [config.width] * config.hidden
    words = config.widths.replace(",", " ").split()
    if len(words) > 4 or not all(word.isdecimal() and 1 <= int(word) <= 32 for word in words):
        raise KnobError(
            f"widths cannot be {config.widths!r}: it must be up to four whole numbers from 1 to 32."
        )
    return [int(word) for word in words]


# ---- what is seen


@torch.no_grad()
def look(
    config: Config, net: Network, data: Data, measure: Callable[..., Tensor]
) -> dict[str, Any]:
    """The border, the network, and how well it does on points it never saw."""
    said = net(data.x, config.activation)  # of each layer: (N + V + places, width)
    output, total = said[-1][:, 0], len(data.y)
    heights = config.data in HEIGHTS
    shown = output[total:].reshape(SIDE, SIDE)
    parts = {"train": slice(0, data.n), "val": slice(data.n, total)}
    seen: dict[str, Any] = {}
    for part, rows in parts.items():
        if not len(data.y[rows]):
            continue
        if part == "val":
            seen["val_loss"] = measure(output[rows], data.y[rows])
        if not heights:
            right = (output[rows] > 0) == (data.y[rows] > 0.5)
            seen[f"{part}_accuracy"] = right.float().mean()
    held_out = torch.arange(total) >= data.n
    mark = {"value": data.y} if heights else {"label": data.y, "names": ["class 0", "class 1"]}
    seen["border"] = field(
        shown if heights else torch.tanh(shown / 2),  # from -1, surely class 0, to 1
        x=(-REACH, REACH),
        y=(-REACH, REACH),
        lo=-1,
        hi=1,
        labels=["-1", "1"] if heights else ["class 0", "class 1"],
        x_label="x₁",
        y_label="x₂",
        says="what the network says at every place" + score(seen),
    )
    seen["data"] = points(data.places, held_out=held_out, on="border", knob="points", **mark)
    seen["network"] = draw(config, net, said, total)
    return seen


def score(seen: dict[str, Any]) -> str:
    """How many of the points held out are on the right side, as the end of a sentence."""
    if "val_accuracy" not in seen:
        return ""
    return f"; {100 * float(seen['val_accuracy']):.0f} % of the points held out are right"


def draw(config: Config, net: Network, said: list[Tensor], total: int) -> View:
    """The network as a graph; in each neuron, what it says at every place."""
    inputs = [FEATURES[name][0] for name in FEATURES if getattr(config, name)]
    names = [inputs]
    for depth, one in enumerate(said[1:-1], start=1):
        names.append([f"{depth}.{number}" for number in range(1, one.shape[1] + 1)])
    names.append(["output"])

    source, target, weight, tells = [], [], [], list(inputs)
    first = 0
    for depth, layer in enumerate(net.linear):
        wide, tall = layer.in_features, layer.out_features
        source.append(torch.arange(wide).repeat(tall) + first)
        target.append(torch.arange(tall).repeat_interleave(wide) + first + wide)
        weight.append(layer.weight.flatten())
        first += wide
        act = "" if depth == len(net.linear) - 1 else config.activation
        straight = depth == 0 and config.x1 and config.x2 and wide == 2
        rows = zip(layer.weight.tolist(), layer.bias.tolist(), strict=True)
        tells += [tell(names[depth], *row, act, straight) for row in rows]
    whole = [one[total:].T.reshape(-1, SIDE, SIDE) for one in said]
    pictures = torch.cat([one[:, ::EVERY, ::EVERY] for one in whole])  # (neurons, 34, 34)
    pictures = pictures / pictures.abs().amax(dim=(1, 2), keepdim=True).clamp(min=1)
    return graph(
        names,
        torch.cat(source),
        torch.cat(target),
        torch.cat(weight),
        images=pictures,
        tells=tells,
        into="border",
    )


def tell(names: list[str], weights: list[float], bias: float, act: str, straight: bool) -> str:
    """What one neuron computes, in a sentence: its three strongest inputs, and its border."""
    strongest = sorted(zip(weights, names, strict=True), key=lambda one: -abs(one[0]))
    terms = " ".join(f"{w:+.2f} {name}" for w, name in strongest[:3])
    more = f" and {len(names) - 3} weaker inputs" if len(names) > 3 else ""
    formula = f"{terms}{more} {bias:+.2f}"
    said = f"{act}({formula})" if act not in ("", "none") else formula
    if straight:
        way = DIRECTIONS[round(atan2(weights[1], weights[0]) / (pi / 4)) % 8]
        said += f": it grows towards the {way}, and its border is one straight line"
    return said
