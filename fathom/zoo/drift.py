"""A model in use: the world changes, the accuracy falls, and the labels come too late to see it.

Watch:   Every week patients come, and a network that was trained before says who is ill. From
         week 20 on, slowly, other patients come. Its accuracy falls, but nobody knows: who was ill
         is found out eight weeks later. An alarm that looks only at the inputs goes off long
         before. Choose concept: the inputs stay what they were, and only what they mean changes;
         now just the late labels can tell. Turn level: an alarm that never sleeps cries often.
Promise: delay <= 4 (for every seed; the mean over 100 clinics of the weeks from the first change
         to the first alarm of the inputs)
Source:  Massey 1951, the test of Kolmogorov and Smirnov; Moreno-Torres and others 2012, the three
         kinds of shift; Gama and others 2014, concept drift; Rabanser and others 2019, Failing
         loudly, tests of the inputs
Pace:    6 steps a second
"""

from collections.abc import Iterator
from dataclasses import dataclass, field as dataclass_field
from functools import partial
from itertools import count
from math import erfc, sqrt

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.lab import Frame, View, choice, field, knob, line, points

BEFORE = 2000  # patients whose labels are known before the first week
CLINICS = 100  # that use the same model: how soon their alarms go off, and how often for nothing
GATHER = 4  # weeks of labels after an alarm, with which a new model is trained
FRESH = 2000  # patients of the same week by whom the accuracy is measured that nobody knows
YEAR = 52
HOME = torch.tensor([-1.5, 0.0])  # where the middle of the patients lies before the change
FAR = 3.5  # how far along x1 it moves, with covariate
MORE = 0.8  # share of the ill in the end, with label
UP = 1.5  # how far along x2 the border moves, with concept
STEEP = 4.0  # how sharp the border between ill and healthy is
WIDE = 4.0  # the picture goes from -4 to 4
MOST = 12.0  # the evidence is drawn up to here
LEVELS = torch.logspace(-5, -0.5, 46)  # of the alarm, in the picture of the bargain


@dataclass
class Config:
    drift: str = choice(
        "covariate",
        ["none", "covariate", "label", "concept"],
        "what changes: nothing, who comes, how many are ill, or what the measurements mean",
    )
    begin: int = knob(20, 0, 60, "the week in which the change begins", live=True)
    during: int = knob(30, 0, 60, "weeks that it takes; 0 is at once", live=True)
    amount: float = knob(1.0, 0.0, 1.5, "how far the change goes", live=True)
    level: float = knob(
        0.01, 1e-5, 0.3, "alarm if chance alone does that so rarely", log=True, live=True
    )
    patients: int = knob(100, 20, 400, "patients a week in each clinic")
    labels_after: int = knob(8, 0, 30, "weeks until it is known who was ill")
    retrain: str = choice(
        "never", ["never", "inputs", "labels"], "after which alarm it is trained anew", live=True
    )
    steps: int = knob(80, 1, 400, "weeks", live=True)
    seed: int = knob(0, 0, 9999, "chooses the patients and the first weights")


@dataclass
class Deployed:
    """A model in use, and what was known when it was trained."""

    net: nn.Sequential
    reference: Tensor  # (M, 2) inputs that it knows, each column sorted
    right: float  # the share of its held-out patients of whom it said the right
    held_out: int  # how many they were
    week: int  # in which it came into use


@dataclass
class Log:
    """What is written down week by week in the first clinic, and the alarms of all."""

    x: list[Tensor] = dataclass_field(default_factory=list)  # (N, 2) of each week
    ill: list[Tensor] = dataclass_field(default_factory=list)  # (N,)
    right: list[float] = dataclass_field(default_factory=list)  # of them, known later
    worth: list[float] = dataclass_field(default_factory=list)  # by fresh patients, never known
    inputs: list[float] = dataclass_field(default_factory=list)  # p of the test of the inputs
    labels: list[float] = dataclass_field(default_factory=list)  # and of the labels that came
    everywhere: list[Tensor] = dataclass_field(default_factory=list)  # p of the inputs, (CLINICS,)
    trained: list[int] = dataclass_field(default_factory=list)  # weeks in which a new model came


