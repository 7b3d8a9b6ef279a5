"""Expect: You measured on train

Belief: training-tells
"""

import numpy as np

rng = np.random.default_rng(24)


def grow(count):
    """Flowers of two kinds that overlap: places (count, 2), labels (count,)."""
    label = rng.integers(0, 2, count)
    return rng.normal(size=(count, 2)) + 1.4 * label[:, None], label


train_xy, train_label = grow(80)
val_xy, val_label = grow(60)


def classify(xy, k):
    """Ask the k nearest flowers of train: xy (Q, 2) -> labels (Q,)."""
    distance = np.linalg.norm(xy[:, None] - train_xy, axis=2)  # (Q, 80)
    nearest = distance.argsort(axis=1)[:, :k]  # (Q, k)
    return (train_label[nearest].mean(axis=1) > 0.5).astype(int)


def accuracy(k):
    """The share of right answers on val."""
    return (classify(train_xy, k) == train_label).mean()


ks = np.arange(1, 80, 2)  # 1, 3, 5, ... 79
measured = np.array([accuracy(k) for k in ks])
best_k = ks[measured.argmax()]
print(best_k, measured.max())
