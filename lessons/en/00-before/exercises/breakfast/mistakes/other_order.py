"""Expect: the last size of a must be the first size of b

Belief: order-is-free
"""


def costs(orders, prices):
    return prices @ orders


def cheapest(orders, prices):
    return costs(orders, prices).argmin(axis=1)
