"""Both tables, and where the mean and the spread of `new` come from."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

PRAISE = "Right: what is held out stays unseen, also when the data are scaled."

rng = np.random.default_rng(7)
TRAIN = rng.normal([150, 12, 5], [40, 2, 1], size=(30, 3))
NEW = rng.normal([170, 13, 4], [20, 3, 1], size=(12, 3))


def scaled(values, by):
    """In standard deviations from the mean of another table."""
    return (values - by.mean(axis=0)) / by.std(axis=0)


def check(attempt: Attempt) -> None:
    """First what was learned, then what is new."""
    found = attempt.call("standardise", TRAIN, NEW)
    if not isinstance(found, list | tuple) or len(found) != 2:
        wrong("standardise gives back two tables: return one, other.")
    both = np.concatenate([TRAIN, NEW])
    train = expect(found[0], "the first table").shape(rows=30, columns=3)
    sample = TRAIN.std(axis=0, ddof=1)  # the other way to count a spread is right too
    if np.allclose(found[0], (TRAIN - TRAIN.mean(axis=0)) / sample):
        expect(found[1], "the second table").near(
            (NEW - TRAIN.mean(axis=0)) / sample, causes=[(scaled(NEW, NEW), OWN)]
        )
        return
    train.near(
        scaled(TRAIN, TRAIN),
        causes=[
            (
                (TRAIN - TRAIN.mean()) / TRAIN.std(),
                "All columns were scaled together: each has its own mean and spread, axis=0.",
            ),
            (TRAIN - TRAIN.mean(axis=0), "The mean is 0 now, but not yet divided by the spread."),
            (
                (TRAIN - TRAIN.mean(axis=0)) / TRAIN.var(axis=0),
                "You divided by the variance, which is the square of the standard deviation.",
            ),
            (
                scaled(TRAIN, both),
                "Mean and spread come from both tables, so the new fruit has been looked at: "
                "take those of train alone.",
            ),
        ],
    )
    expect(found[1], "the second table").shape(rows=12, columns=3).near(
        scaled(NEW, TRAIN),
        causes=[(scaled(NEW, NEW), OWN), (NEW, "The second table has not been scaled.")],
    )


OWN = (
    "The new fruit was scaled by its own mean and spread. A fruit of 150 g would then mean "
    "something else than in train: use the mean and spread of train."
)
