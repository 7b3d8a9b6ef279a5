import numpy as np


def nearest(points, centroids):
    difference = points[:, None] - centroids  # (N, K, 2)
    far = (difference**2).sum(axis=2)  # (N, K): the squared distance of every point
    return far.argmin(axis=1)  # (N,): the number of the nearest centroid


print(nearest(np.array([[0.0, 0.0], [5.0, 4.0]]), np.array([[1.0, 1.0], [5.0, 5.0]])))
