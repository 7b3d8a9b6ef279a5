"""Expect: 4 times too long

Belief: sum-is-mean
"""

import torch


def train(x, y, lr, rounds):
    x, y = torch.as_tensor(x), torch.as_tensor(y)
    w = torch.zeros((), dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(rounds):
        guess = w * x + b
        loss = ((guess - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():  # what happens here is not recorded
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w.item(), b.item()


print(train([1.0, 2.0], [1.0, 4.0], 0.1, 1), "should be about (0.9, 0.5)")
