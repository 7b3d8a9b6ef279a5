"""Expect: lies on its side: transpose it"""


def costs(orders, prices):
    return (orders @ prices).T


def cheapest(orders, prices):
    return costs(orders, prices).argmin(axis=1)
