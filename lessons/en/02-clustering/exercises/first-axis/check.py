"""Against the eigenvectors; an axis has no head and no tail."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 5, "wall": 10}
PRAISE = "Right: with a step of a chosen length instead of the whole leap, it is the figure above."
rng = np.random.default_rng(11)
wide = rng.normal(size=(90, 3)) * np.array([4.0, 1.5, 0.5])
turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
table = wide @ turn + np.array([9.0, -6.0, 4.0])
covariance = np.cov(table.T)
axes = np.linalg.eigh(covariance)[1].T[::-1]
from_zero = np.linalg.eigh(table.T @ table)[1][:, -1]


def same(mine: np.ndarray, axis: np.ndarray) -> bool:
    """Whether both lie along one line."""
    return bool(abs(abs(mine @ axis) - 1) < 1e-4)


def arrow(attempt: Attempt, steps: int) -> np.ndarray:
    """What comes out after so many steps (3,), if it is an arrow at all."""
    found, called = attempt.call("first_axis", table, steps), f"first_axis(table, {steps})"
    expect(found, called).array().shape(columns=3)
    numbers = np.asarray(found).dtype.kind in "biuf"
    expect(found, called).that(numbers, f"{called} should hold numbers.")
    return np.asarray(found, dtype=float)


def check(attempt: Attempt) -> None:
    """After many steps; a few must not be enough to be exact."""
    mine = arrow(attempt, 100)
    if not np.isfinite(mine).all() or np.linalg.norm(mine) > 1e6:
        wrong(
            "The arrow grew until its numbers were too large: make it one long in every step, "
            "inside the loop."
        )
    length = float(np.linalg.norm(mine))
    if np.allclose(mine, np.ones(3)) or np.allclose(mine, np.ones(3) / np.sqrt(3)):
        wrong("The arrow has not turned: multiply the covariance by it, covariance @ axis.")
    if abs(length - 1) > 1e-4:
        wrong(f"The arrow is {length:.3g} long: divide it by its own length, np.linalg.norm(axis).")
    if same(mine, axes[2]):
        wrong(
            "This is the axis of the smallest spread: multiply by the covariance, not by its "
            "inverse."
        )
    if same(mine, from_zero):
        wrong("The columns are not around 0: this arrow points at the middle of the table.")
    if not same(mine, axes[0]):
        wrong(
            f"The arrow is {np.degrees(np.arccos(min(1, abs(mine @ axes[0])))):.0f} degrees off: "
            "each step multiplies the covariance by the arrow of the step before."
        )
    one = arrow(attempt, 1)
    begun = covariance @ np.ones(3)
    if not same(one, begun / np.linalg.norm(begun)):
        wrong("After 100 steps it is right, but after one it is not where one step leads.")
