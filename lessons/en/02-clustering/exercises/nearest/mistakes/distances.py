"""Expect: argmin instead of min"""

import numpy as np


def nearest(points, centroids):
    difference = points[:, None] - centroids
    return (difference**2).sum(axis=2).min(axis=1)
