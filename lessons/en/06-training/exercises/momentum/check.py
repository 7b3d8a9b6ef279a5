"""Two steps of momentum from different velocities."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: with beta = 0 it is plain gradient descent again."


def check(attempt: Attempt) -> None:
    """A weight and a velocity of both signs."""
    for w, old, gradient, lr, beta in ((1.0, 0.5, 2.0, 0.1, 0.9), (-2.0, -3.0, 0.4, 0.05, 0.8)):
        velocity = beta * old + gradient
        right = [w - lr * velocity, velocity]
        found = attempt.call("step", w, old, gradient, lr, beta)
        mean = beta * old + (1 - beta) * gradient
        called = f"step({w:g}, {old:g}, {gradient:g}, {lr:g}, {beta:g})"
        expect(found, called).that(
            np.shape(found) == (2,), "step should give back two numbers: return w, velocity."
        ).near(
            right,
            causes=[
                (
                    [w - lr * gradient, gradient],
                    "Nothing is left of the old velocity: this is plain gradient descent.",
                ),
                ([w + lr * velocity, velocity], "The weight goes uphill: subtract."),
                (
                    [w - lr * mean, mean],
                    "You weighted the new gradient with 1 - beta, as Adam does. Here it counts "
                    "in full.",
                ),
                (
                    [w - lr * (old + gradient), old + gradient],
                    "The old velocity is not slowed down: without beta it would never come to rest.",
                ),
                (
                    [w - lr * gradient, velocity],
                    "The velocity is right, but the weight does not go with it.",
                ),
                (
                    [w - lr * old, velocity],
                    "The weight went with the old velocity: compute the new one first.",
                ),
                ([w - lr * velocity, old], "Give back the new velocity: the next step needs it."),
                (right[::-1], "Both are right, but in the other order: return w, velocity."),
            ],
        )
