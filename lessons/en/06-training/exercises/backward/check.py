"""The gradients of one neuron, against their formulas at three places."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: this is all that loss.backward() does, for every operation there is."


def check(attempt: Attempt) -> None:
    """Places at which no two mistakes agree."""
    for w, b, x, y in ((0.5, 0.0, 2.0, 1.0), (-0.7, 0.4, 1.5, 0.3), (0.2, -0.6, -3.0, -1.0)):
        total = w * x + b
        h = np.tanh(total)
        error, slope = h - y, 1 - h**2
        right = np.array([2 * error * slope * x, 2 * error * slope])
        found = attempt.call("gradients", w, b, x, y)
        expect(found, f"gradients({w:g}, {b:g}, {x:g}, {y:g})").that(
            np.shape(found) == (2,), "gradients should give back two numbers: return d_w, d_b."
        ).near(
            right,
            causes=[
                (right / slope, "The way back leads through tanh, too: times 1 - h**2."),
                (right / 2, "The slope of error**2 is 2 * error: the 2 is missing."),
                (
                    [right[1], right[1]],
                    "If w grows by one, the sum grows by x: d_w needs another factor.",
                ),
                (
                    right / slope * (1 - h),
                    "The slope of tanh is 1 - h**2, with a square.",
                ),
                (
                    right / slope * (1 - total**2),
                    "The slope of tanh is 1 - h**2: h is what comes out of tanh, not what goes in.",
                ),
                (
                    [right[0], right[0]],
                    "If b grows by one, the sum grows by one, whatever x is.",
                ),
                (-right, "The sign is turned: the error is h - y, and the loss rises with it."),
                (right[::-1], "Both are right, but in the other order: return d_w, d_b."),
            ],
        )
