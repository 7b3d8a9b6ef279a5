"""Expect: labels should hold whole numbers, but holds real numbers (float64)"""

import numpy as np


def classify(images, weights, bias):
    return images @ weights + bias

labels = np.array([3.0, 1.0, 4.0])
