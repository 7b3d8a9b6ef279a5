"""Expect: should be one number, but is an array of the shape (4,)"""

def loss(x, y, w, b):
    return (w * x + b - y) ** 2
