"""Expect: Die über und unter der Geraden heben sich auf"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return error.mean()
