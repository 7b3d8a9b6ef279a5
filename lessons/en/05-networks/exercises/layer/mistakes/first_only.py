"""Expect: only the first layer

In the figure: the same
"""

import numpy as np


def layer(x, weight, bias):
    return np.maximum(x @ weight.T + bias, 0)


def network(x, first, second):
    # first and second are pairs: a weight and a bias
    return layer(x, *first)


x = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
first = np.array([[1.0, -1.0], [0.5, 0.5]]), np.array([0.0, -1.0])
second = np.array([[2.0, -1.0]]), np.array([0.5])
print(network(x, first, second), "should be 0, 2.5 and 4.75")
