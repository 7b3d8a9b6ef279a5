import numpy as np


def classify(images, weights, bias):
    return images @ weights + bias


labels = np.array([3, 1, 4])
