"""Networks of six widths learn from small noisy data sets: some are too stiff, some too free.

Watch:   The training loss only falls. The validation loss falls, too, and then rises again: from
         its best step on the network learns the noise. Choose another data set: the wide network
         draws quite another curve, which is variance; a network with one neuron draws much the
         same one, but a wrong one, which is bias. Then tame the wide one: with more examples,
         weight decay, dropout, or early stopping.
Promise: rise >= 1.3 (for every seed; rise is the validation loss at the end, divided by what it
         was at the best step of each network; both are means over 20 data sets)
Source:  Geman, Bienenstock and Doursat 1992, bias and variance; Prechelt 1998, early stopping;
         Srivastava and others 2014, dropout; Loshchilov and Hutter 2019, weight decay
Pace:    40 steps a second
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import pi

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.lab import Frame, View, choice, field, knob, line, points, switch

WIDTHS = (1, 2, 4, 8, 16, 32)  # neurons: all of these networks learn at the same time
SETS = 20  # data sets, and networks of each width
HELD_OUT = 15  # examples of each data set that are not learned: for validation
PLACES = 61  # where the fits are compared, from -1 to 1
REPEATS = 20  # fresh examples at each of these places, for each data set
TOP = 2.0  # the pictures go from -2 to 2
TRUTHS: dict[str, Callable[[Tensor], Tensor]] = {
    "wave": lambda x: torch.sin(1.5 * pi * x),
    "line": lambda x: x,
    "step": torch.sign,
}


@dataclass
class Config:
    width: str = choice("32", [str(one) for one in WIDTHS], "neurons of the network", live=True)
    data_set: int = knob(1, 1, SETS, "which of the data sets is looked at", live=True)
    examples: int = knob(15, 3, 100, "how many examples each data set has to learn from")
    noise: float = knob(0.3, 0.0, 1.0, "standard deviation of the noise in each example")
    truth: str = choice("wave", list(TRUTHS), "the function behind the examples")
    weight_decay: float = knob(0.0, 0.0, 2.0, "how hard weights are pulled to 0", live=True)
    dropout: float = knob(0.0, 0.0, 0.9, "share of neurons left out of a step", live=True)
    early_stopping: bool = switch(
        False, "judge each network by the weights of its best step", live=True
    )
    lr: float = knob(0.03, 1e-4, 0.3, "the step size of Adam", log=True, live=True)
    steps: int = knob(500, 1, 5000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the examples and the first weights")


class Networks(nn.Module):
    """K x D networks with one hidden layer, side by side: f(x) = w2 tanh(w1 x + b1) + b2.

    Network (k, d) has WIDTHS[k] neurons, and learns data set d. The narrow ones have as many
    places for neurons as the widest (H), but only the first of them are heard.
    """

    def __init__(self, chance: Generator) -> None:
        super().__init__()
        width = torch.tensor(WIDTHS)[:, None, None, None]  # (K, 1, 1, 1)
        across = (len(WIDTHS), SETS, 1, max(WIDTHS))  # (K, D, 1, H)
        slope = 3 * torch.randn(across, generator=chance)
        turn = 2 * torch.rand(across, generator=chance) - 1  # the x at which a neuron says 0
        upward = torch.randn(across, generator=chance).mT  # (K, D, H, 1)
        self.w1 = nn.Parameter(slope)
        self.b1 = nn.Parameter(-slope * turn)
        self.w2 = nn.Parameter(upward / width.sqrt())
        self.b2 = nn.Parameter(torch.zeros(len(WIDTHS), SETS, 1, 1))
        self.heard = torch.arange(max(WIDTHS))[:, None] < width  # (K, 1, H, 1)

    def forward(self, x: Tensor, dropout: float = 0.0) -> Tensor:
        """What all networks say (K, D, N) to the inputs x of the data sets (D, N, 1)."""
        hidden = torch.tanh(x * self.w1 + self.b1)  # (K, D, N, H)
        if dropout:
            hidden = F.dropout(hidden, dropout)
        return (hidden @ (self.w2 * self.heard) + self.b2)[..., 0]


@dataclass
class Data:
    """D data sets of N examples and V held out, and fresh examples to measure the error on."""

    x: Tensor  # (D, N + V, 1)
    y: Tensor  # (D, N + V)
    n: int  # N
    places: Tensor  # (P, 1)
    clean: Tensor  # (P,) the truth there
    fresh: Tensor  # (D, R, P) examples there, noise and all


def run(config: Config) -> Iterator[Frame]:
    """Train all networks at once. K widths, D data sets of N examples and V held out."""
    torch.manual_seed(config.seed)  # for dropout
    chance = Generator().manual_seed(config.seed)
    data = make(config, chance)
    nets = Networks(chance)
    best = deepcopy(nets)  # each with the weights of its best step so far
    lowest = torch.full((len(WIDTHS), SETS), torch.inf)  # validation loss at that step
    matrices, biases = [nets.w1, nets.w2], [nets.b1, nets.b2]
    optimizer = torch.optim.AdamW([{"params": matrices}, {"params": biases}], fused=True)
    history: list[Tensor] = []  # training and validation loss of every step, (2, K, D)

    for step in count():
        with torch.no_grad():
            errors = (nets(data.x) - data.y).square()  # (K, D, N + V)
            train, val = errors[..., : data.n].mean(-1), errors[..., data.n :].mean(-1)  # (K, D)
            keep(best, nets, val < lowest)
            lowest = torch.minimum(lowest, val)
        history.append(torch.stack([train, val]))
        k = WIDTHS.index(int(config.width))
        yield Frame(
            step,
            of=max(step, config.steps),
            train_loss=train[k].mean(),
            val_loss=val[k].mean(),
            rise=val[k].mean() / lowest[k].mean(),
            views=partial(look, config, data, nets, best, history),
        )
        if step >= config.steps:
            return

        optimizer.param_groups[0].update(lr=config.lr, weight_decay=config.weight_decay)
        optimizer.param_groups[1].update(lr=config.lr, weight_decay=0.0)  # biases are left alone
        optimizer.zero_grad()
        said = nets(data.x[:, : data.n], config.dropout)
        losses = (said - data.y[:, : data.n]).square().mean(-1)  # (K, D)
        losses.sum().backward()  # of a sum, every network gets the slopes of its own loss
        optimizer.step()


def make(config: Config, chance: Generator) -> Data:
    """Many data sets from one truth: y = truth(x) + noise."""
    truth = TRUTHS[config.truth]
    x = 2 * torch.rand(SETS, config.examples + HELD_OUT, generator=chance) - 1
    y = truth(x) + config.noise * torch.randn(x.shape, generator=chance)
    places = torch.linspace(-1, 1, PLACES)
    clean = truth(places)
    fresh = clean + config.noise * torch.randn(SETS, REPEATS, PLACES, generator=chance)
    return Data(x[..., None], y, config.examples, places[:, None], clean, fresh)


@torch.no_grad()
def keep(best: Networks, nets: Networks, better: Tensor) -> None:
    """Early stopping: take over the weights of the networks that are better (K, D) than ever."""
    for kept, now in zip(best.parameters(), nets.parameters(), strict=True):
        kept[better] = now[better]


def decompose(fits: Tensor, data: Data, noise: float) -> dict[str, Tensor]:
    """The error of fits (K, D, P) on new examples, in three parts, and measured. Each (K,).

    With f(x) the fit to one data set, F(x) the mean over all data sets, and y = truth(x) + noise:

        E (f - y)^2  =  (F - truth)^2  +  E (f - F)^2  +  E noise^2
          error      =     bias^2      +   variance    +   noise
    """
    mean = fits.mean(dim=1, keepdim=True)  # (K, 1, P)
    return {
        "bias²": (mean[:, 0] - data.clean).square().mean(-1),
        "variance": (fits - mean).square().mean((1, 2)),
        "noise": torch.full((len(fits),), noise**2),
        "error": (fits[:, :, None] - data.fresh).square().mean((1, 2, 3)),
    }


# ---- what is seen


@torch.no_grad()
def look(
    config: Config, data: Data, nets: Networks, best: Networks, history: list[Tensor]
) -> dict[str, float | View]:
    """One network among its examples, its losses, and what all data sets make of its width."""
    k, d = WIDTHS.index(int(config.width)), config.data_set - 1
    now, kept = nets(data.places), best(data.places)  # (K, D, P)
    fits = kept if config.early_stopping else now
    parts = decompose(fits, data, config.noise)
    losses = torch.stack(history)[:, :, k, d]  # (steps + 1, 2)
    seen: dict[str, float | View] = {name: float(parts[name][k]) for name in ("variance", "error")}
    seen["bias"] = float(parts["bias²"][k])  # squared, as it enters the error
    return (
        seen
        | one_network(config, data, now[k, d], kept[k, d], losses)
        | all_fits(config, data, fits[k])
        | {"parts": sums(parts)}
    )


def one_network(
    config: Config, data: Data, now: Tensor, kept: Tensor, losses: Tensor
) -> dict[str, View]:
    """The fits (P,) to one data set, now and at the best step; its losses (steps + 1, 2)."""
    d, across = config.data_set - 1, data.places[:, 0]
    step = int(losses[:, 1].argmin())
    return {
        "data": points(
            torch.stack([data.x[d, :, 0], data.y[d]], dim=1),
            label=torch.full((data.x.shape[1],), 3),
            held_out=torch.arange(data.x.shape[1]) >= data.n,
            names=["the network now", "at its best step", "the truth", "examples"],
            x=(-1, 1),
            y=(-TOP, TOP),
            title=f"data set {config.data_set}, {config.width} neurons",
            x_label="x",
            y_label="y",
            says=f"{data.n} examples to learn from, and {HELD_OUT} held out (hollow)",
        ),
        "fit": line(across, now, on="data", says="what the network says now"),
        "best_fit": line(across, kept, on="data", says=f"what it said at step {step}, its best"),
        "truth": line(across, data.clean, on="data", says="the function behind the examples"),
    } | loss_curves(losses)


def loss_curves(losses: Tensor) -> dict[str, View]:
    """Training and validation loss over the steps (steps + 1, 2), and the best step."""
    best = int(losses[:, 1].argmin())
    start = min(len(losses) - 1, 5)  # the first steps are so bad that the rest would look flat
    steps, mark = torch.arange(len(losses)), torch.tensor([[best, float(losses[best, 1])]])
    return {
        "losses": points(
            mark,
            label=[2],
            names=["training", "validation", "best step"],
            x=(0, max(10, len(losses) - 1)),
            y=(0, 1.05 * float(losses[start:].max())),
            title="losses of this network",
            x_label="step",
            y_label="mean squared error",
            says=f"the validation loss was lowest at step {best}: {losses[best, 1]:.3f}, "
            f"where the training loss was {losses[best, 0]:.3f}; "
            f"now they are {losses[-1, 1]:.3f} and {losses[-1, 0]:.3f}",
        ),
        "training": line(steps, losses[:, 0], on="losses", says="the loss of what is learned"),
        "validation": line(steps, losses[:, 1], on="losses", says="the loss of what is held out"),
    }


def all_fits(config: Config, data: Data, fits: Tensor) -> dict[str, View]:
    """Where the fits (D, P) to all data sets run, their mean, and the truth."""
    rows = torch.linspace(-TOP, TOP, 100)
    far = (rows[:, None, None] - fits) / 0.06  # (100, D, P): each fit is a thin brush stroke
    ink = (-far.square() / 2).exp().mean(dim=1)  # (100, P)
    across, mean = data.places[:, 0], fits.mean(dim=0)
    when = "at the best step of each" if config.early_stopping else "now"
    return {
        "fits": field(
            ink.sqrt(),  # so that one fit alone can be seen
            x=(-1, 1),
            y=(-TOP, TOP),
            lo=0,
            hi=1,
            colours="sequential",
            labels=["no fit", "all fits"],
            title=f"{SETS} data sets, a network of {config.width} for each, {when}",
            x_label="x",
            y_label="y",
            says=f"the fits to {SETS} data sets: they lie {rms(fits - mean):.2f} from their mean, "
            f"and their mean lies {rms(mean - data.clean):.2f} from the truth",
        ),
        "mean_fit": line(across, mean, on="fits", says="the mean of all fits"),
        "true": line(across, data.clean, on="fits", says="the function behind the examples"),
    }


def rms(differences: Tensor) -> float:
    """How large they are: the root of the mean of their squares."""
    return float(differences.square().mean().sqrt())


def sums(parts: dict[str, Tensor]) -> View:
    """The parts of the error over the widths, their sum, and the error as it was measured."""
    total = parts["bias²"] + parts["variance"] + parts["noise"]
    least = int(parts["error"].argmin())
    return line(
        torch.tensor(WIDTHS).log2(),
        {
            "bias²": parts["bias²"],
            "variance": parts["variance"],
            "noise": parts["noise"],
            "their sum": total,
            "measured": parts["error"],
        },
        x_range=(0, len(WIDTHS) - 1),
        title="error on new examples, by width",
        x_label="log₂ of the number of neurons",
        dots=True,
        says=f"lowest with {WIDTHS[least]} neurons: {parts['error'][least]:.3f} measured; "
        f"bias² {parts['bias²'][least]:.3f}, variance {parts['variance'][least]:.3f}, "
        f"noise {parts['noise'][least]:.3f}",
    )
