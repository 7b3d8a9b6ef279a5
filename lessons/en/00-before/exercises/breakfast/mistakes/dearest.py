"""Expect: This is the dearest bakery"""


def costs(orders, prices):
    return orders @ prices


def cheapest(orders, prices):
    return costs(orders, prices).argmax(axis=1)
