"""Expect: Der Verlust bei 4 Studierenden soll 13.5 sein, ist aber"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return (guess**2).mean()
