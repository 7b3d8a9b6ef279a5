"""A network that is too sure of itself, and one number that makes it honest.

Watch:   While it learns, the accuracy on the test soon stands still, but the network becomes
         surer and surer: in the picture its dots sink below the line on which 90 % means 90 %.
         Then turn the temperature up: all logits are divided by it. The dots climb to the line
         while the accuracy does not move at all. Turn it too far, and the network promises too
         little. The best temperature is found on the validation digits, where their loss is least.
Promise: left <= 0.4 with any temperature, looked_at (for every seed; left is the calibration
         error on the test at the temperature found on the validation digits, divided by that of
         the network as it is)
Source:  Guo and others 2017, temperature scaling; Niculescu-Mizil and Caruana 2005, the diagram
Pace:    20 steps a second
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import digits
from fathom.lab import Frame, View, choice, knob, line, points, tiles

VAL = 400  # digits that are not learned, but find the temperature
BINS = 10  # of what is said
TRIED = 10 ** torch.linspace(-1, 1, 121)  # temperatures
SHOWN = 24  # digits of the test
CLASSES = 10
FEWEST = 5  # digits in a bin that has a dot: fewer say little


@dataclass
class Config:
    temperature: float = knob(1.0, 0.1, 10.0, "all logits are divided by it", log=True, live=True)
    looked_at: str = choice("test", ["test", "train"], "which digits the pictures show", live=True)
    examples: int = knob(300, 20, 800, "digits to learn from")
    noise: float = knob(1.0, 0.0, 5.0, "how badly they are scanned: the noise in each pixel")
    width: int = knob(64, 1, 512, "hidden neurons")
    weight_decay: float = knob(0.0, 0.0, 10.0, "how hard weights are pulled to 0", live=True)
    lr: float = knob(0.01, 1e-4, 0.3, "the step size of Adam", log=True, live=True)
    updates: int = knob(150, 1, 5000, "updates of the weights; then only you move something")
    steps: int = knob(6000, 1, 20_000, "how long the figure stays open", live=True)
    seed: int = knob(0, 0, 9999, "chooses the digits, the noise and the first weights")


@dataclass
class Part:
    """N digits, and what the network says to them."""

    x: Tensor  # (N, 64)
    label: Tensor  # (N,)
    logits: Tensor  # (N, C)


def run(config: Config) -> Iterator[Frame]:
    """Train, and go on looking at what is said."""
    chance = Generator().manual_seed(config.seed)
    train, val, test = deal(config, chance)
    net = network(config.width, chance)
    matrices, biases = [net[0].weight, net[2].weight], [net[0].bias, net[2].bias]
    optimizer = torch.optim.AdamW([{"params": matrices}, {"params": biases}], fused=True)

    for step in count():
        learning = step < config.updates
        if step <= config.updates:
            logits = net(train.x)  # (N, C)
            loss = F.cross_entropy(logits, train.label)
            train.logits = logits.detach()
            with torch.no_grad():
                val.logits, test.logits = net(val.x), net(test.x)
        right, sure = judge(test.logits, test.label, config.temperature)
        yield Frame(
            step,
            of=max(step, config.steps),
            train_loss=loss.item(),
            test_accuracy=right.float().mean(),
            sure=sure.mean(),
            calibration_error=calibration_error(right, sure),
            views=partial(look, config, train, val, test),
        )
        if step >= config.steps:
            return

        if learning:
            optimizer.param_groups[0].update(lr=config.lr, weight_decay=config.weight_decay)
            optimizer.param_groups[1].update(lr=config.lr, weight_decay=0.0)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def deal(config: Config, chance: Generator) -> tuple[Part, Part, Part]:
    """Digits with noise in every pixel: to learn from, to find the temperature, for the test."""
    x, label = digits.rows()  # (1797, 64), (1797,)
    x = x + config.noise * torch.randn(x.shape, generator=chance)
    order = torch.randperm(len(x), generator=chance)
    n = config.examples
    shares = order[:n], order[n : n + VAL], order[n + VAL :]
    train, val, test = (Part(x[i], label[i], torch.zeros(len(i), CLASSES)) for i in shares)
    return train, val, test


def network(width: int, chance: Generator) -> nn.Sequential:
    """One hidden layer, (N, 64) -> (N, C), whose first weights come from this chance alone."""
    net = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, CLASSES))
    with torch.no_grad():
        for layer, size in ((net[0], 64), (net[2], width)):
            layer.weight.normal_(0, size**-0.5, generator=chance)  # type: ignore[operator]
            layer.bias.zero_()  # type: ignore[operator]
    return net


def judge(logits: Tensor, label: Tensor, temperature: float | Tensor) -> tuple[Tensor, Tensor]:
    """Whether the class named (N,) is right, and how surely it is named (N,).

    The largest logit stays the largest when all are divided by one number, so `right` does not
    depend on the temperature.
    """
    sure, named = (logits / temperature).softmax(dim=1).max(dim=1)
    return named == label, sure


def bins(right: Tensor, sure: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """For each bin of what is said: the share of the digits in it, and there how much is said and
    how often that is right, on average (nan in an empty one). All (BINS,)."""
    place = (sure * BINS).long().clamp(max=BINS - 1)  # (N,)
    size = torch.bincount(place, minlength=BINS)
    said = torch.bincount(place, weights=sure, minlength=BINS) / size
    came = torch.bincount(place, weights=right.to(sure.dtype), minlength=BINS) / size
    return size / len(sure), said, came


def calibration_error(right: Tensor, sure: Tensor) -> float:
    """How far what is said lies from what comes, on average over the bins, by their shares."""
    share, said, came = bins(right, sure)
    return float((share * (said - came).abs()).nan_to_num().sum())


def log_losses(part: Part) -> Tensor:
    """The cross entropy at each of the temperatures TRIED: (T,)."""
    scaled = part.logits / TRIED[:, None, None]  # (T, N, C)
    of_truth = scaled.log_softmax(dim=2)[:, torch.arange(len(part.label)), part.label]  # (T, N)
    return -of_truth.mean(dim=1)


# ---- what is seen


@torch.no_grad()
def look(config: Config, train: Part, val: Part, test: Part) -> dict[str, float | View]:
    """What is said against what comes, the search for the temperature, and some digits."""
    shown = test if config.looked_at == "test" else train
    found = log_losses(val)  # (T,)
    best = TRIED[found.argmin()].item()
    as_it_is, scaled = (
        calibration_error(*judge(test.logits, test.label, one)) for one in (1.0, best)
    )
    seen: dict[str, float | View] = {
        "best_temperature": best,
        "left": scaled / as_it_is if as_it_is else 1.0,
    }
    return (
        seen
        | diagram(config, shown)
        | search(config, found, best)
        | {"digits": some_digits(config, shown)}
    )


def diagram(config: Config, part: Part) -> dict[str, View]:
    """How often it is right, over how sure it is, and how often it is how sure."""
    settings = {"as it is": 1.0, f"at temperature {config.temperature:.2g}": config.temperature}
    dots, shares, errors = [], {}, []
    for name, temperature in settings.items():
        right, sure = judge(part.logits, part.label, temperature)
        share, said, came = bins(right, sure)
        there = share * len(sure) > FEWEST - 0.5  # the shares are rounded
        dots.append(torch.stack([said, came], dim=1)[there])
        shares[name] = share
        errors.append(calibration_error(right, sure))
    said, came = dots[1].T
    gaps = torch.stack([came, said, torch.full_like(said, torch.nan)], dim=1).flatten()
    return {
        "reliability": points(
            dots[0],
            names=list(settings),
            x=(0, 1),
            y=(0, 1),
            title=f"does 90 % mean 90 %? ({config.looked_at} digits)",
            x_label="how sure it is",
            y_label="how often it is right",
            says=f"right in {right.float().mean():.1%}, and {sure.mean():.1%} sure; calibration "
            f"error {errors[0]:.3f} as it is, {errors[1]:.3f} at temperature "
            f"{config.temperature:.2g}",
        ),
        "diagonal": line([0, 1], [0, 1], on="reliability", says="where both agree"),
        "gaps": line(
            said.repeat_interleave(3), gaps, on="reliability", says="how far each is from it"
        ),
        "now": points(
            dots[1],
            label=torch.ones(len(dots[1])),
            on="reliability",
            says=f"the {len(dots[1])} bins at this temperature with {FEWEST} digits or more",
        ),
        "surety": line(
            (torch.arange(BINS) + 0.5) / BINS,
            shares,
            x_range=(0, 1),
            y_range=(0, 1),
            title="how often it is how sure",
            x_label="how sure it is",
            dots=True,
            says=f"{shares['as it is'][-1]:.0%} of the digits are in the surest bin as it is",
        ),
    }


def search(config: Config, found: Tensor, best: float) -> dict[str, View]:
    """The validation loss (T,) over the temperature, the best one and that of the knob."""
    across = TRIED.log10()
    here = (TRIED - config.temperature).abs().argmin()
    marks = torch.stack([found.argmin(), here])  # (2,)
    lowest = found.min().item()
    return {
        "search": points(
            torch.stack([across[marks], found[marks]], dim=1),
            label=[0, 1],
            names=["the best", "now"],
            x=(-1, 1),
            y=(0, max(2.0, 3 * lowest)),
            title="the loss on the validation digits",
            x_label="log₁₀ of the temperature",
            y_label="cross entropy",
            says=f"least at temperature {best:.2f}: {lowest:.3f}; "
            f"at 1 it is {found[len(TRIED) // 2]:.3f}",
        ),
        "loss": line(across, found, on="search", says="the loss at every temperature"),
    }


def some_digits(config: Config, part: Part) -> View:
    """The first digits, with what is said about them."""
    right, sure = judge(part.logits, part.label, config.temperature)
    named = part.logits.argmax(dim=1)
    few = min(SHOWN, len(right))
    return tiles(
        part.x[:few].view(-1, 8, 8),
        lo=-3,
        hi=3,
        colours="grey",
        captions=[
            f"{one} {share:.0%}"
            for one, share in zip(named[:few].tolist(), sure[:few].tolist(), strict=True)
        ],
        right=right[:few],
        columns=8,
        title="what it says",
        says=f"{few} digits, {int(right[:few].sum())} of them named rightly; "
        f"the surest mistake is {wrongly(right, sure):.0%} sure",
    )


def wrongly(right: Tensor, sure: Tensor) -> float:
    """How surely the surest wrong answer is said; 0 where none is wrong."""
    return sure[~right].max().item() if (~right).any() else 0.0
