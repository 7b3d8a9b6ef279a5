"""Expect: matmul"""

import numpy as np


def first_axis(table, steps):
    x = table - table.mean(axis=0)  # (N, D)
    covariance = x.T @ x / len(x)  # (D, D)
    axis = np.ones(table.shape[1])  # (D,): some arrow to begin with
    for _ in range(steps):
        axis = table @ axis
        axis = axis / np.linalg.norm(axis)
    return axis
