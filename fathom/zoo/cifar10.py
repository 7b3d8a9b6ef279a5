"""A convolutional network learns to name what is on a photograph.

Watch:   The loss falls at once, then ever more slowly. The six filters of the first layer
         turn from noise into edges and spots of colour. In the table of mistakes a cat is
         taken for a dog far more often than for a ship. When the test accuracy stays
         behind the accuracy of the batches, the network has begun to learn by heart.
Promise: test_accuracy >= 0.60 with any threads, image (for every seed; the untouched pictures)
Source:  LeCun and others 1998, LeNet-5; Krizhevsky 2009, CIFAR-10
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fathom.data import cifar10, digits, own, shapes
from fathom.data.pictures import Pictures, mistakes
from fathom.lab import Frame, View, choice, knob, own_picture, switch, tiles

DATA = {"cifar10": cifar10.load, "shapes": shapes.load, "digits": digits.load}
SHOWN = 32  # test pictures that are shown with what the network says
AT_ONCE = 500  # pictures in a batch of the test


@dataclass
class Config:
    data: str = choice(
        "cifar10",
        list(DATA),
        "photographs; coloured shapes or written digits, which are always there",
    )
    epochs: int = knob(12, 1, 100, "passes over all pictures")
    batch: int = knob(128, 4, 1024, "pictures in a step")
    lr: float = knob(0.001, 1e-5, 1.0, "the step size of Adam", log=True, live=True)
    augment: bool = switch(False, "shift and mirror the pictures at random", live=True)
    image: int = knob(0, 0, SHOWN - 1, "the picture whose feature maps are shown", looks=True)
    picture: str = own_picture("a picture of your own: what is it, and what is found?", looks=True)
    precision: str = choice("float32", ["float32", "bfloat16"], "how exactly it calculates")
    threads: int = knob(2, 1, 8, "processor cores that work together")
    seed: int = knob(0, 0, 9999, "chooses the first weights and the order of the pictures")


def lenet() -> nn.Sequential:
    """The small network: 62,006 weights. (B, 3, 32, 32) -> (B, 10)."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 5),  # (B, 6, 28, 28)
        nn.ReLU(),
        nn.MaxPool2d(2),  # (B, 6, 14, 14)
        nn.Conv2d(6, 16, 5),  # (B, 16, 10, 10)
        nn.ReLU(),
        nn.MaxPool2d(2),  # (B, 16, 5, 5)
        nn.Flatten(),  # (B, 400)
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )


