"""Expect: cheapest gives one number"""


def costs(orders, prices):
    return orders @ prices


def cheapest(orders, prices):
    return costs(orders, prices).argmin()
