"""Expect: what came in is not added"""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):  # (B, W, H, H)
        change = self.second(torch.relu(self.first(x)))
        return torch.relu(change)


torch.manual_seed(0)
block = Block(2)


def answer(x):
    with torch.no_grad():
        return block(torch.as_tensor(x, dtype=torch.float32)).numpy()


def weights():
    return [one.detach().numpy() for one in block.parameters()]


print(sum(one.numel() for one in block.parameters()), "parameters; should be 76")
