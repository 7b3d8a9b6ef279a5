"""The plain scripts: the experiments with `yield` and `look` deleted.

What a person would write who only wants the result. `tests/test_benchmarks.py` shows that
they end at the same weights as the experiments. They are classes with a `train(steps)`
only so that they can be stopped after a slice and go on later.
"""

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from fathom.data import cifar10 as cifar10_data
from fathom.zoo import cifar10, mlp


class Mlp:
    """Two spirals, two hidden layers: `mlp` with its defaults."""

    def __init__(self, seed: int = 0) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        config = mlp.Config(seed=seed)
        self.chance = torch.Generator().manual_seed(seed)
        places, y = mlp.make(config, self.chance)
        learned = round(config.train * len(places))
        self.x, self.y = places[:learned], y[:learned]  # (N, 2), (N,)
        self.batch = config.batch
        layers: list[nn.Module] = []
        for a, b in pairwise([2, *[config.width] * config.hidden, 1]):
            layers += [nn.Linear(a, b), nn.Tanh()]
        self.net = nn.Sequential(*layers[:-1])
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=config.lr, fused=True)
        self.order, self.at = torch.randperm(learned, generator=self.chance), 0

    def train(self, steps: int) -> None:
        """So many updates. B: points in a batch."""
        for _ in range(steps):
            some = self.order[self.at : self.at + self.batch]
            output = self.net(self.x[some])[:, 0]  # (B,)
            loss = F.binary_cross_entropy_with_logits(output, self.y[some])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.at += len(some)
            if self.at >= len(self.order):  # an epoch is over
                self.order, self.at = torch.randperm(len(self.x), generator=self.chance), 0


class Cifar10:
    """The small network on pictures in memory: `cifar10` with its defaults."""

    def __init__(self, seed: int = 0, threads: int = 1, data: str = "cifar10") -> None:
        torch.set_num_threads(threads)
        torch.manual_seed(seed)
        config = cifar10.Config(seed=seed)
        self.chance = torch.Generator().manual_seed(seed)
        self.data = cifar10_data.load() if data == "cifar10" else cifar10.DATA[data]()
        self.batch = config.batch
        self.net = cifar10.lenet()
        self.net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=config.lr, fused=True)
        self.step = 0
        self.tested: dict[str, float] = {}

    def train(self, steps: int) -> None:
        """So many updates, with a test at the beginning of every epoch. B: pictures in a batch."""
        images, labels = self.data.images, self.data.labels
        batches = len(labels) // self.batch
        for _ in range(steps):
            if self.step % batches == 0:
                self.order = torch.randperm(len(labels), generator=self.chance)
                _, self.tested = cifar10.test(self.net, self.data)
            start = self.step % batches * self.batch
            some = self.order[start : start + self.batch]
            logits = self.net(cifar10.prepare(images[some]))  # (B, 10)
            loss = F.cross_entropy(logits, labels[some])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.step += 1
