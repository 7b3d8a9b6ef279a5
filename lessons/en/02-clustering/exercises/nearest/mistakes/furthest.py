"""Expect: argmax finds the largest distance"""

import numpy as np


def nearest(points, centroids):
    difference = points[:, None] - centroids
    return (difference**2).sum(axis=2).argmax(axis=1)
