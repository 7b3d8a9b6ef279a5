"""A table with five rows and three columns, whose means and spreads are far apart."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: (N, D) minus (D,), the same row taken away from every row."

table = np.array(
    [
        [172.0, 70.0, 0.3],
        [180.0, 84.0, 0.1],
        [164.0, 56.0, 0.4],
        [188.0, 78.0, 0.1],
        [171.0, 65.0, 0.9],
    ]
)
mean, spread = table.mean(axis=0), table.std(axis=0)
rows = table.mean(axis=1, keepdims=True), table.std(axis=1, keepdims=True)

CAUSES = [
    (
        (table - table.mean()) / table.std(),
        "You took one mean and one spread of the whole table. Each column has its own: axis=0.",
    ),
    (
        (table - table.mean()) / spread,
        "You took one mean of the whole table. Each column has its own: mean(axis=0).",
    ),
    (
        (table - mean) / table.std(),
        "You took one spread of the whole table. Each column has its own: std(axis=0).",
    ),
    (
        (table - rows[0]) / rows[1],
        "Here every row has the mean 0. It should be every column: the axis that is named "
        "vanishes, and that is the one of the rows, 0.",
    ),
    (table - mean, "The means are 0 now. Divide by the standard deviations as well."),
    (table / spread, "You divided, but did not take the means away before."),
    (
        table - mean / spread,
        "Brackets are missing: the division comes before the minus. Write (table - mean) / spread.",
    ),
    (
        (table - mean) / table.var(axis=0),
        "You divided by the variance; the standard deviation is its root: std.",
    ),
    (
        (table - mean) / table.std(axis=0, ddof=1),
        "Nearly: this standard deviation divides by N - 1. Take std as it is, without ddof.",
    ),
    ((table - mean) * spread, "You multiplied by the standard deviations: divide."),
]


def check(attempt: Attempt) -> None:
    """The whole table, in its shape."""
    found = attempt.call("standardise", table)
    expect(found, "What standardise gives").array().shape(rows=5, columns=3).near(
        (table - mean) / spread, causes=CAUSES
    )
