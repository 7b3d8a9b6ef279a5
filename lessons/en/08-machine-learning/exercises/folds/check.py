"""Accuracies fold by fold, of a classifier that knows by heart whatever it was shown."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: k classifiers, and every example is asked about once, by the one that never saw it."


def nearest(train_x: np.ndarray, train_y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The answer of the nearest example that is known."""
    return train_y[np.abs(train_x[:, None] - asked[None, :]).argmin(axis=0)]


def check(attempt: Attempt) -> None:
    """Three folds, five folds, and as many as there are examples."""
    rng = np.random.default_rng(5)
    for n, k in ((40, 5), (30, 3), (12, 12)):
        x = rng.random(n)
        y = ((x > 0.5) ^ (rng.random(n) < 0.2)).astype(int)
        fold = np.arange(n) % k

        def over(learned: str, asked: str, x=x, y=y, fold=fold, k=k) -> list[float]:
            found = []
            for number in range(k):
                parts = {"out": fold == number, "rest": fold != number, "all": fold >= 0}
                a, b = parts[learned], parts[asked]
                found.append(float((nearest(x[a], y[a], x[b]) == y[b]).mean()))
            return found

        right = over("rest", "out")
        causes = [
            (
                over("all", "out"),
                "The classifier is asked about examples that it has learned from: leave them out.",
            ),
            (
                over("out", "rest"),
                "The parts are swapped: learn from the many, ask about the few.",
            ),
            (
                float(np.mean(right)),
                "This is the mean of the folds. Give back all of them: their spread matters, too.",
            ),
            (1 - np.array(right), "This is the share that is wrong; the accuracy counts the right."),
            (
                np.array(right) * np.bincount(fold),
                "You counted the right ones; divide by the size of the fold.",
            ),
        ]
        expect(attempt.call("cross_validate", x, y, k), f"cross_validate of {n} in {k} folds").near(
            right, causes=causes
        )
