"""Expect: over all drawings"""

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression


def gain(simple, model, seed):
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, len(simple), (2000, len(simple)))  # rows of 2000 drawings
    gains = (simple - model)[rows].mean(axis=0)
    return np.quantile(gains, [0.025, 0.975])


measured, target = load_diabetes(return_X_y=True, scaled=False)
line = LinearRegression().fit(measured[:300], target[:300])
lazy = abs(target[300:] - target[:300].mean())
better = abs(target[300:] - line.predict(measured[300:]))
print(lazy.mean() - better.mean(), "and the interval:", gain(lazy, better, 0))
