"""Two deep networks learn the same pictures from the same first weights: one has shortcuts.

Watch:   The network with shortcuts learns within a few dozen steps; the plain one stays where
         guessing is. Look at the gradients: without shortcuts hardly anything of the mistake
         arrives at the first layers. Look at the feature maps: deep inside the plain network
         every picture looks alike. Set blocks to 2, and both learn. Switch batch_norm on, and
         the gradients no longer vanish.
Promise: ahead >= 0.6 (for every seed; ahead is the test accuracy with shortcuts, less that
         without)
Source:  He, Zhang, Ren and Sun 2015, Deep residual learning for image recognition; Ioffe and
         Szegedy 2015, batch normalization
"""

from collections.abc import Iterator
from dataclasses import dataclass, field as declare
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import cifar10, digits, shapes
from fathom.data.pictures import Pictures
from fathom.lab import Frame, View, choice, knob, line, switch, tiles

DATA = {"digits": digits.load, "cifar10": cifar10.load, "shapes": shapes.load}
NAMES = ("with shortcuts", "plain")
TESTED = 500  # test pictures at most
EVERY = 10  # steps from one test to the next
SHOWN = 10  # test pictures that one can choose from
DEPTHS = 4  # places inside each network that are looked into
RECENT = 10  # steps whose mean loss is drawn
LOST = 100.0  # losses are drawn up to here
TINY = 1e-20  # a logarithm is taken of nothing smaller


