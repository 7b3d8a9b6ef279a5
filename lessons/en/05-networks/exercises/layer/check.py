"""A layer for many rows, and two of them nested."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

rng = np.random.default_rng(5)
x = rng.normal(size=(7, 4))
first = rng.normal(size=(6, 4)), rng.normal(size=6)
second = rng.normal(size=(3, 6)), rng.normal(size=3)
PRAISE = "Right: a deep network is this line, nested more often."


def layer(x, weight, bias):
    """Sums, bent."""
    return np.maximum(x @ weight.T + bias, 0)


def check(attempt: Attempt) -> None:
    """The layer alone first: what is wrong there is wrong twice in the network."""
    weight, bias = first
    sums = x @ weight.T
    found = attempt.call("layer", x, weight, bias)
    expect(found, "layer(x, weight, bias)").array().shape(rows=7, neurons=6).near(
        layer(x, weight, bias),
        causes=[
            (sums + bias, "Some answers are below 0: the activation, ReLU, is missing."),
            (np.maximum(sums, 0), "The bias is missing: one number for each neuron."),
            (
                np.maximum(sums, 0) + bias,
                "You add the bias after ReLU. It belongs to the sum, and ReLU comes last.",
            ),
        ],
    )
    hidden = layer(x, *first)
    found = attempt.call("network", x, first, second)
    expect(found, "network(x, first, second)").array().that(
        np.shape(found) != hidden.shape, "This is only the first layer: give what it says to the second."
    ).shape(rows=7, neurons=3).near(layer(hidden, *second))
