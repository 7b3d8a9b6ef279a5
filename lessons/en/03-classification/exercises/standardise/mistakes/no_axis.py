"""Expect: All columns were scaled together"""

import numpy as np


def standardise(train, new):
    mean, spread = train.mean(), train.std()
    return (train - mean) / spread, (new - mean) / spread
