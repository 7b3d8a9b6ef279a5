"""Expect: cuts off what comes after the point"""


def average(values):
    total = 0
    for value in values:
        total = total + value
    return total // len(values)
