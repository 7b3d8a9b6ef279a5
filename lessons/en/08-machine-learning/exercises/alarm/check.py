"""The statistic of Kolmogorov and Smirnov, for shifts in both directions."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: how large D may be by chance depends on how many measurements both are."


def check(attempt: Attempt) -> None:
    """The example, a shift up, a shift down, and a spread that only grows."""
    rng = np.random.default_rng(2)
    cases = (
        (np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.5, 5.0])),
        (rng.normal(size=60), rng.normal(size=25) + 0.7),
        (rng.normal(size=40), rng.normal(size=70) - 0.5),
        (rng.normal(size=50), 3 * rng.normal(size=30)),
    )
    for before, now in cases:
        places = np.concatenate([before, now])
        gap = (before[:, None] <= places).mean(axis=0) - (now[:, None] <= places).mean(axis=0)
        counts = (before[:, None] <= places).sum(axis=0) - (now[:, None] <= places).sum(axis=0)
        right = float(abs(gap).max())
        causes = [
            (
                float(abs(before.mean() - now.mean())),
                "This is the distance of the means; two groups can differ and have the same mean.",
            ),
            (float(gap.max()), "A shift the other way is not seen: take abs before the largest."),
            (float((-gap).max()), "A shift the other way is not seen: take abs before the largest."),
            (float(abs(gap).mean()), "This is the mean distance; D is the largest one."),
            (
                float(abs(counts).max()),
                "These are counts, and the groups differ in size: compare shares.",
            ),
        ]
        expect(attempt.call("distance", before, now), "distance(before, now)").number().near(
            right, causes=[one for one in causes if abs(one[0] - right) > 1e-3]
        )
