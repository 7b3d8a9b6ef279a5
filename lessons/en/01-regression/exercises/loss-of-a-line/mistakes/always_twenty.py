"""Expect: wrong for 7 others

In the figure: the same
"""

import numpy as np

hours = np.arange(0.5, 10.5, 0.5)  # (20,)
points = np.array([14, 26, 26, 24, 36, 27, 44, 41, 52, 55, 51, 63, 66, 64, 84, 81, 73, 78, 90, 94])


def loss(w, b, hours, points):
    yhat = w * hours + b  # what the line says for each student: (20,)
    return ((points - yhat) ** 2).sum() / 20


print(loss(0, 0, hours, points), "should be 3524.15")
print(loss(8, 12, hours, points), "should be 26.15")
