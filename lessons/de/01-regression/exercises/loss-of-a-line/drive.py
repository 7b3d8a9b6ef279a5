"""Unsere Gerade geht auf dem Verlust der Lernenden bergab: Gemessen wird auf beiden Seiten."""

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
    """`squared_error`, das die Lernenden fragt, wie falsch eine Gerade ist."""

    def squared_error(weights, x, score):
        def at(w, b):
            found = loss(w, b, x.numpy(), score.numpy())
            expect(found, "Das Ergebnis von loss").that(
                np.shape(found) != x.shape,
                "loss gibt 20 Zahlen zurück, eine je Person. Gesucht ist eine: ihr Mittelwert.",
            ).number()
            return float(found)

        return measured(at, weights)

    return squared_error
