"""Expect: accuracy on the training labels

Belief: training-tells
"""

import numpy as np


def baseline(train_labels, test_labels):
    classes, counts = np.unique(train_labels, return_counts=True)
    most = classes[counts.argmax()]
    return (train_labels == most).mean()


train, test = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 1])
print(baseline(train, test), "should be 0.25")
