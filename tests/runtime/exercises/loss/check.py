"""The loss of a line, on points that a learner can check by hand."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

x = np.array([0.0, 1.0, 2.0, 3.0])
y = np.array([1.0, 2.0, 2.0, 5.0])
PRAISE = "Right: the smaller this number, the better the line."


def check(attempt: Attempt) -> None:
    """Twice: a line that misses, and one that hits."""
    error = 2 * x + 1 - y
    expect(attempt.call("loss", x, y, 2.0, 1.0), "loss(x, y, 2, 1)").number().near(
        (error**2).mean(),
        causes=[
            (
                (error**2).sum(),
                f"You summed the squared errors; the loss is their mean, so yours is {len(x)} "
                "times too large.",
            ),
            (error.mean(), "You forgot to square the errors: some are negative, and cancel out."),
            (abs(error).mean(), "You took the absolute errors; this loss squares them."),
        ],
    )
    expect(attempt.call("loss", x, 3 * x - 1, 3.0, -1.0), "loss of a line that hits").near(0.0)
