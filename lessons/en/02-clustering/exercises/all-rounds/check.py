"""Four corners that can be done by hand, then three heaps."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 5, "wall": 10}
PRAISE = (
    "Right: this is all of k-means. Its libraries add better starts, speed, and empty clusters."
)
corners = np.array([[0.0, 0.0], [0.0, 2.0], [6.0, 0.0], [6.0, 2.0], [6.0, 4.0]])
first = np.array([[0.0, 0.0], [1.0, 1.0]])
rng = np.random.default_rng(7)
middles = np.array([[0.0, 0.0], [8.0, 1.0], [3.0, 9.0]])
heaps = middles[np.arange(60) % 3] + rng.normal(size=(60, 2))


def right(points: np.ndarray, centroids: np.ndarray, rounds: int) -> tuple[np.ndarray, float]:
    """What comes out (K, 2), and the inertia."""
    centroids = centroids.copy()
    for _ in range(rounds):
        label = ((points[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
        centroids = np.stack([points[label == k].mean(axis=0) for k in range(len(centroids))])
    return centroids, ((points[:, None] - centroids) ** 2).sum(axis=2).min(axis=1).sum()


def check(attempt: Attempt) -> None:
    """One round of five points, many of sixty."""
    ends, inertia = right(corners, first, 1)
    label = ((corners[:, None] - first) ** 2).sum(axis=2).argmin(axis=1)
    parts = [corners[label == k] for k in range(2)]
    found = attempt.call("kmeans", corners, first, 1)
    if not isinstance(found, tuple | list) or len(found) != 2:
        wrong("kmeans should return two things: return centroids, inertia.")
    expect(found[0], "the centroids after one round").shape(clusters=2, columns=2).near(
        ends,
        causes=[
            (first, "The centroids have not moved: each goes to the mean of its points."),
            (
                np.stack([one.sum(axis=0) for one in parts]),
                "You added the points up: the centroid is their *mean*, so divide by how many "
                "there are.",
            ),
            (
                np.stack([np.full(2, one.mean()) for one in parts]),
                "Both numbers of a centroid are the same: you took one mean over x and y "
                "together. A mean for each column is mean(axis=0).",
            ),
            (
                np.stack([corners.mean(axis=0)] * 2),
                "Both centroids went to the middle of all points: each takes only its own, "
                "which are in mine.",
            ),
        ],
    )
    own = ends[((corners[:, None] - ends) ** 2).sum(axis=2).argmin(axis=1)]
    expect(found[1], "the inertia").number().near(
        inertia,
        causes=[
            (
                ((corners - own) ** 2).mean(),
                "You took the mean over points and columns. The inertia is a sum.",
            ),
            (
                inertia / len(corners),
                "You divided by the number of points. The inertia is a sum.",
            ),
            (
                np.sqrt(((corners - own) ** 2).sum(axis=1)).sum(),
                "You added the distances; the inertia adds their squares.",
            ),
            (
                (corners - own).sum(),
                "The differences are not squared: those to the left and to the right cancel.",
            ),
        ],
    )
    begin = heaps[:3]
    ends, inertia = right(heaps, begin, 10)
    found = attempt.call("kmeans", heaps, begin, 10)
    expect(found[0], "the centroids of three heaps after 10 rounds").near(ends)
    expect(found[1], "the inertia of three heaps").near(inertia)
