"""Expect: You divided by the variance"""


def standardise(table):
    mean = table.mean(axis=0)
    spread = table.var(axis=0)
    return (table - mean) / spread
