"""Expect: These are the evenings"""

import numpy as np


def wednesday(temps):
    return temps[2]


def noons(temps):
    return temps[:, 2]


def weekend(temps):
    return temps[5:, :2]


def warm(temps):
    return (temps > 20).sum()
