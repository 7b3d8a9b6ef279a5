"""The mean of recall and specificity, on the ten patients of the lesson and on 200 others."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

ten = np.array([1] * 4 + [0] * 6), np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
rng = np.random.default_rng(0)
many = (rng.random(200) < 0.1).astype(int), (rng.random(200) < 0.4).astype(int)
nobody = many[0], np.zeros(200, dtype=int)
PRAISE = "Right: now a test that calls everybody healthy has 0.5, however rare the illness is."


def shares(ill, called):
    """What right and wrong answers are made of: recall, specificity, precision, accuracy."""
    hits, alarms = np.sum(ill & called), np.sum((1 - ill) & called)
    recall = hits / ill.sum()
    specificity = 1 - alarms / (1 - ill).sum()
    return recall, specificity, hits / max(hits + alarms, 1), np.mean(ill == called)


def check(attempt: Attempt) -> None:
    """Three times: by hand, by chance, and a test that calls nobody ill."""
    for (ill, called), who in ((ten, "the ten patients"), (many, "200 other patients")):
        recall, specificity, precision, accuracy = shares(ill, called)
        found = attempt.call("balanced_accuracy", ill, called)
        expect(found, f"balanced_accuracy of {who}").number().near(
            (recall + specificity) / 2,
            causes=[
                (
                    accuracy,
                    "This is the accuracy: all that is right, divided by all patients. "
                    "Take a share of the ill and a share of the healthy, and then their mean.",
                ),
                (
                    (precision + specificity) / 2,
                    "Your recall divides by all who are *called* ill; "
                    "that is precision. Recall divides by all who *are* ill: hits + missed.",
                ),
                (recall + specificity, "You added the two shares; take their mean."),
                (recall, "This is the recall alone; the healthy have a share as well."),
                (
                    (recall + 1 - specificity) / 2,
                    "Your second share counts the healthy who are "
                    "called ill: the alarms. Specificity counts those who are cleared.",
                ),
            ],
        )
    found = attempt.call("balanced_accuracy", *nobody)
    expect(found, "balanced_accuracy of a test that calls nobody ill").number().near(0.5)
