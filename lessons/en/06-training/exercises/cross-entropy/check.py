"""The binary cross entropy of a few answers, surely wrong ones among them."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: being surely wrong costs much more here than being right can ever save."

p = np.array([0.9, 0.2, 0.6, 0.001, 0.5])
y = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
yes, no = -np.log(p), -np.log(1 - p)
each = y * yes + (1 - y) * no

CAUSES = [
    (-each.mean(), "A logarithm of a number below 1 is negative: the minus sign is missing."),
    (each.sum(), "You added the costs up; the loss is their mean."),
    (each, "This is a cost for each person; the loss is one number, their mean."),
    ((y * yes).mean(), "A wrong yes costs nothing here: where y is 0 it should cost -log(1 - p)."),
    (
        (y * yes + (1 - y) * yes).mean(),
        "You charge -log p where the truth is no, too. There the network gave 1 - p to the truth.",
    ),
    (
        (y * yes - (1 - y) * no).mean(),
        "The minus sign of the second logarithm is missing: a sure and wrong yes earns something.",
    ),
    (each.mean() / np.log(10), "This is the logarithm to base 10: np.log is the natural one."),
    (each.mean() / np.log(2), "This is the logarithm to base 2: np.log is the natural one."),
]


def check(attempt: Attempt) -> None:
    """One of the answers gives the truth a probability of 0.001."""
    expect(attempt.call("cross_entropy", p, y), "cross_entropy(p, y)").near(
        each.mean(), causes=CAUSES
    )
