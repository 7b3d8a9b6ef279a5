"""Four rules train the same network from the same weights, on the same small batches.

Watch:   Momentum, RMSprop and Adam leave SGD behind. Every curve trembles, because a step looks
         at a few digits only: turn batch up, and they grow smooth. Then choose other first
         weights. From zeros nobody learns: no neuron says anything, and no slope reaches any.
         Where they are small the activations die away from layer to layer, and the slopes with
         them: SGD stands still, but the steps of RMSprop and Adam do not shrink with the slopes.
         Where they are large the losses begin high, and a first step can silence all neurons.
Promise: val_accuracy >= 0.88 (for every seed; of the best of the four)
Source:  Robbins and Monro 1951, SGD; Polyak 1964, momentum; Hinton 2012, RMSprop; Kingma and Ba
         2015, Adam; He and others 2015, first weights for ReLU
Pace:    30 steps a second
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field as declare
from functools import partial
from itertools import count, pairwise

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from fathom.data import digits
from fathom.data.digits import TRAINED
from fathom.lab import Frame, View, choice, field, knob, line

WIDTH = 32  # neurons in a hidden layer
EVERY = 10  # steps from one measurement of the accuracy to the next
LOST = 1e6  # whoever has a larger loss than this has been thrown out, and stops
LOOKED_AT = 200  # digits whose activations are shown
BARS = 41  # of a histogram
REACH = 8.0  # histograms go so far both ways
TINY = 1e-6  # a logarithm is taken of nothing smaller
RECENT = 10  # steps whose mean is drawn
WIDE = 10  # a bar of a histogram is drawn so many places wide
LAYER, LOG = "layer, the last one answers", "log₁₀"
SCALES = {"zeros": 0.0, "small": 0.2, "he": 1.0, "large": 3.0}  # times sqrt(2 / inputs)


# ---- the four rules: weights <- weights - lr * step


@dataclass
class Memory:
    """What a rule remembers of earlier slopes; a number for each weight (P,), 0 at first."""

    m: Tensor | float = 0.0  # of the slopes
    v: Tensor | float = 0.0  # of their squares
    t: int = 0  # steps taken


def sgd(g: Tensor, memory: Memory, beta: float) -> Tensor:
    """Straight down the slope g (P,)."""
    return g


def momentum(g: Tensor, memory: Memory, beta: float) -> Tensor:
    """m <- beta m + g: what points the same way every time adds up, what trembles cancels out."""
    memory.m = beta * memory.m + g
    return memory.m


def rmsprop(g: Tensor, memory: Memory, beta: float) -> Tensor:
    """v <- 0.99 v + 0.01 g^2; each weight's slope is divided by its own usual size."""
    memory.v = 0.99 * memory.v + 0.01 * g.square()
    return g / (memory.v.sqrt() + 1e-8)


def adam(g: Tensor, memory: Memory, beta: float) -> Tensor:
    """Both. The averages begin at 0, so they are too small at first: Adam corrects for it.

    m <- 0.9 m + 0.1 g        m^ = m / (1 - 0.9^t)
    v <- 0.999 v + 0.001 g^2  v^ = v / (1 - 0.999^t)
    """
    memory.t += 1
    memory.m = 0.9 * memory.m + 0.1 * g
    memory.v = 0.999 * memory.v + 0.001 * g.square()
    m_hat = memory.m / (1 - 0.9**memory.t)
    v_hat = memory.v / (1 - 0.999**memory.t)
    return m_hat / (v_hat.sqrt() + 1e-8)


RULES: dict[str, Callable[[Tensor, Memory, float], Tensor]] = {
    "sgd": sgd,
    "momentum": momentum,
    "rmsprop": rmsprop,
    "adam": adam,
}


# ---- the race


