"""Resamples are random: their mean and their spread are compared with what theory says."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

rng = np.random.default_rng(3)
right_a = (rng.random(108) < 0.75).astype(int)
right_b = np.where(rng.random(108) < 0.25, 1, right_a)
TIMES = 4000
PRAISE = "Right: if 0 lies outside the middle 95 %, luck with the patients does not explain it."

gain = right_b - right_a  # (108,) of one patient: -1, 0 or 1
SPREAD = gain.std() / np.sqrt(108)  # of a mean of 108 patients that are drawn with putting back
UNPAIRED = np.sqrt((right_a.var() + right_b.var()) / 108)


def check(attempt: Attempt) -> None:
    """Shape, mean, spread, and whether the seed decides."""
    found = expect(attempt.call("differences", right_a, right_b, TIMES, 0), "what you return")
    found.shape(resamples=TIMES).real()
    values = np.asarray(found.value)
    found.that(bool(np.isfinite(values).all()), "Some of your differences are no numbers.")
    mean, spread = values.mean(), values.std()
    found.that(
        spread > 1e-9,
        "All your differences are the same: perhaps every resample has all the patients, as with "
        "rng.permutation. Draw with putting back.",
    )
    found.that(
        abs(mean + gain.mean()) > 0.2 * gain.mean(),
        "Your differences have the wrong sign: take B minus A.",
    )
    found.that(
        abs(spread / UNPAIRED - 1) > 0.1,
        "Your differences spread too widely: A and B were asked about different patients. "
        "Draw the patients once for each resample, and use them for both.",
    )
    found.that(
        abs(mean - gain.mean()) < 0.2 * gain.mean(),
        f"On average your differences are {mean:.3f}; B minus A is {gain.mean():.3f} "
        "on these patients.",
    )
    found.that(
        spread < 1.12 * SPREAD,
        f"Your differences spread too widely, {spread:.4f} instead of {SPREAD:.4f}: "
        "draw as many patients as there are, 108.",
    )
    found.that(
        spread > 0.88 * SPREAD,
        f"Your differences spread too little, {spread:.4f} instead of {SPREAD:.4f}: "
        "draw as many patients as there are, each time anew.",
    )
    again = attempt.call("differences", right_a, right_b, 20, 0)
    same = attempt.call("differences", right_a, right_b, 20, 0)
    found.that(
        np.array_equal(again, same),
        "The same seed gives other differences each time, so nobody can check them: draw from "
        "rng, which knows the seed, not from np.random.",
    )
    other = attempt.call("differences", right_a, right_b, 20, 1)
    found.that(not np.array_equal(again, other), "Another seed gives the same: draw from rng.")
