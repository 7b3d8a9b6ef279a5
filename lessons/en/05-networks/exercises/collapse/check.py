"""The product of two layers: its weight, its bias, and that it answers the same."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

rng = np.random.default_rng(6)
w1, b1 = rng.normal(size=(3, 2)), rng.normal(size=3)
w2, b2 = rng.normal(size=(2, 3)), rng.normal(size=2)
PRAISE = "Right: so a thousand linear layers can do what one can, and nothing more."


def check(attempt: Attempt) -> None:
    """The weight first, since every bias depends on knowing the order."""
    found = attempt.call("collapse", w1, b1, w2, b2)
    if not isinstance(found, list | tuple) or len(found) != 2:
        wrong("collapse should return two things: return weight, bias")
    if np.shape(found[0]) == (3, 3):
        wrong(
            "This weight is (3, 3): you multiplied w1 @ w2. The layer that comes first "
            "stands on the right, next to x."
        )
    expect(found[0], "the weight").array().shape(outputs=2, inputs=2).near(w2 @ w1)
    expect(found[1], "the bias").array().shape(outputs=2).near(
        w2 @ b1 + b2,
        causes=[
            (b2, "The bias of the first layer also goes through the second layer: w2 @ b1."),
            (w2 @ b1, "The bias of the second layer is missing."),
        ],
    )
