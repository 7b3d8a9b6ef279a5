"""Expect: You summed the squared errors; the loss is their mean, so yours is 4 times too large"""

def loss(x, y, w, b):
    return ((w * x + b - y) ** 2).sum()
