"""Expect: distance of the means"""

import numpy as np


def distance(before, now):
    places = np.concatenate([before, now])
    upto_before = (before[:, None] <= places).mean(axis=0)
    upto_now = (now[:, None] <= places).mean(axis=0)
    return abs(before.mean() - now.mean())


before, now = np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.5, 5.0])
print(distance(before, now), "should be 0.75")