def run(config: Config) -> Iterator[Frame]:
    """Train, and test before the first step and after every epoch. B: pictures in a batch."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    chance = torch.Generator().manual_seed(config.seed)
    data = DATA[config.data]()
    net = lenet()
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # 20 % faster
    optimizer = torch.optim.Adam(net.parameters(), lr=config.lr, fused=True)
    exactly = torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bfloat16")

    batches = len(data.labels) // config.batch  # an epoch leaves out the rest
    last = config.epochs * batches
    for step in range(last + 1):
        tested: dict[str, float] = {}
        if step % batches == 0:  # an epoch begins
            order = torch.randperm(len(data.labels), generator=chance)
            with exactly:
                confusion, tested = test(net, data)

        # 1. input and target
        start = step % batches * config.batch
        some = order[start : start + config.batch]
        images, labels = data.images[some], data.labels[some]  # (B, 3, 32, 32), (B,)
        if config.augment:
            images = shift(images, chance, mirror=config.data == "cifar10")
        # 2. forward
        with exactly:
            logits = net(prepare(images))  # (B, 10)
        # 3. loss
        loss = F.cross_entropy(logits.float(), labels)

        accuracy = (logits.argmax(dim=1) == labels).float().mean().item()
        views = partial(look, config, net, data, confusion)
        yield Frame(step, of=last, loss=loss.item(), train_accuracy=accuracy, **tested, views=views)
        if step == last:
            return
        # 4. backward
        optimizer.zero_grad()
        loss.backward()
        # 5. update
        optimizer.param_groups[0]["lr"] = config.lr
        optimizer.step()


def prepare(images: Tensor) -> Tensor:
    """Pictures of bytes as numbers from -1 to 1."""
    return images.to(torch.float32, memory_format=torch.channels_last).div_(127.5).sub_(1)


def shift(images: Tensor, chance: torch.Generator, mirror: bool) -> Tensor:
    """Move every picture by up to 4 places each way, and mirror half of them."""
    count = len(images)
    rows, columns = torch.randint(9, (2, count, 1), generator=chance) + torch.arange(32)  # (B, 32)
    if mirror:
        coin = torch.rand(count, 1, generator=chance) < 0.5
        columns = torch.where(coin, columns.flip(1), columns)
    wide = F.pad(images, (4, 4, 4, 4))  # (B, 3, 40, 40)
    every = torch.arange(count)[:, None, None]
    moved = wide.permute(0, 2, 3, 1)[every, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)  # (B, 3, 32, 32)


@torch.no_grad()
def test(net: nn.Sequential, data: Pictures) -> tuple[Tensor, dict[str, float]]:
    """All test pictures: how often each class is named as each, (10, 10); loss and accuracy."""
    logits = torch.cat([net(prepare(some)).float() for some in data.test_images.split(AT_ONCE)])
    said, labels = logits.argmax(dim=1), data.test_labels  # (M,), (M,)
    confusion = torch.bincount(10 * labels + said, minlength=100).reshape(10, 10)
    accuracy = (said == labels).float().mean().item()
    return confusion, {
        "test_loss": F.cross_entropy(logits, labels).item(),
        "test_accuracy": accuracy,
    }


# ---- what is seen


@torch.no_grad()
def look(config: Config, net: nn.Sequential, data: Pictures, confusion: Tensor) -> dict[str, View]:
    """Some test pictures with what the network says, its filters, what they find, its mistakes."""
    pictures, labels = data.test_images[:SHOWN], data.test_labels[:SHOWN]
    said = [prepare(pictures)]
    for layer in net:
        said.append(layer(said[-1]))
    sure, guess = said[-1].softmax(dim=1).max(dim=1)
    right = guess == labels
    captions = [
        f"{data.names[one]} {100 * share:.0f} %"
        for one, share in zip(guess.tolist(), sure.tolist(), strict=True)
    ]
    image, name = config.image, data.names[int(labels[config.image])]
    seen: dict[str, View] = {
        "pictures": tiles(
            pictures,
            captions=captions,
            right=right,
            knob="image",
            columns=8,
            title="Test pictures",
            says=f"{SHOWN} test pictures, {int(right.sum())} of them named rightly",
        ),
        "filters": tiles(
            next(net.parameters()),  # (6, 3, 5, 5)
            each=True,
            columns=6,
            title="Filters of the first layer",
            says="what the six filters of the first layer look for",
        ),
        "maps": tiles(
            said[2][image],
            columns=6,
            title="What they find",
            says=f"where each of the six filters answers to picture {image}, a {name}",
        ),
        "deeper": tiles(
            said[5][image],
            columns=8,
            title="What the second layer finds",
            says=f"where each of the 16 filters of the second layer answers to the {name}",
        ),
        "confusion": mistakes(confusion, data.names),
    }
    return yours(config, net, data.names) | seen


def yours(config: Config, net: nn.Sequential, names: tuple[str, ...]) -> dict[str, View]:
    """What the network says of the learner's own picture, and what its first filters find in it."""
    if not config.picture:
        return {}
    x = own.load(config.picture, 32, written=config.data == "digits")  # (1, 3, 32, 32)
    maps = net[:3](prepare(x))  # (1, 6, 14, 14)
    sure, said = net[3:](maps).softmax(dim=1).max(dim=1)
    caption = f"{names[int(said)]} {100 * sure.item():.0f} %"
    return {
        "yours": tiles(
            x, captions=[caption], columns=3, title="Your picture", says=f"your picture: {caption}"
        ),
        "found": tiles(
            maps[0],
            columns=6,
            title="What the filters find in it",
            says="where each of the six filters answers to your picture",
        ),
    }
