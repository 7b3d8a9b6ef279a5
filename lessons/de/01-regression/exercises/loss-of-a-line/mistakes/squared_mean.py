"""Expect: Du hast den Mittelwert quadriert"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return error.mean() ** 2
