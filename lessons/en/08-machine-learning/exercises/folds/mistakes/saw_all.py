"""Expect: examples that it has learned from

Belief: training-tells
"""

import numpy as np


def nearest(train_x, train_y, asked):  # the answer of the nearest example that is known
    far = np.abs(train_x[:, None] - asked[None, :])  # (N, Q)
    return train_y[far.argmin(axis=0)]


def cross_validate(x, y, k):
    fold = np.arange(len(x)) % k
    accuracies = []
    for number in range(k):
        out = fold == number
        said = nearest(x, y, x[out])
        accuracies.append((said == y[out]).mean())
    return accuracies


x, y = np.array([0.1, 0.2, 0.8, 0.9, 0.3, 0.6]), np.array([0, 0, 1, 1, 1, 0])
print(cross_validate(x, y, 3), "should be [0.5, 0.5, 0.5]")
