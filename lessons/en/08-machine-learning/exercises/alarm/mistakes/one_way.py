"""Expect: the other way is not seen"""

import numpy as np


def distance(before, now):
    places = np.concatenate([before, now])
    upto_before = (before[:, None] <= places).mean(axis=0)
    upto_now = (now[:, None] <= places).mean(axis=0)
    return (upto_before - upto_now).max()


before, now = np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.5, 5.0])
print(distance(before, now), "should be 0.75")
