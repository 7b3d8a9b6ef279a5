"""Expect: You added the warm temperatures"""

import numpy as np


def wednesday(temps):
    return temps[2]


def noons(temps):
    return temps[:, 1]


def weekend(temps):
    return temps[5:, :2]


def warm(temps):
    return temps[temps > 20].sum()
