"""Expect: The bias is missing

Belief: bias-is-decoration
"""

import numpy as np


def sigmoid(total):
    return 1 / (1 + np.exp(-total))


w1, w2, w3, bias = 0.8, 0.6, 0.3, -0.4


def neuron(x1, x2, x3):
    total = w1 * x1 + w2 * x2 + w3 * x3
    return sigmoid(total)


print(neuron(1.0, -1.0, 2.0), "should be about 0.599")
