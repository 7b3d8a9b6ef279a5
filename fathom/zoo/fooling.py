"""A network learns to read pictures, and somebody shifts every pixel a little to fool it.

Watch:   The test pictures, what is added to them, and what comes out: we read them as before, and
         the network is sure of something else. The same amount of random noise does next to
         nothing; in the curve the share that is fooled rises at once for the one, and hardly for
         the other. Turn epsilon down until you cannot see the change; choose cifar10, where far
         less is enough. Switch defend on, start again, and look at the curve once more. Or choose
         a picture of your own, also when the training is over.
Promise: gap >= 0.5 (for every seed; gap is the share of test pictures that is fooled by the
         gradient, less the share that is fooled by random noise of the same size)
Source:  Szegedy and others 2013, Intriguing properties of neural networks; Goodfellow, Shlens and
         Szegedy 2014, Explaining and harnessing adversarial examples; Kurakin, Goodfellow and
         Bengio 2016, the iterated attack; Zeiler and Fergus 2013, covering parts of a picture
Pace:    30 steps a second
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import cifar10, digits, own, shapes
from fathom.lab import Frame, View, choice, field, knob, line, own_picture, points, switch, tiles

DATA = {"digits": digits.load, "cifar10": cifar10.load, "shapes": shapes.load}
FARTHEST = 0.3  # epsilon
TRIED = 0.3 * torch.linspace(0, 1, 8).square()  # these values of it; dense where it is small
TESTED = 100  # test pictures that are attacked
SHOWN = 8  # of them are shown
SIDE, STRIDE = 8, 2  # of the square that covers a part of a picture
OWN = ("as it is", "fooled", "with noise")  # how the learner's own picture is shown
COVER = {"digits": 0.0, "cifar10": 0.5}  # what it is filled with: paper, or grey


@dataclass
class Config:
    data: str = choice("digits", list(DATA), "written digits (always there), or photographs")
    epsilon: float = knob(
        0.1, 0.0, FARTHEST, "how far each pixel may move; black to white is 1", live=True
    )
    tries: int = knob(1, 1, 10, "steps of the attack; 1 is the fast gradient sign", live=True)
    defend: bool = switch(False, "learn from fooled pictures, too", live=True)
    image: int = knob(0, 0, SHOWN - 1, "the picture of which parts are covered", looks=True)
    picture: str = own_picture("a picture of your own, to be fooled as well", looks=True)
    lr: float = knob(0.002, 1e-5, 0.1, "the step size of Adam", log=True, live=True)
    batch: int = knob(64, 8, 512, "pictures in a step")
    steps: int = knob(300, 1, 10_000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the first weights, the batches and the random noise")


def network(channels: int) -> nn.Sequential:
    """A small convolutional network. (B, C, 32, 32) -> (B, 10)."""
    return nn.Sequential(
        nn.Conv2d(channels, 16, 4, stride=2, padding=1),  # (B, 16, 16, 16)
        nn.ReLU(),
        nn.Conv2d(16, 32, 4, stride=2, padding=1),  # (B, 32, 8, 8)
        nn.ReLU(),
        nn.Flatten(),  # (B, 2048)
        nn.Linear(2048, 10),
    )


def run(config: Config) -> Iterator[Frame]:
    """Train; every frame that is drawn attacks the network as it is. B: pictures in a batch."""
    torch.manual_seed(config.seed)
    chance = Generator().manual_seed(config.seed)
    data = DATA[config.data]()
    channels = 1 if config.data == "digits" else 3  # digits are grey: one channel says all
    x, labels = scale(data.test_images[:TESTED, :channels]), data.test_labels[:TESTED]
    coins = torch.rand(x.shape, generator=chance).sub(0.5).sign()  # random noise, of -1 and 1
    net = network(channels)
    optimizer = torch.optim.Adam(net.parameters())

    for step in count():
        some = torch.randint(len(data.labels), (config.batch,), generator=chance)
        images, named = scale(data.images[some, :channels]), data.labels[some]  # (B, C, 32, 32)
        if config.defend:
            half = config.batch // 2
            images[:half] = attack(net, images[:half], named[:half], config.epsilon, config.tries)
        loss = F.cross_entropy(net(images), named)
        yield Frame(
            step,
            of=max(step, config.steps),
            loss=loss.item(),
            views=partial(look, config, net, x, labels, coins, data.names),
        )
        if step >= config.steps:
            return

        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = config.lr
        optimizer.step()


def scale(images: Tensor) -> Tensor:
    """Pictures of bytes as numbers from 0, black, to 1."""
    return images.float() / 255


@torch.enable_grad()
def attack(net: nn.Module, x: Tensor, labels: Tensor, epsilon: float, tries: int) -> Tensor:
    """Pictures (N, C, H, W) in which no pixel is further than epsilon from x, and the loss larger.

    In one step, the fast gradient sign: x + epsilon sign(slope of the loss for x). In several
    steps the slope is looked at anew after each.
    """
    shifted = x
    for _ in range(tries):
        shifted = shifted.detach().requires_grad_()
        loss = F.cross_entropy(net(shifted), labels, reduction="sum")
        (slope,) = torch.autograd.grad(loss, shifted)  # (N, C, H, W); the weights get none
        far = shifted + (1.5 if tries > 1 else 1.0) * epsilon / tries * slope.sign()
        shifted = torch.minimum(torch.maximum(far, x - epsilon), x + epsilon).clamp(0, 1)
    return shifted.detach()


def cover(net: nn.Module, x: Tensor, named: int, shade: float) -> tuple[Tensor, Tensor]:
    """What becomes of the probability of the class `named` when a square covers a part of x.

    x: (C, 32, 32). Returns the covered pictures (P, P, C, 32, 32) and the probabilities (P, P).
    """
    starts = range(0, x.shape[-1] - SIDE + 1, STRIDE)  # P of them
    covered = x.expand(len(starts), len(starts), *x.shape).clone()
    for row, top in enumerate(starts):
        for column, left in enumerate(starts):
            covered[row, column, :, top : top + SIDE, left : left + SIDE] = shade
    shares = net(covered.flatten(0, 1)).softmax(dim=1)[:, named]
    return covered, shares.reshape(len(starts), len(starts))


# ---- what is seen


@torch.no_grad()
def look(
    config: Config, net: nn.Module, x: Tensor, labels: Tensor, coins: Tensor, names: tuple[str, ...]
) -> dict[str, float | View]:
    """Pictures before and after both kinds of noise, how many are fooled, and what matters."""
    shifted = attack(net, x, labels, config.epsilon, config.tries)
    noisy = (x + config.epsilon * coins).clamp(0, 1)
    before, after, random = (net(some).softmax(dim=1) for some in (x, shifted, noisy))
    by_gradient = fooled(before, after, labels)
    numbers: dict[str, float | View] = {
        "test_accuracy": right(before, labels).float().mean().item(),
        "gap": by_gradient - fooled(before, random, labels),
    }
    return (
        numbers
        | yours(config, net, coins[:1], names)
        | {
            "before": answers("Test pictures", x, before, labels, names, knob="image"),
            "change": change(shifted - x, config.epsilon),
            "after": answers("With this added", shifted, after, labels, names),
            "random": answers("With as much random noise", noisy, random, labels, names),
        }
        | curves(config, net, x, labels, coins, by_gradient)
        | parts(net, x[config.image], names, COVER[config.data])
    )


def right(shares: Tensor, labels: Tensor) -> Tensor:
    """Which pictures are named rightly: shares (N, 10), labels (N,) -> (N,)."""
    return shares.argmax(dim=1) == labels


def fooled(before: Tensor, after: Tensor, labels: Tensor) -> float:
    """Of the pictures that were named rightly, the share that no longer is."""
    known = right(before, labels)
    return float((known & ~right(after, labels)).sum() / known.sum().clamp(min=1))


def drawable(x: Tensor) -> Tensor:
    """Pictures (N, C, 32, 32) as they are drawn: grey ones have no channels."""
    return x[:, 0] if x.shape[1] == 1 else x


def answers(
    title: str, x: Tensor, shares: Tensor, labels: Tensor, names: tuple[str, ...], knob: str = ""
) -> View:
    """The first pictures with what the network says, and how surely."""
    sure, said = shares[:SHOWN].max(dim=1)
    known = right(shares, labels)
    return tiles(
        drawable(x[:SHOWN]),
        lo=0,
        hi=1,
        colours="grey",
        captions=[
            f"{names[one]} {share:.0%}"
            for one, share in zip(said.tolist(), sure.tolist(), strict=True)
        ],
        right=known[:SHOWN],
        knob=knob,
        columns=SHOWN,
        title=title,
        says=f"{title.lower()}: {known.float().mean():.0%} of {len(x)} named rightly",
    )


def change(added: Tensor, epsilon: float) -> View:
    """What was added to the first pictures, with colours that make the most of it."""
    end = max(epsilon, 1e-6)
    return tiles(
        drawable(added[:SHOWN]),
        lo=-end,
        hi=end,
        colours="diverging",
        columns=SHOWN,
        title="What is added, enlarged",
        says=f"what is added to the pictures: at most {epsilon:.3g} to each pixel",
    )


def yours(config: Config, net: nn.Module, coin: Tensor, names: tuple[str, ...]) -> dict[str, View]:
    """The same with the learner's own picture; the attack is on what the network says of it.

    coin: random noise (1, C, 32, 32), of -1 and 1.
    """
    if not config.picture:
        return {}
    x = scale(own.load(config.picture, 32, written=config.data == "digits"))[:, : coin.shape[1]]
    shifted = attack(net, x, net(x).argmax(dim=1), config.epsilon, config.tries)
    shown = torch.cat([x, shifted, (x + config.epsilon * coin).clamp(0, 1)])  # (3, C, 32, 32)
    sure, said = net(shown).softmax(dim=1).max(dim=1)
    answers = [
        f"{names[one]} {share:.0%}" for one, share in zip(said.tolist(), sure.tolist(), strict=True)
    ]
    both = list(zip(OWN, answers, strict=True))
    return {
        "yours": tiles(
            drawable(shown),
            lo=0,
            hi=1,
            colours="grey",
            captions=[f"{how}\n{answer}" for how, answer in both],
            columns=len(OWN),
            title="Your picture",
            says="your picture " + ", ".join(f"{how}: {answer}" for how, answer in both),
        )
    }


def curves(
    config: Config, net: nn.Module, x: Tensor, labels: Tensor, coins: Tensor, now: float
) -> dict[str, View]:
    """The share that is fooled over epsilon, by the gradient (`now` as epsilon is) and by noise."""
    before = net(x)
    by_gradient, by_noise = [], []
    for epsilon in TRIED.tolist():
        shifted = attack(net, x, labels, epsilon, config.tries)
        by_gradient.append(fooled(before, net(shifted), labels))
        by_noise.append(fooled(before, net((x + epsilon * coins).clamp(0, 1)), labels))
    half = next((e for e, share in zip(TRIED, by_gradient, strict=True) if share >= 0.5), None)
    needs = f"at epsilon {half:.2g}" if half is not None else "nowhere"
    return {
        "share": points(
            torch.tensor([[config.epsilon, now]]),
            label=[2],
            names=["by the gradient", "by random noise", "this epsilon"],
            x=(0, FARTHEST),
            y=(0, 1),
            title="fooled, of those named rightly before",
            x_label="epsilon",
            says=f"half of the pictures or more are fooled by the gradient {needs}; "
            f"random noise of {FARTHEST:g} fools {by_noise[-1]:.0%}",
        ),
        "fooled": line(
            TRIED,
            {"by the gradient": by_gradient, "by random noise": by_noise},
            on="share",
            says="the share that each of them fools",
        ),
    }


def parts(net: nn.Module, x: Tensor, names: tuple[str, ...], shade: float) -> dict[str, View]:
    """Which parts of one picture (C, 32, 32) the answer hangs on."""
    shares = net(x[None]).softmax(dim=1)[0]
    share, named = shares.max(dim=0)
    covered, left = cover(net, x, int(named), shade)
    worst = covered.flatten(0, 1)[left.argmin()]
    both = torch.stack([x, worst])
    said = net(both).softmax(dim=1).max(dim=1)
    captions = [
        f"{names[one]} {sure:.0%}"
        for one, sure in zip(said.indices.tolist(), said.values.tolist(), strict=True)
    ]
    return {
        "matters": field(
            share - left.flip(0),
            x=(SIDE / 2, 32 - SIDE / 2),
            y=(SIDE / 2, 32 - SIDE / 2),
            lo=-1,
            hi=1,
            title=f"what {names[int(named)]} hangs on",
            labels=["surer without", "surer with this place"],
            x_label="middle of the square",
            says=f"covering one place takes {100 * float(share - left.min()):.0f} of 100 from "
            f"{names[int(named)]}",
        ),
        "covered": tiles(
            drawable(both),
            lo=0,
            hi=1,
            colours="grey",
            captions=captions,
            columns=2,
            title="The picture, and where covering hurts most",
            says=f"the picture is named {captions[0]}; with one square covered {captions[1]}",
        ),
    }
