import numpy as np


def nearest(points, centroids):
    return ((points[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)  # (N,)


def kmeans(points, centroids, rounds):
    centroids = centroids.copy()  # what was given stays as it is
    for _ in range(rounds):
        label = nearest(points, centroids)  # (N,)
        for k in range(len(centroids)):
            mine = points[label == k]  # the points of this cluster, (n, 2)
            centroids[k] = ...
    label = nearest(points, centroids)
    own = centroids[label]  # (N, 2): the centroid of each point
    inertia = ...
    return centroids, inertia


four = np.array([[1.0, 0.0], [2.0, 0.0], [9.0, 0.0], [12.0, 0.0]])  # the four numbers, on a line
found, left = kmeans(four, four[:2], 2)
print(found, left)  # centroids 1.5 and 10.5, inertia 5
