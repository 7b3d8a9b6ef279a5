"""Ever more examples and ever more neurons: a straight line foretells the largest network.

Watch:   Every dot is eight networks that have been trained, and their loss on unseen examples.
         Both axes are logarithmic, so a straight line is a power law: each doubling of the
         examples leaves the same share of the loss. Before the networks with most examples are
         trained, the line through the others says where they will be (hollow). The widest comes
         near it, mostly a little above. The narrowest has left the line long before: it is too
         small for more examples. With noise nobody gets below the floor.
Promise: off <= 1.8 (for every seed; off is how many times the loss of the widest network with
         most examples is larger, or smaller, than the line said)
Source:  Hestness and others 2017, power laws of the error in four fields; Kaplan and others 2020,
         the same for language models; Student 1908, how wide the bar must be
"""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import digits
from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, field, knob, line, points

WIDTHS = (2, 8, 32, 128)  # hidden neurons
REPEATS = 8  # networks behind every dot, side by side, each with examples of its own
SMALLEST = 40  # examples of the first dot, or up to twice as many
HELD_OUT = 5  # one of so many examples is not learned, but says when to stop
CHECKED = 10  # updates between two looks at those
BATCH = 32
TESTED = {"digits": 400, "teacher": 2000}  # examples that nobody learns
INPUTS, HIDDEN, CLASSES = 16, 32, 10  # of the teacher
SURE = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36)  # 95 % of Student's t, by degrees of freedom


@dataclass
class Config:
    data: str = choice("digits", list(TESTED), "written digits, or examples of a made network")
    largest: int = knob(1280, 320, 20480, "the largest number of examples", log=True)
    widths: int = knob(4, 1, len(WIDTHS), "how many of the widths 2, 8, 32 and 128 are trained")
    noise: float = knob(0.0, 0.0, 0.9, "share of the labels that are drawn by lot")
    updates: int = knob(500, 2, 10_000, "updates of the weights of each network")
    lr: float = knob(0.01, 1e-4, 0.3, "the first step size of Adam", log=True, live=True)
    seed: int = knob(0, 0, 9999, "chooses the examples, the noise and the first weights")


@dataclass
class Data:
    """N examples for each of R networks, and M for their test; D numbers each, C classes."""

    x: Tensor  # (R, N, D)
    label: Tensor  # (R, N)
    test_x: Tensor  # (R, M, D)
    test_label: Tensor  # (R, M)
    classes: int  # C


class Networks(nn.Module):
    """R networks with one hidden layer, side by side: logits = w2 relu(w1 x + b1) + b2."""

    def __init__(self, inputs: int, width: int, classes: int, chance: Generator) -> None:
        super().__init__()
        first = torch.randn(REPEATS, inputs, width, generator=chance)
        second = torch.randn(REPEATS, width, classes, generator=chance)
        self.w1 = nn.Parameter(first * math.sqrt(2 / inputs))
        self.b1 = nn.Parameter(torch.zeros(REPEATS, 1, width))
        self.w2 = nn.Parameter(second / math.sqrt(width))
        self.b2 = nn.Parameter(torch.zeros(REPEATS, 1, classes))

    def forward(self, x: Tensor) -> Tensor:
        """Logits (R, B, C) for inputs (R, B, D)."""
        return torch.relu(x @ self.w1 + self.b1) @ self.w2 + self.b2


def run(config: Config) -> Iterator[Frame]:
    """Train R networks for each pair of a number of examples and a width, the largest pair last.

    S numbers of examples, W widths.
    """
    chance = Generator().manual_seed(config.seed)
    data = make(config, chance)
    sizes, widths = ladder(config.largest), WIDTHS[: config.widths]
    tested = torch.full((len(widths), len(sizes)), torch.nan)  # (W, S) loss on the test
    views = partial(look, config, sizes, widths, data, tested)
    pairs = [(s, w) for s in range(len(sizes)) for w in range(len(widths))]
    last, step = len(pairs) * config.updates, 0

    for s, w in pairs:
        nets = Networks(data.x.shape[2], widths[w], data.classes, chance)
        optimizer = torch.optim.Adam(nets.parameters(), fused=True)
        known = sizes[s] - sizes[s] // HELD_OUT
        best = deepcopy(nets)  # each with the weights that were best on what it holds out
        lowest = torch.full((REPEATS,), torch.inf)

        for update in range(config.updates):
            some = torch.randint(known, (REPEATS, BATCH), generator=chance)
            loss = losses(nets, *pick(data, some)).mean()
            yield Frame(step, of=last, loss=loss.item(), views=views)
            optimizer.param_groups[0]["lr"] = config.lr * (1 - update / config.updates)
            optimizer.zero_grad()
            (REPEATS * loss).backward()  # of a sum, every network gets the slopes of its own loss
            optimizer.step()
            step += 1
            if update % CHECKED == 0 or update == config.updates - 1:
                held_out = data.x[:, known : sizes[s]], data.label[:, known : sizes[s]]
                lowest = keep(best, nets, lowest, *held_out)

        with torch.no_grad():
            tested[w, s] = losses(best, data.test_x, data.test_label).mean()
    yield Frame(last, of=last, loss=loss.item(), views=views)


