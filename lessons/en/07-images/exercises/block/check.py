"""The block against the same arithmetic with scipy, from the weights that it has."""

import ast

import numpy as np
from scipy.signal import correlate2d

from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 30, "wall": 90}
PRAISE = (
    "Right: whatever the block has not learned yet, its input goes through. Stack fifty of them."
)
x = 2 * np.random.default_rng(8).normal(size=(3, 2, 6, 6))


def convolution(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """(N, I, H, H) -> (N, O, H, H), with a padding that keeps the side."""
    out = np.zeros((len(x), len(weight), *x.shape[2:]))
    for n, maps in enumerate(x):
        for o, squares in enumerate(weight):
            sums = [
                correlate2d(one, square, mode="same")
                for one, square in zip(maps, squares, strict=True)
            ]
            out[n, o] = np.sum(sums, axis=0) + bias[o]
    return out


def relu(values: np.ndarray) -> np.ndarray:
    """Nothing below 0."""
    return np.maximum(values, 0)


def check(attempt: Attempt) -> None:
    """Shapes first; then what it says."""
    found = attempt.call("answer", x)
    weights = attempt.call("weights")
    shapes = [np.shape(one) for one in weights]
    if shapes != [(2, 2, 3, 3), (2,)] * 2:
        wrong(
            f"The weights of the block have the shapes {shapes}: it should have two convolutions "
            "with a kernel of 3, from 2 maps to 2 maps, each with a bias."
        )
    w1, b1, w2, b2 = (np.asarray(one, dtype=float) for one in weights)
    hidden = convolution(x, w1, b1)
    change = convolution(relu(hidden), w2, b2)
    straight = convolution(hidden, w2, b2)
    again = convolution(relu(hidden), w1, b1)
    expect(found, "what the block says").array().shape(*x.shape).near(
        relu(x + change),
        within=1e-3,
        causes=[
            (relu(change), "This is a plain block: what came in is not added."),
            (change, "This is a plain block: what came in is not added, and ReLU is missing, too."),
            (x + relu(change), "Add first: the last ReLU is of the sum, not of the change alone."),
            (x + change, "The sum is right; at the end, take ReLU of the sum."),
            (
                relu(x + straight),
                "There is no ReLU between the two convolutions: they are like one.",
            ),
            (
                relu(x + again),
                "It goes through the first convolution twice, and the second has nothing to do.",
            ),
        ],
    )


def diagnose(attempt: Attempt) -> str | None:
    """Without padding the sum cannot even be computed."""
    convolutions = [
        node
        for node in ast.walk(attempt.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Conv2d")
    ]
    if any(len(one.args) < 5 and not one.keywords for one in convolutions):  # the fifth is padding
        return (
            "Without padding each convolution makes the maps smaller by 2, and then there is "
            "nothing to add them to: padding=1 keeps the side."
        )
    return None
