"""Expect: it needs a return"""


def average(values):
    total = 0
    for value in values:
        total = total + value
    mean = total / len(values)
