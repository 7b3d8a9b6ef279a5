"""Expect: slope_b is the slope for w again"""


def error(w, b):
    return (2 * w + b - 7) ** 2


def gradient(w, b):
    step = 0.0001
    slope_w = (error(w + step, b) - error(w, b)) / step
    slope_b = (error(w + step, b) - error(w, b)) / step
    return slope_w, slope_b
