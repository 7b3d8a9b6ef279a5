"""The loss, first on students whose errors have both signs, then on the three of the lesson."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: the smaller this number, the better the line."

hours = np.array([1.0, 2.0, 4.0, 5.0])
points = np.array([30.0, 30.0, 50.0, 60.0])
error = 7 * hours + 20 - points  # -3, 4, -2, -5
squared = error**2

CAUSES = [
    (
        squared.sum(),
        "You summed the squared errors; the loss is their mean, so yours is 4 times too large for "
        "4 students.",
    ),
    (
        error.mean(),
        "You took the mean of the errors themselves: those above and below the line cancel. "
        "Square each error first.",
    ),
    (
        abs(error).mean(),
        "You took the mean of the sizes of the errors. That is a loss too, but not this one: "
        "square the errors.",
    ),
    (
        error.mean() ** 2,
        "You squared the mean. Square every error first, and take the mean of the squares.",
    ),
    (np.sqrt(squared.mean()), "You took a root at the end: leave it out."),
]


def check(attempt: Attempt) -> None:
    """Twice, with numbers that can be checked by hand."""
    found = attempt.call("loss", 7.0, 20.0, hours, points)
    expect(found, "The loss of 4 students").that(
        np.shape(found) != (4,),
        "loss gives 4 numbers for 4 students, one squared error each. Their mean is missing.",
    ).number().near(squared.mean(), causes=CAUSES)
    three = attempt.call("loss", 10.0, 10.0, np.array([1.0, 2.0, 3.0]), np.array([20.0, 27, 37]))
    expect(three, "The loss of the three students").number().near(6.0)
