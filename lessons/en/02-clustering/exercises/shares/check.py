"""Against the singular values, which are another way to the same shares."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 5, "wall": 10}
PRAISE = "Right: add them up from the first, and you know how many axes you need."
rng = np.random.default_rng(4)
table = rng.normal(size=(80, 4)) @ rng.normal(size=(4, 4)) + np.array([5.0, -3.0, 8.0, 2.0])
x = table - table.mean(axis=0)
right = np.linalg.svd(x)[1] ** 2
right = right / right.sum()
off = np.linalg.svd(table)[1] ** 2


def check(attempt: Attempt) -> None:
    """Four columns that depend on each other."""
    variances = right * (x**2).sum() / len(x)
    expect(attempt.call("shares", table), "shares(table)").array().near(
        right,
        causes=[
            (
                off / off.sum(),
                "The columns are not around 0 yet, so the first axis points at the middle of the "
                "table instead of along its spread: take the mean of each column away.",
            ),
            (right[::-1], "The smallest stands first: turn them round with [::-1]."),
            (variances, "These are the variances; a share is a part of their sum."),
            (
                variances[::-1],
                "These are the variances, the smallest first: divide by their sum, and turn them "
                "round.",
            ),
            (
                right / right.max(),
                "You divided by the largest. Shares add up to 1: divide by the sum.",
            ),
            (
                np.sqrt(right) / np.sqrt(right).sum(),
                "These are shares of the standard deviations. Only variances add up to the whole "
                "spread: leave out the root.",
            ),
            (
                right.cumsum(),
                "These are added up already. Wanted is the share of each axis alone.",
            ),
        ],
    )
