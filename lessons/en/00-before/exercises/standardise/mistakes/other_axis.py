"""Expect: The shapes do not fit"""


def standardise(table):
    mean = table.mean(axis=1)
    spread = table.std(axis=1)
    return (table - mean) / spread
