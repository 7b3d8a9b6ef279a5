"""Any correct way is right: only where it ends, and the way there, are looked at."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 2, "wall": 5}


def check(attempt: Attempt) -> None:
    """The path, and its end."""
    path = expect(attempt["path"], "path").array()
    causes = [(5.0 * 1.2 ** np.arange(51), "You walk up: subtract the step, do not add it.")]
    path.near(5.0 * 0.8 ** np.arange(51), causes=causes)
    expect(attempt["w"], "w").number().near(5.0 * 0.8**50)
