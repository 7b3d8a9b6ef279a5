"""The machine on three students for two steps, then the chosen rate on the class."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, show, wrong

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: data, loss, gradient, rate. A network is trained by the same few lines."
STEPS = 1000
ROOM = 1.01  # how far above the best loss one may end

hours = np.array([0.5, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.0, 9.5])
points = np.array([27.0, 25.0, 40.0, 38.0, 52.0, 49.0, 66.0, 71.0, 90.0, 81.0])
three = np.array([1.0, 2.0, 3.0]), np.array([20.0, 27.0, 37.0])
best = np.mean((np.polyval(np.polyfit(hours, points, 1), hours) - points) ** 2)


def walk(x, y, lr, steps, way=-1):
    """The lines (steps + 1, 2) and their losses (steps + 1,)."""
    w = b = 0.0
    lines, losses = [], []
    for _ in range(steps + 1):
        error = w * x + b - y
        lines.append((w, b))
        losses.append((error**2).mean())
        w, b = w + way * lr * 2 * (error * x).mean(), b + way * lr * 2 * error.mean()
    return np.array(lines), np.array(losses)


def check(attempt: Attempt) -> None:
    """First the machine, then the rate, then the answer."""
    machine(attempt)
    rate(attempt)
    w, b = attempt["w"], attempt["b"]
    promise = [
        (w * 7, "seven lacks the intercept: those who do not study get points too. Add b."),
        (w + b, "This is the promise for one hour. Put seven hours into the line."),
        (7.0, "seven is still the hours: put them into the line, w * 7 + b."),
    ]
    expect(attempt["seven"], "seven").number().near(w * 7 + b, causes=promise)


def machine(attempt: Attempt) -> None:
    """Two steps on the students of the lesson, at a rate of 0.01."""
    lines, losses = walk(*three, 0.01, 2)
    found = attempt.call("fit", *three, 0.01, 2)
    if not isinstance(found, list | tuple) or len(found) != 3:
        wrong("fit should give back three things: return w, b, losses.")
    up, _ = walk(*three, 0.01, 2, way=1)
    causes = [
        (up[2], "Your machine walks uphill: subtract the gradient, do not add it."),
        (lines[1], "It stops after one of two steps: the return stands inside the loop."),
        (
            np.polyfit(*three, 1),
            "You took the best line from a formula. It is right, but here the machine has to walk.",
        ),
        ([0.0, 0.0], "w and b are still 0 after two steps: give them their new values."),
        (after_w(*three), "b takes its step from a w that has moved already: change both at once."),
    ]
    expect(found[:2], "w and b after two steps").near(lines[2], causes=causes)
    kept = found[2]
    if np.shape(kept) != (2,):
        wrong(
            "losses should hold one number for each of 2 steps, but has the shape "
            f"{np.shape(kept)}: append the mean of the squared errors, once a step."
        )
    causes = [
        (losses[1:], "You keep the loss after each step; keep that of the line before it."),
        (losses[:2] * 3, "losses holds sums: the loss is the mean of the squared errors."),
        (losses[:2] ** 0.5, "You took a root of the losses: leave it out."),
    ]
    expect(kept, "losses").near(losses[:2], causes=causes)


def after_w(x, y, lr=0.01):
    """Where two steps lead when b sees the w that has just moved."""
    w = b = 0.0
    for _ in range(2):
        w = w - lr * 2 * ((w * x + b - y) * x).mean()
        b = b - lr * 2 * (w * x + b - y).mean()
    return np.array([w, b])


def rate(attempt: Attempt) -> None:
    """The chosen rate arrives in the steps that are allowed."""
    lr = float(expect(attempt["lr"], "lr").number().value)
    if not lr > 0:
        wrong(f"lr is {lr:g}: a rate is greater than 0, or the machine does not go downhill.")
    with np.errstate(all="ignore"):  # those that run away are told in words
        end = walk(hours, points, lr, STEPS)[1][-1]
    if not end < 1e6:
        wrong(
            f"With lr = {lr:g} the loss grows until it is no longer a number: each step jumps over "
            "the valley. Make lr smaller."
        )
    if end > ROOM * best:
        wrong(
            f"With lr = {lr:g} the machine has not arrived after {STEPS} steps: its loss is "
            f"{end:.1f}, that of the best line {best:.1f}. Make lr larger."
        )
    w, b = walk(hours, points, lr, STEPS)[0][-1]
    mine = attempt["w"], attempt["b"]
    if not np.allclose(mine, (w, b), rtol=1e-3, atol=1e-3):
        wrong(
            f"w and b should be what fit gives for {STEPS} steps, {w:.2f} and {b:.2f}, but are "
            f"{show(mine[0])} and {show(mine[1])}."
        )
