"""The experiment `kmeans` beside scikit-learn's KMeans: from the same start to the same end.

In one process with one thread, in turns. Both begin with the same rows as centroids and end when
no point changes its cluster. Ours is the experiment as it runs, step by step with its numbers and
without pictures; the other is Lloyd's algorithm with one start and no tolerance. The tables are
those of the course; `large` has 20,000 rows in nine heaps that touch.
"""

import json
import subprocess
import sys
import time
import warnings
from typing import Any

from benchmarks import ROOT
from benchmarks.figures import Figure, Measured, ratio
from benchmarks.slices import worker_environment

TITLE = "Clusters"
QUICK = {"rounds": 1}
CLUSTERS = {"heaps": 4, "iris": 3, "customers": 4, "large": 9}


def large(chance: Any) -> Any:
    """20,000 points around nine places."""
    import torch

    from fathom.data.tables import Table

    group = torch.arange(20_000) % 9
    middles = 3 * torch.randn(9, 2, generator=chance)
    rows = middles[group] + torch.randn(20_000, 2, generator=chance)
    return Table(rows, ("x", "y"), group, tuple("ABCDEFGHI"))


def ours(table: str, seed: int) -> tuple[float, float]:
    """Seconds of a run of the experiment until it rests, and its inertia."""
    from fathom.zoo import kmeans

    began = time.perf_counter()
    config = kmeans.Config(data=table, k=CLUSTERS[table], start="random", seed=seed, steps=400)
    numbers: dict[str, float] = {}
    for frame in kmeans.run(config):
        numbers = frame.numbers()
        if not numbers["changed"]:
            break
    return time.perf_counter() - began, numbers["inertia"]


def theirs(rows: Any, first: Any) -> tuple[float, float]:
    """Seconds and inertia of scikit-learn."""
    from sklearn.cluster import KMeans

    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cluster may stay empty
        found = KMeans(len(first), init=first, n_init=1, tol=0, max_iter=400).fit(rows)
    return time.perf_counter() - began, float(found.inertia_)


def compare(rounds: int) -> dict[str, list[tuple[float, float, float]]]:
    """For each table: how many times scikit-learn's time and inertia ours are, and our seconds."""
    import torch

    from fathom.zoo import kmeans

    kmeans.DATA["large"] = large
    torch.set_num_threads(1)
    found: dict[str, list[tuple[float, float, float]]] = {}
    for table, k in CLUSTERS.items():
        found[table] = []
        for seed in range(5):
            chance = torch.Generator().manual_seed(seed)
            rows = kmeans.DATA[table](chance).rows[:, :2]
            first = rows[torch.randperm(len(rows), generator=chance)[:k]]
            for _ in range(rounds):
                mine, low = ours(table, seed)
                other, inertia = theirs(rows.numpy(), first.numpy())
                found[table].append((mine / other, low / inertia, mine))
        del found[table][0]  # the first one imports
    return found


def measure(rounds: int = 5) -> Measured:
    """So many pairs for each of five starts in each table."""
    command = [sys.executable, "-m", "benchmarks.clusters", str(rounds)]
    said = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=worker_environment()
    )
    figures = []
    for table, pairs in json.loads(said.stdout).items():
        goal = "" if table == "large" else "<= 1.2"
        what = f"time of kmeans over scikit-learn's, {table}"
        figures.append(ratio(what, [one[0] for one in pairs], goal))
        worst = max(abs(one[1] - 1) for one in pairs)
        figures.append(Figure(f"largest difference of the inertia, {table}", 100 * worst, "%"))
    return Measured(figures, [])


if __name__ == "__main__":
    print(json.dumps(compare(int(sys.argv[1]))))
