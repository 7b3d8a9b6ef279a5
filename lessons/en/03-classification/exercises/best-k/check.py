"""The accuracy of every k on the flowers held out, and the k that wins."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right. Before you tell anybody how good it is, measure once more, on a third set."

rng = np.random.default_rng(24)
KS = np.arange(1, 80, 2)


def grow(count):
    """The same flowers."""
    label = rng.integers(0, 2, count)
    return rng.normal(size=(count, 2)) + 1.4 * label[:, None], label


TRAIN, TRAIN_LABEL = grow(80)
VAL, VAL_LABEL = grow(60)


def measured(xy, label):
    """Of each k, the share of right answers."""
    order = np.linalg.norm(xy[:, None] - TRAIN, axis=2).argsort(axis=1)
    said = [(TRAIN_LABEL[order[:, :k]].mean(axis=1) > 0.5).astype(int) for k in KS]
    return np.array([(one == label).mean() for one in said])


def check(attempt: Attempt) -> None:
    """What was measured, then what was chosen."""
    right, seen = measured(VAL, VAL_LABEL), measured(TRAIN, TRAIN_LABEL)
    expect(attempt.call("accuracy", 5), "accuracy(5)").number()
    expect(attempt["measured"], "measured").shape(ks=len(KS)).near(
        right,
        causes=[
            (
                seen,
                "You measured on train. With k=1 every flower there is its own neighbour, so it "
                "gets 1.0 and proves nothing: measure on val.",
            ),
            (right * len(VAL), "You counted the right answers; their share is between 0 and 1."),
            (1 - right, "You measured the share of wrong answers: the other way round."),
        ],
    )
    place = int(right.argmax())
    best = expect(attempt["best_k"], "best_k").number()
    value = int(attempt["best_k"])
    best.that(
        value != place or value in KS[right == right.max()],
        f"{place} is the place in the list at which the best accuracy stands. "
        "Which k stands at that place of ks?",
    )
    best.that(
        abs(float(attempt["best_k"]) - right.max()) > 1e-9,
        "That is the best accuracy. best_k is the k that has it.",
    )
    best.that(
        value in KS[np.isclose(right, right.max())],
        f"best_k is {value}, but another k is right more often on val.",
    )
