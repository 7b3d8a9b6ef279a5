"""Expect: The points that are furthest away voted"""

import numpy as np


def vote(here, places, labels, k):
    distance = np.sqrt(((places - here) ** 2).sum(axis=1))
    nearest = distance.argsort()[-k:]
    return np.bincount(labels[nearest]).argmax()
