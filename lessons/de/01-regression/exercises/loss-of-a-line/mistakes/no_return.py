"""Expect: it needs a return"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    result = (error**2).mean()
