"""Expect: Du steigst

Belief: along-the-gradient
"""

import numpy as np

hours = np.arange(0.5, 10.5, 0.5)  # (20,)
points = np.array([14, 26, 26, 24, 36, 27, 44, 41, 52, 55, 51, 63, 66, 64, 84, 81, 73, 78, 90, 94])


def step(w, b, hours, points, lr):
    miss = points - (w * hours + b)  # (20,)
    slope_b = -2 * miss.mean()  # wie sich der Verlust mit b ändert
    slope_w = -2 * (miss * hours).mean()  # wie sich der Verlust mit w ändert
    w = w + lr * slope_w
    b = b + lr * slope_b
    return w, b


print(step(0.0, 0.0, hours, points, 0.01), "soll etwa 7.049 1.089 sein")