@dataclass
class Config:
    data: str = choice("digits", list(DATA), "written digits (always there), or photographs")
    blocks: int = knob(16, 1, 40, "blocks of two convolutions in each network")
    width: int = knob(16, 2, 64, "feature maps in every layer")
    batch_norm: bool = switch(False, "bring each feature map to mean 0 and spread 1")
    lr: float = knob(0.01, 1e-4, 1.0, "the learning rate, with momentum 0.9", log=True, live=True)
    batch: int = knob(64, 8, 256, "pictures in a step")
    image: int = knob(0, 0, SHOWN - 1, "the picture whose feature maps are shown", looks=True)
    steps: int = knob(150, 1, 5000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the first weights and the order of the pictures")


class Block(nn.Module):
    """Two convolutions. With a shortcut, what came in is added to what they say."""

    def __init__(self, width: int, batch_norm: bool, shortcut: bool) -> None:
        super().__init__()
        self.shortcut = shortcut
        self.change = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.BatchNorm2d(width) if batch_norm else nn.Identity(),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.BatchNorm2d(width) if batch_norm else nn.Identity(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, W, 8, 8) -> (B, W, 8, 8)."""
        change: Tensor = self.change(x)
        return torch.relu(x + change if self.shortcut else change)


def network(config: Config, shortcuts: bool) -> nn.Sequential:
    """A first convolution, the blocks, and one linear layer. (B, 3, 32, 32) -> (B, 10)."""
    return nn.Sequential(
        nn.Conv2d(3, config.width, 4, stride=4),  # (B, W, 8, 8)
        *(Block(config.width, config.batch_norm, shortcuts) for _ in range(config.blocks)),
        nn.Flatten(),  # (B, 64 W)
        nn.Linear(64 * config.width, 10),
    )


@dataclass
class Past:
    """What is kept of the run; a number for each of the two networks, (2,)."""

    losses: list[Tensor] = declare(default_factory=list)  # of the batch, every step
    accuracies: list[Tensor] = declare(default_factory=list)  # of the test, every tenth step


def run(config: Config) -> Iterator[Frame]:
    """Train both networks with the same batches. B: pictures in a batch, W: width."""
    torch.manual_seed(config.seed)
    chance = Generator().manual_seed(config.seed)
    data = DATA[config.data]()
    nets = [network(config, shortcuts=True), network(config, shortcuts=False)]
    nets[1].load_state_dict(nets[0].state_dict())  # the same first weights
    optimizers = [torch.optim.SGD(net.parameters(), momentum=0.9) for net in nets]
    batches = len(data.labels) // config.batch  # an epoch leaves out the rest
    past = Past()

    for step in count():
        if step % batches == 0:  # an epoch begins
            order = torch.randperm(len(data.labels), generator=chance)
        start = step % batches * config.batch
        some = order[start : start + config.batch]
        images, labels = prepare(data.images[some]), data.labels[some]  # (B, 3, 32, 32), (B,)
        losses = []
        for net in nets:
            net.zero_grad()
            loss = F.cross_entropy(net(images), labels)
            loss.backward()
            losses.append(loss.detach())
        past.losses.append(torch.stack(losses))
        if step % EVERY == 0 or step >= config.steps:
            past.accuracies.append(torch.tensor([test(net, data) for net in nets]))

        yield Frame(
            step,
            of=max(step, config.steps),
            loss=losses[0],
            ahead=past.accuracies[-1][0] - past.accuracies[-1][1],
            views=partial(look, config, nets, data, past),
        )
        if step >= config.steps:
            return

        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = config.lr
            optimizer.step()


def prepare(images: Tensor) -> Tensor:
    """Pictures of bytes as numbers from -1 to 1."""
    return images.float() / 127.5 - 1


@torch.no_grad()
def test(net: nn.Sequential, data: Pictures) -> float:
    """The share of the first test pictures that is named rightly."""
    net.eval()  # batch norm takes the means of the training
    said = net(prepare(data.test_images[:TESTED])).argmax(dim=1)
    net.train()
    return float((said == data.test_labels[:TESTED]).float().mean())


# ---- what is seen


@torch.no_grad()
def look(config: Config, nets: list[nn.Sequential], data: Pictures, past: Past) -> dict[str, View]:
    """The race, what arrives at each layer from both ends, and one picture deep inside."""
    shown = prepare(data.test_images[:SHOWN])
    inside = [features(net, shown) for net in nets]  # of each block (10, W, 8, 8), and (10, 10)
    steep = torch.stack([gradients(net) for net in nets], dim=1)  # (layers, 2)
    left = torch.tensor([[differences(block) for block in blocks[:-1]] for blocks in inside])
    every = EVERY * torch.arange(len(past.accuracies))
    every[-1] = len(past.losses) - 1  # the last test comes when the run ends
    return {
        "accuracies": curves(
            every, torch.stack(past.accuracies), "share of test pictures named rightly", "step"
        ),
        "losses": curves(
            torch.arange(len(past.losses)), recent(past.losses), "loss of the batches", "step"
        ),
        "gradients": curves(
            1 + torch.arange(len(steep)),
            steep.clamp(min=TINY).log10(),
            "size of the gradient in each layer",
            "layer, the last one answers",
            "log\u2081\u2080",
        ),
        "differences": curves(
            torch.arange(left.shape[1]), left.T, "how much pictures differ inside", "after block"
        ),
        "pictures": pictures(data, [blocks[-1] for blocks in inside]),
        "maps": maps([[block[config.image] for block in blocks[:-1]] for blocks in inside]),
    }


def features(net: nn.Sequential, images: Tensor) -> list[Tensor]:
    """What the first layer and each block say to some pictures, (N, W, 8, 8); then the logits."""
    net.eval()
    first, *blocks, flat, last = net
    said = [first(images)]
    for block in blocks:
        said.append(block(said[-1]))
    said.append(last(flat(said[-1])))
    net.train()
    return said


def gradients(net: nn.Sequential) -> Tensor:
    """How far from 0 the gradient of the weights of each layer is, in the mean."""
    weights = [layer.weight for layer in net.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    return torch.stack([w.grad.abs().mean() for w in weights if w.grad is not None])


def differences(block: Tensor) -> float:
    """How far pictures differ in what is said to them (N, W, 8, 8), as a share of its size."""
    apart = (block - block.mean(dim=0)).square().mean()
    return float((apart / block.square().mean().clamp(min=TINY)).sqrt())


def recent(losses: list[Tensor]) -> Tensor:
    """The losses, each the mean of the last ten steps: (steps, 2)."""
    kept = torch.stack(losses).nan_to_num(LOST).clamp(max=LOST)
    before = kept[:1].expand(RECENT - 1, -1)
    return torch.cat([before, kept]).unfold(0, RECENT, 1).mean(dim=-1)


def curves(x: Tensor, y: Tensor, title: str, x_label: str, y_label: str = "") -> View:
    """A curve for each of the two networks: x (X,), y (X, 2)."""
    ends = ", ".join(f"{name} {first:.3g}" for name, first in zip(NAMES, y[-1], strict=True))
    where = f"at {x_label.split(',')[0]} {int(x[-1])}"
    if x_label.startswith("layer"):  # what vanishes, vanishes on the way to the first
        ends = ", ".join(f"{name} {first:.3g}" for name, first in zip(NAMES, y[0], strict=True))
        where = "at the first layer"
    return line(
        x,
        dict(zip(NAMES, y.T, strict=True)),
        title=title,
        x_label=x_label,
        y_label=y_label,
        says=f"{title}, {where}: {ends}",
    )


def pictures(data: Pictures, logits: list[Tensor]) -> View:
    """Some test pictures, and what both networks (N, 10) say."""
    ours, theirs = (one.argmax(dim=1) for one in logits)  # (N,) each
    labels = data.test_labels[:SHOWN]
    right = ours == labels
    named = [
        f"{data.names[a]}, plain: {data.names[b]}"
        for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)
    ]
    return tiles(
        data.test_images[:SHOWN],
        captions=named,
        right=right,
        knob="image",
        columns=5,
        title="Test pictures",
        says=f"of {SHOWN} test pictures the network with shortcuts names {int(right.sum())} "
        f"rightly, the plain one {int((theirs == labels).sum())}",
    )


def maps(inside: list[list[Tensor]]) -> View:
    """The mean of the feature maps after some blocks (W, 8, 8), of one picture."""
    last = len(inside[0]) - 1
    places = sorted({round(last * part / (DEPTHS - 1)) for part in range(DEPTHS)})
    shown = [blocks[place].mean(dim=0) for blocks in inside for place in places]
    return tiles(
        torch.stack(shown),
        each=True,
        captions=[f"{name} {place}" for name in ("shortcuts", "plain") for place in places],
        columns=len(places),
        title="One picture after each of these blocks",
        says=f"feature maps of one picture after blocks {', '.join(map(str, places))}: "
        f"above {NAMES[0]}, below {NAMES[1]}",
    )
