"""One neuron with three inputs, for a few people."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

weights, bias = np.array([0.8, 0.6, 0.3]), -0.4
PRAISE = "Right: that is all a neuron does. A network does it a million times."


def sigmoid(total):
    """The activation."""
    return 1 / (1 + np.exp(-total))


def check(attempt: Attempt) -> None:
    """Inputs of both signs, and all of them 0."""
    for inputs in ([1.0, -1.0, 2.0], [-2.0, 0.5, 1.0], [0.0, 0.0, 0.0]):
        products = weights * inputs
        total = products.sum() + bias
        called = "neuron({:g}, {:g}, {:g})".format(*inputs)
        found = attempt.call("neuron", *inputs)
        expect(found, called).number().near(
            sigmoid(total),
            causes=[
                (total, "This is the sum itself: the activation, sigmoid, is still to come."),
                (sigmoid(products.sum()), "The bias is missing: add it to the three products."),
                (
                    sigmoid(products).sum() + bias,
                    "Add up first, and bend the sum once: there is one sigmoid in a neuron.",
                ),
            ],
        )