def run(config: Config) -> Iterator[Frame]:
    """A week each step. N: patients in a week."""
    torch.manual_seed(config.seed)  # for the first weights
    chance = Generator().manual_seed(config.seed)
    first = model = deploy(*people(config, 0.0, (BEFORE,), chance), week=0)
    log, alarmed = Log(), -1  # the week of the patients by whom an alarm went off; -1 for none

    for step in count():
        # 1. patients come, and are judged
        share = changed(config, step)
        x, ill = people(config, share, (CLINICS, config.patients), chance)
        log.x.append(x[0])
        log.ill.append(ill[0])
        log.right.append(accuracy(model.net, x[0], ill[0]))
        log.worth.append(accuracy(model.net, *people(config, share, (FRESH,), chance)))
        # 2. the inputs are compared with what the model knows
        log.inputs.append(ks_test(x[:1], model.reference).item())
        log.everywhere.append(ks_test(x, first.reference))
        # 3. labels of an earlier week arrive
        known = step - config.labels_after
        fair = known >= model.week  # that week was judged by the model that is in use
        log.labels.append(share_test(log.right[known], config.patients, model) if fair else 1.0)
        # 4. alarm?
        if alarmed < 0 and config.retrain == "inputs" and log.inputs[-1] < config.level:
            alarmed = step
        if alarmed < 0 and config.retrain == "labels" and log.labels[-1] < config.level:
            alarmed = known

        past = torch.stack(log.everywhere)  # (weeks, CLINICS)
        yield Frame(
            step,
            of=max(step, config.steps),
            test_accuracy=log.worth[-1],
            delay=delays(past, config.begin, config.level).mean(),
            false_alarms=false_alarms(past, config, config.level),
            views=partial(look, config, model, log, alarmed),
        )
        if step >= config.steps:
            return

        # 5. train anew, when enough labels have come since the alarm
        if alarmed >= 0 and known >= alarmed + GATHER - 1:
            some = slice(alarmed, known + 1)
            model = deploy(torch.cat(log.x[some]), torch.cat(log.ill[some]), week=step + 1)
            log.trained.append(step + 1)
            alarmed = -1


# ---- the world


def changed(config: Config, week: int) -> float:
    """How far the change has gone in this week, from 0."""
    if config.drift == "none" or week < config.begin:
        return 0.0
    return config.amount * min(1.0, (week - config.begin + 1) / max(1, config.during))


def people(
    config: Config, share: float, shape: tuple[int, ...], chance: Generator
) -> tuple[Tensor, Tensor]:
    """Two measurements (..., 2) of as many patients, and who is ill (...,) 0 or 1."""
    middle = HOME + torch.tensor([FAR * share if config.drift == "covariate" else 0.0, 0.0])
    if config.drift == "label" and share > 0:
        return by_class(share, shape, chance)
    x = middle + torch.randn(*shape, 2, generator=chance)
    probability = (STEEP * (x[..., 1] - border(config, share, x[..., 0]))).sigmoid()
    return x, (torch.rand(shape, generator=chance) < probability).long()


def border(config: Config, share: float, x1: Tensor) -> Tensor:
    """The x2 (...,) above which most are ill: a hill, of which the model first sees one side."""
    return 1.8 - 0.5 * x1**2 + (UP * share if config.drift == "concept" else 0.0)


def by_class(share: float, shape: tuple[int, ...], chance: Generator) -> tuple[Tensor, Tensor]:
    """More ill people, of whom each looks as the ill always did: p(x | ill) stays."""
    pool, kind = people(Config(drift="none"), 0.0, (20_000,), chance)
    usual = kind.float().mean().item()
    wanted = usual + min(share, 1.0) * (MORE - usual)
    ill = torch.rand(shape, generator=chance) < wanted
    number = torch.rand(shape, generator=chance)  # which of those of a class
    sick, well = pool[kind == 1], pool[kind == 0]
    x = torch.where(
        ill[..., None],
        sick[(number * len(sick)).long()],
        well[(number * len(well)).long()],
    )
    return x, ill.long()


# ---- the model


