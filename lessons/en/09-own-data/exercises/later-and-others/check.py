"""Visits in no order, of people who come once and of people who come again."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: now the test is what the use will be, later and on others."


def check(attempt: Attempt) -> None:
    """A small table that can be read, and a large one."""
    rng = np.random.default_rng(3)
    small = np.array([1, 2, 3, 1, 4, 5, 2, 6]), np.array([9, 2, 7, 3, 5, 1, 6, 5])
    large = rng.integers(0, 60, 150), rng.integers(0, 100, 150)
    for (who, when), start in ((small, 5), (large, 80)):
        found = attempt.call("split", who, when, start)
        expect(found, "split").that(
            isinstance(found, (list, tuple)) and len(found) == 2,
            "split should give back two arrays: return train, test.",
        )
        train, test = (np.asarray(one) for one in found)
        for name, one in (("train", train), ("test", test)):
            expect(one, name).that(
                one.dtype == bool and one.shape == who.shape,
                f"{name} should hold True or False for each row, not the numbers of rows.",
            )
        look(who, when, start, train, test)


def look(
    who: np.ndarray, when: np.ndarray, start: int, train: np.ndarray, test: np.ndarray
) -> None:
    """Which rows are where, and why not as they should be."""
    right = when >= start
    rest = ~right & ~np.isin(who, who[right])
    ordered = np.arange(len(who)) >= (~right).sum()
    again = sorted(set(who[train].tolist()) & set(who[test].tolist()))
    expect(test, "test").that(
        not ((test == rest).all() and (train == right).all()),
        "Both are right, but in the other order: return train, test.",
    ).that(
        not (test == (when > start)).all(),
        f"The day start itself belongs to the test: a visit on day {start} is missing there.",
    ).that(
        not (test == (right & ~np.isin(who, who[~right]))).all(),
        "You took those who come again out of the test. The test stays whole; their early visits "
        "leave the training.",
    ).that(
        not (test == np.isin(who, who[right])).all(),
        "The early visits of those who come again are in your test: they belong nowhere.",
    ).that(
        not (test == ordered).all() or bool((ordered == right).all()),
        "The rows do not stand in the order of the days: ask when, not the place of the row.",
    ).that(
        bool((test == right).all()),
        f"The test should be the visits from day {start} on: {int(right.sum())} rows, "
        f"and yours has {int(test.sum())}.",
    ).that(
        not again,
        f"Person {again[0] if again else ''} stands on both sides: whoever comes in the test may "
        "not be in the training.",
    ).that(
        bool((train == rest).all()),
        f"The training should have {int(rest.sum())} rows, and yours has {int(train.sum())}: all "
        "earlier visits of people who are not in the test.",
    )
