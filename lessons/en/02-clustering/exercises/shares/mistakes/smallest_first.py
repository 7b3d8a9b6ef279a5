"""Expect: The smallest stands first"""

import numpy as np


def shares(table):
    x = table - table.mean(axis=0)  # (N, D): the table with every column around 0
    covariance = x.T @ x / len(x)  # (D, D)
    variances, axes = np.linalg.eigh(covariance)  # (D,), the smallest first
    return variances / variances.sum()  # (D,): shares, the largest first


rng = np.random.default_rng(0)
size, speed = rng.normal(size=(2, 100))
fish = np.stack([40 + 8 * size, 14 + 3 * size, 12 + speed], axis=1)  # length, height, speed
print(shares(fish))
