"""Five networks learn from four fifths of the patients each, and are tested on the last fifth.

Watch:   Every patient is held out once, by one of the networks: the row of each shows whom it
         did not learn from, and where it was wrong about them. The five were trained alike, and
         yet their accuracies spread: with 108 patients a fold has 21 or 22, so one patient more
         is worth almost five points. Their mean is steadier. On new patients the average of
         the five is better than the five are on average.
Promise: gain >= 0 (for every seed; gain is the mean log loss of the networks on new patients,
         less the log loss of their average)
Source:  Stone 1974, cross-validation; Isensee and others 2021, nnU-Net, five folds and their
         average; Jensen 1906, why the average cannot lose; Wilson 1927, the bars;
         Street, Wolberg and Mangasarian 1993, the tumours
Pace:    20 steps a second
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import tumours
from fathom.lab import Frame, View, field, knob, line, points

HELD_OUT, WRONG = 1, 2  # classes of the picture; 0 is learned from
SURE = 1.96  # standard deviations on both sides that hold 95 %


@dataclass
class Config:
    patients: int = knob(108, 20, 400, "how many take part in the study")
    folds: int = knob(5, 2, 10, "parts of them, and networks")
    noise: float = knob(
        1.0, 0.0, 10.0, "how badly everything was measured, in its own standard deviations"
    )
    width: int = knob(8, 1, 64, "hidden neurons of each network")
    lr: float = knob(0.01, 1e-4, 1.0, "step size of Adam", log=True, live=True)
    weight_decay: float = knob(0.1, 0.0, 3.0, "how hard weights are pulled to 0", live=True)
    steps: int = knob(150, 1, 3000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the patients, their folds and the first weights")


@dataclass
class Data:
    """N patients of the study in K folds, and M others who come later; F measurements of each."""

    x: Tensor  # (K, N, F) as each network sees them
    ill: Tensor  # (N,) 1 or 0
    fold: Tensor  # (N,) from 0 to K - 1, ascending
    later_x: Tensor  # (K, M, F)
    later_ill: Tensor  # (M,)


class Networks(nn.Module):
    """K networks with one hidden layer, side by side: logit = w2 tanh(w1 x + b1) + b2."""

    def __init__(self, k: int, features: int, width: int, chance: Generator) -> None:
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(k, features, width, generator=chance) / features**0.5)
        self.b1 = nn.Parameter(torch.zeros(k, 1, width))
        self.w2 = nn.Parameter(torch.randn(k, width, 1, generator=chance) / width**0.5)
        self.b2 = nn.Parameter(torch.zeros(k, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Logits (K, N) for patients (K, N, F)."""
        return (torch.tanh(x @ self.w1 + self.b1) @ self.w2 + self.b2)[..., 0]


def run(config: Config) -> Iterator[Frame]:
    """Train all networks at once, each without its own fold."""
    chance = Generator().manual_seed(config.seed)
    data = gather(config, chance)
    nets = Networks(config.folds, data.x.shape[-1], config.width, chance)
    optimizer = torch.optim.AdamW(nets.parameters(), fused=True)
    out = data.fold == torch.arange(config.folds)[:, None]  # (K, N) who is held out by whom

    for step in count():
        logits = nets(data.x)  # (K, N)
        learned = mean_losses(logits, data.ill, ~out)  # (K,)
        with torch.no_grad():
            held_out = mean_losses(logits, data.ill, out)
            right = (logits > 0) == (data.ill == 1)  # (K, N)
            folds = (right & out).sum(1) / out.sum(1)  # (K,) accuracy on the own fold
            later = nets(data.later_x).sigmoid()  # (K, M) probabilities
        yield Frame(
            step,
            of=max(step, config.steps),
            train_loss=learned.mean().item(),
            val_loss=held_out.mean(),
            val_accuracy=(right & out).sum() / len(data.ill),  # every patient counts once
            spread=folds.std(),
            gain=log_loss(later, data.later_ill).mean() - log_loss(later.mean(0), data.later_ill),
            views=partial(look, data, out, right, folds, later),
        )
        if step >= config.steps:
            return

        optimizer.param_groups[0].update(lr=config.lr, weight_decay=config.weight_decay)
        optimizer.zero_grad()
        learned.sum().backward()  # of a sum, every network gets the slopes of its own loss
        optimizer.step()


