"""The border for the exam, then for hours that nobody has seen."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 20, "wall": 60}
PRAISE = "Right: the step is limited by the valley, not by the computer. Standardised, it is 1."
ROOM = 0.01
HOURS = {
    "these hours": np.linspace(0.5, 10, 20),
    "other hours": np.array([0.2, 0.4, 1.0, 1.5, 3.0]),
    "standardised hours": np.array([-1.5, -0.5, 0.5, 1.5]) / np.sqrt(1.25),
}


def curvatures(hours):
    """By how much both slopes grow (2, 2)."""
    both = np.stack([hours, np.ones_like(hours)])
    return 2 * both @ both.T / len(hours)


def check(attempt: Attempt) -> None:
    """Any way to the border is accepted within one per cent, searching included."""
    for called, hours in HOURS.items():
        found = attempt.call("largest_rate", hours)
        rate = float(expect(found, f"The largest rate for {called}").number().value)
        least, most = np.linalg.eigvalsh(curvatures(hours))
        right = 2 / most
        if abs(rate / right - 1) <= ROOM:
            continue
        for value, says in (
            (2 / (2 * (hours**2).mean()), "That is right for w alone; b makes the valley steeper."),
            (
                1 / most,
                "With this rate a step lands exactly at the bottom of the steepest direction. The "
                "border is where it lands as high as it was: twice as far.",
            ),
            (most, "That is the curvature itself. The steeper the valley, the smaller the step."),
            (2 / least, "You took the flattest direction; the steepest one explodes first."),
            (
                4 / most,
                "Twice too large: the square brings a factor 2 into the curvatures as well.",
            ),
            (
                2 / curvatures(HOURS["these hours"])[0, 0],
                "Right for w alone, and for our 20 students only: use the argument.",
            ),
            (0.0273, "Right for our 20 students, wrong for others: compute it from the hours."),
        ):
            if abs(rate / value - 1) <= ROOM:
                wrong(says)
        wrong(f"The largest rate for {called} should be {right:.4g}, but is {rate:.4g}.")
