"""Expect: Sorting the distances gives distances"""

import numpy as np


def vote(here, places, labels, k):
    distance = np.sqrt(((places - here) ** 2).sum(axis=1))
    nearest = np.sort(distance)[:k]
    return np.bincount(labels[nearest]).argmax()
