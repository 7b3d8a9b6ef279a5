import numpy as np


def first_axis(table, steps):
    x = table - table.mean(axis=0)  # (N, D)
    covariance = x.T @ x / len(x)  # (D, D)
    axis = np.ones(table.shape[1])  # (D,): some arrow to begin with
    for _ in range(steps):
        axis = covariance @ axis  # it turns
        axis = axis / np.linalg.norm(axis)  # and is one long again
    return axis


print(first_axis(np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]), 20))  # [0.447 0.894]
