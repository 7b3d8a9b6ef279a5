"""Expect: inside the loop"""

import numpy as np


def first_axis(table, steps):
    x = table - table.mean(axis=0)  # (N, D)
    covariance = x.T @ x / len(x)  # (D, D)
    axis = np.ones(table.shape[1])  # (D,): some arrow to begin with
    for _ in range(steps):
        axis = covariance @ axis
        axis = axis * 1.0
    return axis
