import numpy as np


def test_rows(who, share, seed):
    rng = np.random.default_rng(seed)
    people = ...  # everybody once
    held_out = ...  # drawn with rng.choice, without putting back
    return ...  # one truth for each row


who = np.array([4, 4, 4, 7, 8, 8, 9, 9, 9, 9])  # whose scan is it?
print(test_rows(who, 0.5, 0))
