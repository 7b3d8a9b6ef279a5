import numpy as np


def standardise(train, new):
    """Both tables (N, F) and (M, F) in standard deviations from the mean of train."""
    mean = train.mean(axis=0)  # (F,)
    spread = train.std(axis=0)  # (F,)
    return (train - mean) / spread, (new - mean) / spread


train = np.array([[120.0, 9.0], [150.0, 12.0], [180.0, 15.0]])
new = np.array([[150.0, 15.0]])
print(standardise(train, new))