def deploy(x: Tensor, ill: Tensor, week: int) -> Deployed:
    """Train with four fifths of the patients (M, 2), and measure with the last fifth."""
    learned = torch.arange(len(x)) % 5 != 0
    net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.03, weight_decay=0.01, fused=True)
    for _ in range(200):
        loss = F.binary_cross_entropy_with_logits(net(x[learned])[:, 0], ill[learned].float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    right = accuracy(net, x[~learned], ill[~learned])
    return Deployed(net, x.sort(dim=0).values, right, int((~learned).sum()), week)


@torch.no_grad()
def accuracy(net: nn.Sequential, x: Tensor, ill: Tensor) -> float:
    """The share of the patients (N, 2) of whom it says the right."""
    right: Tensor = (net(x)[:, 0] > 0) == (ill == 1)  # (N,)
    return float(right.float().mean())


# ---- the alarms


def ks_test(x: Tensor, reference: Tensor) -> Tensor:
    """How likely inputs (K, N, 2) would differ so much from the reference (M, 2) by chance: (K,).

    The test of Kolmogorov and Smirnov for each measurement. D is the largest distance between
    the two cumulative shares, and p = 2 sum over j of (-1)^(j - 1) exp(-2 j^2 L^2) with
    L = D sqrt(N M / (N + M)). Two chances for an alarm: the smaller p counts twice (Bonferroni).
    """
    n, m = x.shape[-2], len(reference)
    sorted_x = x.permute(2, 0, 1).contiguous().sort(dim=-1).values  # (2, K, N)
    steps = torch.arange(n + 1) / n  # the cumulative share of x
    ps = []
    for one, known in zip(sorted_x, reference.T.contiguous(), strict=True):
        upto = torch.searchsorted(known, one, right=True) / m  # (K, N) cumulative share of known
        below = torch.searchsorted(known, one) / m
        d = torch.maximum((steps[1:] - upto).amax(dim=-1), (below - steps[:-1]).amax(dim=-1))
        ps.append(kolmogorov(d * sqrt(n * m / (n + m))))
    return (2 * torch.stack(ps).amin(dim=0)).clamp(max=1)


def kolmogorov(large: Tensor) -> Tensor:
    """How likely chance alone makes L so large, for each L (K,)."""
    j = torch.arange(1, 101, dtype=torch.float64)
    terms = (-1) ** (j - 1) * torch.exp(-2 * (j * large.double()[:, None]) ** 2)  # (K, 100)
    return torch.where(large > 0.2, 2 * terms.sum(dim=1), 1.0).clamp(0, 1)


def share_test(right: float, n: int, model: Deployed) -> float:
    """How likely n patients would be judged so badly, if the model were as good as it was.

    The test of two shares: z is their difference, in standard deviations of it.
    """
    m = model.held_out
    both = (right * n + model.right * m) / (n + m)
    std = sqrt(max(both * (1 - both), 1e-9) * (1 / n + 1 / m))
    return erfc((model.right - right) / std / sqrt(2)) / 2


def delays(p: Tensor, begin: int, level: float) -> Tensor:
    """Weeks from the change to the first alarm of each clinic, (CLINICS,), or up to now.

    p: (weeks, CLINICS) of the test of the inputs.
    """
    since = p[begin:] < level  # (weeks since the change, CLINICS)
    never = torch.full((1, p.shape[1]), True)  # counts the weeks up to now
    return torch.cat([since, never]).int().argmax(dim=0).float()


def false_alarms(p: Tensor, config: Config, level: float) -> float:
    """Alarms a year in a clinic while nothing has changed."""
    quiet = p if config.drift == "none" else p[: config.begin]
    return YEAR * (quiet < level).float().mean().item() if len(quiet) else 0.0


# ---- what is seen


def look(config: Config, model: Deployed, log: Log, alarmed: int) -> dict[str, View]:
    """How good it is and who knows, the alarms, this week's patients, and the bargain."""
    step = len(log.worth) - 1
    weeks = torch.arange(step + 1)
    known = torch.full((step + 1,), torch.nan)
    late = config.labels_after
    known[late:] = torch.tensor(log.right[: max(0, step + 1 - late)])
    said = f", {known[-1]:.0%} by the labels that have come" if step >= late else ""
    news = f"; labels are gathered since week {alarmed}" if alarmed >= 0 else ""
    news += f"; trained anew in week {', '.join(map(str, log.trained))}" if log.trained else ""
    return (
        {
            "accuracies": line(
                weeks,
                {"today, which nobody knows": torch.tensor(log.worth), "known today": known},
                y_range=(0.3, 1),
                title="accuracy",
                x_label="week",
                says=f"week {step}: right about {log.worth[-1]:.0%} today{said}{news}",
            )
        }
        | alarms(config, log, weeks)
        | patients(config, model, log, step)
        | bargain(config, torch.stack(log.everywhere))
    )


def alarms(config: Config, log: Log, weeks: Tensor) -> dict[str, View]:
    """How surprising each week was: the evidence against 'nothing has changed', -log10(p)."""
    p = torch.tensor([log.inputs, log.labels], dtype=torch.float64)  # (2, weeks)
    evidence = -p.clamp(min=10**-MOST).log10()
    rung = (p < config.level).sum(dim=1).tolist()
    bar = -torch.tensor([config.level, config.level]).log10()
    return {
        "evidence": points(
            torch.stack([weeks.repeat(2), evidence.flatten()], dim=1),
            label=torch.arange(2).repeat_interleave(len(weeks)),
            names=["inputs of the week", "labels that came"],
            x=(-1, max(config.steps, len(weeks))),
            y=(0, MOST + 0.5),
            title="alarm above the line",
            x_label="week",
            y_label="evidence, −log₁₀ p",
            says=f"so far {rung[0]} weeks with an alarm of the inputs, {rung[1]} of the labels",
        ),
        "level_line": line(
            torch.tensor([-1.0, max(config.steps, len(weeks))]),
            bar,
            on="evidence",
            says=f"the level {config.level:.2g}",
        ),
    }


@torch.no_grad()
def patients(config: Config, model: Deployed, log: Log, step: int) -> dict[str, View]:
    """What the model says everywhere, this week's patients, and where the border really is."""
    axis = torch.linspace(-WIDE, WIDE, 61)
    up, across = torch.meshgrid(axis, axis, indexing="ij")
    surely = model.net(torch.stack([across, up], dim=-1))[..., 0].sigmoid()  # (61, 61)
    x, ill = log.x[step], log.ill[step]
    inside = x.abs().amax(dim=1) < WIDE
    return {
        "model": field(
            surely,
            x=(-WIDE, WIDE),
            y=(-WIDE, WIDE),
            lo=0,
            hi=1,
            labels=["healthy", "ill"],
            title="this week's patients, and what the model says",
            x_label="x1",
            y_label="x2",
            says=f"{len(x)} patients, {int(ill.sum())} of them ill; "
            f"the model is right about {log.right[step]:.0%}",
        ),
        "week": points(x[inside], label=ill[inside], names=["healthy", "ill"], on="model"),
        "truth": line(
            axis,
            border(config, changed(config, step), axis),
            on="model",
            says="above this line most are ill",
        ),
    }


def bargain(config: Config, p: Tensor) -> dict[str, View]:
    """Weeks of delay against false alarms a year, for all levels."""
    often = torch.tensor([false_alarms(p, config, level) for level in LEVELS.tolist()])
    late = torch.stack([delays(p, config.begin, level).mean() for level in LEVELS.tolist()])
    here = torch.tensor(
        [[false_alarms(p, config, config.level), delays(p, config.begin, config.level).mean()]]
    )
    return {
        "bargain": points(
            here,
            x=(-0.2, 8),
            y=(0, max(4.0, 1.1 * late.max().item())),
            title="quick, or quiet?",
            x_label="false alarms a year",
            y_label="weeks from the change to the alarm",
            says=f"{CLINICS} clinics with this level: {here[0, 0]:.1f} false alarms a year, "
            f"{here[0, 1]:.1f} weeks from the change to the alarm",
        ),
        "all_levels": line(often, late, on="bargain", says="every level from 0.00001 to 0.3"),
    }
