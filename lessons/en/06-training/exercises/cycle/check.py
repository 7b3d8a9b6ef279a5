"""A line after one round, and after five, against the same arithmetic in NumPy."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 30, "wall": 90}
PRAISE = "Right: with another model in the line of the guess, this trains any network there is."

x, y = np.array([0.5, 1.0, 2.0, 3.0]), np.array([0.0, 1.5, 4.0, 5.0])
LR, ROUNDS = 0.05, 5


def trained(rounds: int, keep: float = 0.0, sign: float = -1.0, times: float = 1.0) -> list[float]:
    """w and b after so many rounds; keep: the share of the old gradients that is added."""
    w = b = old_w = old_b = 0.0
    for _ in range(rounds):
        error = w * x + b - y
        old_w = keep * old_w + times * 2 * (error * x).mean()
        old_b = keep * old_b + times * 2 * error.mean()
        w, b = w + sign * LR * old_w, b + sign * LR * old_b
    return [w, b]


def check(attempt: Attempt) -> None:
    """One round first: what is wrong there is not about forgetting."""
    for rounds in (1, ROUNDS):
        found = attempt.call("train", x, y, LR, rounds)
        expect(found, f"train(x, y, {LR:g}, {rounds})").that(
            np.shape(found) == (2,), "train should give back two numbers, w and b."
        ).near(
            trained(rounds),
            causes=[
                (
                    [0.0, 0.0],
                    "Nothing has moved: the update needs the gradients that backward brings, so "
                    "it comes after it, and they are forgotten only after that.",
                ),
                (
                    trained(rounds, keep=1.0),
                    "The gradients of all rounds are added up: set w.grad and b.grad to None at "
                    "the end of a round.",
                ),
                (trained(rounds, sign=1.0), "This walks uphill: subtract lr times the gradient."),
                (
                    trained(rounds, times=len(x)),
                    "You added the squared errors up; the loss is their mean, so your steps are "
                    f"{len(x)} times too long.",
                ),
                (
                    (np.array(trained(1)) / LR).tolist() if rounds == 1 else trained(0),
                    "You took the whole gradient; a step is the learning rate times the gradient.",
                ),
            ],
        )
