import numpy as np


def differences(right_a, right_b, resamples, seed):
    rng = np.random.default_rng(seed)
    n = len(right_a)
    found = np.zeros(resamples)
    for i in range(resamples):
        who = rng.integers(0, n, n)  # n numbers of patients
        found[i] = right_b[who].mean() - right_a[who].mean()
    return found


rng = np.random.default_rng(7)
right_a = (rng.random(108) < 0.80).astype(int)
right_b = np.where(rng.random(108) < 0.1, 1, right_a)  # B knows a few more
found = differences(right_a, right_b, 1000, 0)
print(found.mean(), np.percentile(found, [2.5, 97.5]))
