"""Expect: These are the prices"""


def costs(orders, prices):
    return orders @ prices


def cheapest(orders, prices):
    return costs(orders, prices).min(axis=1)
