"""The expected calibration error of forecasts that say too much, and of some that say too little."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: a forecast can be calibrated and useless, so look at the accuracy as well."


def check(attempt: Attempt) -> None:
    """The example, many forecasts, and a bin that stays empty."""
    rng = np.random.default_rng(1)
    p = rng.random(200) ** 2
    cases = (
        (np.array([0.1, 0.2, 0.9, 0.9, 0.9, 0.8]), np.array([0, 0, 1, 1, 0, 1]), 2),
        (p, (rng.random(200) < 0.2 + 0.4 * p).astype(int), 10),
        (np.array([0.05, 0.31, 0.95, 1.0]), np.array([1, 0, 1, 0]), 5),
    )
    for said, came, bins in cases:
        place = np.minimum((said * bins).astype(int), bins - 1)
        filled = np.unique(place)
        share = np.array([(place == b).mean() for b in filled])
        gap = np.array([said[place == b].mean() - came[place == b].mean() for b in filled])
        middle = np.array([(b + 0.5) / bins - came[place == b].mean() for b in filled])
        causes = [
            (
                float(abs(gap).mean()),
                "Every bin counts the same in yours; it should count by its share of all.",
            ),
            (
                float(abs((share * gap).sum())),
                "Too much in one bin and too little in another cancel out: take abs in every bin.",
            ),
            (
                float((share * gap).sum()),
                "Too much in one bin and too little in another cancel out: take abs in every bin.",
            ),
            (
                float((share * abs(middle)).sum()),
                "You compare with the middle of the bin; take the mean of what was said in it.",
            ),
            (
                float((share * gap**2).sum()),
                "You squared the distances; here they count as they are.",
            ),
            (float(abs(gap).sum()), "You added up the distances; each counts by its bin's share."),
        ]
        expect(
            attempt.call("calibration_error", said, came, bins), f"the error with {bins} bins"
        ).number().near(float((share * abs(gap)).sum()), causes=causes)