@dataclass
class Config:
    lr: float = knob(0.03, 1e-4, 1.0, "the learning rate of sgd and momentum", log=True, live=True)
    adaptive_lr: float = knob(0.002, 1e-5, 0.1, "that of rmsprop and adam", log=True, live=True)
    momentum: float = knob(0.9, 0.0, 0.99, "how much of its last step momentum keeps", live=True)
    batch: int = knob(32, 1, 1500, "digits that a step looks at", live=True)
    init: str = choice("he", list(SCALES), "how large the first weights are")
    layers: int = knob(4, 1, 8, "hidden layers, of 32 neurons each")
    rule: str = choice("sgd", list(RULES), "whose histogram is looked at", live=True)
    steps: int = knob(400, 1, 5000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the first weights and the batches")


@dataclass
class Past:
    """What is kept of every step: a number for each of the R rules, (R,)."""

    losses: list[Tensor] = declare(default_factory=list)  # of the batch
    steps: list[Tensor] = declare(default_factory=list)  # how far a weight moved, mostly
    accuracies: list[Tensor] = declare(default_factory=list)  # every tenth step


def run(config: Config) -> Iterator[Frame]:
    """Train. R = 4 networks side by side; P: weights of one; B: digits in a batch."""
    chance = Generator().manual_seed(config.seed)
    images, labels = digits.rows()  # (1797, 64), (1797,)
    sizes = [64] + [WIDTH] * config.layers + [10]
    start = first_weights(sizes, SCALES[config.init], chance)  # (P,)
    weights = start.repeat(len(RULES), 1).requires_grad_()  # (R, P)
    memories = [Memory() for _ in RULES]
    running = torch.ones(len(RULES), dtype=torch.bool)  # who has not been thrown out
    past = Past()

    order, at = torch.randperm(TRAINED, generator=chance), 0
    for step in count():
        some = order[at : at + config.batch]  # the same digits for everybody
        logits = network(weights, sizes, images[some])[-1]  # (R, B, 10)
        losses = cross_entropy(logits, labels[some])  # (R,)
        running &= losses.detach() < LOST  # false, too, where it is no number
        past.losses.append(losses.detach().nan_to_num(LOST).clamp(max=LOST))
        (slopes,) = torch.autograd.grad(losses[running].sum(), weights)  # (R, P), each its own
        if step % EVERY == 0:
            logits = network(weights.detach(), sizes, images[TRAINED:])[-1]
            past.accuracies.append((logits.argmax(-1) == labels[TRAINED:]).float().mean(-1))
        yield Frame(
            step,
            of=max(step, config.steps),
            loss=past.losses[-1].min(),
            val_accuracy=past.accuracies[-1].max(),
            views=partial(look, config, sizes, start, weights, slopes, images[:LOOKED_AT], past),
        )
        if step >= config.steps:
            return

        moved = torch.zeros_like(weights)  # (R, P)
        for r, (name, rule) in enumerate(RULES.items()):
            if running[r]:
                lr = config.lr if name in ("sgd", "momentum") else config.adaptive_lr
                moved[r] = lr * rule(slopes[r], memories[r], config.momentum)
        with torch.no_grad():
            weights -= moved
        past.steps.append(moved.square().mean(dim=1).sqrt())  # (R,)

        at += len(some)
        if at >= TRAINED:  # an epoch is over
            order, at = torch.randperm(TRAINED, generator=chance), 0


def first_weights(sizes: list[int], scale: float, chance: Generator) -> Tensor:
    """All weights of one network in a row (P,), biases 0.

    With scale 1 they spread by sqrt(2 / inputs), so that the activations of a ReLU layer are
    as large as those before it (He and others 2015).
    """
    parts = []
    for inputs, outputs in pairwise(sizes):
        spread = scale * (2 / inputs) ** 0.5
        parts += [spread * torch.randn(inputs * outputs, generator=chance), torch.zeros(outputs)]
    return torch.cat(parts)


def matrices(weights: Tensor, sizes: list[int]) -> list[tuple[Tensor, Tensor]]:
    """Rows of weights (R, P) as the layers they are: (R, in, out) and a bias (R, 1, out) each."""
    lengths = [part for a, b in pairwise(sizes) for part in (a * b, b)]
    parts = weights.split(lengths, dim=1)
    return [
        (w.unflatten(1, layer), b[:, None])
        for w, b, layer in zip(parts[::2], parts[1::2], pairwise(sizes), strict=True)
    ]


def network(weights: Tensor, sizes: list[int], x: Tensor) -> list[Tensor]:
    """The sums in every layer of R networks for x (B, 64): (R, B, 32), and last (R, B, 10)."""
    sums: list[Tensor] = []
    for w, b in matrices(weights, sizes):
        x = torch.relu(sums[-1]) if sums else x.expand(len(weights), -1, -1)
        sums.append(x @ w + b)
    return sums


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """The mean over the batch, of each network: logits (R, B, 10), labels (B,) -> (R,)."""
    each = F.cross_entropy(logits.mT, labels.expand(len(logits), -1), reduction="none")  # (R, B)
    return each.mean(dim=1)


# ---- what is seen


@torch.no_grad()
def look(
    config: Config,
    sizes: list[int],
    start: Tensor,
    weights: Tensor,
    slopes: Tensor,
    images: Tensor,
    past: Past,
) -> dict[str, View]:
    """The race, and what goes on in the layers of every network, now and at first."""
    sums = network(torch.cat([weights, start[None]]), sizes, images)  # (R + 1, B, out) of each
    said = [torch.relu(one) for one in sums[:-1]] + [sums[-1]]
    activations = torch.stack([rms(one) for one in said])  # (layers, R + 1)
    steep = torch.stack([rms(w) for w, _ in matrices(slopes, sizes)])  # (layers, R)
    moved = past.steps or [torch.zeros(len(RULES))]
    chosen = list(RULES).index(config.rule)
    return {
        "losses": curves(log(recent(past.losses)), 1, "loss of each", "step", LOG),
        "accuracies": curves(
            torch.stack(past.accuracies), EVERY, "share of new digits read right", "step"
        ),
        "step_sizes": curves(log(recent(moved)), 1, "how far a weight moves", "step", LOG),
        "activations": curves(log(activations), 1, "size of the activations", LAYER, LOG, 1),
        "slopes": curves(log(steep), 1, "size of the slopes of the loss", LAYER, LOG, 1),
        "histogram": histogram(config.rule, [one[chosen] for one in sums]),
    }


def rms(values: Tensor) -> Tensor:
    """How large the values (R, ., .) of each network are: the root of the mean square, (R,)."""
    return values.square().mean(dim=(1, 2)).sqrt()


def recent(values: list[Tensor]) -> Tensor:
    """What was kept of each step, averaged over the last ten steps: (steps, R)."""
    kept = torch.stack(values)
    before = kept[:1].expand(RECENT - 1, -1)
    return torch.cat([before, kept]).unfold(0, RECENT, 1).mean(dim=-1)


def log(values: Tensor) -> Tensor:
    """The logarithm to base 10, as far down as it can be drawn."""
    return values.nan_to_num(LOST).clamp(min=TINY).log10()


def curves(
    values: Tensor, every: int, title: str, x_label: str, y_label: str = "", first: int = 0
) -> View:
    """A curve for each rule: values (X, R); what is in column R is the network at first."""
    names = [*RULES, "at first"][: values.shape[1]]
    ends = ", ".join(f"{name} {end:.3g}" for name, end in zip(names, values[-1], strict=True))
    return line(
        first + every * torch.arange(len(values)),
        dict(zip(names, values.T, strict=True)),
        title=title,
        x_label=x_label,
        y_label=y_label,
        dots=x_label == LAYER,
        says=f"{title}, {y_label or 'share'}, at the last {x_label.split(',')[0]}: {ends}",
    )


def histogram(rule: str, sums: list[Tensor]) -> View:
    """The sums of each layer, before ReLU: how many of them lie where."""
    bars = []
    for values in sums:
        inside = values.nan_to_num(0.0).clamp(-REACH, REACH).flatten()
        count = torch.histc(inside, BARS, -REACH, REACH)
        bars.append(count / count.max())  # (BARS,)
    dead = float((sums[-2] <= 0).all(dim=0).float().mean())
    return field(
        torch.stack(bars, dim=1).repeat_interleave(WIDE, dim=1),
        x=(0.5, len(sums) + 0.5),
        y=(-REACH, REACH),
        lo=0,
        hi=1,
        colours="sequential",
        labels=["none", "most"],
        title=f"sums in the layers of {rule}",
        x_label=LAYER,
        y_label="sum, before ReLU",
        says=f"{dead:.0%} of the neurons in the last hidden layer are silent for every digit",
    )
