"""Expect: You summed over the students

Belief: sum-is-mean
"""

import numpy as np

hours = np.arange(0.5, 10.5, 0.5)  # (20,)
points = np.array([14, 26, 26, 24, 36, 27, 44, 41, 52, 55, 51, 63, 66, 64, 84, 81, 73, 78, 90, 94])


def step(w, b, hours, points, lr):
    miss = points - (w * hours + b)  # (20,)
    slope_b = -2 * miss.sum()  # how the loss changes with b
    slope_w = -2 * (miss * hours).sum()  # how the loss changes with w
    w = w - lr * slope_w
    b = b - lr * slope_b
    return w, b


print(step(0.0, 0.0, hours, points, 0.01), "should be about 7.049 1.089")
