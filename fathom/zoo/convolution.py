"""A small kernel visits every place of a picture: multiply, add up, write one number down.

Watch:   The square goes over the picture. What it covers is multiplied, number by number, with
         the kernel, and the sum becomes one number of the feature map. Where the picture is
         even, edges add up to 0. Choose another kernel while it goes; set stride to 2, and the
         map has half the side; set padding to 1, and it is as large as the picture. A click in
         the picture paints a pixel, a click in the feature map sends the square there.
Promise: gap <= 0.00001 (for every seed; gap is the largest difference between the numbers of the
         map so far and those of torch's own convolution)
Source:  Fukushima 1980, neocognitron; LeCun and others 1989, backpropagation applied to
         handwritten zip codes; Sobel and Feldman 1968, the kernels for edges
Pace:    4 steps a second
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import isqrt
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from fathom.errors import KnobError
from fathom.lab import Frame, View, choice, clicked, field, knob, line, points, switch, text

SIDE = 12  # pixels along each side of the picture
POOL = 2  # and of the squares of the map that become one number each
WIDEST = 2  # padding
AT = torch.arange(SIDE) + 0.5 - SIDE / 2  # the middles of the pixels, seen from the centre
ACROSS, DOWN = AT.expand(SIDE, SIDE), AT[:, None].expand(SIDE, SIDE)
FAR = (ACROSS**2 + DOWN**2).sqrt()

PICTURES: dict[str, Tensor] = {  # (SIDE, SIDE), from 0, dark, to 1, light
    "ring": ((FAR > 2.6) & (FAR < 5)).float(),
    "disc": (FAR < 4.4).float(),
    "cross": ((ACROSS.abs() < 1) | (DOWN.abs() < 1)).float(),
    "slope": (ACROSS > DOWN).float(),
    "stripes": (torch.arange(SIDE) % 4 < 2).float().expand(SIDE, SIDE),
    "empty": torch.zeros(SIDE, SIDE),
}
KERNELS: dict[str, Tensor] = {  # (3, 3)
    "vertical-edges": torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "horizontal-edges": torch.tensor([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "outline": torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "blur": torch.full((3, 3), 1 / 9),
    "sharpen": torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "copy": torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}
POOLS: dict[str, Callable[[Tensor], Tensor]] = {
    "max": lambda maps: F.max_pool2d(maps, POOL),
    "mean": lambda maps: F.avg_pool2d(maps, POOL),
}


@dataclass
class Config:
    picture: str = choice("ring", list(PICTURES), "what the kernel goes over")
    kernel: str = choice("vertical-edges", [*KERNELS, "own"], "what it looks for", live=True)
    own: str = text("0 1 0, 1 -4 1, 0 1 0", "the numbers of your own kernel, row by row")
    stride: int = knob(1, 1, 3, "pixels from one place to the next", live=True)
    padding: int = knob(0, 0, WIDEST, "rows of zeros around the picture", live=True)
    relu: bool = switch(False, "write 0 instead of every number below 0", live=True)
    pool: str = choice("none", ["none", *POOLS], "what becomes of 2 x 2 numbers", live=True)
    painted: tuple[Any, ...] = clicked("pixels that you turn over", high=SIDE, low=0, live=True)
    visited: tuple[Any, ...] = clicked(
        "where in the feature map the square was sent", low=0, high=SIDE + 2 * WIDEST, live=True
    )
    noise: float = knob(0.05, 0.0, 1.0, "standard deviation of the noise in every pixel")
    steps: int = knob(99, 1, 2000, "places that are visited", live=True)
    seed: int = knob(0, 0, 9999, "chooses the noise")


def run(config: Config) -> Iterator[Frame]:
    """Visit one place a step. H, W: the padded picture; K: the kernel; R, C: the feature map."""
    chance = Generator().manual_seed(config.seed)
    noise = config.noise * torch.randn(SIDE, SIDE, generator=chance)
    own = numbers(config.own)
    place, known, sent = -1, 0, config.visited

    for step in count():
        kernel = own if config.kernel == "own" else KERNELS[config.kernel]  # (K, K)
        picture = paint(PICTURES[config.picture], config.painted) + noise  # (SIDE, SIDE)
        x = F.pad(picture, [config.padding] * 4)  # (H, W)
        theirs = F.conv2d(x[None, None], kernel[None, None], stride=config.stride)[0, 0]  # (R, C)
        if config.visited != sent:
            place, sent = below(config.visited[-1], *theirs.shape), config.visited
        else:
            place = (place + 1) % theirs.numel()
        known = min(max(known, place + 1), theirs.numel())  # places, row by row
        ours = convolve(x, kernel, config.stride, known)
        yield Frame(
            step,
            of=max(step, config.steps),
            sum=ours.flatten()[place],
            gap=(ours - theirs).flatten()[:known].abs().max(),
            views=partial(look, config, x, kernel, ours, place),
        )
        if step >= config.steps:
            return


def convolve(x: Tensor, kernel: Tensor, stride: int, known: int) -> Tensor:
    """The first numbers of the feature map (R, C), 0 in the others.

    y[r, c] = sum over i, j of x[r stride + i, c stride + j] kernel[i, j]

    Mathematics calls this a cross-correlation: its convolution turns the kernel around first.
    """
    size = len(kernel)
    rows, columns = ((side - size) // stride + 1 for side in x.shape)
    y = torch.zeros(rows, columns)
    for place in range(known):
        r, c = divmod(place, columns)
        y[r, c] = (patch(x, size, r * stride, c * stride) * kernel).sum()
    return y


def patch(x: Tensor, size: int, top: int, left: int) -> Tensor:
    """What a square (size, size) covers of x."""
    return x[top : top + size, left : left + size]


def numbers(said: str) -> Tensor:
    """A kernel (K, K) from its numbers, row by row. KnobError where they make no square."""
    words = re.split(r"[\s,;]+", said.strip())
    try:
        found = torch.tensor([float(word) for word in words])
    except ValueError as error:
        raise KnobError(f"own cannot be {said!r}: write numbers with spaces between.") from error
    side = isqrt(len(words))
    if side * side != len(words) or side not in (1, 3, 5) or not found.abs().max() <= 100:
        raise KnobError(
            f"own has {len(words)} numbers: it must be 1, 9 or 25, each from -100 to 100."
        )
    return found.reshape(side, side)


def paint(picture: Tensor, clicks: tuple[Any, ...]) -> Tensor:
    """The picture with every clicked pixel turned over, light to dark and back."""
    picture = picture.clone()
    for across, up, *_ in clicks:
        row, column = SIDE - 1 - min(int(up), SIDE - 1), min(int(across), SIDE - 1)
        picture[row, column] = 1 - picture[row, column]
    return picture


def below(click: tuple[Any, ...], rows: int, columns: int) -> int:
    """The number of the place of the feature map, row by row, that was clicked."""
    across, up, *_ = click
    return (rows - 1 - min(int(up), rows - 1)) * columns + min(int(across), columns - 1)


# ---- what is seen


def look(config: Config, x: Tensor, kernel: Tensor, y: Tensor, place: int) -> dict[str, View]:
    """The picture with the square on it, what is multiplied, and the map so far."""
    (rows, columns), size = y.shape, len(kernel)
    r, c = divmod(place, columns)
    covered = patch(x, size, r * config.stride, c * config.stride)  # (K, K)
    end = float(kernel.abs().sum())  # no sum over pixels from 0 to 1 is larger
    out = y.relu() if config.relu else y
    edges = -config.padding, SIDE + config.padding
    seen: dict[str, View] = {
        "picture": shade(x, edges, edges, "picture", lo=0, hi=1, colours="sequential"),
        "square": frame(
            c * config.stride - config.padding,
            SIDE + config.padding - r * config.stride - size,
            size,
            on="picture",
        ),
        "brush": points(torch.zeros(0, 2), on="picture", knob="painted", says="a click paints"),
        "patch": matrix("what it covers", covered, 1.0),
        "kernel": matrix("kernel", kernel, float(kernel.abs().max())),
        "products": matrix(f"products; their sum is {y[r, c]:.3g}", covered * kernel, end / size),
        "map": shade(
            out,
            (0, columns),
            (0, rows),
            f"feature map {rows} x {columns}",
            lo=-end,
            hi=end,
            says=f"{size * size} weights, used at each of {rows * columns} places; a dense layer "
            f"from all pixels to all places would have {SIDE * SIDE * rows * columns:,}",
        ),
        "here": frame(c, rows - 1 - r, 1, on="map"),
        "sender": points(torch.zeros(0, 2), on="map", knob="visited", says="a click goes there"),
    }
    if config.pool != "none" and min(rows, columns) >= POOL:
        pooled = POOLS[config.pool](out[None, None])[0, 0]
        tall, wide = pooled.shape
        title = f"after {config.pool} pooling {tall} x {wide}"
        seen["pooled"] = shade(pooled, (0, wide), (0, tall), title, lo=-end, hi=end)
    return seen


def shade(
    values: Tensor, x: tuple[float, float], y: tuple[float, float], title: str, **more: Any
) -> View:
    """Pixels (rows, columns) as colours, the first row at the top."""
    return field(values.flip(0), pixels=True, x=x, y=y, title=title, **more)


def frame(left: float, bottom: float, size: int, on: str) -> View:
    """A square around `size` x `size` cells."""
    across = left + size * torch.tensor([0.0, 1.0, 1.0, 0.0, 0.0])
    up = bottom + size * torch.tensor([0.0, 0.0, 1.0, 1.0, 0.0])
    says = "the square of the kernel" if on == "picture" else "the number that it makes"
    return line(across, up, on=on, says=says)


def matrix(title: str, values: Tensor, end: float) -> View:
    """Few numbers (K, K), to be read; colours go from -end to end."""
    names = [str(number) for number in range(1, len(values) + 1)]
    return field(values, lo=-end, hi=end, rows=names, columns=names, title=title)
