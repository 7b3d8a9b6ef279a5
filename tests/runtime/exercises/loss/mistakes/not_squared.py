"""Expect: forgot to square"""

def loss(x, y, w, b):
    return (w * x + b - y).mean()
