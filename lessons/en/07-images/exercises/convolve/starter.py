import numpy as np


def convolve(picture, kernel):
    size = len(kernel)
    rows = ...  # how many places are there?
    columns = ...
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            patch = ...  # what the kernel covers at this place
            out[r, c] = ...
    return out


picture = np.array([[0.0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]])
kernel = np.array([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]])
print(convolve(picture, kernel), "should be [[3. 3.]]")
