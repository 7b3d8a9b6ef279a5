import numpy as np


def balanced_accuracy(ill, called):
    hits = np.sum((ill == 1) & (called == 1))
    missed = np.sum((ill == 1) & (called == 0))
    alarms = np.sum((ill == 0) & (called == 1))
    cleared = np.sum((ill == 0) & (called == 0))

    recall = ...  # of those who are ill, the share that is called ill
    specificity = ...  # of those who are healthy, the share that is called healthy
    return ...


ill = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
called = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
print(balanced_accuracy(ill, called))
