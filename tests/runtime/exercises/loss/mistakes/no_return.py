"""Expect: needs a return"""

def loss(x, y, w, b):
    value = ((w * x + b - y) ** 2).mean()
