"""Expect: stands on the right"""

import numpy as np


def collapse(w1, b1, w2, b2):
    return w1 @ w2, w2 @ b1 + b2


w1, b1 = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 1.0]]), np.array([1.0, 0.0, 2.0])
w2, b2 = np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0]]), np.array([0.5, -1.0])
weight, bias = collapse(w1, b1, w2, b2)
x = np.array([3.0, -2.0])
print(np.shape(weight), np.shape(bias), "should be (2, 2) and (2,)")
print("two layers answer", w2 @ (w1 @ x + b1) + b2)
