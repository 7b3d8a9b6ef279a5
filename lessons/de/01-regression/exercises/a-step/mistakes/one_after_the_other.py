"""Expect: Du hast erst w geändert"""

import numpy as np


def step(w, b, hours, points, lr):
    error = w * hours + b - points
    slope_w = 2 * (error * hours).mean()
    w = w - lr * slope_w
    error = w * hours + b - points
    slope_b = 2 * error.mean()
    return w, b - lr * slope_b
