"""Expect: The shapes do not fit

Belief: at-is-star
"""


def costs(orders, prices):
    return orders * prices


def cheapest(orders, prices):
    return costs(orders, prices).argmin(axis=1)
