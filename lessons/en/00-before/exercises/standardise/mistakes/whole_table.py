"""Expect: one mean and one spread of the whole table"""


def standardise(table):
    mean = table.mean()
    spread = table.std()
    return (table - mean) / spread
