"""Expect: Du hast den ganzen Gradienten genommen"""

import numpy as np


def step(w, b, hours, points, lr):
    error = w * hours + b - points
    slope_w = 2 * (error * hours).mean()
    slope_b = 2 * error.mean()
    return w - slope_w, b - slope_b
