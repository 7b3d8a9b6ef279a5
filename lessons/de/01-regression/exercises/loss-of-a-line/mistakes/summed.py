"""Expect: Du hast die quadrierten Fehler addiert"""

import numpy as np


def loss(w, b, hours, points):
    guess = w * hours + b
    error = guess - points
    return (error**2).sum()
