"""Expect: the return is indented so far"""


def average(values):
    total = 0
    for value in values:
        total = total + value
        return total / len(values)
