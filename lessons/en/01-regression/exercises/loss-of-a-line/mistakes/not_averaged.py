"""Expect: one squared error each. Their mean is missing"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return error**2
