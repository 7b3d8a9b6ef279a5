"""Weights and biases of dense layers, counted."""

from itertools import pairwise

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: 400 x 120 + 120 makes most of the 59,134. The first dense layer is the expensive one."


def check(attempt: Attempt) -> None:
    """Small networks, a large one, and one without a hidden layer."""
    for sizes in ([2, 3, 1], [5, 1], [400, 120, 84, 10]):
        layers = list(pairwise(sizes))
        weights = sum(a * b for a, b in layers)
        biases = sum(b for _, b in layers)
        expect(attempt.call("parameters", sizes), f"parameters({sizes})").number().near(
            weights + biases,
            causes=[
                (weights, "The biases are missing: every neuron has one."),
                (
                    weights + sum(a for a, _ in layers),
                    "You count one bias for each *input* of a layer; it is one for each neuron.",
                ),
                (biases, "You count the neurons. Each has a weight for every input, and a bias."),
            ],
        )
