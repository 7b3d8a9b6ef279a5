"""k-means finds groups by taking two turns: points choose a centroid, centroids move.

Watch:   First every point joins the nearest centroid, then every centroid moves to the mean
         of its points. The borders swing, fewer points change sides each time, and after a
         few rounds nothing moves. Choose start=huddled, where all begin in one heap: it comes
         to rest as well, but often in a worse place. With data=customers, switch standardise.
Promise: times_best <= 1.05 (for every seed; how many times the inertia of the best of 10 starts)
Source:  Lloyd 1982, least squares quantization; Arthur and Vassilvitskii 2007, k-means++
Pace:    2 steps a second
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations, count
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn.functional import one_hot

from fathom.data import tables
from fathom.data.tables import Table
from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, clicked, knob, line, points, switch

DATA: dict[str, Callable[[Generator], Table]] = {
    "heaps": tables.heaps,
    "rings": tables.rings,
    "iris": lambda _: tables.iris(),
    "customers": tables.customers,
}
MOST = 9  # clusters
STARTS, ROUNDS = 10, 12  # runs that the best is taken from, and how long each goes on
REACH = 10_000.0  # as far as the numbers of any table go


@dataclass
class Config:
    data: str = choice("heaps", list(DATA), "what is divided into clusters")
    k: int = knob(4, 1, MOST, "how many clusters there shall be", live=True)
    start: str = choice(
        "k-means++",
        ["k-means++", "random", "huddled"],
        "how the first centroids are chosen",
        live=True,
    )
    seeds: tuple[Any, ...] = clicked(
        "your own first centroids, instead of k that are chosen",
        low=-REACH,
        high=REACH,
        live=True,
    )
    standardise: bool = switch(False, "measure each column in its standard deviations", live=True)
    steps: int = knob(40, 1, 400, "turns: points choose, centroids move", live=True)
    seed: int = knob(0, 0, 9999, "chooses the points and the first centroids")


def run(config: Config) -> Iterator[Frame]:
    """Take turns. N: points, D = 2: columns, K: clusters."""
    chance = Generator().manual_seed(config.seed)
    table = DATA[config.data](chance)
    rows = table.rows[:, :2]  # (N, D)
    asked = None

    for step in count():
        ruler = measure(rows, config.standardise)  # (D,)
        if asked != (config.k, config.start, config.seeds):
            asked = (config.k, config.start, config.seeds)
            centroids = choose(config, rows, ruler, chance)  # (K, D)
            label = assign(rows, centroids, ruler)  # (N,)
            path, turn, changed = [centroids], "start", len(rows)
        elif turn == "assign":
            centroids, turn = move(rows, label, centroids), "move"
            path.append(centroids)
        else:
            before, label = label, assign(rows, centroids, ruler)
            changed = len(rows) if turn == "start" else int((label != before).sum())
            turn = "assign"

        inertia = cost(rows, centroids, label, ruler)
        best = partial(curve, config.data, config.standardise, config.seed)
        chosen = None if turn == "start" else label  # nobody has chosen at the start
        told = tell(turn, changed, len(centroids), config.standardise)
        yield Frame(
            step,
            of=max(step, config.steps),
            inertia=inertia,
            changed=changed,
            times_best=partial(over, inertia, len(centroids), best),
            pairs_right=partial(agreement, label, table.group),
            views=partial(look, table, list(path), chosen, ruler, told),
            elbow=partial(elbow, inertia, len(centroids), best),
        )
        if step >= config.steps:
            return


def measure(rows: Tensor, standardise: bool) -> Tensor:
    """The unit in which each column is counted (D,): 1, or its standard deviation."""
    return tables.spread(rows) if standardise else torch.ones(rows.shape[1])


def choose(config: Config, rows: Tensor, ruler: Tensor, chance: Generator) -> Tensor:
    """The first centroids (K, D): some of the rows, or places that were clicked."""
    if len(config.seeds) > MOST:
        raise KnobError(f"seeds: there can be at most {MOST} centroids.")
    if config.seeds:
        return torch.tensor(config.seeds)[:, :2]
    if config.start == "random":
        return rows[torch.randperm(len(rows), generator=chance)[: config.k]]
    if config.start == "huddled":  # one point and its nearest neighbours: the worst of starts
        first = torch.randint(len(rows), (1,), generator=chance)
        return rows[distances(rows / ruler, rows[first] / ruler)[:, 0].argsort()[: config.k]]
    return plus_plus(rows / ruler, config.k, 1, chance)[0] * ruler


def plus_plus(x: Tensor, k: int, starts: int, chance: Generator) -> Tensor:
    """k-means++: S sets of first centroids (S, K, D), each far from those before it.

    Of three candidates that are drawn, the far ones rather, the best is taken.
    """
    found = x[torch.randint(len(x), (starts, 1), generator=chance)]  # (S, 1, D)
    while found.shape[1] < k:
        far = distances(x, found).amin(dim=2)  # (S, N) from the nearest centroid so far
        drawn = torch.multinomial(far + 1e-12, 3, generator=chance)  # (S, 3)
        left = torch.minimum(far[..., None], distances(x, x[drawn])).sum(dim=1)  # (S, 3)
        taken = drawn.gather(1, left.argmin(dim=1, keepdim=True))  # (S, 1)
        found = torch.cat([found, x[taken]], dim=1)
    return found


def distances(x: Tensor, centroids: Tensor) -> Tensor:
    """Squared, of every row (N, D) from every centroid (..., K, D): (..., N, K)."""
    return (x[:, None] - centroids[..., None, :, :]).square().sum(dim=-1)


def assign(rows: Tensor, centroids: Tensor, ruler: Tensor) -> Tensor:
    """The nearest centroid of each row (N,)."""
    return distances(rows / ruler, centroids / ruler).argmin(dim=1)


def move(rows: Tensor, label: Tensor, centroids: Tensor) -> Tensor:
    """The mean of each cluster (K, D); a centroid that nobody chose stays where it is."""
    moved = centroids.clone()
    for one in label.unique():
        moved[one] = rows[label == one].mean(dim=0)
    return moved


def cost(rows: Tensor, centroids: Tensor, label: Tensor, ruler: Tensor) -> float:
    """The inertia: the squared distances of all rows from their centroids, added up."""
    return float(((rows - centroids[label]) / ruler).square().sum())


@lru_cache
def curve(data: str, standardise: bool, seed: int) -> Tensor:
    """The least inertia for 1 to MOST clusters (MOST,), each the best of S = STARTS runs at once.

    It takes a moment, so it is kept; it draws its random numbers for itself.
    """
    chance = Generator().manual_seed(seed)
    rows = DATA[data](chance).rows[:, :2]
    x = (rows - rows.mean(dim=0)) / measure(rows, standardise)  # small numbers are exact ones
    seeds, least = plus_plus(x, MOST, STARTS, chance), []  # (S, MOST, D)
    for k in range(1, MOST + 1):
        centroids = seeds[:, :k]
        for _ in range(ROUNDS):
            nearest = torch.cdist(x, centroids).argmin(dim=2)  # (S, N)
            member = one_hot(nearest, k).float()  # (S, N, K)
            size = member.sum(dim=1)[..., None]  # (S, K, 1)
            centroids = torch.where(size > 0, member.mT @ x / size.clamp(min=1), centroids)
        least.append(distances(x, centroids).amin(dim=2).sum(dim=1).min())
    return torch.stack(least)


def over(inertia: float, k: int, best: Callable[[], Tensor]) -> float:
    """How many times the best inertia that is known for k clusters."""
    return inertia / float(best()[k - 1])


def agreement(label: Tensor, group: Tensor) -> float:
    """The share of pairs of points that are together, or apart, in both (Rand 1971)."""
    together = label[:, None] == label
    really = group[:, None] == group
    pairs = len(label) * (len(label) - 1)
    return ((together == really).sum().item() - len(label)) / pairs  # nobody pairs with itself


# ---- what is seen


def look(
    table: Table, path: list[Tensor], label: Tensor | None, ruler: Tensor, told: str
) -> dict[str, View]:
    """Points in the colours of their clusters, the way of each centroid, and the borders."""
    rows, k = table.rows[:, :2], len(path[0])
    seen: dict[str, View] = {
        "data": points(
            rows,
            label=label,
            names=() if label is None else [f"cluster {one + 1}" for one in range(k)],
            title=told,
            x_label=table.columns[0],
            y_label=table.columns[1],
            says=told,
        )
    }
    steps = torch.stack(path)  # (moves + 1, K, D)
    for one in range(k):
        x, y = steps[-1, one].tolist()
        seen[f"path_{one + 1}"] = line(
            steps[:, one, 0],
            steps[:, one, 1],
            on="data",
            dots=True,
            says=f"centroid {one + 1} is at {x:.3g}, {y:.3g}",
        )
    if label is not None and k > 1:
        places = borders(path[-1] / ruler, rows / ruler) * ruler  # (P, 2)
        seen["borders"] = line(
            places[:, 0], places[:, 1], on="data", says="the borders between clusters"
        )
    seen["start"] = points(
        path[0],
        held_out=torch.ones(k),
        on="data",
        knob="seeds",
        says="rings where the centroids began",
    )
    return seen


def elbow(inertia: float, k: int, best: Callable[[], Tensor]) -> dict[str, View]:
    """The best inertia that is known for every number of clusters, and that of this run."""
    least = best()
    known = torch.stack([torch.arange(1.0, MOST + 1), least], dim=1)  # (MOST, 2)
    here = torch.tensor([[k, inertia]])
    return {
        "choosing_k": points(
            torch.cat([known, here]),
            label=[0] * MOST + [1],
            names=[f"best of {STARTS} starts", "this run"],
            x=(0.5, MOST + 0.5),
            y=(0, 1.05 * max(float(least[0]), inertia)),
            title="inertia against the number of clusters",
            x_label="clusters",
            y_label="inertia",
            says=f"the best inertia falls from {least[0]:.3g} with one cluster to "
            f"{least[-1]:.3g} with {MOST}; this run has {k} clusters and {inertia:.3g}",
        ),
        "elbow": line(known[:, 0], least, on="choosing_k", says="the best inertia for each k"),
    }


def tell(turn: str, changed: int, k: int, standardised: bool) -> str:
    """What was done in this step, in a few words."""
    unit = " (in standard deviations)" if standardised else ""
    if turn == "start":
        return f"{k} centroids are put among the points"
    if turn == "move" and not changed:
        return f"no centroid moved{unit}: at rest"
    if turn == "move":
        return "every centroid moved to the mean of its points"
    if not changed:
        return f"no point changed its cluster{unit}: at rest"
    if changed == 1:
        return f"1 point joined another centroid{unit}"
    return f"{changed} points joined another centroid{unit}"


def borders(centroids: Tensor, x: Tensor) -> Tensor:
    """Where two centroids are equally near and no other is nearer (P, 2); gaps are nan."""
    extent = x.amax(dim=0) - x.amin(dim=0) + 2  # (2,) of the picture
    along = torch.linspace(-2, 2, 801)[:, None]  # (801, 1)
    pieces = []
    for one, other in combinations(centroids, 2):
        way = (other - one) / (other - one).norm().clamp(min=1e-9)  # (2,)
        across = torch.stack([-way[1], way[0]])
        reach = (extent / across.abs().clamp(min=1e-9)).min()  # from one edge to the other
        places = (one + other) / 2 + along * reach * across  # (801, 2)
        apart = distances(places, centroids)  # (801, K)
        ours = (places - one).square().sum(dim=1)
        nearest = ours <= apart.amin(dim=1) * (1 + 1e-5) + 1e-9
        inside = ((places >= x.amin(dim=0) - 1) & (places <= x.amax(dim=0) + 1)).all(dim=1)
        pieces.append(torch.where((nearest & inside)[:, None], places, torch.nan))
        pieces.append(torch.full((1, 2), torch.nan))
    return torch.cat(pieces)
