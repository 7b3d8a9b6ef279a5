import numpy as np


def nearest(points, centroids):
    difference = points[:, None] - centroids  # (N, K, 2)
    far = ...  # (N, K): the squared distance of every point from every centroid
    return ...  # (N,): the number of the nearest centroid


print(nearest(np.array([[0.0, 0.0], [5.0, 4.0]]), np.array([[1.0, 1.0], [5.0, 5.0]])))
