"""Expect: Here every row has the mean 0"""


def standardise(table):
    mean = table.mean(axis=1, keepdims=True)
    spread = table.std(axis=1, keepdims=True)
    return (table - mean) / spread
