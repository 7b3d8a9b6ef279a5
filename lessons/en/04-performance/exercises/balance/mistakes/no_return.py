"""Expect: needs a return"""

import numpy as np


def balanced_accuracy(ill, called):
    hits = np.sum((ill == 1) & (called == 1))
    missed = np.sum((ill == 1) & (called == 0))
    alarms = np.sum((ill == 0) & (called == 1))
    cleared = np.sum((ill == 0) & (called == 0))

    recall = hits / (hits + missed)
    specificity = cleared / (cleared + alarms)
    balanced = (recall + specificity) / 2


ill = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
called = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
print(balanced_accuracy(ill, called))
