"""Expect: Recall looks at the ill only"""

import numpy as np


def recall(scores, ill, threshold):
    called = scores >= threshold
    return np.mean(called[ill == 1])


def threshold_for(scores, ill, wanted):
    best = None
    for threshold in np.sort(scores):  # from the lowest to the highest score
        if np.mean(scores >= threshold) >= wanted:
            best = threshold
    return best


scores = np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1])
ill = np.array([1, 1, 0, 1, 0, 1, 0, 0])
print(threshold_for(scores, ill, 0.75))  # 0.6: three of the four who are ill score 0.6 or more
