"""Errors of two models that find the same rows hard."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, show, wrong

PRAISE = "Right: if 0 lies inside, this test cannot tell which of the two is better."
ENDS = [0.025, 0.975]
NEAR = 0.06  # share of the interval by which its ends may lie elsewhere: other draws are right, too


def check(attempt: Attempt) -> None:
    """Two tests of different sizes, in one of which the model is the worse one."""
    for seed, size, better in ((0, 80, 6.0), (1, 150, -7.0)):
        rng = np.random.default_rng(seed + 10)
        simple = rng.gamma(2, 30, size)
        model = simple - better + rng.normal(0, 20, size)
        found = attempt.call("gain", simple, model, seed)
        expect(found, "gain(simple, model, seed)").shape(2).that(
            np.asarray(found).dtype.kind in "fiu", "gain should give back two numbers."
        )
        look(np.asarray(found, float), simple, model, seed)


def look(found: np.ndarray, simple: np.ndarray, model: np.ndarray, seed: int) -> None:
    """The interval, or which mistake has made another one."""
    rng = np.random.default_rng(seed)
    rows, others = rng.integers(0, len(simple), (2, 2000, len(simple)))
    each = simple - model
    means = each[rows].mean(axis=1)
    right = np.quantile(means, ENDS)
    if near(found, right):
        return
    for interval, says in (
        (
            np.quantile(simple[rows].mean(axis=1) - model[others].mean(axis=1), ENDS),
            "Far too wide: the rows are drawn anew for each model. Take the same rows for both.",
        ),
        (-right[::-1], "The sign is turned: simple minus model."),
        (
            np.quantile(each, ENDS),
            "This is how the gain of single rows spreads. Take the mean of each drawing first.",
        ),
        (right * len(simple), "You added the gains up; take their mean."),
        (
            np.quantile(each[rows].mean(axis=0), ENDS),
            "You took the mean over all drawings: each drawing has its own, axis=1.",
        ),
        (
            np.quantile(means, [0.05, 0.95]),
            "This is the interval to 90 %: it leaves out 5 % at each end.",
        ),
        (
            np.quantile(model[rows].mean(axis=1), ENDS),
            "This is the error of the model alone; asked is by how much it is smaller.",
        ),
    ):
        if near(found, interval):
            wrong(says)
    wrong(f"gain(simple, model, seed) should be about {show(right)}, but is {show(found)}.")


def near(found: np.ndarray, interval: np.ndarray) -> bool:
    """Whether both ends are these, as far as luck goes."""
    return bool((abs(found - interval) < NEAR * np.ptp(interval)).all())
