"""Expect: The answer is the same for every k"""

import numpy as np


def vote(here, places, labels, k):
    distance = np.sqrt(((places - here) ** 2).sum(axis=1))
    nearest = distance.argsort()[:1]
    return np.bincount(labels[nearest]).argmax()
