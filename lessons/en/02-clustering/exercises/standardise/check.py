"""Columns of very different sizes become alike."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 5, "wall": 10}
PRAISE = "Right: now a step of 1 means the same in every column, one standard deviation."
rng = np.random.default_rng(3)
table = np.array([20.0, 1500.0, 0.3]) + np.array([12.0, 800.0, 0.1]) * rng.normal(size=(40, 3))
middle, spread = table.mean(axis=0), table.std(axis=0)


def check(attempt: Attempt) -> None:
    """A table of three columns; both ways to count a standard deviation are right."""
    found = attempt.call("standardise", table)
    checked = expect(found, "what standardise gives").array().shape(customers=40, columns=3)
    numbers = np.asarray(found).dtype.kind in "biuf"
    checked.that(numbers, "What standardise gives should hold numbers.")
    other = (table - middle) / table.std(axis=0, ddof=1)  # by N - 1 instead of N
    if np.allclose(found, other, rtol=1e-4, atol=1e-4):
        return
    checked.near(
        (table - middle) / spread,
        causes=[
            (
                (table - table.mean()) / table.std(),
                "You took one mean and one deviation of the whole table, so the large column "
                "still rules. Each column needs its own: axis=0.",
            ),
            (
                (table - middle) / table.std(),
                "The means are right, but there is one deviation for the whole table. Each "
                "column needs its own: axis=0.",
            ),
            (
                (table - middle) / table.var(axis=0),
                "You divided by the variance. The standard deviation is its root: std.",
            ),
            (
                table / spread,
                "Every column has the deviation 1, but its mean is not 0 yet.",
            ),
            (table - middle, "The means are 0, but nothing was divided: the units are as before."),
            (
                (table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0)),
                "Every column now goes from 0 to 1. That is another way to scale; here the mean "
                "should be 0 and the standard deviation 1.",
            ),
        ],
    )
