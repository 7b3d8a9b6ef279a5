"""Expect: lands exactly at the bottom"""

import numpy as np

hours = np.arange(0.5, 10.5, 0.5)  # (20,)


def largest_rate(hours):
    ww = 2 * (hours**2).mean()  # by how much the slope of w grows when w grows by 1
    wb = 2 * hours.mean()  # by how much it grows when b grows by 1
    bb = 2.0  # by how much the slope of b grows when b grows by 1
    steepest = np.linalg.eigvalsh(np.array([[ww, wb], [wb, bb]]))[-1]
    return 1 / steepest


print(largest_rate(hours), "should be 0.0273")
