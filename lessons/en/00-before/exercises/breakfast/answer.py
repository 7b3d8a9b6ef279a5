import numpy as np


def costs(orders, prices):
    return orders @ prices  # (friends, bakeries)


def cheapest(orders, prices):
    return costs(orders, prices).argmin(axis=1)  # (friends,)


orders = np.array([[1, 2], [3, 4], [5, 6]])  # coffees, rolls
prices = np.array([[3, 2, 1], [4, 1, 0]])
print(costs(orders, prices))
print(cheapest(orders, prices), "should be [2 2 2]")
