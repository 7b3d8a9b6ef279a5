"""The majority of the training labels, judged on the test labels."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: a network that does not beat this number has learned nothing that is of use."


def check(attempt: Attempt) -> None:
    """Classes that are not 0 and 1, and a test whose majority is another one."""
    cases = (
        ([0, 0, 0, 1, 1], [0, 1, 1, 1]),
        ([3, 7, 7, 7, 7, 5], [7, 5, 7, 3, 5, 5, 5, 5]),
        ([2, 2, 1], [2, 2, 2, 1, 1, 1, 0, 0]),
    )
    for train, test in cases:
        train_labels, test_labels = np.array(train), np.array(test)
        most = np.bincount(train_labels).argmax()
        right = float((test_labels == most).mean())
        causes = [
            (
                float((test_labels == np.bincount(test_labels).argmax()).mean()),
                "You took the most frequent class of the test: that is known only afterwards.",
            ),
            (
                float((train_labels == most).mean()),
                "This is its accuracy on the training labels; measure on the test labels.",
            ),
            (float(most), "This is the class itself. Give back how often it is right."),
            (
                float((test_labels == most).sum()),
                "You counted the hits; the accuracy is their share, so divide by all of them.",
            ),
            (1 / len(set(train)), "A coin would do that. Say the most frequent class instead."),
        ]
        expect(
            attempt.call("baseline", train_labels, test_labels), f"baseline({train}, {test})"
        ).number().near(right, causes=[one for one in causes if abs(one[0] - right) > 1e-3])
