"""Expect: These are the rises"""


def error(w, b):
    return (2 * w + b - 7) ** 2


def gradient(w, b):
    step = 0.0001
    slope_w = error(w + step, b) - error(w, b)
    slope_b = error(w, b + step) - error(w, b)
    return slope_w, slope_b
