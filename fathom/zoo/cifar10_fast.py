"""A network learns to name photographs in nine epochs, by a recipe of many small tricks.

Watch:   After the first epoch the network is about as good as that of `cifar10` after twelve.
         Most of the run sees small pictures, which cost little more than half as much; when they
         grow, the test accuracy jumps. The filters of the first layer never move: they were
         computed, not learned. The step size falls to nothing. The last test looks at every picture
         six times, and is better for it than with one look. Switch one trick off at a time.
Promise: test_accuracy >= 0.87 with any threads, image (for every seed)
Source:  K. Jordan 2024, 94% on CIFAR-10 in 3.29 seconds on a single GPU, and Jordan and others
         2024, Muon, for nearly all of it; Page 2018, How to train your ResNet, for the whitening;
         Szegedy and others 2016 for smoothed labels; Touvron and others 2019 for small pictures;
         Brock and others 2017, FreezeOut, for layers that stop learning
Asks:    How much can be learned in nine epochs?
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import cifar10, digits, shapes
from fathom.data.pictures import Pictures, mistakes
from fathom.lab import Frame, View, choice, field, knob, line, points, switch, tiles

DATA = {"cifar10": cifar10.load, "shapes": shapes.load, "digits": digits.load}
SIDE, SMALL = 32, 24  # of the pictures, and of those that most of the run sees
GROWN, FROZEN = 0.65, 0.45  # shares of the run after which they are large, first layers frozen
FIRST = 6  # layers: the computed convolution, the first learned one, and what follows each
STEM = 12  # numbers in a piece of 2 x 2 pixels, and directions; each has two filters
NOISE = 0.01  # where pieces differ by less than that, in square, it is not enlarged much
WIDTHS, DEPTHS = (32, 96, 160), (2, 3, 4)  # feature maps and convolutions of the three blocks
MOMENTUM = 0.85
SURE = 4  # logits are so large; the last layer hardly learns, the others learn to feed it
MARGIN = 2  # a picture is moved by up to so many places
LR, LR_PLAIN = 0.06, 0.15  # step sizes of the filters: by Muon, and without it
LR_BIAS, LR_LAST = 0.0125, 0.16  # of the biases, and of the last layer
DECAY = 5e-7  # of biases and the last layer, for each picture of a batch
SHOWN, SEEN = 32, 16  # test pictures, and pictures of a batch, that are shown
AT_ONCE = 500  # pictures in a batch of the test
LOOKED = 2000  # pictures whose pieces the first layer is computed from


@dataclass
class Config:
    data: str = choice("cifar10", list(DATA), "photographs, or written digits (always there)")
    pictures: int = knob(50_000, 100, 50_000, "how many pictures it learns from, at most")
    epochs: int = knob(9, 1, 100, "passes over all of them")
    batch: int = knob(500, 4, 2000, "pictures in a step")
    lr: float = knob(1.0, 0.01, 10.0, "all step sizes, times this", log=True, live=True)
    muon: bool = switch(True, "steps of Muon for the filters, not plain gradients with momentum")
    whiten: bool = switch(True, "compute the first layer from the pictures, do not learn it")
    identity: bool = switch(True, "begin with filters that hand on what they are given")
    shortcuts: bool = switch(True, "add what the last convolution of a block gets to what it says")
    small: bool = switch(True, "learn from smaller pictures for most of the run")
    freeze: bool = switch(True, "the first layers stop learning before half of the run is over")
    smoothing: float = knob(0.1, 0.0, 0.5, "how unsure it is taught to be", live=True)
    augment: bool = switch(True, "mirror the pictures, and move them a little", live=True)
    looks: bool = switch(True, "the last test looks at each picture six times")
    image: int = knob(0, 0, SHOWN - 1, "the picture whose feature maps are shown", looks=True)
    precision: str = choice("bfloat16", ["float32", "bfloat16"], "how exactly it calculates")
    threads: int = knob(2, 1, 8, "processor cores that work together")
    seed: int = knob(0, 0, 9999, "chooses the first weights and the order of the pictures")


class Head(nn.Linear):
    """The strongest answer of each map, wherever it is; then a linear layer."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, W, H, H) -> (B, 10), for maps of any size."""
        return SURE / self.in_features * super().forward(x.amax(dim=(2, 3)))


class Shortcut(nn.Module):
    """Layers that say what is to be added to what they are given."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(B, W, H, H) -> (B, W, H, H)."""
        change: Tensor = self.layers(x)
        return x + change


