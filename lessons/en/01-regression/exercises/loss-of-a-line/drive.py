"""Our line goes down the learner's loss: its slopes are measured, a little to each side."""

import numpy as np

from fathom.runtime.expect import expect
from fathom.runtime.slopes import measured

EXPERIMENT = "linear_regression"
PART = "squared_error"
FUNCTION = "loss"
KNOBS = {"lr": 0.01, "steps": 100}
NUMBERS = {"loss": "loss", "w": "slope", "b": "intercept"}
VIEWS = ["data", "line", "surface", "path", "best"]


def drive(loss):
    """`squared_error`, asking the learner how wrong a line is."""

    def squared_error(weights, x, score):
        def at(w, b):
            found = loss(w, b, x.numpy(), score.numpy())
            expect(found, "What loss gives back").that(
                np.shape(found) != x.shape,
                "loss gives back 20 numbers, one a student. One number is wanted: their mean.",
            ).number()
            return float(found)

        return measured(at, weights)

    return squared_error
