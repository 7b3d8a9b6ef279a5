"""Expect: the 2 is missing"""

import numpy as np


def gradients(w, b, x, y):
    total = w * x + b
    h = np.tanh(total)
    error = h - y
    # the loss is error**2; now back from it
    d_error = error
    d_h = d_error * 1.0  # h - y grows as h does
    d_total = d_h * (1 - h**2)
    d_w = d_total * x
    d_b = d_total
    return d_w, d_b


print(gradients(0.5, 0.0, 2.0, 1.0), "should be about (-0.4, -0.2)")
