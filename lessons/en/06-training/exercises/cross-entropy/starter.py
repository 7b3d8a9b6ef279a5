import numpy as np


def cross_entropy(p, y):
    of_yes = ...  # (N,) the cost where the truth is yes
    of_no = ...  # (N,) the cost where it is no
    each = y * of_yes + (1 - y) * of_no
    return ...  # one number


p, y = np.array([0.9, 0.2, 0.6]), np.array([1.0, 0.0, 0.0])
print(cross_entropy(p, y), "should be about 0.415")
