"""Expect: Mean and spread come from both tables

Belief: scaling-is-no-learning
"""

import numpy as np


def standardise(train, new):
    both = np.concatenate([train, new])
    mean, spread = both.mean(axis=0), both.std(axis=0)
    return (train - mean) / spread, (new - mean) / spread
