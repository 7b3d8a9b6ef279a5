"""A picture that is not square, and a kernel that looks different from every side."""

import numpy as np
from scipy.signal import correlate2d

from fathom.runtime.expect import Attempt, expect

rng = np.random.default_rng(7)
PRAISE = (
    "Right: nine numbers, used at every place. PyTorch does the same, some thousand times faster."
)


def check(attempt: Attempt) -> None:
    """Two sizes of kernel, against scipy."""
    for shape, size in (((5, 7), 3), ((9, 6), 5)):
        picture, kernel = rng.normal(size=shape), rng.normal(size=(size, size))
        right = correlate2d(picture, kernel, mode="valid")
        rows, columns = right.shape
        less = right[:-1, :-1]
        patches = np.lib.stride_tricks.sliding_window_view(picture, (size, size))
        called = f"convolve of a picture {shape} with a kernel {kernel.shape}"
        expect(attempt.call("convolve", picture, kernel), called).array().near(
            right,
            causes=[
                (
                    less,
                    "There is one more place in each direction: a kernel of 3 fits into a row of 3.",
                ),
                (right / size**2, "This is the mean of the products; a convolution adds them up."),
                (
                    correlate2d(picture, kernel[::-1, ::-1], mode="valid"),
                    "The kernel is turned around. That is how mathematics defines a convolution; "
                    "here, as in PyTorch, it is laid on as it is.",
                ),
                (
                    correlate2d(picture, kernel.T, mode="valid"),
                    "The kernel lies on its side: rows go with rows.",
                ),
                (
                    (patches @ kernel).sum(axis=(2, 3)),
                    "This is a matrix product. The numbers that lie on each other are multiplied: "
                    "patch * kernel.",
                ),
                (
                    np.full((rows, columns), right[0, 0]),
                    "You look at the same place every time: the patch begins at row r and column c.",
                ),
            ],
        )
