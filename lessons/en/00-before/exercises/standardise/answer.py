import numpy as np


def standardise(table):  # (N, D)
    mean = table.mean(axis=0)  # (D,)
    spread = table.std(axis=0)  # (D,)
    return (table - mean) / spread  # (N, D)


people = np.array([
    [172.0, 70.0],
    [180.0, 84.0],
    [164.0, 56.0],
    [188.0, 78.0],
])
print(standardise(people))
