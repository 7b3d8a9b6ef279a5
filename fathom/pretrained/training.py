"""How `cifar8` is made: eight classes of CIFAR-10, all but its cats and its dogs.

Who learns cats and dogs from these weights has then never seen a cat or a dog labelled so.
Smith and Topin 2019, Super-convergence: the learning rate goes up once, and down once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from fathom.data.pictures import Pictures
from fathom.pretrained.network import ResNet

LEFT_OUT = ("cat", "dog")
AT_ONCE = 500  # pictures in a batch of the test
NEARER, FARTHER = 0.7, 1.3  # how large a thing may get on an augmented picture


@dataclass(frozen=True)
class Training:
    """The settings, as the record keeps them."""

    epochs: int = 8
    batch: int = 128
    lr: float = 0.2  # at its highest
    momentum: float = 0.9
    weight_decay: float = 5e-4
    precision: str = "bfloat16"
    threads: int = 1
    seed: int = 0


def without(data: Pictures, left_out: tuple[str, ...] = LEFT_OUT) -> Pictures:
    """The other classes, numbered anew in their old order."""
    return data.only([name for name in data.names if name not in left_out])


def prepare(images: Tensor) -> Tensor:
    """Pictures of bytes as numbers from -1 to 1."""
    return images.to(torch.float32, memory_format=torch.channels_last).div_(127.5).sub_(1)


def augment(images: Tensor, chance: Generator, mirror: bool = True) -> Tensor:
    """Every picture (B, 3, H, W) nearer or farther, moved by up to an eighth, half mirrored."""
    count = len(images)
    zoom, right, down, coin = torch.rand(4, count, generator=chance)
    zoom = NEARER * (FARTHER / NEARER) ** zoom  # as often too large as too small
    place = torch.zeros(count, 2, 3)  # where on the old picture a place of the new one lies
    place[:, 0, 0] = torch.where(coin < 0.5 * mirror, -1.0, 1.0) / zoom
    place[:, 1, 1] = 1 / zoom
    place[:, :, 2] = (torch.stack([right, down], dim=1) - 0.5) / 2
    grid = F.affine_grid(place, list(images.shape), align_corners=False)
    moved = F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)
    return moved.contiguous(memory_format=torch.channels_last)


def train(settings: Training, data: Pictures, told: Callable[[int, int], None]) -> ResNet:
    """A network that has learned the classes of the data; told: how many steps are done of all."""
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    chance = Generator().manual_seed(settings.seed)
    net = ResNet(len(data.names))
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    matrices = [one for one in net.parameters() if one.ndim > 1]
    rest = [one for one in net.parameters() if one.ndim == 1]  # norms and biases: no decay
    groups = [
        {"params": matrices, "weight_decay": settings.weight_decay},
        {"params": rest, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.SGD(
        groups, lr=settings.lr, momentum=settings.momentum, nesterov=True, fused=True
    )
    batches = len(data.labels) // settings.batch
    last = settings.epochs * batches
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.lr, total_steps=last, pct_start=0.25, cycle_momentum=False
    )
    exactly = torch.autocast("cpu", torch.bfloat16, enabled=settings.precision == "bfloat16")
    for step in range(last):
        if step % batches == 0:
            order = torch.randperm(len(data.labels), generator=chance)
        start = step % batches * settings.batch
        some = order[start : start + settings.batch]
        images = augment(prepare(data.images[some]), chance)  # (B, 3, 32, 32)
        with exactly:
            logits = net(images)  # (B, K)
        loss = F.cross_entropy(logits.float(), data.labels[some])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        cycle.step()
        told(step + 1, last)
    return net.eval()


@torch.no_grad()
def accuracy(net: ResNet, data: Pictures) -> float:
    """The share of the test pictures that is named right."""
    net.eval()
    right = 0
    for part in range(ceil(len(data.test_labels) / AT_ONCE)):
        some = slice(part * AT_ONCE, (part + 1) * AT_ONCE)
        said = net(prepare(data.test_images[some])).argmax(dim=1)
        right += int((said == data.test_labels[some]).sum())
    return right / len(data.test_labels)