def ladder(largest: int) -> list[int]:
    """The numbers of examples, each twice the one before."""
    steps = int(math.log2(largest / SMALLEST))
    return [largest >> (steps - i) for i in range(steps + 1)]


def make(config: Config, chance: Generator) -> Data:
    """Examples in another order for each network, and labels that are wrong here and there."""
    tested = TESTED[config.data]
    if config.data == "digits":
        images, digit = digits.rows()  # (1797, 64), (1797,)
        most = len(images) - tested
        if config.largest > most:
            raise KnobError(
                f"largest cannot be {config.largest} with digits: beside the test there are "
                f"{most}. Choose at most {most}, or data=teacher."
            )
        order = torch.stack([torch.randperm(len(images), generator=chance) for _ in range(REPEATS)])
        x, label = images[order], digit[order]
    else:
        x = torch.randn(REPEATS, config.largest + tested, INPUTS, generator=chance)
        first = torch.randn(INPUTS, HIDDEN, generator=chance) / math.sqrt(INPUTS)
        second = torch.randn(HIDDEN, CLASSES, generator=chance)
        label = (torch.relu(x @ first) @ second).argmax(dim=-1)  # the teacher's answers
    by_lot = torch.rand(label.shape, generator=chance) < config.noise
    label = torch.where(by_lot, torch.randint(CLASSES, label.shape, generator=chance), label)
    return Data(x[:, tested:], label[:, tested:], x[:, :tested], label[:, :tested], CLASSES)


def pick(data: Data, some: Tensor) -> tuple[Tensor, Tensor]:
    """The inputs (R, B, D) and labels (R, B) of some examples (R, B) of each network."""
    each = torch.arange(REPEATS)[:, None]
    return data.x[each, some], data.label[each, some]


def losses(nets: Networks, x: Tensor, label: Tensor) -> Tensor:
    """The cross entropy (R,) of each network on its own examples (R, B, D)."""
    logits = nets(x)  # (R, B, C)
    each = F.cross_entropy(logits.flatten(0, 1), label.flatten(), reduction="none")
    return each.view(label.shape).mean(dim=1)


@torch.no_grad()
def keep(best: Networks, nets: Networks, lowest: Tensor, x: Tensor, label: Tensor) -> Tensor:
    """Early stopping: take over the weights of networks that are better on (x, label) than ever."""
    now = losses(nets, x, label)  # (R,)
    for kept, weights in zip(best.parameters(), nets.parameters(), strict=True):
        kept[now < lowest] = weights[now < lowest]
    return torch.minimum(lowest, now)


@dataclass
class Fit:
    """A straight line through the logarithms: log10 loss = slope * log10 examples + start."""

    slope: float
    start: float
    error: float  # standard error of the slope
    spread: float  # half of the bar around what is foretold, in powers of ten
    foretold: float  # the loss at the largest number of examples


def fit(sizes: list[int], measured: Tensor) -> Fit:
    """Least squares through all numbers of examples but the largest; measured: (S,)."""
    x, y = torch.tensor(sizes).double().log10(), measured[:-1].double().log10()
    x, ahead = x[:-1], x[-1]  # (S - 1,)
    centred = x - x.mean()
    across = centred.square().sum()
    slope = (centred * y).sum() / across
    start = y.mean() - slope * x.mean()
    free = len(x) - 2
    scatter = ((y - slope * x - start).square().sum() / free).sqrt()
    further = 1 + 1 / len(x) + (ahead - x.mean()).square() / across
    return Fit(
        slope=slope.item(),
        start=start.item(),
        error=(scatter / across.sqrt()).item(),
        spread=SURE[free - 1] * (scatter * further.sqrt()).item(),
        foretold=10 ** (slope * ahead + start).item(),
    )


def floor(noise: float, classes: int) -> float:
    """The loss of one who knows how the labels are made: what is drawn by lot nobody foresees."""
    wrong = noise / classes  # the probability of each class that is not the true one
    right = 1 - noise + wrong
    return -right * math.log(right) - (classes - 1) * wrong * math.log(wrong) if noise else 0.0


# ---- what is seen


def look(
    config: Config, sizes: list[int], widths: tuple[int, ...], data: Data, tested: Tensor
) -> dict[str, float | View]:
    """The losses measured so far (W, S), over the examples and over the weights; the line."""
    fits = [fit(sizes, one) for one in tested if one[:-1].isfinite().all()]
    seen: dict[str, float | View] = {}
    if len(fits) == len(widths):
        widest, measured = fits[-1], tested[-1, -1].item()
        seen |= {"slope": widest.slope, "slope_error": widest.error, "foretold": widest.foretold}
        if math.isfinite(measured):
            ratio = measured / widest.foretold
            seen |= {"measured": measured, "off": max(ratio, 1 / ratio)}
    return (
        seen
        | by_examples(config, sizes, widths, data, tested, fits)
        | {"by_weights": by_weights(sizes, widths, data, tested)}
        | {"table": table(sizes, widths, tested)}
    )


