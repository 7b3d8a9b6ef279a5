"""One step on four students whose misses have both signs, then three hundred on the exam."""

import numpy as np

from fathom.data import exam
from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 20, "wall": 60}
PRAISE = "Right: 300 of these, and the line is as good as trained."
STEPS, RATE = 300, 0.025

hours = np.array([1.0, 2.0, 4.0, 5.0])
points = np.array([30.0, 30.0, 50.0, 60.0])
w, b, lr = 7.0, 20.0, 0.02
miss = points - (w * hours + b)  # 3, -4, 2, 5
slope_w, slope_b = -2 * (miss * hours).mean(), -2 * miss.mean()  # -14, -3
right = np.array([w - lr * slope_w, b - lr * slope_b])  # 7.28, 20.06
later = -2 * (points - (right[0] * hours + b)).mean()  # slope_b when w has already moved

CAUSES = [
    (
        [w + lr * slope_w, b + lr * slope_b],
        "You climb: your loss rises from step to step. The step goes against the slope.",
    ),
    (
        [w - lr * slope_w / 2, b - lr * slope_b / 2],
        "Half as far as it should be: the square brings a factor 2 into both slopes.",
    ),
    (
        [w - lr * slope_b, b - lr * slope_b],
        "w and b move by the same amount. The slope of w also has the hours in it.",
    ),
    (
        [right[0], b - lr * later],
        "b was moved with the new w already. Compute both slopes first, then move.",
    ),
    (
        [w - 4 * lr * slope_w, b - 4 * lr * slope_b],
        "You summed over the students: on the exam that is 20 times too far, and it already "
        "explodes at lr = 0.0014. The loss is a mean, and so are its slopes.",
    ),
    (
        [w - slope_w, b - slope_b],
        "You took the whole slope. A step is the learning rate times the slope: lr * slope_w.",
    ),
    (
        [-lr * slope_w, -lr * slope_b],
        "That is how far to go, not where you arrive: take it away from the old w and b.",
    ),
    (right[::-1], "Both numbers are right, but in the wrong order: return w, b."),
    ([w, b], "The line has not moved: give back the new w and b."),
    ([right[0], b], "Only w has moved: b takes a step as well."),
    ([w, right[1]], "Only b has moved: w takes a step as well."),
]


def check(attempt: Attempt) -> None:
    """Where one step goes, whichever way it is computed; then where many lead."""
    found = attempt.call("step", w, b, hours, points, lr)
    if isinstance(found, list | tuple) and any(np.ndim(one) for one in found):
        wrong(
            "step gives back an array where a number should be: a slope is a mean over all "
            "students."
        )
    expect(found, "What step gives back").that(
        np.shape(found) == (2,), "step should give back two numbers: return w, b."
    ).near(right, causes=CAUSES)
    x, y = np.linspace(0.5, 10, 20), np.array(exam.POINTS, dtype=float)
    line = [0.0, 0.0]
    for _ in range(STEPS):
        line = attempt.call("step", *line, x, y, RATE)
    best = np.polyfit(x, y, 1)
    loss, least = (np.mean((y - np.polyval(one, x)) ** 2) for one in (line, best))
    expect(line, f"The line after {STEPS} steps").that(
        bool(loss < 1.01 * least),
        f"After {STEPS} steps the loss is {loss:.1f}, and the best is {least:.1f}: the first step "
        "is right, so look for what is not the same in every step.",
    )
