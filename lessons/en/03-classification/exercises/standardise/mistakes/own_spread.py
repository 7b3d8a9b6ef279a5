"""Expect: use the mean and spread of train

Belief: scaling-is-no-learning
"""

import numpy as np


def standardise(train, new):
    def scale(table):
        return (table - table.mean(axis=0)) / table.std(axis=0)

    return scale(train), scale(new)
