"""Expect: You add the bias after ReLU"""

import numpy as np


def layer(x, weight, bias):
    return np.maximum(x @ weight.T, 0) + bias


def network(x, first, second):
    # first and second are pairs: a weight and a bias
    return layer(layer(x, *first), *second)


x = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
first = np.array([[1.0, -1.0], [0.5, 0.5]]), np.array([0.0, -1.0])
second = np.array([[2.0, -1.0]]), np.array([0.5])
print(network(x, first, second), "should be 0, 2.5 and 4.75")
