"""Expect: the same place"""

import numpy as np


def convolve(picture, kernel):
    size = len(kernel)
    rows = picture.shape[0] - size + 1
    columns = picture.shape[1] - size + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            patch = picture[:size, :size]
            out[r, c] = (patch * kernel).sum()
    return out


picture = np.array([[0.0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]])
kernel = np.array([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]])
print(convolve(picture, kernel), "should be [[3. 3.]]")
