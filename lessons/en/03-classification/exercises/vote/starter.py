import numpy as np

fruits = np.array([[120, 9], [140, 10], [150, 12], [155, 13], [165, 14], [180, 11]])  # (6, 2)
ripe = np.array([0, 0, 0, 1, 1, 1])  # (6,) 0 is unripe, 1 is ripe


def vote(here, places, labels, k):
    """The class that most of the k nearest places have."""
    distance = np.sqrt(((places - here) ** 2).sum(axis=1))  # (N,)
    nearest = ...  # (k,) the numbers of the k nearest
    votes = np.bincount(labels[nearest])  # how many votes class 0 gets, class 1, ...
    return votes.argmax()


print(vote(np.array([156, 13]), fruits, ripe, k=3))
