"""Expect: Every column now goes from 0 to 1"""

import numpy as np


def standardise(table):
    middle = table.min(axis=0)  # (D,): the mean of each column
    spread = table.max(axis=0) - table.min(axis=0)  # (D,): the standard deviation of each column
    return (table - middle) / spread


customers = np.array([[8.0, 700.0], [38.0, 2400.0], [10.0, 2500.0], [36.0, 650.0]])
print(standardise(customers))
