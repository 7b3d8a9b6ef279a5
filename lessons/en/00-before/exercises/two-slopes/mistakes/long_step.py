"""Expect: A step of 1 is too long"""


def error(w, b):
    return (2 * w + b - 7) ** 2


def gradient(w, b):
    step = 1
    slope_w = (error(w + step, b) - error(w, b)) / step
    slope_b = (error(w, b + step) - error(w, b)) / step
    return slope_w, slope_b
