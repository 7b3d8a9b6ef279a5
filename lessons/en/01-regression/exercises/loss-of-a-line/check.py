"""The loss of lines that miss up and down, then of another exam with seven students."""

import numpy as np

from fathom.data import exam
from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: the smaller this number, the better the line."
LINES = [(8.0, 12.0), (0.0, 0.0), (10.0, 0.0), (-2.0, 70.0), (3.5, 41.0)]

hours = np.linspace(0.5, 10, 20)
points = np.array(exam.POINTS, dtype=float)
few = np.array([1.0, 2.0, 4.0, 4.5, 6.0, 8.0, 9.0])
scores = np.array([31.0, 22.0, 47.0, 52.0, 49.0, 80.0, 77.0])


def causes(w, b):
    """What known mistakes give for a line, each with its sentence."""
    miss = points - (w * hours + b)
    squared = miss**2
    return [
        (
            squared.sum(),
            "Yours is 20 times too large: you summed the squares, and the loss is their mean.",
        ),
        *(
            (
                sign * miss.mean(),
                "You average the misses themselves: too high and too low cancel, so the line "
                f"w = {w:g}, b = {b:g} gets {abs(miss.mean()):.2f}. Square each miss first.",
            )
            for sign in (1, -1)
        ),
        (
            abs(miss).mean(),
            "You average the sizes of the misses. Here they are squared, so that a large miss "
            "counts more.",
        ),
        (
            np.sqrt(squared.mean()),
            "That is how far the line misses, in points. The loss is the number before the root.",
        ),
        (
            miss.mean() ** 2,
            "You squared the mean. Square every miss first, then take the mean of the squares.",
        ),
    ]


def check(attempt: Attempt) -> None:
    """Five lines, and one of them for other students."""
    for w, b in LINES:
        found = attempt.call("loss", w, b, hours, points)
        expect(found, f"loss({w:g}, {b:g})").that(
            np.shape(found) != (20,),
            "loss gives back 20 numbers, one a student. One number is wanted: their mean.",
        ).number().near(np.mean((points - (w * hours + b)) ** 2), causes=causes(w, b))
    squared = (scores - (8 * few + 12)) ** 2
    wrong = "Right for our 20 students, wrong for 7 others: use the arguments, and divide by 7."
    expect(attempt.call("loss", 8.0, 12.0, few, scores), "The loss of 7 other students").number(
    ).near(squared.mean(), causes=[(squared.sum() / 20, wrong), (26.15, wrong)])
