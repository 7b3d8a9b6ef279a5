"""Expect: A coin would do that"""

import numpy as np


def baseline(train_labels, test_labels):
    classes, counts = np.unique(train_labels, return_counts=True)
    most = classes[counts.argmax()]
    return 1 / len(classes)


train, test = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 1])
print(baseline(train, test), "should be 0.25")
