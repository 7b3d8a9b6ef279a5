"""Expect: -log p where the truth is no, too"""

import numpy as np


def cross_entropy(p, y):
    of_yes = -np.log(p)
    of_no = -np.log(p)
    each = y * of_yes + (1 - y) * of_no
    return each.mean()


p, y = np.array([0.9, 0.2, 0.6]), np.array([1.0, 0.0, 0.0])
print(cross_entropy(p, y), "should be about 0.415")
