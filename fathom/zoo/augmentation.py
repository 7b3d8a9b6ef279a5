"""A network learns from few pictures, and its twin from changed copies of the same pictures.

Watch:   Both networks start from the same weights and see the same pictures in the same order, but
         one of them hardly ever sees the same picture twice: it comes mirrored or not, and moved a
         little; turned, zoomed and recoloured, too, if you switch that on. The plain one soon knows
         its pictures by heart, and its accuracy on the held-out ones stands still. The other is
         slower on what it learns from, and ends higher on what it never saw. Mirror digits, and
         see what a change does that changes the meaning.
Promise: gain >= 0.01 with any threads (for every seed; gain is what the augmented network has more
         of 1,000 held-out pictures right, as a share, in the mean of the last tests)
Source:  Simard, Steinkraus and Platt 2003, Best practices for convolutional neural networks;
         Krizhevsky, Sutskever and Hinton 2012, ImageNet classification with deep networks
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from math import pi

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import cifar10, digits, shapes
from fathom.data.pictures import Pictures
from fathom.lab import Frame, View, choice, knob, line, switch, tiles

DATA = {"cifar10": cifar10.load, "shapes": shapes.load, "digits": digits.load}
AT_ONCE = 250  # pictures in a batch of the test
TESTS = 15  # how often both networks are tested in a run
STEADY = 3  # tests whose mean counts
ROWS, COPIES = 4, 7  # pictures that are shown, and changed copies of each
TWINS = ("plain", "augmented")
MOVE = 0.25  # at most so far, of a picture that goes from -1 to 1
TURN = 20  # degrees at most
ZOOM = 1.25  # at most so much nearer, or farther
BRIGHT, CONTRAST, COLOURFUL = 0.25, 0.4, 0.5  # at most so much lighter; and these shares


@dataclass
class Config:
    data: str = choice("cifar10", list(DATA), "photographs, or written digits (always there)")
    pictures: int = knob(500, 50, 5000, "how many pictures there are to learn from")
    held_out: int = knob(1000, 20, 5000, "how many no network learns from, for the test")
    mirror: bool = switch(True, "mirror half of the pictures", live=True)
    move: bool = switch(True, "move them by up to an eighth", live=True)
    turn: bool = switch(False, "turn them by up to 20 degrees", live=True)
    zoom: bool = switch(False, "bring them nearer or farther, by up to a quarter", live=True)
    colour: bool = switch(False, "change brightness, contrast and colours", live=True)
    batch: int = knob(25, 4, 500, "pictures in a step")
    steps: int = knob(1000, 1, 10_000, "updates of the weights")
    lr: float = knob(0.002, 1e-5, 0.1, "step size of Adam; it falls to 0", log=True, live=True)
    threads: int = knob(2, 1, 8, "processor cores that work together")
    seed: int = knob(0, 0, 9999, "chooses the pictures, the first weights and the changes")


def network() -> nn.Sequential:
    """Three convolutions and a mean over all places. (B, 3, 32, 32) -> (B, 10)."""
    parts: list[nn.Module] = []
    for channels, out in ((3, 16), (16, 32), (32, 64)):
        parts += [nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU()]
        parts += [nn.MaxPool2d(2)]  # (B, 16, 16, 16), (B, 32, 8, 8), (B, 64, 4, 4)
    return nn.Sequential(*parts, nn.Flatten(), nn.Linear(64 * 4 * 4, 10))


def run(config: Config) -> Iterator[Frame]:
    """Train both on the same batches, one of them changed. B: pictures in a batch."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    chance = Generator().manual_seed(config.seed)
    changes = Generator().manual_seed(config.seed)  # its own: switches leave the order alone
    data = gather(config, chance)
    first = network().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    nets = {name: deepcopy(first) for name in TWINS}
    optimizers = [torch.optim.Adam(net.parameters(), fused=True) for net in nets.values()]
    tests: dict[int, Tensor] = {}  # after how many steps: accuracies, of learned and held out
    order = torch.empty(0, dtype=torch.long)

    for step in range(config.steps + 1):
        tested: dict[str, float] = {}
        if step % max(1, config.steps // TESTS) == 0 or step == config.steps:
            tests[step] = test(nets, data)
            tested = numbers(tests)

        # 1. input and target: all pictures in a new order, again and again
        while len(order) < config.batch:
            order = torch.cat([order, torch.randperm(len(data.labels), generator=chance)])
        some, order = order[: config.batch], order[config.batch :]
        images, labels = prepare(data.images[some]), data.labels[some]  # (B, 3, 32, 32), (B,)
        seen = (images, change(config, images, changes))
        # 2. forward, and 3. loss
        losses = [
            F.cross_entropy(net.train()(own), labels)
            for net, own in zip(nets.values(), seen, strict=True)
        ]
        views = partial(look, config, step, data, tests)
        plain, augmented = (loss.item() for loss in losses)
        both = {"plain_loss": plain, "augmented_loss": augmented}
        yield Frame(step, of=config.steps, **both, **tested, views=views)
        if step == config.steps:
            return
        # 4. backward, and 5. update
        for optimizer, loss in zip(optimizers, losses, strict=True):
            optimizer.param_groups[0]["lr"] = config.lr * (1 - step / config.steps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def gather(config: Config, chance: Generator) -> Pictures:
    """A few pictures to learn from, and some that are held out."""
    data = DATA[config.data]()
    some = torch.randperm(len(data.labels), generator=chance)[: config.pictures]
    held_out = torch.randperm(len(data.test_labels), generator=chance)[: config.held_out]
    return Pictures(
        images=data.images[some],
        labels=data.labels[some],
        test_images=data.test_images[held_out],
        test_labels=data.test_labels[held_out],
        names=data.names,
    )


def prepare(images: Tensor) -> Tensor:
    """Pictures of bytes as numbers from -1 to 1."""
    return images.to(torch.float32, memory_format=torch.channels_last).div_(127.5).sub_(1)


def change(config: Config, images: Tensor, chance: Generator) -> Tensor:
    """Every picture (B, 3, H, W) changed at random, in the ways that are switched on.

    As many random numbers are drawn whatever is on, so that a switch changes nothing else.
    """
    draws = 2 * torch.rand(8, len(images), generator=chance) - 1  # from -1 to 1
    coin, right, down, turned, nearer = draws[:5]  # each (B,)
    if config.mirror or config.move or config.turn or config.zoom:
        side = torch.where((coin < 0) & torch.tensor(config.mirror), -1.0, 1.0)
        right, down = right * config.move, down * config.move
        images = place(images, side, right, down, turned * config.turn, nearer * config.zoom)
    return paint(images, *draws[5:, :, None, None, None]) if config.colour else images


def place(
    images: Tensor, side: Tensor, right: Tensor, down: Tensor, turned: Tensor, nearer: Tensor
) -> Tensor:
    """Mirror where side is -1; then turn, bring nearer and move, each as far as it says, (B,)."""
    angle = TURN * turned * pi / 180
    shrunk = ZOOM**-nearer  # how much of the old picture the new one shows
    cos, sin = shrunk * angle.cos(), shrunk * angle.sin()
    rows = torch.stack([side * cos, -sin, MOVE * right, side * sin, cos, MOVE * down], dim=1)
    grid = F.affine_grid(rows.reshape(-1, 2, 3), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)


def paint(images: Tensor, bright: Tensor, contrast: Tensor, colourful: Tensor) -> Tensor:
    """Change the light and the colours, each as far as it says, (B, 1, 1, 1)."""
    grey = images.mean(dim=1, keepdim=True)  # (B, 1, H, W)
    mean = grey.mean(dim=(2, 3), keepdim=True)  # (B, 1, 1, 1)
    coloured = grey + (images - grey) * (1 + COLOURFUL * colourful)
    return (mean + BRIGHT * bright + (coloured - mean) * (1 + CONTRAST * contrast)).clamp(-1, 1)


@torch.no_grad()
def test(nets: dict[str, nn.Sequential], data: Pictures) -> Tensor:
    """The accuracy of both networks on what they learn from and on what is held out, (2, 2)."""
    rows = []
    for net in nets.values():
        net.eval()
        row = []
        for images, labels in (data.images, data.labels), (data.test_images, data.test_labels):
            said = torch.cat([net(prepare(some)).argmax(dim=1) for some in images.split(AT_ONCE)])
            row.append((said == labels).float().mean())
        rows.append(torch.stack(row))
    return torch.stack(rows)


def numbers(tests: dict[int, Tensor]) -> dict[str, float]:
    """The last test, and what the changes gained on the held-out pictures, steadied."""
    shares = torch.stack(list(tests.values()))  # (T, 2, 2)
    steady = shares[-STEADY:].mean(dim=0)
    plain, augmented = shares[-1]
    return {
        "plain_val": plain[1].item(),
        "augmented_val": augmented[1].item(),
        "gain": (steady[1, 1] - steady[0, 1]).item(),
    }


# ---- what is seen


@torch.no_grad()
def look(config: Config, step: int, data: Pictures, tests: dict[int, Tensor]) -> dict[str, View]:
    """Pictures and their changed copies, and how both networks stand."""
    chance = Generator().manual_seed(10_000 * config.seed + step)  # of its own
    some = prepare(data.images[:ROWS])
    copies = [change(config, some, chance) for _ in range(COPIES)]
    grid = torch.stack([some, *copies], dim=1).flatten(0, 1)  # (ROWS (1 + COPIES), 3, 32, 32)
    on = [one for one in ("mirror", "move", "turn", "zoom", "colour") if getattr(config, one)]
    names = [data.names[label] for label in data.labels[:ROWS].tolist()]
    captions = [one for name in names for one in (name, *[""] * COPIES)]
    steps = torch.tensor(list(tests))
    shares = torch.stack(list(tests.values()))  # (T, 2, 2)
    (learned, val), (learned_augmented, val_augmented) = shares.permute(1, 2, 0)
    return {
        "pictures": tiles(
            grid,
            lo=-1,
            hi=1,
            columns=1 + COPIES,
            captions=captions,
            title="Originals, and changed copies",
            says=f"{', '.join(names)}: each with {COPIES} copies, changed by "
            f"{', '.join(on) if on else 'nothing'}",
        ),
        "held_out": line(
            steps,
            {"plain": val, "augmented": val_augmented},
            y_range=(0, 1),
            title=f"accuracy on {len(data.test_labels)} held-out pictures",
            x_label="step",
            y_label="share named right",
            says=f"plain {val[-1]:.0%}, augmented {val_augmented[-1]:.0%}",
        ),
        "learned": line(
            steps,
            {"plain": learned, "augmented": learned_augmented},
            y_range=(0, 1),
            title=f"accuracy on the {len(data.labels)} pictures they learn from",
            x_label="step",
            y_label="share named right",
            says=f"plain {learned[-1]:.0%}, {100 * (learned - val)[-1]:.0f} points above the "
            f"held-out pictures; augmented {learned_augmented[-1]:.0%}, "
            f"{100 * (learned_augmented - val_augmented)[-1]:.0f} points above",
        ),
    }
