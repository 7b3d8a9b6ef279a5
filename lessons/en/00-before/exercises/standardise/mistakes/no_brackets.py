"""Expect: Brackets are missing"""


def standardise(table):
    mean = table.mean(axis=0)
    spread = table.std(axis=0)
    return table - mean / spread
