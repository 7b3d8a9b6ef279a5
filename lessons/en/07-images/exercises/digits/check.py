"""Digits that it has never seen; where they are not read, the losses tell why."""

import numpy as np
from sklearn.datasets import load_digits

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 30, "wall": 90}
PRAISE = "Right: with more layers, more pictures and more time, this is how photographs are named."
images, labels = load_digits(return_X_y=True)
asked, truth = images[1200:].reshape(-1, 1, 8, 8) / 16, labels[1200:]
STEPS = 300
UNSURE = np.log(10)  # the loss of somebody who gives each of ten digits the same probability
LEAST = UNSURE + np.log(np.e / 10 + 0.9) - 1  # if probabilities are taken for logits: 1.46


def check(attempt: Attempt) -> None:
    """The shape of the answer, then how many are right."""
    said = attempt.call("answer", asked)
    expect(said, "answer(pictures)").array().shape(pictures=len(asked), digits=10)
    losses = np.asarray(attempt["losses"], dtype=float)
    accuracy = (np.asarray(said).argmax(axis=1) == truth).mean()
    expect(accuracy, "accuracy").that(accuracy >= 0.85, why(attempt, losses, accuracy))


def why(attempt: Attempt, losses: np.ndarray, accuracy: float) -> str:
    """What is wrong with a network that reads too few digits, from the losses of its steps."""
    told = f"It reads {accuracy:.0%} of the digits that it has never seen. "
    if len(losses) < STEPS:
        return (
            told + f"There were {len(losses)} updates in place of {STEPS}: the three lines stand "
            "outside the inner loop."
        )
    if not np.isfinite(losses).all():
        return told + "The loss is no number any more: the steps are too long."
    still = losses[-30:].mean() > 0.98 * losses[:30].mean()
    if still and not attempt.uses("backward"):
        return (
            told + "The loss does not fall, since backward() is missing: nobody finds the slopes."
        )
    if still and not attempt.uses("step"):
        return (
            told + "The loss does not fall, since the network never moves: the update is missing."
        )
    if not attempt.uses("zero_grad"):
        return told + "The gradients of the last steps are not forgotten: they add up."
    if losses[-30:].mean() > LEAST and attempt.uses("softmax"):
        return (
            told + "cross_entropy takes the logits as they are: with softmax before it, the loss "
            f"cannot fall below {LEAST:.2f}, and the slopes are small."
        )
    if losses[-1] < 0.1:
        return told + "It knows its batch by heart: is every step shown the same digits?"
    return told + "It should be about 92 %. Are all five steps in the loop, in their order?"
