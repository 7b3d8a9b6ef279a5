"""Expect: each counts half"""

import numpy as np


def auc(scores, ill):
    sick = scores[ill == 1][:, None]  # (n, 1): a column
    well = scores[ill == 0][None, :]  # (1, m): a row
    higher = sick > well  # (n, m): is the ill one higher in this pair?
    equal = sick == well  # (n, m): are both the same?
    return np.mean(higher)


scores = np.array([0.9, 0.4, 0.6, 0.4, 0.1])
ill = np.array([1, 1, 0, 0, 0])
print(auc(scores, ill))  # 0.75
