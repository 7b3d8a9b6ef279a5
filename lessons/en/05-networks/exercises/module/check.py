"""A network in PyTorch: its parameters, its shapes, whether it bends, and what it can say."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

rng = np.random.default_rng(7)
x = 3 * rng.normal(size=(200, 2))
PRAISE = "Right: you wrote the architecture. What is still missing is training, and that is Lesson 6."


def check(attempt: Attempt) -> None:
    """Shape before values; a straight network is one whose answer to a middle is the middle."""
    said = attempt.call("answer", x)
    if np.shape(said) != (200, 1):
        wrong(
            f"The network answers with the shape {np.shape(said)} to 200 rows, but should say "
            "one number for each row, (200, 1): the last layer goes from 8 to 1."
        )
    count = expect(attempt["count"], "count").number().value
    if count != 33:
        wrong(
            f"Your network has {count:g} parameters. From 2 to 8 and from 8 to 1 there are "
            "2 x 8 + 8 and 8 x 1 + 1 of them, which makes 33."
        )
    one, other = np.asarray(said[:100]), np.asarray(said[100:])
    middle = attempt.call("answer", (x[:100] + x[100:]) / 2)
    if np.allclose(middle, (one + other) / 2, atol=1e-5):
        wrong("Without an activation between them, your two layers are one straight layer.")
    if np.asarray(said).min() >= 0:
        wrong(
            "Your network says things that are never below 0, since ReLU stands at its end. "
            "After the last layer there is no activation here."
        )
