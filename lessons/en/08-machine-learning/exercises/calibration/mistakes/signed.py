"""Expect: cancel out

Belief: misses-cancel
"""

import numpy as np


def calibration_error(p, y, bins):
    place = np.minimum((p * bins).astype(int), bins - 1)  # the bin of each, from 0 to bins - 1
    error = 0.0
    for b in range(bins):
        here = place == b
        if here.any():
            said, came = p[here].mean(), y[here].mean()
            error += here.mean() * (said - came)
    return error


p = np.array([0.1, 0.2, 0.9, 0.9, 0.9, 0.8])  # the probability of rain that was said
y = np.array([0, 0, 1, 1, 0, 1])  # and whether it rained
print(calibration_error(p, y, 2), "should be about 0.133")
