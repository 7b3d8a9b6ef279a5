"""Expect: add the squares"""

import numpy as np


def nearest(points, centroids):
    difference = points[:, None] - centroids  # (N, K, 2)
    far = abs(difference).sum(axis=2)
    return far.argmin(axis=1)
