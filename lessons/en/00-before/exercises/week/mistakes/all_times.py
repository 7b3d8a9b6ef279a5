"""Expect: with all four times"""

import numpy as np


def wednesday(temps):
    return temps[2]


def noons(temps):
    return temps[:, 1]


def weekend(temps):
    return temps[5:]


def warm(temps):
    return (temps > 20).sum()