def network(stem: nn.Conv2d, identity: bool, shortcuts: bool) -> nn.Sequential:
    """Ten convolutions and a linear layer. (B, 3, 32, 32) -> (B, 10)."""
    layers: list[nn.Module] = [stem, nn.GELU()]  # (B, 24, 31, 31)
    before = 2 * STEM
    for width, depth in zip(WIDTHS, DEPTHS, strict=True):  # maps of 15 x 15, of 7 x 7, of 3 x 3
        layers += [convolution(before, width, identity), nn.MaxPool2d(2), *rest(width)]
        for _ in range(depth - 2):
            layers += [convolution(width, width, identity), *rest(width)]
        last = convolution(width, width, identity), *rest(width)
        layers += [Shortcut(*last)] if shortcuts else last
        before = width
    head = Head(before, 10, bias=False)
    nn.init.normal_(head.weight)
    return nn.Sequential(*layers, head)


def convolution(before: int, after: int, identity: bool) -> nn.Conv2d:
    """Kernels of 3 x 3. With `identity`, the first maps are those that come in."""
    layer = nn.Conv2d(before, after, 3, padding=1, bias=False)
    if identity:
        nn.init.dirac_(layer.weight[:before])
    return layer


def rest(width: int) -> tuple[nn.Module, nn.Module]:
    """Batch norm, whose scale stays 1 and which soon forgets, and a smooth ReLU."""
    norm = nn.BatchNorm2d(width, momentum=0.4)
    norm.weight.requires_grad = False
    return norm, nn.GELU()


@torch.no_grad()
def whiten(stem: nn.Conv2d, images: Tensor) -> None:
    """Filters after which the pieces of pictures (N, 3, 32, 32) differ equally in all directions.

    Pixels beside each other are nearly equal, so most of what a piece says is said again and
    again. The eigenvectors of the covariance are directions that say different things, and
    divided by the root of its eigenvalue each counts as much as any other.
    """
    pieces = F.unfold(images, 2, stride=2).transpose(1, 2).flatten(0, 1)  # (N * 256, 12)
    size, direction = torch.linalg.eigh(pieces.T @ pieces / len(pieces))  # rising
    best = (direction / (size + NOISE).sqrt()).T.flip(0).reshape(STEM, 3, 2, 2)
    stem.weight.copy_(torch.cat([best, -best]))  # GELU keeps what is above 0: a filter for each end
    stem.weight.requires_grad = False
    nn.init.zeros_(stem.bias)  # type: ignore[arg-type]  # it has one, and learns it


class Muon:
    """Every direction of a step is made equally long, which a gradient leaves to a few."""

    def __init__(self, filters: list[nn.Parameter]) -> None:
        self.filters = filters
        self.momenta = [torch.zeros_like(one) for one in filters]

    @torch.no_grad()
    def step(self, lr: float) -> None:
        """Filters are kept at one size, so that a step of lr means the same all along."""
        for weight, momentum in zip(self.filters, self.momenta, strict=True):
            if weight.grad is None:
                continue  # it is frozen
            momentum.mul_(MOMENTUM).add_(weight.grad)
            change = orthogonal((weight.grad + MOMENTUM * momentum).flatten(1)).view_as(weight)
            weight.mul_(len(weight) ** 0.5 / weight.norm()).sub_(lr * change)


def orthogonal(x: Tensor) -> Tensor:
    """About U V of the singular values x = U S V, (R, C), by three steps of Newton and Schulz."""
    x = (x / (x.norm() + 1e-7)).bfloat16()  # no singular value is above 1, and few digits will do
    high = len(x) > x.shape[1]
    x = x.T if high else x
    for _ in range(3):  # the factors are Jordan's: fast from below, then about 1
        square = x @ x.T
        x = 3.4445 * x + (2.0315 * square @ square - 4.775 * square) @ x
    return (x.T if high else x).float()


