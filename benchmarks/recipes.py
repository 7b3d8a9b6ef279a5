"""The small network trained in one of many ways: from the tutorial's to the experiment's.

The tutorial is "Training a Classifier" of the PyTorch documentation. It takes pictures
from torchvision; here the same is done to each picture without it: an array becomes a
Pillow image, the image a tensor from 0 to 1, and that a tensor from -1 to 1.
"""

import contextlib
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from fathom.data import cifar10 as data
from fathom.zoo import cifar10

WORKERS = 2


@dataclass(frozen=True)
class Recipe:
    """How to train. The defaults are the tutorial's."""

    batch: int = 4
    loader: bool = True  # a DataLoader and transforms of each picture, or one tensor in memory
    channels_last: bool = False
    optimizer: str = "sgd"  # with momentum, or adam, or fused (Adam)
    threads: int = 0  # 0: as many as torch takes by itself
    bfloat16: bool = False
    seed: int = 0


class Single(Dataset[tuple[Tensor, int]]):
    """One picture at a time, transformed when it is asked for."""

    def __init__(self, images: NDArray[np.uint8], labels: list[int]) -> None:
        self.images = np.ascontiguousarray(images.transpose(0, 2, 3, 1))  # (N, 32, 32, 3)
        self.labels = labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(self.images[index])
        return normalize(to_tensor(picture)), self.labels[index]


def to_tensor(picture: Image.Image) -> Tensor:
    """A picture as numbers from 0 to 1, (3, H, W)."""
    whole = torch.from_numpy(np.array(picture, np.uint8, copy=True))  # (H, W, 3)
    return whole.permute(2, 0, 1).contiguous().to(torch.float32).div(255)


def normalize(picture: Tensor) -> Tensor:
    """The numbers of a picture from -1 to 1."""
    mean = torch.as_tensor([0.5, 0.5, 0.5]).view(-1, 1, 1)
    deviation = torch.as_tensor([0.5, 0.5, 0.5]).view(-1, 1, 1)
    return picture.clone().sub_(mean).div_(deviation)


class Trainer:
    """The small network, trained by a recipe. It never tests by itself."""

    def __init__(self, recipe: Recipe) -> None:
        if recipe.threads:
            torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        self.recipe, self.batch = recipe, recipe.batch
        self.data = data.load()
        self.net = cifar10.lenet()
        if recipe.channels_last:
            self.net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        weights = self.net.parameters()
        self.optimizer: torch.optim.Optimizer
        if recipe.optimizer == "sgd":
            self.optimizer = torch.optim.SGD(weights, lr=0.001, momentum=0.9)
        else:
            fused = True if recipe.optimizer == "fused" else None
            self.optimizer = torch.optim.Adam(weights, lr=0.001, fused=fused)
        self.precision: Any = contextlib.nullcontext()
        if recipe.bfloat16:
            self.precision = torch.autocast("cpu", torch.bfloat16)
        self.batches = self.loaded() if recipe.loader else self.cut()
        self.running_loss = 0.0

    def loaded(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches from worker processes, epoch after epoch: (B, 3, 32, 32), (B,)."""
        single = Single(self.data.images.numpy(), self.data.labels.tolist())
        loader = DataLoader(single, batch_size=self.batch, shuffle=True, num_workers=WORKERS)
        while True:
            yield from loader

    def cut(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches cut from one tensor in memory, epoch after epoch."""
        images, labels = self.data.images, self.data.labels
        layout = torch.channels_last if self.recipe.channels_last else torch.contiguous_format
        while True:
            for some in torch.randperm(len(labels)).split(self.batch):
                numbers = images[some].to(torch.float32, memory_format=layout)
                yield numbers.div_(127.5).sub_(1), labels[some]

    def train(self, steps: int) -> None:
        """So many updates."""
        for _ in range(steps):
            images, labels = next(self.batches)
            if self.recipe.loader and self.recipe.channels_last:
                images = images.to(memory_format=torch.channels_last)
            self.optimizer.zero_grad()
            with self.precision:
                logits = self.net(images)  # (B, 10)
            loss = F.cross_entropy(logits.float(), labels)
            loss.backward()
            self.optimizer.step()
            self.running_loss += loss.item()

    def test(self) -> float:
        """The share of all test pictures that is named rightly."""
        _, tested = cifar10.test(self.net, self.data)
        return tested["test_accuracy"]


class Experiment:
    """An experiment on CIFAR-10 itself, drawn by nobody; `train` ends with its last frame."""

    def __init__(self, name: str = "cifar10", **knobs: Any) -> None:
        module = importlib.import_module(f"fathom.zoo.{name}")
        config = module.Config(**knobs)
        self.batch = config.batch
        self.frames = module.run(config)
        self.ended = False
        self.accuracy = float("nan")  # of the last test

    def train(self, steps: int) -> None:
        """So many frames: each is an update, and the first of an epoch a test as well."""
        for _ in range(steps):
            frame = next(self.frames)
            self.accuracy = frame.numbers().get("test_accuracy", self.accuracy)
            self.ended = frame.last
            if self.ended:
                return

    def test(self) -> float:
        """What the last test of the experiment said."""
        return self.accuracy
