"""Expect: those above and below the line cancel"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return error.mean()
