"""Expect: compare with >="""

import numpy as np


def recall(scores, ill, threshold):
    called = scores >= threshold
    return np.mean(called[ill == 1])


def threshold_for(scores, ill, wanted):
    best = None
    for threshold in np.sort(scores):
        if recall(scores, ill, threshold) > wanted:
            best = threshold
    return best
