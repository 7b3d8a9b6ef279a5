"""Expect: You took one mean of the whole table"""


def standardise(table):
    mean = table.mean()
    spread = table.std(axis=0)
    return (table - mean) / spread
