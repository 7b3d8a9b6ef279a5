"""The nearest of three centroids, for points on all sides of them."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 5, "wall": 10}
PRAISE = "Right: that is the first of the two turns, for any number of points and centroids."
points = np.array([[0.0, 0.0], [1.0, 3.0], [9.0, 1.0], [6.0, 8.0], [4.0, 2.0], [-3.0, 5.0]])
centroids = np.array([[0.0, 1.0], [8.0, 0.0], [5.0, 7.0]])
difference = points[:, None] - centroids
far = (difference**2).sum(axis=2)


def check(attempt: Attempt) -> None:
    """Six points, then other sizes, so that no number can be written into the code."""
    found = expect(attempt.call("nearest", points, centroids), "nearest(points, centroids)")
    found.array().near(
        far.argmin(axis=1),
        causes=[
            (
                far.argmax(axis=1),
                "This is the centroid that is furthest away: argmax finds the largest distance.",
            ),
            (
                difference.sum(axis=2).argmin(axis=1),
                "The differences are not squared yet: one to the left and one to the right "
                "cancel, and a centroid far to the upper right looks nearest of all.",
            ),
            (
                (difference**2).sum(axis=1).argmin(axis=1),
                "far should have a row for each point and a column for each centroid: the sum "
                "goes over x and y, which are the last axis, 2.",
            ),
            (
                far.argmin(axis=0),
                "You looked for the nearest point of each centroid. Each *point* chooses: "
                "the smallest along axis 1, which runs over the centroids.",
            ),
            (
                far.min(axis=1),
                "These are the distances themselves; wanted is *which* centroid has the "
                "smallest: argmin instead of min.",
            ),
            (far, "These are all the distances; now find the smallest in each row."),
            (
                far.argmin(axis=1) + 1,
                "The first centroid has the number 0 in Python; yours begin with 1.",
            ),
        ],
    )
    found.whole()
    rng = np.random.default_rng(5)
    more, four = rng.normal(size=(40, 2)), rng.normal(size=(4, 2))
    right = ((more[:, None] - four) ** 2).sum(axis=2).argmin(axis=1)
    streets = abs(more[:, None] - four).sum(axis=2).argmin(axis=1)
    expect(attempt.call("nearest", more, four), "nearest of 40 points and 4 centroids").near(
        right,
        causes=[
            (
                streets,
                "You added the sizes of the differences, as if one walked first along x and then "
                "along y. The distance is the straight way: add the squares.",
            )
        ],
    )
