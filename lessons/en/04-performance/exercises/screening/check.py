"""The highest score that still reaches the recall, on ten patients, on eight and on 300."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

ten = np.linspace(1.0, 0.1, 10), np.array([1, 1, 0, 1, 0, 0, 1, 0, 0, 0])
eight = np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1]), np.array([1, 1, 0, 1, 0, 1, 0, 0])
rng = np.random.default_rng(1)
ill = (rng.random(300) < 0.3).astype(int)
many = 1 / (1 + np.exp(1 - 1.7 * ill - rng.normal(size=300))), ill
PRAISE = "Right: recall is a promise you make first; the false alarms are what it costs."


def threshold(scores, ill, wanted):
    """The right one: so many of the ill must reach it."""
    sick = np.sort(scores[ill == 1])[::-1]
    return sick[int(np.ceil(wanted * len(sick) - 1e-9)) - 1]


def check(attempt: Attempt) -> None:
    """Three lists of patients, and their promises. In the first all known mistakes differ."""
    for (scores, ill), who, wanted in (
        (ten, "ten patients", 0.75),
        (eight, "the eight patients", 0.75),
        (many, "300 patients", 0.95),
        (many, "300 patients", 0.5),
    ):
        found = attempt.call("threshold_for", scores, ill, wanted)
        right = threshold(scores, ill, wanted)
        everybody = np.sort(scores)[::-1]
        above = np.sort(scores[scores > right])
        sick = np.sort(scores[ill == 1])[::-1]
        stricter = sick[min(int(wanted * len(sick) + 1e-9), len(sick) - 1)]
        causes = [
            (
                scores.min(),
                "Your threshold is the lowest score: recall is 1 there, but everybody "
                "is alarmed. Go on as long as the recall is high enough, and keep the last one.",
            ),
            (
                stricter,
                "A recall of exactly what is wanted keeps the promise too: compare with >=, not "
                "with >.",
            ),
            (
                everybody[int(np.ceil(wanted * len(scores) - 1e-9)) - 1],
                "You let this share of *all* patients reach it. Recall looks at the ill only.",
            ),
            (
                above[0],
                "At your threshold the recall is already too low: yours is the first score "
                "that fails, and the one before it was the last that holds.",
            ),
        ]
        called = f"threshold_for({who}, {wanted})"
        value = expect(found, called).number()
        value.near(right, causes=causes, within=1e-6)  # as near as float32 comes
