"""Expect: Median, mean and standard deviation know the test

Belief: scaling-is-no-learning
"""

import numpy as np
from sklearn.datasets import load_diabetes


def prepare(train, test):
    middle = np.nanmedian(np.concatenate([train, test]), axis=0)
    train = np.where(np.isnan(train), middle, train)
    test = np.where(np.isnan(test), middle, test)
    mean, std = np.concatenate([train, test]).mean(axis=0), np.concatenate([train, test]).std(axis=0)
    return (train - mean) / std, (test - mean) / std


numbers = load_diabetes(scaled=False).data.copy()  # (442, 10), or your own
numbers[::7, 2] = np.nan  # this table has no gaps, so here are some
first, second = prepare(numbers[:300], numbers[300:])
print(first.mean(axis=0).round(2), "should be 0")
print(second.mean(axis=0).round(2), "should be near 0, and not 0")