def gather(config: Config, chance: Generator) -> Data:
    """Draw the patients and deal them into folds, the ill and the healthy each in turn."""
    x, ill = tumours.load()
    x = x + config.noise * x.std(0) * torch.randn(x.shape, generator=chance)
    order = torch.randperm(len(x), generator=chance)
    here, later = order[: config.patients], order[config.patients :]
    here = here[ill[here].argsort(stable=True)]  # the healthy first
    fold = torch.arange(len(here)) % config.folds
    here, fold = here[fold.argsort(stable=True)], fold.sort().values
    learned = fold != torch.arange(config.folds)[:, None]  # (K, N)
    mean = torch.stack([x[here[one]].mean(0) for one in learned])[:, None]  # (K, 1, F)
    std = torch.stack([x[here[one]].std(0) for one in learned])[:, None]
    return Data((x[here] - mean) / std, ill[here], fold, (x[later] - mean) / std, ill[later])


def mean_losses(logits: Tensor, ill: Tensor, counted: Tensor) -> Tensor:
    """Binary cross entropy (K,) of each network over the patients (K, N) that count for it."""
    wanted = ill.float().expand(logits.shape)
    losses = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    return (losses * counted).sum(1) / counted.sum(1)


def log_loss(probability: Tensor, ill: Tensor) -> Tensor:
    """The mean of -log of what was said of the truth (...,), for probabilities (..., M)."""
    said = torch.where(ill == 1, probability, 1 - probability)
    return -said.clamp(min=1e-12).log().mean(-1)


def wilson(share: Tensor, size: Tensor) -> tuple[Tensor, Tensor]:
    """Where the accuracy may lie that stands behind a share of `size` patients, to 95 %."""
    z2 = SURE**2
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = SURE * (share * (1 - share) / size + z2 / (4 * size**2)).sqrt() / (1 + z2 / size)
    return middle - half, middle + half


# ---- what is seen


def look(data: Data, out: Tensor, right: Tensor, folds: Tensor, later: Tensor) -> dict[str, View]:
    """Who was held out by whom, and how good everybody is."""
    k, n = out.shape
    state = torch.where(out, torch.where(right, HELD_OUT, WRONG), 0)  # (K, N)
    missed = int((state == WRONG).sum())
    return {
        "held_out": field(
            state,
            pixels=True,
            x=(0, n),
            y=(0.5, k + 0.5),
            colours="classes",
            labels=["learned from", "held out", "held out, and wrong"],
            title="who is tested on whom",
            x_label="patient",
            y_label="network",
            says=f"{k} networks and {n} patients, each held out once; "
            f"wrong about {missed}, so right about {1 - missed / n:.1%}",
        )
    } | compare(data, out, folds, later)


def compare(data: Data, out: Tensor, folds: Tensor, later: Tensor) -> dict[str, View]:
    """The accuracy of each network on its own fold (K,) and on later patients, and of all."""
    k, size = len(folds), out.sum(1)
    each = accuracy(later, data.later_ill)  # (K,)
    together = accuracy(later.mean(0), data.later_ill)
    study = torch.cat([folds, (folds * size).sum()[None] / size.sum()])  # (K + 1,)
    new = torch.cat([each, together[None]])
    number = torch.arange(1, k + 2)
    low, high = wilson(study, torch.cat([size, size.sum()[None]]))
    bars = torch.stack([low, high, torch.full_like(low, torch.nan)], dim=1)  # with gaps between
    return {
        "accuracies": points(
            torch.cat([torch.stack([number, study], 1), torch.stack([number + 0.2, new], 1)]),
            label=torch.arange(2).repeat_interleave(k + 1),
            names=["on its own fold", "on later patients"],
            x=(0.5, k + 1.7),
            y=(0.4, 1.02),
            title="how good is it?",
            x_label=f"network; {k + 1}: all folds together, and the average of all networks",
            y_label="accuracy",
            says=f"on their own folds from {folds.min():.1%} to {folds.max():.1%}, together "
            f"{study[-1]:.1%}; on {len(data.later_ill)} later patients from {each.min():.1%} to "
            f"{each.max():.1%}, and their average {together:.1%}",
        ),
        "bars": line(
            number.repeat_interleave(3),
            bars.flatten(),
            on="accuracies",
            says="where the accuracy behind each may lie, to 95 %",
        ),
    }


def accuracy(probability: Tensor, ill: Tensor) -> Tensor:
    """The share of patients (...,) of whom the right is said, from probabilities (..., M)."""
    return ((probability > 0.5) == (ill == 1)).float().mean(-1)
