"""The learner's layer takes the place of the hidden layers of a network that trains.

Forward it is theirs. The way back, to the slopes that training needs, stays ours.
"""

import numpy as np
import torch

from fathom.runtime.expect import expect
from fathom.runtime.slopes import lent

EXPERIMENT = "linear_stack"
PART = "through"
FUNCTION = "layer"
KNOBS = {"activation": "relu", "lr": 0.05, "steps": 150}
NUMBERS = {"loss": "loss"}
VIEWS = ["border", "data"]


def drive(layer):
    """`through`, asking the learner what a hidden layer says."""

    def through(stack, x, activation):
        for one in stack[:-1]:
            ours = torch.relu(one(x))  # (rows, neurons)
            weight, bias = one.weight.detach().numpy(), one.bias.detach().numpy()
            found = layer(x.detach().numpy(), weight, bias)
            expect(found, "What layer gives back").array().shape(
                rows=ours.shape[0], neurons=ours.shape[1]
            ).that(np.asarray(found).dtype.kind in "iuf", "layer should give back numbers.")
            x = lent(found, ours)
        return stack[-1](x)[:, 0]

    return through
