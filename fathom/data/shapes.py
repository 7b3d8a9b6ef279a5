"""Ten kinds of shapes in colour, 32 x 32, made up: stands in for CIFAR-10 where there is none.

Place, size, turn and colours are chosen by chance, the ground is uneven, and a small disc may
lie over the shape, so that a network has something to learn that is not in a single place.
"""

import math

import torch
from torch import Generator, Tensor

from fathom.data.pictures import Pictures

NAMES = (
    *("arrow", "bow", "crescent", "cross", "disc"),
    *("heart", "ring", "square", "star", "triangle"),
)
TRAINED, TESTED = 8_000, 2_000
SIDE, FINE = 32, 2  # every place is the mean of 2 x 2 finer ones: borders are smooth
AT_ONCE = 1_000


def load() -> Pictures:
    """8,000 pictures to learn and 2,000 to be tested on, always the same."""
    images, labels = make(TRAINED + TESTED, torch.Generator().manual_seed(1))
    return Pictures(
        images=images[:TRAINED],
        labels=labels[:TRAINED],
        test_images=images[TRAINED:],
        test_labels=labels[TRAINED:],
        names=NAMES,
    )


def make(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Pictures of bytes (count, 3, 32, 32), and which shape each shows (count,)."""
    labels = torch.randint(len(NAMES), (count,), generator=generator)
    parts = [paint(some, generator) for some in labels.split(AT_ONCE)]
    return torch.cat(parts), labels


def paint(labels: Tensor, generator: Generator) -> Tensor:
    """A picture for each label (N,): (N, 3, 32, 32). F: fine places along a side."""
    n, fine = len(labels), SIDE * FINE
    chance = torch.rand(n, 16, generator=generator)
    axis = torch.linspace(-1, 1, fine)
    y, x = torch.meshgrid(-axis, axis, indexing="ij")  # (F, F), y upwards
    turn = 2 * math.pi * chance[:, 0, None, None]
    size = 0.3 + 0.4 * chance[:, 1, None, None]
    left = x - 0.6 * (chance[:, 2, None, None] - 0.5)
    up = y - 0.6 * (chance[:, 3, None, None] - 0.5)
    across = (turn.cos() * left + turn.sin() * up) / size  # (N, F, F), of the shape itself
    along = (turn.cos() * up - turn.sin() * left) / size

    inside = torch.zeros(n, fine, fine)
    for number, name in enumerate(NAMES):
        of = labels == number
        inside[of] = SHAPES[name](across[of], along[of]).float()
    small = 0.12 + 0.1 * chance[:, 4, None, None]
    at = 1.4 * (chance[:, 5:7] - 0.5)
    disc = (x - at[:, 0, None, None]).hypot(y - at[:, 1, None, None]) < small

    shape, spot = chance[:, 7:10], chance[:, 10:13]  # colours (N, 3)
    ground = (shape + 0.35 + 0.3 * chance[:, 13:16]) % 1  # far enough from that of the shape
    slope = 0.25 * (x + y)[None, None]  # the light comes from one side
    image = ground[:, :, None, None] + slope
    for mask, colour in ((inside, shape), (disc.float(), spot)):
        image = image + mask[:, None] * (colour[:, :, None, None] - image)
    image = image.reshape(n, 3, SIDE, FINE, SIDE, FINE).mean(dim=(3, 5))
    image = image + 0.06 * torch.randn(image.shape, generator=generator)
    return (255 * image.clamp(0, 1)).round().to(torch.uint8)


def _cross(x: Tensor, y: Tensor) -> Tensor:
    across, along = x.abs(), y.abs()
    return (torch.minimum(across, along) < 0.25) & (torch.maximum(across, along) < 0.95)


def _star(x: Tensor, y: Tensor) -> Tensor:
    return x.hypot(y) < 0.66 + 0.32 * (5 * torch.atan2(y, x)).cos()


def _triangle(x: Tensor, y: Tensor) -> Tensor:
    third = 2 * math.pi / 3
    sector = torch.remainder(torch.atan2(y, x), third) - third / 2
    return x.hypot(y) * sector.cos() < 0.55


def _heart(x: Tensor, y: Tensor) -> Tensor:
    x, y = 1.15 * x, 1.15 * y + 0.1
    return (x**2 + y**2 - 1) ** 3 < x**2 * y**3


def _arrow(x: Tensor, y: Tensor) -> Tensor:
    shaft = (y.abs() < 0.2) & (x > -0.95) & (x < 0.15)
    head = (x >= 0.15) & (y.abs() < 0.9 * (0.95 - x))
    return shaft | head


SHAPES = {
    "arrow": _arrow,
    "bow": lambda x, y: (y.abs() < 0.8 * x.abs()) & (x.abs() < 0.9),
    "crescent": lambda x, y: (x.hypot(y) < 0.95) & ((x - 0.45).hypot(y) > 0.75),
    "cross": _cross,
    "disc": lambda x, y: x.hypot(y) < 0.85,
    "heart": _heart,
    "ring": lambda x, y: (x.hypot(y) < 0.95) & (x.hypot(y) > 0.55),
    "square": lambda x, y: torch.maximum(x.abs(), y.abs()) < 0.75,
    "star": _star,
    "triangle": _triangle,
}
