"""Expect: whatever w and b are"""


def error(w, b):
    return (2 * w + b - 7) ** 2


def gradient(w, b):
    step = 0.0001
    slope_w = (error(1 + step, 3) - error(1, 3)) / step
    slope_b = (error(1, 3 + step) - error(1, 3)) / step
    return slope_w, slope_b
