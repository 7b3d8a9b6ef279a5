"""Two arrays with gaps, in which the test lies elsewhere than the training."""

import numpy as np

from fathom.runtime.expect import Attempt, Cause, expect

PRAISE = "Right: this is what fit on the training and transform on both do in scikit-learn."


def filled(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Gaps filled with the numbers of their columns."""
    return np.where(np.isnan(values), by, values)


def scaled(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Standardised by the columns of another array."""
    return (values - by.mean(axis=0)) / by.std(axis=0)


def check(attempt: Attempt) -> None:
    """Two tables of different shapes."""
    for seed, shape in ((0, (40, 3)), (1, (25, 4))):
        rng = np.random.default_rng(seed)
        train = rng.exponential(3, shape) + np.arange(shape[1])
        test = 2 + 1.5 * rng.exponential(3, (12, shape[1]))
        train[rng.random(train.shape) < 0.15] = np.nan
        test[rng.random(test.shape) < 0.2] = np.nan
        found = attempt.call("prepare", train.copy(), test.copy())
        expect(found, "prepare").that(
            isinstance(found, (list, tuple)) and len(found) == 2,
            "prepare should give back two arrays, the training first and then the test.",
        )
        first, second = right(train, test)
        expect(found[0], "the training").near(first, causes=on_train(train, test))
        expect(found[1], "the test").that(
            not np.isnan(np.asarray(found[1], float)).any(),
            "There are still gaps in the test: fill them with the median of the training.",
        ).near(second, causes=on_test(train, test))


def right(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As the task says it."""
    middle = np.nanmedian(train, axis=0)
    known = filled(train, middle)
    return scaled(known, known), scaled(filled(test, middle), known)


def on_train(train: np.ndarray, test: np.ndarray) -> list[Cause]:
    """What known mistakes make of the training."""
    both = np.concatenate([train, test])
    middle = np.nanmedian(both, axis=0)
    zero, mean = np.nan_to_num(train), filled(train, np.nanmean(train, axis=0))
    one = filled(train, np.nanmedian(train))
    return [
        (
            scaled(filled(train, middle), filled(both, middle)),
            "Median, mean and standard deviation know the test: take them from train alone.",
        ),
        (scaled(zero, zero), "You filled the gaps with 0, which is a value like any other."),
        (scaled(mean, mean), "You filled the gaps with the mean; here it should be the median."),
        (
            (one - one.mean()) / one.std(),
            "Each column has its own median, mean and standard deviation: axis=0.",
        ),
    ]


def on_test(train: np.ndarray, test: np.ndarray) -> list[Cause]:
    """What known mistakes make of the test, where the training is right."""
    middle = np.nanmedian(train, axis=0)
    known, mine = filled(train, middle), filled(test, middle)
    return [
        (
            scaled(mine, mine),
            "You standardised the test by its own mean: a single new patient has none.",
        ),
        (
            scaled(filled(test, np.nanmedian(test, axis=0)), known),
            "You filled the test with its own median: take the one of the training.",
        ),
        (
            mine - known.mean(axis=0),
            "The test is not of the same size yet: divide by the standard deviation, too.",
        ),
    ]
