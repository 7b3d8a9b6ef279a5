"""Expect: Another seed gives the same"""

import numpy as np


def test_rows(who, share, seed):
    rng = np.random.default_rng(seed)
    people = np.unique(who)
    held_out = people[: round(share * len(people))]
    return np.isin(who, held_out)


who = np.array([4, 4, 4, 7, 8, 8, 9, 9, 9, 9])  # whose scan is it?
print(test_rows(who, 0.5, 0))
