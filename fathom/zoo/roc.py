"""A classifier gives every patient a score, and a threshold makes a decision of it.

Watch:   Move the threshold to the right: in the scores fewer patients lie above it, the dot on
         the ROC curve slides down to the left, and in the table false alarms become missed
         patients. The curve itself stays: it belongs to the scores, not to the threshold.
         Then make the illness rare with used_on: the ROC curve stays, precision collapses.
Promise: gap <= 0.03 (for every seed; gap is how far the AUC is below that of the best score)
Source:  Hanley and McNeil 1982, the AUC as a probability; Efron 1979, the bootstrap;
         Street, Wolberg and Mangasarian 1993, the tumours
Pace:    15 steps a second
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from fathom.data import toy, tumours
from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, field, knob, line, points

MODELS = {"logistic": (), "mlp": (16, 16)}  # hidden neurons, layer by layer
RESAMPLES = 400
BINS = 25  # of the scores
MOST = 60  # dots of a class below the scores
FEWEST = 4  # ill and healthy patients that there must be


@dataclass
class Config:
    data: str = choice("heaps", ["heaps", "bent", "tumours"], "made patients, or real tumours")
    model: str = choice("logistic", list(MODELS), "what gives the scores")
    rival: str = choice("none", ["none", *MODELS], "a second classifier, for the same patients")
    threshold: float = knob(0.5, 0.0, 1.0, "who scores at least this is called ill", live=True)
    used_on: float = knob(
        0.0, 0.0, 0.95, "the share of the ill where it is used; 0: as in the data", live=True
    )
    patients: int = knob(600, 40, 4000, "how many there are; at most 569 tumours")
    held_out: float = knob(0.5, 0.1, 0.9, "the share of them that is tested on")
    prevalence: float = knob(0.3, 0.01, 0.99, "the share of the ill among made patients")
    overlap: float = knob(0.4, 0.01, 1.0, "how much of both heaps is common ground")
    lr: float = knob(0.05, 1e-4, 1.0, "step size of Adam", log=True, live=True)
    updates: int = knob(150, 1, 5000, "updates of the weights; then only you move something")
    steps: int = knob(6000, 1, 20_000, "how long the figure stays open", live=True)
    seed: int = knob(0, 0, 9999, "chooses patients, first weights and resamples")


@dataclass
class Data:
    """Patients: M to learn from and N held out; F measurements of each."""

    x: Tensor  # (M + N, F)
    ill: Tensor  # (M + N,) 1 or 0
    best: Tensor | None  # (M + N,) the best score there is, where that is known
    m: int  # M
    drawn: Tensor  # (RESAMPLES, N) how often each of those held out is in each resample


def run(config: Config) -> Iterator[Frame]:
    """Train one classifier, or two side by side, and go on looking at the threshold."""
    torch.manual_seed(config.seed)
    data = gather(config, torch.Generator().manual_seed(config.seed))
    racing = [config.model] + ([config.rival] if config.rival != "none" else [])
    nets = [network(data.x.shape[1], MODELS[name]) for name in racing]
    names = [racing[0], *(f"its rival {name}" for name in racing[1:])]
    optimizer = torch.optim.Adam([weight for net in nets for weight in net.parameters()])

    for step in count():
        logits = [net(data.x)[:, 0] for net in nets]  # (M + N,) each
        known = data.ill[: data.m].float()
        losses = [binary_cross_entropy_with_logits(one[: data.m], known) for one in logits]
        numbers = dict(zip(["loss", "rival_loss"], map(Tensor.item, losses), strict=False))
        views = partial(look, config, data, names, [one[data.m :].detach() for one in logits])
        yield Frame(step, of=max(step, config.steps), **numbers, views=views)
        if step >= config.steps:
            return
        if step < config.updates:
            optimizer.param_groups[0]["lr"] = config.lr
            optimizer.zero_grad()
            torch.stack(losses).sum().backward()  # the two share no weight
            optimizer.step()


def gather(config: Config, chance: torch.Generator) -> Data:
    """Make or load patients, deal both classes out to training and test, and draw resamples."""
    best = None
    if config.data == "tumours":
        x, ill = tumours.load()
        some = torch.randperm(len(x), generator=chance)[: config.patients]
        x, ill = x[some], ill[some]
    else:
        bent = config.data == "bent"
        made = config.patients, config.prevalence, config.overlap, bent
        x, ill, best = toy.patients(*made, chance)
    train, test = [], []
    for label in (0, 1):
        members = (ill == label).nonzero()[:, 0]
        if len(members) < FEWEST:
            kind = "ill" if label else "healthy"
            raise KnobError(
                f"{len(members)} of {len(x)} patients are {kind}, and {FEWEST} is the least: "
                "take more patients, or change the prevalence."
            )
        members = members[torch.randperm(len(members), generator=chance)]
        cut = min(max(round(config.held_out * len(members)), 2), len(members) - 2)
        test.append(members[:cut])
        train.append(members[cut:])
    order = torch.cat([*train, *test])
    x, m = x[order], sum(map(len, train))
    x = (x - x[:m].mean(dim=0)) / x[:m].std(dim=0)
    drawn = torch.cat([resample(len(one), chance) for one in test], dim=1)
    return Data(x, ill[order], None if best is None else best[order], m, drawn)


def resample(size: int, chance: torch.Generator) -> Tensor:
    """How often each patient is there when `size` are drawn with putting back: (RESAMPLES, size).

    Both classes are drawn apart, so that every resample has ill and healthy patients.
    """
    picks = torch.randint(size, (RESAMPLES, size), generator=chance)
    return torch.zeros(RESAMPLES, size).scatter_add_(1, picks, torch.ones(RESAMPLES, size))


def network(inputs: int, hidden: tuple[int, ...]) -> nn.Sequential:
    """Layers with a ReLU between them, and one output; without hidden neurons, a logistic one."""
    layers: list[nn.Module] = []
    for wide, tall in pairwise([inputs, *hidden]):
        layers += [nn.Linear(wide, tall), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(hidden[-1] if hidden else inputs, 1))


# ---- what is measured; N patients with scores, R resamples, K different scores

Measures = dict[str, Tensor]


def curve(scores: Tensor, ill: Tensor) -> tuple[Tensor, Tensor]:
    """False alarms and hits as shares (K + 1,), from the threshold nobody reaches downwards."""
    order = scores.argsort(descending=True)
    scores, ill = scores[order], ill[order].double()
    last = torch.cat([scores[1:] != scores[:-1], torch.tensor([True])])  # of those with one score
    shares = [
        torch.cat([torch.zeros(1).double(), one.cumsum(0)[last] / one.sum()])
        for one in (1 - ill, ill)
    ]
    return shares[0], shares[1]


def pairs(scores: Tensor, ill: Tensor) -> float:
    """The share of pairs, one ill and one healthy, in which the ill has the higher score.

    A pair with the same score counts half.
    """
    sick, well = scores[ill == 1][:, None], scores[ill == 0][None]
    return float((sick > well).double().mean() + (sick == well).double().mean() / 2)


def aucs(scores: Tensor, ill: Tensor, drawn: Tensor) -> Tensor:
    """The AUC of every resample (R,): the share of its pairs that are ranked rightly."""
    _, place = scores.unique(return_inverse=True)  # (N,) 0 for the lowest score
    amount = torch.zeros(2, len(drawn), int(place.max()) + 1)  # (2, R, K)
    for label in (0, 1):
        amount[label].index_add_(1, place[ill == label], drawn[:, ill == label])
    well, sick = amount.double()
    below = well.cumsum(1) - well / 2  # the healthy with lower scores, and half of the equal ones
    ranked: Tensor = (sick * below).sum(1) / (sick.sum(1) * well.sum(1))
    return ranked


def table(scores: Tensor, ill: Tensor, drawn: Tensor, threshold: float, share: float) -> Tensor:
    """Hits, misses, false alarms and rightly cleared patients of every resample: (R, 4).

    As shares of all patients, where this share of them is ill.
    """
    called = (scores >= threshold).float()
    each = torch.stack([called, 1 - called], dim=1)  # (N, 2)
    sick, well = (drawn[:, ill == label] @ each[ill == label] for label in (1, 0))  # (R, 2)
    sick, well = (one.double() / one.double().sum(1, keepdim=True) for one in (sick, well))
    return torch.cat([share * sick, (1 - share) * well], dim=1)


def measures(cells: Tensor) -> Measures:
    """Accuracy and its relatives from tables (R, 4); nan where nobody is called ill."""
    hit, missed, alarm, cleared = cells.T
    recall, specificity = hit / (hit + missed), cleared / (alarm + cleared)
    return {
        "accuracy": hit + cleared,
        "balanced_accuracy": (recall + specificity) / 2,
        "recall": recall,
        "specificity": specificity,
        "precision": hit / (hit + alarm),
    }


def interval(values: Tensor) -> list[float]:
    """From where to where the middle 95 of 100 values lie; those that are no number left out."""
    known = values[~values.isnan()]
    if not len(known):
        return [float("nan")] * 2
    ends: list[float] = known.double().quantile(torch.tensor([0.025, 0.975]).double()).tolist()
    return ends


# ---- what is seen

Views = dict[str, View]
Curve = tuple[Tensor, Tensor]


@torch.no_grad()
def look(config: Config, data: Data, names: list[str], logits: list[Tensor]) -> dict[str, Any]:
    """One threshold in the scores, on both curves and in the table; and how sure all of it is."""
    ill = data.ill[data.m :]  # (N,)
    share = config.used_on or float(ill.double().mean())
    many = 1000 if config.used_on else len(ill)  # patients in the table
    scores = [one.double().sigmoid() for one in logits]
    curves = [curve(one, ill) for one in scores]
    once = torch.ones(1, len(ill))
    cells = torch.cat([table(one, ill, once, config.threshold, share) for one in scores])
    each = measures(cells)  # (models,) each
    now = {name: float(values[0]) for name, values in each.items()}
    areas = [float(torch.trapezoid(hits, alarms)) for alarms, hits in curves]
    spread = measures(table(scores[0], ill, data.drawn, config.threshold, share))
    resampled = [aucs(one, ill, data.drawn) for one in scores]

    seen: dict[str, Any] = {name: value for name, value in now.items() if not math.isnan(value)}
    seen |= {"auc": areas[0], "pairs": pairs(scores[0], ill)}
    if data.best is not None:
        seen["gap"] = pairs(data.best[data.m :], ill) - areas[0]
    amount = many * torch.tensor([1 - share, share], dtype=torch.double)
    seen |= histogram(scores[0], ill, config.threshold, amount)
    seen |= roc(names, curves, areas, each)
    seen["confusion"] = confusion(many * cells[0], many)
    seen |= precision_recall(names, curves, each, share)
    seen["measures"] = certainty(now | {"auc": areas[0]}, spread | {"auc": resampled[0]})
    if len(names) == 1:
        seen["spread"] = bell(resampled[0], "AUC", areas[0])
    else:
        seen["rival_auc"] = areas[1]
        title = f"AUC of {names[0]} minus that of {names[1]}"
        seen["difference"] = bell(resampled[0] - resampled[1], title, areas[0] - areas[1])
    return seen


def histogram(scores: Tensor, ill: Tensor, threshold: float, amount: Tensor) -> Views:
    """How many have which score, some of them as dots below; `amount` (2,): healthy and ill."""
    place = (scores * BINS).long().clamp(max=BINS - 1)
    counts = torch.stack([place[ill == label].bincount(minlength=BINS) for label in (0, 1)])
    counts = amount[:, None] * counts / counts.sum(1, keepdim=True)  # (2, BINS) patients
    top = 2 ** (math.ceil(2 * math.log2(float(counts.max()))) / 2)  # it jumps seldom
    dots = [scores[ill == label][:MOST] for label in (0, 1)]
    label = torch.cat([torch.full((len(one),), at) for at, one in enumerate(dots)])
    depth = torch.where(label == 1, -0.13 * top, -0.06 * top)
    means = [float(scores[ill == label].mean()) for label in (0, 1)]
    seen: Views = {
        "scores": points(
            torch.stack([torch.cat(dots), depth], dim=1),
            label=label,
            names=["healthy", "ill", "threshold"],
            x=(0, 1),
            y=(-0.2 * top, 1.05 * top),
            x_label="score: how likely the patient is ill",
            y_label="patients",
            says=f"the healthy score {means[0]:.2f} on average, the ill {means[1]:.2f}",
        )
    }
    stairs = torch.linspace(0, 1, BINS + 1).repeat_interleave(2)  # two corners at each edge
    for name, row in zip(("healthy", "ill"), counts, strict=True):
        heights = nn.functional.pad(row.repeat_interleave(2), (1, 1))
        said = f"{name}: {float(row.sum()):.0f} patients"
        seen[f"scores_{name}"] = line(stairs, heights, on="scores", says=said)
    ends = [-0.2 * top, 1.05 * top]
    said = f"threshold: it stands at {threshold:.2f}"
    seen["cut"] = line([threshold, threshold], ends, on="scores", says=said)
    return seen


def roc(names: list[str], curves: list[Curve], areas: list[float], each: Measures) -> Views:
    """The ROC curve of each classifier, where its threshold stands on it, and what a coin does."""
    recall, alarms = each["recall"], 1 - each["specificity"]
    seen: Views = {
        "roc": points(
            torch.empty(0, 2),
            names=[*names, "a coin"],
            x=(0, 1),
            y=(0, 1),
            title="ROC",
            x_label="false alarms, a share of the healthy",
            y_label="recall, a share of the ill",
            says=f"at this threshold {100 * float(recall[0]):.0f} % of the ill are found, "
            f"and {100 * float(alarms[0]):.0f} % of the healthy are alarmed",
        )
    }
    for name, (across, up), area in zip(names, curves, areas, strict=True):
        said = f"{name}: the area below the curve is {area:.3f}"
        seen[f"roc_{len(seen)}"] = line(across, up, on="roc", says=said)
    seen["coin"] = line([0, 1], [0, 1], on="roc", says="a coin alarms as many as it finds")
    place = torch.stack([alarms, recall], dim=1)  # (models, 2)
    said = "where the threshold stands on the curve"
    seen["here"] = points(place, label=torch.arange(len(names)), on="roc", says=said)
    return seen


def precision_recall(names: list[str], curves: list[Curve], each: Measures, share: float) -> Views:
    """The same thresholds as precision over recall; calling everybody ill gives the level line."""
    recall, precision = each["recall"], each["precision"]
    said = f"at this threshold {100 * float(precision[0]):.0f} % of those called ill are ill"
    if math.isnan(float(precision[0])):
        said = "at this threshold nobody is called ill, so there is no precision"
    seen: Views = {
        "precision_recall": points(
            torch.empty(0, 2),
            names=[*names, "everybody called ill"],
            x=(0, 1),
            y=(0, 1),
            title="precision and recall",
            x_label="recall, a share of the ill",
            y_label="precision, a share of those called ill",
            says=said,
        )
    }
    for name, (alarms, hits) in zip(names, curves, strict=True):
        hit, alarm = share * hits[1:], (1 - share) * alarms[1:]  # without the one nobody reaches
        said = f"{name}: precision is {float((hit / (hit + alarm))[0]):.2f} at its highest score"
        seen[f"precision_{len(seen)}"] = line(
            hits[1:], hit / (hit + alarm), on="precision_recall", says=said
        )
    said = f"everybody called ill: {100 * share:.1f} % are, and that is the precision"
    seen["everybody"] = line([0, 1], [share, share], on="precision_recall", says=said)
    known = ~precision.isnan()
    seen["stands"] = points(
        torch.stack([recall, precision], dim=1)[known],
        label=torch.arange(len(names))[known],
        on="precision_recall",
        says="where the threshold stands on the curve",
    )
    return seen


def confusion(cells: Tensor, many: int) -> View:
    """The four kinds of patients (4,), in whole ones."""
    hit, missed, alarm, cleared = (round(one) for one in cells.tolist())
    return field(
        [[hit, missed], [alarm, cleared]],
        rows=["ill", "healthy"],
        columns=["called ill", "called healthy"],
        lo=0,
        hi=many,
        colours="sequential",
        title=f"confusion matrix of {many} patients",
        unit="patients",
        says=f"{hit} of the ill are found and {missed} missed; "
        f"{alarm} of the healthy are alarmed for nothing and {cleared} cleared",
    )


def certainty(now: dict[str, float], spread: Measures) -> View:
    """Each number between the ends of its interval, as a table, without what cannot be computed."""
    ends = {name: interval(spread[name]) for name in now}
    known = [name for name, value in now.items() if not math.isnan(value)]
    low, high = ends["auc"]
    return field(
        [[ends[name][0], now[name], ends[name][1]] for name in known],
        rows=[name.replace("_", " ").replace("auc", "AUC") for name in known],
        columns=["at least", "measured", "at most"],
        lo=0,
        hi=1,
        colours="sequential",
        title="how sure: 95 of 100 resamples lie between",
        says=f"the AUC is {now['auc']:.3f}; 95 of 100 resamples lie from {low:.3f} to {high:.3f}",
    )


def bell(values: Tensor, title: str, measured: float) -> View:
    """How often each value came among the resamples (R,)."""
    low, high = interval(values)
    start, end = float(values.min()), float(values.max())
    counts = values.histc(BINS, start, end)
    places = start + (torch.arange(BINS) + 0.5) * (end - start) / BINS
    return line(
        places,
        counts,
        title=f"{title}: 95 of 100 resamples lie from {low:.3f} to {high:.3f}",
        x_label=title.partition(" ")[0],
        y_label="resamples",
        says=f"{measured:.3f}; 95 of 100 resamples lie from {low:.3f} to {high:.3f}",
    )
