"""Three places; what comes close is right, whether from one side, from both, or by a formula."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = (
    "Right: this works for any function, and it is how people test gradients that a machine finds."
)
CLOSE = 0.005


def error(w, b):
    """What the starter has."""
    return (2 * w + b - 7) ** 2


def slopes(w, b):
    """By the rules of calculus."""
    return np.array([4.0, 2.0]) * (2 * w + b - 7)


def check(attempt: Attempt) -> None:
    """Both slopes at every place."""
    for w, b in [(1.0, 3.0), (4.0, -3.0), (0.5, 1.5)]:
        right, rise = slopes(w, b), 0.0001 * slopes(w, b)
        found = attempt.call("gradient", w, b)
        expect(found, f"gradient({w:g}, {b:g})").that(
            np.shape(found) == (2,), "gradient should give back two slopes: slope_w, slope_b."
        ).near(
            right,
            causes=[
                (rise, "These are the rises. A slope is the rise divided by the step."),
                ([right[0], rise[1]], "slope_b is a rise. Divide it by the step, as slope_w is."),
                (right[::-1], "The two are in the wrong order: first the slope for w."),
                (
                    -right,
                    "The signs are turned: first the error after the step, then minus the one "
                    "before it.",
                ),
                (
                    [right[0], -right[1]],
                    "The sign of slope_b is turned: after the step comes first.",
                ),
                (
                    [right[0], right.sum()],
                    "For slope_b you moved w and b together: only b may move, w stands still.",
                ),
                ([right[0], right[0]], "slope_b is the slope for w again: there b has to move."),
                (
                    [error(w + 1, b) - error(w, b), error(w, b + 1) - error(w, b)],
                    "A step of 1 is too long: the slope changes on the way. Take a small one.",
                ),
                (
                    slopes(1.0, 3.0),
                    "These are the slopes at (1, 3), whatever w and b are: use the two names.",
                ),
            ],
            within=CLOSE,
        )
