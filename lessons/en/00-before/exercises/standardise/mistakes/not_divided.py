"""Expect: Divide by the standard deviations"""


def standardise(table):
    mean = table.mean(axis=0)
    spread = table.std(axis=0)
    return table - mean
