"""Expect: are one straight layer

Belief: layers-bend
"""

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(2, 8),
    nn.Linear(8, 1),
)
count = sum(one.numel() for one in net.parameters())


def answer(x):
    with torch.no_grad():
        return net(torch.as_tensor(x, dtype=torch.float32)).numpy()


print(count, "parameters")
print(answer([[1.0, 2.0], [0.0, -1.0]]).shape, "should be (2, 1)")