def by_examples(
    config: Config,
    sizes: list[int],
    widths: tuple[int, ...],
    data: Data,
    tested: Tensor,
    fits: list[Fit],
) -> dict[str, View]:
    """One curve for each width, what the lines foretell, and the line of the widest."""
    across = torch.tensor(sizes).log10()  # (S,)
    height = tested.log10()  # (W, S)
    count = tested.isfinite().sum(dim=1)  # (W,) how many are measured of each width
    w = count.nonzero()[:, 0]  # the widths that have a dot; the last of each is a mark
    foretold = torch.tensor([math.log10(one.foretold) for one in fits])
    x = torch.cat([across[count[w] - 1], across[-1].expand(len(fits))])
    y = torch.cat([height[w, count[w] - 1], foretold])
    bars = foretold - torch.tensor([min(one.spread, 0.4) for one in fits])  # as far as is drawn
    lowest = floor(config.noise, data.classes)
    start = math.log10(lowest) if config.noise else -0.5
    seen = torch.cat([height[tested.isfinite()], foretold, bars, torch.tensor([start, 0.3])])
    low, high = seen.aminmax()
    widest = fits[-1] if len(fits) == len(widths) else None
    views = {
        "losses": points(
            torch.stack([x, y], dim=1),
            label=torch.cat([w, torch.arange(len(fits))]),
            held_out=torch.arange(len(x)) >= len(w),
            names=[f"{one} neurons" for one in widths] + ["the line", "what it foretells, to 95 %"],
            x=(float(across[0]) - 0.1, float(across[-1]) + 0.15),
            y=(float(low) - 0.15, float(high) + 0.1),
            title="loss on the test, by the number of examples",
            x_label="log₁₀ of the number of examples",
            y_label="log₁₀ of the loss",
            says=told(sizes, widths, tested, fits),
        ),
        "curves": line(
            across,
            {f"{one} neurons": row for one, row in zip(widths, height, strict=True)},
            on="losses",
            dots=True,
            says="the losses of each width, joined",
        ),
    } | the_line(across, widest, widths[-1])
    if config.noise:
        views["floor"] = line(
            across,
            torch.full_like(across, math.log10(lowest)),
            on="losses",
            says=f"nobody gets below {lowest:.3f}, because of the noise",
        )
    return views


def the_line(across: Tensor, widest: Fit | None, width: int) -> dict[str, View]:
    """The line of the widest network over all numbers of examples (S,), and its bar at the end."""
    line_says = bar_says = "not known yet"
    height, ends = torch.full_like(across, torch.nan), torch.full((2,), torch.nan)
    if widest:
        height = widest.slope * across + widest.start
        ends = math.log10(widest.foretold) + widest.spread * torch.tensor([-1.0, 1.0])
        low, high = (10**ends).tolist()
        line_says = f"the line of {width} neurons: slope {widest.slope:.2f} ± {widest.error:.2f}"
        bar_says = f"what it foretells, to 95 %: from {low:.3f} to {high:.3f}"
    return {
        "fit": line(across, height, on="losses", says=line_says),
        "bar": line(across[-1].expand(2), ends, on="losses", says=bar_says),
    }


def told(sizes: list[int], widths: tuple[int, ...], tested: Tensor, fits: list[Fit]) -> str:
    """What has come out so far, in words."""
    done = int(tested.isfinite().sum())
    if len(fits) < len(widths):
        return f"{done} of {tested.numel()} losses are measured"
    best, measured = fits[-1], tested[-1, -1].item()
    said = (
        f"{widths[-1]} neurons: slope {best.slope:.2f} ± {best.error:.2f}, so each doubling leaves "
        f"{2**best.slope:.2f} of the loss; foretold for {sizes[-1]} examples: {best.foretold:.3f}"
    )
    return said + (f", measured: {measured:.3f}" if math.isfinite(measured) else "")


def by_weights(sizes: list[int], widths: tuple[int, ...], data: Data, tested: Tensor) -> View:
    """One curve for each number of examples, over the number of weights."""
    inputs, classes = data.x.shape[2], data.classes
    counts = torch.tensor([(inputs + 1) * one + (one + 1) * classes for one in widths])
    gain = tested[0, -1] / tested[-1, -1]
    return line(
        counts.log10(),
        {f"{n} examples": one for n, one in zip(sizes, tested.log10().T, strict=True)},
        title="the same losses, by the number of weights",
        x_label="log₁₀ of the number of weights",
        dots=True,
        says=f"from {counts[0]} to {counts[-1]} weights, {sizes[-1]} examples: "
        + (f"the loss falls to 1/{gain:.1f}" if gain.isfinite() else "not trained yet"),
    )


def table(sizes: list[int], widths: tuple[int, ...], tested: Tensor) -> View:
    """The losses as numbers; what is not trained yet stays empty."""
    return field(
        tested,
        lo=0,
        hi=2.5,
        colours="sequential",
        rows=[str(one) for one in widths],
        columns=[str(one) for one in sizes],
        title="loss on the test",
        x_label="examples",
        y_label="neurons",
        says=f"{int(tested.isfinite().sum())} of {tested.numel()} losses are measured",
    )
