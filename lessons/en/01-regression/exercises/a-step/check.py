"""One step from a line whose errors have both signs, then the one of the lesson."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: walk a few hundred of these, and you have trained a model."

hours = np.array([1.0, 2.0, 4.0, 5.0])
points = np.array([30.0, 30.0, 50.0, 60.0])
w, b, lr = 7.0, 20.0, 0.02
error = w * hours + b - points  # -3, 4, -2, -5
slope_w, slope_b = 2 * (error * hours).mean(), 2 * error.mean()  # -14, -3
right = np.array([w - lr * slope_w, b - lr * slope_b])  # 7.28, 20.06
later = 2 * (right[0] * hours + b - points).mean()  # slope_b when w has already moved

CAUSES = [
    (
        [w + lr * slope_w, b + lr * slope_b],
        "You walk uphill: the gradient points to where the loss rises. Subtract it.",
    ),
    (
        [w - slope_w, b - slope_b],
        "You took the whole gradient. A step is the learning rate times the gradient: "
        "lr * slope_w.",
    ),
    (
        [-lr * slope_w, -lr * slope_b],
        "This is how far to go, not where you arrive: take it away from the old w and b.",
    ),
    (
        [right[0], b - lr * 2 * (error * hours).mean()],
        "slope_b is multiplied by the hours as slope_w is. The intercept moves every guess by the "
        "same amount, so here the errors stand alone.",
    ),
    ([right[0], b - lr * error.mean()], "The 2 of slope_b is missing: it comes from the square."),
    (
        [right[0], b - lr * 2 * error.sum()],
        "slope_b is a sum over the students; the loss is a mean, so its slope is a mean too.",
    ),
    (
        [right[0], b - lr * later],
        "You moved w first, and took slope_b from the new line. Both slopes belong to the line as "
        "it was: compute them before anything is changed.",
    ),
    (right[::-1], "Both numbers are right, but in the wrong order: return w, b."),
    ([w, b], "The line has not moved: give back the new w and b."),
    (
        [right[0], -lr * slope_b],
        "Your b is only the way that it goes: take that away from the old b.",
    ),
    ([right[0], b], "Only w has moved: b takes a step as well."),
]


def check(attempt: Attempt) -> None:
    """Where the line goes; any way to compute it is right."""
    found = attempt.call("step", w, b, hours, points, lr)
    if isinstance(found, list | tuple) and any(np.ndim(one) for one in found):
        wrong(
            "step gives back an array where a number should be: a slope is the mean over all "
            "students."
        )
    expect(found, "What step gives back").that(
        np.shape(found) == (2,), "step should give back two numbers: return w, b."
    ).near(right, causes=CAUSES)
    three = np.array([1.0, 2.0, 3.0]), np.array([20.0, 27.0, 37.0])
    expect(attempt.call("step", 10.0, 10.0, *three, 0.01), "The step of the lesson").near(
        [9.9, 9.96]
    )
