"""Expect: You took a root"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return np.sqrt((error**2).mean())
