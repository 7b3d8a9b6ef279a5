"""Der Schritt der Lernenden geht auf dem Verlust, an Stelle von unserem."""

import numpy as np
import torch

from fathom.runtime.expect import expect, wrong

EXPERIMENT = "linear_regression"
PART = "downhill"
FUNCTION = "step"
KNOBS = {"lr": 0.01, "steps": 100}
NUMBERS = {"w": "slope", "b": "intercept"}
VIEWS = ["data", "line", "surface", "path", "best"]


def drive(step):
    """`downhill`, das die Lernenden fragt, wohin es geht."""

    @torch.no_grad()
    def downhill(optimizer, weights, x, score):
        found = step(*weights.tolist(), x.numpy(), score.numpy(), optimizer.param_groups[0]["lr"])
        if isinstance(found, list | tuple) and any(np.ndim(one) for one in found):
            wrong(
                "step gibt ein Array zurück, wo eine Zahl stehen soll: Eine Steigung ist "
                "ein Mittelwert über alle Studierenden."
            )
        numbers = np.asarray(found)
        expect(found, "Das Ergebnis von step").that(
            numbers.shape == (2,) and numbers.dtype.kind in "iuf",
            "step soll zwei Zahlen zurückgeben: return w, b.",
        )
        weights.copy_(torch.tensor(numbers.astype(float)))

    return downhill
