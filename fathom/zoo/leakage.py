"""A test that looks too good: it knew something of the answers before it began.

Watch:   Nothing here tells the ill from the healthy: all measurements are random. Still the leaky
         test is right about far more than half of the patients, since the measurements that look
         best were chosen with all patients, those of the test included. The honest test chooses
         them anew from the training patients alone, and says one half, as new patients do. Choose
         duplicates: patients who were measured twice stand on both sides of a split by rows.
         Choose standardise: that leaks, too, but next to nothing; measure before you worry.
Promise: excess >= 0.25 (for every seed; excess is what the leaky test says, less what its
         classifier is worth on new patients; both are means over all studies)
Source:  Ambroise and McLachlan 2002, Selection bias in gene extraction; Kapoor and Narayanan
         2023, Leakage and the reproducibility crisis
Pace:    10 steps a second
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor

from fathom.lab import Frame, View, choice, knob, line, points

NEW = 200  # patients who come after each study
TESTED = 0.3  # share of the rows, or of the patients, that are held out for the test
TELLING = 5  # measurements that differ between the classes, if signal is above 0
AGAIN = 0.3  # how far a second measurement lies from the first, in standard deviations
KINDS = ("leaky test", "honest test", "new patients")


@dataclass
class Config:
    leak: str = choice(
        "selection", ["selection", "duplicates", "standardise"], "what the test is told"
    )
    patients: int = knob(60, 20, 300, "how many patients a study has")
    measured: int = knob(1000, 10, 2000, "how many measurements there are of each")
    kept: int = knob(20, 2, 100, "how many of them selection keeps")
    twice: float = knob(0.5, 0.0, 1.0, "share of the patients measured twice, with duplicates")
    signal: float = knob(0.0, 0.0, 3.0, "how far the classes lie apart in five measurements")
    neighbours: int = knob(1, 1, 15, "how many neighbours vote")
    steps: int = knob(60, 1, 500, "how many studies follow after the first", live=True)
    seed: int = knob(0, 0, 9999, "chooses the patients and the splits")


@dataclass
class Study:
    """N rows with F measurements; a patient who was measured twice has two rows."""

    x: Tensor  # (N, F)
    ill: Tensor  # (N,) 0 or 1
    who: Tensor  # (N,) whose row it is
    held_out: Tensor  # (N,) true for the rows of the test, split by rows
    held_out_people: Tensor  # (N,) the same, but split by patients
    new_x: Tensor  # (M, F)
    new_ill: Tensor  # (M,)


def run(config: Config) -> Iterator[Frame]:
    """A new study every step, tested both ways, and asked about new patients."""
    chance = Generator().manual_seed(config.seed)
    found: list[tuple[float, float, float]] = []  # of each study: the accuracy of the three KINDS
    worth: list[float] = []  # of the honest classifier on new patients

    for step in count():
        study = gather(config, chance)
        leaky, later = accuracies(config, study, study.held_out, leaks=True)
        apart = study.held_out_people if config.leak == "duplicates" else study.held_out
        honest, honest_later = accuracies(config, study, apart, leaks=False)
        found.append((leaky, honest, later))
        worth.append(honest_later)
        means = torch.tensor(found).mean(dim=0)
        yield Frame(
            step,
            of=max(step, config.steps),
            excess=means[0] - means[2],
            honest_excess=means[1] - torch.tensor(worth).mean(),
            views=partial(look, study, found),
        )
        if step >= config.steps:
            return


def gather(config: Config, chance: Generator) -> Study:
    """Patients, some of them measured twice, and who of them is held out."""
    x, ill = people(config, config.patients, chance)
    who = torch.arange(config.patients)
    if config.leak == "duplicates":
        again = who[: round(config.twice * config.patients)]
        second = x[again] + AGAIN * torch.randn(x[again].shape, generator=chance)
        x, ill, who = torch.cat([x, second]), torch.cat([ill, ill[again]]), torch.cat([who, again])
    drawn = torch.rand(len(who), generator=chance)  # a number for each row; the lowest are held out
    drawn_people = drawn[: config.patients]  # all rows of a patient share the number of the first
    return Study(
        x,
        ill,
        who,
        drawn <= drawn.quantile(TESTED),
        (drawn_people <= drawn_people.quantile(TESTED))[who],
        *people(config, NEW, chance),
    )


def people(config: Config, size: int, chance: Generator) -> tuple[Tensor, Tensor]:
    """Measurements (size, F), and who is ill (size,), by the toss of a coin."""
    ill = torch.randint(2, (size,), generator=chance)
    x = torch.randn(size, config.measured, generator=chance)
    x[:, :TELLING] += config.signal * (ill[:, None] - 0.5)
    return x, ill


def accuracies(config: Config, study: Study, held_out: Tensor, leaks: bool) -> tuple[float, float]:
    """The share of the rows held out, and of the new patients, that is told right.

    leaks: what was prepared with all rows, and should have been with those of the training.
    """
    x, ill, known = study.x, study.ill, ~held_out
    every = torch.ones_like(known)

    # 1. choose measurements
    if config.leak == "selection":
        seen = every if leaks else known
        best = strongest(x[seen], ill[seen], config.kept)
    else:
        best = torch.arange(config.measured)
    x, new_x = x[:, best], study.new_x[:, best]  # (N, K), (M, K)
    # 2. standardise
    seen = every if leaks and config.leak == "standardise" else known
    mean, std = x[seen].mean(dim=0), x[seen].std(dim=0)
    x, new_x = (x - mean) / std, (new_x - mean) / std
    # 3. learn, and test
    said = nearest(x[known], ill[known], torch.cat([x[held_out], new_x]), config.neighbours)
    right = said == torch.cat([ill[held_out], study.new_ill])
    tested = int(held_out.sum())
    return right[:tested].float().mean().item(), right[tested:].float().mean().item()


def strongest(x: Tensor, ill: Tensor, kept: int) -> Tensor:
    """The measurements that go most closely with the illness, by their correlation r: (kept,).

    r = covariance(x, ill) / (std(x) std(ill)), and std(ill) is the same for all.
    """
    centred, centred_ill = x - x.mean(dim=0), ill - ill.float().mean()
    r = (centred * centred_ill[:, None]).mean(dim=0) / x.std(dim=0)  # (F,)
    return r.abs().topk(min(kept, x.shape[1])).indices


def nearest(x: Tensor, ill: Tensor, asked: Tensor, k: int) -> Tensor:
    """What the k nearest of the known rows (N, K) vote for those asked (Q, K): (Q,) 0 or 1."""
    near = torch.cdist(asked, x).topk(min(k, len(x)), largest=False).indices  # (Q, k)
    return (ill[near].float().mean(dim=1) > 0.5).long()


# ---- what is seen


def look(study: Study, found: list[tuple[float, float, float]]) -> dict[str, View]:
    """What the tests say, study by study, and the two measurements that look best."""
    three = torch.tensor(found)  # (S, 3)
    number = 1 + torch.arange(len(three))
    means = three.cumsum(dim=0) / number[:, None]
    ends = ", ".join(f"{name} {end:.0%}" for name, end in zip(KINDS, means[-1], strict=True))
    tests = three[:, :2]  # leaky and honest
    return {
        "means": line(
            number,
            dict(zip(KINDS, means.T, strict=True)),
            y_range=(0, 1),
            title="accuracy, mean of all studies so far",
            x_label="studies",
            says=f"after {len(three)} studies: {ends}",
        ),
        "studies": points(
            torch.stack([number.repeat(2), tests.T.flatten()], dim=1),
            label=torch.arange(2).repeat_interleave(len(number)),
            names=KINDS[:2],
            x=(0, len(three) + 1),
            y=(-0.02, 1.02),
            title="each test by itself",
            x_label="study",
            y_label="accuracy",
            says=f"the honest tests go from {tests[:, 1].min():.0%} to {tests[:, 1].max():.0%}, "
            f"the leaky ones from {tests[:, 0].min():.0%} to {tests[:, 0].max():.0%}",
        ),
    } | clouds(study)


def clouds(study: Study) -> dict[str, View]:
    """The two measurements that look best in the whole study; the same two of new patients."""
    best = strongest(study.x, study.ill, 2)
    first, second = (best + 1).tolist()
    shown = {
        "the two measurements that look best": (study.x, study.ill, study.held_out),
        "the same two, of new patients": (study.new_x, study.new_ill, None),
    }
    seen = {}
    for name, (title, (x, ill, held_out)) in zip(("best", "later"), shown.items(), strict=True):
        gap = (x[ill == 1].mean(dim=0) - x[ill == 0].mean(dim=0))[best].abs()  # (2,)
        seen[name] = points(
            x[:, best],
            label=ill,
            held_out=held_out,
            names=["healthy", "ill"],
            x=(-4, 4),
            y=(-4, 4),
            title=title,
            x_label=f"measurement {first}",
            y_label=f"measurement {second}",
            says=f"{len(x)} rows; the means of ill and healthy lie {gap[0]:.2f} and "
            f"{gap[1]:.2f} standard deviations apart",
        )
    return seen
