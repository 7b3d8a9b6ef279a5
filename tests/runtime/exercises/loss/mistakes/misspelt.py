"""Expect: NameError: name 'weight' is not defined"""

def loss(x, y, w, b):
    return ((weight * x + b - y) ** 2).mean()
