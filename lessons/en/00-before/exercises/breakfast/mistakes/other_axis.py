"""Expect: for each bakery which friend pays least

Belief: axis-stays
"""


def costs(orders, prices):
    return orders @ prices


def cheapest(orders, prices):
    return costs(orders, prices).argmin(axis=0)