def run(config: Config) -> Iterator[Frame]:
    """Train, and test before the first step and after every epoch. B: pictures in a batch."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    chance = Generator().manual_seed(config.seed)
    data = DATA[config.data]()
    stem = nn.Conv2d(3, 2 * STEM, 2)
    net = network(stem, config.identity, config.shortcuts)
    if config.whiten:
        whiten(stem, prepare(data.images[:LOOKED]))
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    learned = [one for one in net.parameters() if one.requires_grad]
    filters = [one for one in learned if one.ndim == 4]
    muon = Muon(filters)
    optimizer = sgd(learned, filters, config)
    exactly = torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bfloat16")
    mirrors = config.data == "cifar10"  # a mirrored digit is none
    count = min(config.pictures, len(data.labels))
    mirrored = torch.rand(count, generator=chance) < 0.5

    batches = max(1, count // config.batch)  # an epoch leaves out the rest
    last = config.epochs * batches
    for step in range(last + 1):
        epoch, tested = step // batches, dict[str, float]()
        if step % batches == 0:  # an epoch begins
            order = torch.randperm(count, generator=chance)
            with exactly:
                confusion, tested = test(net, data, config.looks and step == last, mirrors)

        # 1. input and target
        start = step % batches * config.batch
        some = order[start : start + config.batch]
        images, labels = data.images[some], data.labels[some]  # (B, 3, 32, 32), (B,)
        if config.augment:  # what is mirrored in one epoch is not in the next
            mirror = mirrored[some] ^ (epoch % 2 == 1)  # (B,)
            images = shift(images, mirror & mirrors, chance)
        x = prepare(images)
        if config.small and step < GROWN * last:
            x = F.interpolate(x, size=(SMALL, SMALL), mode="bilinear", antialias=True)
        # 2. forward
        with exactly:
            logits = net(x).float()  # (B, 10)
        # 3. loss
        loss = F.cross_entropy(logits, labels, label_smoothing=config.smoothing)

        accuracy = (logits.argmax(dim=1) == labels).float().mean().item()
        scale = config.lr * (1 - step / last)  # falls to 0
        now = Now(net, data, confusion, x[:SEEN], step / last, exactly)
        numbers = {"loss": loss.item(), "train_accuracy": accuracy, **tested}
        yield Frame(step, of=last, **numbers, views=partial(look, config, now))
        if step == last:
            return
        # 4. backward
        if config.freeze and step >= FROZEN * last:  # the largest maps, and they learn first
            net[:FIRST].requires_grad_(False)
        net.zero_grad()
        loss.backward()
        # 5. update
        for group in optimizer.param_groups:
            group["lr"] = scale * group["full"]
        optimizer.step()
        if config.muon:
            muon.step(scale * LR)


def sgd(
    learned: list[nn.Parameter], filters: list[nn.Parameter], config: Config
) -> torch.optim.SGD:
    """Momentum for all that Muon does not move; each group knows its largest step."""
    decay = DECAY * config.batch
    head = [one for one in learned if one.ndim == 2]
    biases = [one for one in learned if one.ndim == 1]
    moved = [(biases, LR_BIAS), (head, LR_LAST), ([] if config.muon else filters, LR_PLAIN)]
    groups = [
        {"params": some, "full": lr, "lr": lr, "weight_decay": decay / lr} for some, lr in moved
    ]
    return torch.optim.SGD(groups, momentum=MOMENTUM, nesterov=True)


def prepare(images: Tensor) -> Tensor:
    """Pictures of bytes as numbers of about mean 0 and spread 1."""
    return images.to(torch.float32, memory_format=torch.channels_last).sub_(120).div_(64)


def shift(images: Tensor, mirror: Tensor, chance: Generator) -> Tensor:
    """Move every picture by up to 2 places each way, and mirror those that are named, (B,)."""
    count = len(images)
    ways = torch.randint(2 * MARGIN + 1, (2, count, 1), generator=chance)
    rows, columns = ways + torch.arange(SIDE)  # (B, 32) each
    columns = torch.where(mirror[:, None], columns.flip(1), columns)
    wide = F.pad(images.float(), (MARGIN,) * 4, mode="reflect").to(torch.uint8)  # (B, 3, 36, 36)
    every = torch.arange(count)[:, None, None]
    moved = wide.permute(0, 2, 3, 1)[every, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)  # (B, 3, 32, 32)


@torch.no_grad()
def test(
    net: nn.Sequential, data: Pictures, looks: bool, mirror: bool
) -> tuple[Tensor, dict[str, float]]:
    """All test pictures: how often each class is named as each, (10, 10); loss and accuracy."""
    net.eval()  # batch norm takes the means of the training
    parts = data.test_images.split(AT_ONCE)
    once = torch.cat([net(prepare(part)).float() for part in parts])  # (M, 10)
    logits = torch.cat([several(net, part, mirror) for part in parts]) if looks else once
    net.train()
    said, labels = logits.argmax(dim=1), data.test_labels  # (M,), (M,)
    confusion = torch.bincount(10 * labels + said, minlength=100).reshape(10, 10)
    numbers = {
        "test_loss": F.cross_entropy(logits, labels).item(),
        "test_accuracy": (said == labels).float().mean().item(),
    }
    if looks:  # what it would have been without
        numbers["one_look"] = (once.argmax(dim=1) == labels).float().mean().item()
    return confusion, numbers


def several(net: nn.Sequential, images: Tensor, mirror: bool) -> Tensor:
    """What is said to pictures (B, 3, 32, 32) from six looks: as they are, which counts double,
    and moved by a place up and left, or down and right; each also mirrored. (B, 10)."""
    wide = F.pad(images.float(), (1, 1, 1, 1), mode="reflect")  # (B, 3, 34, 34)
    moved = [(0.5, images), (0.25, wide[..., :-2, :-2]), (0.25, wide[..., 2:, 2:])]
    logits = torch.zeros(())
    for share, look in moved:
        for seen in (look, look.flip(3) if mirror else look):
            logits = logits + share / 2 * net(prepare(seen)).float()
    return logits


# ---- what is seen


@dataclass
class Now:
    """What the pictures are made of, at one step."""

    net: nn.Sequential
    data: Pictures
    confusion: Tensor  # of the last test, (10, 10)
    seen: Tensor  # the pictures of the batch as the network gets them, (N, 3, H, H)
    done: float  # the share of the run that is over
    exactly: torch.autocast


@torch.no_grad()
def look(config: Config, now: Now) -> dict[str, View]:
    """Some test pictures with what the network says, how it learns, what its first layer finds."""
    data, (stem, *deeper) = now.data, now.net
    pictures, labels = data.test_images[:SHOWN], data.test_labels[:SHOWN]
    now.net.eval()
    with now.exactly:
        found = stem(prepare(pictures))  # (N, 24, 31, 31)
        logits = nn.Sequential(*deeper)(found).float()
    now.net.train()
    sure, guess = logits.softmax(dim=1).max(dim=1)
    right = guess == labels
    captions = [
        f"{data.names[one]} {100 * share:.0f} %"
        for one, share in zip(guess.tolist(), sure.tolist(), strict=True)
    ]
    side, name = now.seen.shape[-1], data.names[int(labels[config.image])]
    return {
        "pictures": tiles(
            pictures,
            captions=captions,
            right=right,
            knob="image",
            columns=8,
            title="Test pictures",
            says=f"{SHOWN} test pictures, {int(right.sum())} of them named rightly",
        ),
        "seen": tiles(
            (64 * now.seen + 120).clamp(0, 255).to(torch.uint8),
            columns=8,
            title="Pictures of the batch, as the network gets them",
            says=f"{len(now.seen)} pictures of the batch, {side} by {side} pixels",
        ),
        **schedule(config.lr, now.done),
        "filters": tiles(
            next(now.net.parameters())[:STEM],  # (12, 3, 2, 2)
            each=True,
            columns=8,
            title="Half of the filters of the first layer",
            says=f"{STEM} filters of the first layer; the others are their opposites",
        ),
        "maps": tiles(
            found[config.image, :STEM].float(),
            each=True,
            columns=8,
            title="What they find",
            says=f"what each of these filters answers to picture {config.image}, a {name}",
        ),
        "alike": alike(found[:, :STEM].float()),
        "confusion": mistakes(now.confusion, data.names),
    }


def schedule(lr: float, done: float) -> dict[str, View]:
    """The step size over the whole run, and where the run is."""
    x = torch.linspace(0, 1, 51)
    return {
        "step_size": points(
            torch.tensor([[100 * done, lr * (1 - done)]]),
            x=(0, 100),
            y=(0, max(1.0, lr)),
            title="Step size",
            x_label="per cent of the run",
            y_label="share of the largest",
            says=f"{100 * done:.0f} % of the run is over, the step size is {lr * (1 - done):.2f}",
        ),
        "course": line(100 * x, lr * (1 - x), on="step_size", says="it falls to 0 in a line"),
    }


def alike(found: Tensor) -> View:
    """How much the filters say the same, as correlations over all places: found (N, 12, H, H)."""
    answers = found.transpose(0, 1).flatten(1)  # (12, N * H * H)
    some = (answers.std(dim=1) > 0.1).float()  # in grey pictures most find nothing
    share = torch.corrcoef(answers).nan_to_num() * some * some[:, None]  # (12, 12)
    most = (share - share.diag().diag()).abs().max()
    return field(
        share.flip(0),  # row 0 is drawn at the bottom
        x=(1, len(share)),
        y=(len(share), 1),
        lo=-1,
        hi=1,
        pixels=True,
        title="How much the filters say the same",
        x_label="filter",
        y_label="filter",
        says=f"correlations between filters of the first layer; two of them reach {most:.2f}",
    )
