import numpy as np


def classify(images, weights, bias):
    return np.zeros(64)


labels = classify
