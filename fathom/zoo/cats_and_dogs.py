"""Three networks learn cats and dogs from few photographs: two of them have seen others before.

Watch:   All three are the same network and see the same pictures. One starts from nothing. Two
         start from weights that were learned on 40,000 pictures of cars, birds, frogs and such,
         without a cat or a dog. Of these, one learns only its last layer, the other all of them.
         From nothing is not much better than guessing; what was learned on frogs helps at once,
         and most where all layers may go on learning. Then look at how far the stages went: the
         first ones of that network hardly moved, for edges and colours are the same on a cat.
         Choose a picture of your own, also when the training is over, and hear what each says.
Promise: lead >= 0.05 with any threads, network, image (for every seed; lead is what the better of
         the two has more of 150 test pictures right, as a share, in the mean of the last tests)
Source:  Yosinski, Clune, Bengio and Lipson 2014, How transferable are features in deep neural
         networks?; Kornblith, Shlens and Le 2019, Do better ImageNet models transfer better?
Asks:    What is it worth to have seen frogs before?
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from fathom.data import cifar10, digits, own, photographs
from fathom.data.pictures import Pictures
from fathom.errors import DataError
from fathom.lab import Frame, View, choice, knob, line, own_picture, switch, tell, text, tiles
from fathom.pretrained import resnet18, store
from fathom.pretrained.network import ResNet, Staged
from fathom.pretrained.training import augment, prepare

SIZES = {"cifar8": 48, "imagenet": 112}  # photographs are scaled to so many places each way
SHOWN = 24  # test pictures that are shown with what a network says
MOST = 48  # channels that are shown
TESTS = 12  # how often all networks are tested in a run
RACERS = ("from nothing", "last layer", "all layers")
STAGES = 4  # of the network, before its last layer
REUSED = 0.1  # stages that are reused learn with this share of lr, so that little is lost
AT_ONCE = 150  # pictures in a batch of the test
STEADY = 4  # tests whose mean counts: one test of 150 pictures is uncertain by four in a hundred
SMOOTH = 10  # batches whose mean loss is drawn


@dataclass
class Config:
    data: str = choice(
        "photographs", ["photographs", "cifar10", "digits"], "where cats and dogs come from"
    )
    body: str = choice("cifar8", list(SIZES), "what they saw before, and so which network it is")
    folder: str = text("", "photographs of your own: the name of their folder in FATHOM_DATA")
    pictures: int = knob(200, 20, 700, "how many pictures there are to learn from")
    tested: int = knob(150, 20, 1000, "how many pictures are held out for the test")
    batch: int = knob(20, 4, 100, "pictures in a step")
    steps: int = knob(100, 1, 2000, "updates of the weights")
    lr: float = knob(0.003, 1e-5, 0.1, "the step size of Adam", log=True, live=True)
    frozen: int = knob(0, 0, STAGES, "first stages of 'all layers' that stay", live=True)
    augment: bool = switch(True, "move and mirror the pictures at random", live=True)
    network: str = choice("all layers", RACERS, "the network that is looked at", looks=True)
    image: int = knob(0, 0, SHOWN - 1, "the picture whose feature maps are shown", looks=True)
    picture: str = own_picture("a picture of your own: what does each network say?", looks=True)
    threads: int = knob(2, 1, 8, "processor cores that work together")
    seed: int = knob(0, 0, 9999, "chooses the pictures, their order and the first weights")


@dataclass
class Racer:
    """A network on its way: what it was at the start, and what moves it."""

    net: Staged
    start: Staged  # what it was before the first step
    share: float  # of lr, for the stages
    optimizer: torch.optim.Optimizer  # first the last layer, then the stages
    losses: list[float]  # of every batch so far


def run(config: Config) -> Iterator[Frame]:
    """Train all three on the same batches. B: pictures in a batch, K classes."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    chance = Generator().manual_seed(config.seed)
    data = gather(config, chance)
    mirror = config.data != "digits"
    racers = {name: enter(name, len(data.names), config.body) for name in RACERS}
    test_images = prepare(data.test_images)  # (M, 3, S, S)
    reused = see(racers["last layer"].net, test_images)  # (M, D): this body never changes
    tests: dict[int, Tensor] = {}  # after how many steps: how often each of the three is right
    order = torch.empty(0, dtype=torch.long)

    for step in range(config.steps + 1):
        # 1. input and target: all pictures in a new order, again and again
        while len(order) < config.batch:
            order = torch.cat([order, torch.randperm(len(data.labels), generator=chance)])
        some, order = order[: config.batch], order[config.batch :]
        images, labels = prepare(data.images[some]), data.labels[some]  # (B, 3, S, S), (B,)
        if config.augment:
            images = augment(images, chance, mirror)
        # 2. forward, and 3. loss
        losses = []
        for name, racer in racers.items():
            stay(racer.net, {"last layer": STAGES, "all layers": config.frozen}.get(name, 0))
            losses.append(F.cross_entropy(racer.net(images), labels))
            racer.losses.append(losses[-1].item())

        tested: dict[str, float] = {}
        if step % max(1, config.steps // TESTS) == 0 or step == config.steps:
            tests[step] = test(racers, test_images, reused, data.test_labels)
            tested = numbers(tests)

        views = partial(look, config, racers, data, tests)
        yield Frame(step, of=config.steps, **tested, views=views)
        if step == config.steps:
            return
        # 4. backward, and 5. update
        for racer, loss in zip(racers.values(), losses, strict=True):
            last, stages = racer.optimizer.param_groups
            last["lr"], stages["lr"] = config.lr, config.lr * racer.share
            racer.optimizer.zero_grad()
            loss.backward()
            racer.optimizer.step()


def gather(config: Config, chance: Generator) -> Pictures:
    """A few pictures to learn from, as many of each class; and some for the test, mixed."""
    data, size = find(config, chance), SIZES[config.body]
    each = max(1, config.pictures // len(data.names))
    learned = [
        of_class[torch.randperm(len(of_class), generator=chance)[:each]]
        for label in range(len(data.names))
        for of_class in [(data.labels == label).nonzero()[:, 0]]
    ]
    some = torch.cat(learned)
    some_test = torch.randperm(len(data.test_labels), generator=chance)[: config.tested]
    return Pictures(
        images=enlarge(data.images[some], size),
        labels=data.labels[some],
        test_images=enlarge(data.test_images[some_test], size),
        test_labels=data.test_labels[some_test],
        names=data.names,
    )


def enlarge(images: Tensor, size: int) -> Tensor:
    """Small pictures for a network that is used to large ones; those of 48 and less stay."""
    if size <= SIZES["cifar8"] or images.shape[-1] >= size:
        return images
    wide = F.interpolate(images.float(), (size, size), mode="bicubic")
    return wide.round().clamp(0, 255).to(torch.uint8)


def find(config: Config, chance: Generator) -> Pictures:
    """All pictures there are. Without photographs, the cats and dogs of CIFAR-10 if it is here."""
    if config.data == "digits":
        return digits.load()
    if config.data == "photographs":
        other = cifar10.find() is not None
        if config.folder or photographs.find() or not other:
            try:
                return photographs.load(SIZES[config.body], chance, config.folder)
            except DataError as error:
                instead = {"data": "cifar10" if other else "digits"}
                raise DataError(str(error), instead) from error
        tell.notice("There are no photographs here: cats and dogs of CIFAR-10 are taken instead.")
    try:
        return cifar10.load().only(("cat", "dog"))
    except DataError as error:
        raise DataError(str(error), {"data": "digits"}) from error


def enter(name: str, classes: int, body: str) -> Racer:
    """A network that starts from nothing, or with the stages of one that was trained before.

    All of them get a new last layer, whose inputs are scaled, so that it learns fast.
    """
    reuses = name != RACERS[0]
    net: Staged
    if body == "imagenet":
        net = resnet18.staged(resnet18.load() if reuses else resnet18.ResNet18(), classes)
    else:
        net = ResNet(classes)
        if reuses:
            net.stages.load_state_dict(store.load().stages.state_dict())
    net.head = nn.Sequential(nn.BatchNorm1d(net.width, affine=False), net.head)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # faster
    groups = [{"params": net.head.parameters()}, {"params": net.stages.parameters()}]
    share = REUSED if reuses else 1.0
    return Racer(net, deepcopy(net), share, torch.optim.Adam(groups, fused=True), [])


def stay(net: Staged, frozen: int) -> None:
    """Have the first stages stay as they are, with their batch norms; all others learn."""
    net.train()
    for number, stage in enumerate(net.stages):
        stage.train(number >= frozen)
        stage.requires_grad_(number >= frozen)


@torch.no_grad()
def see(net: Staged, images: Tensor) -> Tensor:
    """What the stages make of many pictures (M, 3, S, S): their features (M, D)."""
    net.eval()
    return torch.cat([net.features(some) for some in images.split(AT_ONCE)])


@torch.no_grad()
def test(racers: dict[str, Racer], images: Tensor, reused: Tensor, labels: Tensor) -> Tensor:
    """The share of the test pictures that each network names right, (3,)."""
    shares = []
    for name, racer in racers.items():
        net = racer.net.eval()
        features = reused if name == "last layer" else see(net, images)
        shares.append((net.head(features).argmax(dim=1) == labels).float().mean())
    return torch.stack(shares)


def numbers(tests: dict[int, Tensor]) -> dict[str, float]:
    """The last test, and by how much the reused weights lead, as the mean of the last tests."""
    shares = torch.stack(list(tests.values()))  # (T, 3)
    nothing, last_layer, all_layers = shares[-STEADY:].mean(dim=0).tolist()
    return {
        "from_nothing": shares[-1, 0].item(),
        "last_layer": shares[-1, 1].item(),
        "all_layers": shares[-1, 2].item(),
        "lead": max(last_layer, all_layers) - nothing,
    }


# ---- what is seen


@torch.no_grad()
def look(
    config: Config, racers: dict[str, Racer], data: Pictures, tests: dict[int, Tensor]
) -> dict[str, View]:
    """Test pictures with what one network says, what it sees in one, and how the race stands."""
    net, names = racers[config.network].net.eval(), data.names
    images, labels = data.test_images[:SHOWN], data.test_labels[:SHOWN]
    sure, guess = net(prepare(images)).softmax(dim=1).max(dim=1)
    captions = [
        f"{names[one]} {100 * share:.0f} %"
        for one, share in zip(guess.tolist(), sure.tolist(), strict=True)
    ]
    shown = min(config.image, len(images) - 1)
    first = net.stages[:1](prepare(images[shown : shown + 1]))[0]  # (A, S, S)
    second = net.stages[1](first[None])[0, :MOST]  # (B, S / 2, S / 2)
    right = guess == labels
    seen: dict[str, View] = {
        "pictures": tiles(
            images,
            captions=captions,
            right=right,
            knob="image",
            columns=8,
            title="Test pictures, and what the network says",
            says=f"{len(images)} test pictures, {int(right.sum())} of them named rightly by the "
            f"network {config.network}",
        ),
        "maps": tiles(
            second,
            columns=12,
            each=True,
            title="What its second stage finds",
            says=f"where each of {len(second)} channels answers to picture {shown}, "
            f"a {names[int(labels[shown])]}",
        ),
        "filters": tiles(
            next(net.parameters()),
            each=True,
            columns=12,
            title="What its first stage looks for",
            says=f"the filters of the first stage of the network {config.network}, which began as "
            + ("noise" if config.network == RACERS[0] else "what other pictures had taught them"),
        ),
    }
    return yours(config, racers, data) | seen | standing(racers, tests, len(data.labels))


def yours(config: Config, racers: dict[str, Racer], data: Pictures) -> dict[str, View]:
    """What each of the three networks says of the learner's own picture."""
    if not config.picture:
        return {}
    size = data.images.shape[-1]
    x = own.load(config.picture, size, written=config.data == "digits")  # (1, 3, S, S)
    said = {}
    for name, racer in racers.items():
        sure, best = racer.net.eval()(prepare(x)).softmax(dim=1).max(dim=1)
        said[name] = f"{data.names[int(best)]} {100 * sure.item():.0f} %"
    return {
        "yours": tiles(
            x.expand(len(said), -1, -1, -1),
            captions=[f"{name}\n{one}" for name, one in said.items()],
            columns=len(said),
            title="Your picture, and what each network says",
            says="your picture: " + ", ".join(f"{name} {one}" for name, one in said.items()),
        )
    }


def standing(racers: dict[str, Racer], tests: dict[int, Tensor], count: int) -> dict[str, View]:
    """The test accuracies and losses of the three so far, and how far their weights went."""
    shares = torch.stack(list(tests.values()))  # (T, 3)
    now = ", ".join(f"{name} {one:.0%}" for name, one in zip(racers, shares[-1], strict=True))
    moved = {name: way(one) for name, one in racers.items()}
    losses = {name: smooth(one.losses) for name, one in racers.items()}
    return {
        "accuracy": line(
            torch.tensor(list(tests)),
            dict(zip(racers, shares.T, strict=True)),
            y_range=(0, 1),
            dots=True,
            title=f"test accuracy, {count} pictures to learn from",
            x_label="step",
            y_label="share named right",
            says=f"after {list(tests)[-1]} steps: {now}",
        ),
        "losses": line(
            torch.arange(len(next(iter(losses.values())))),
            losses,
            title=f"training loss, mean of {SMOOTH} batches",
            x_label="step",
            y_label="loss",
            says="the training loss: "
            + ", ".join(f"{name} {one[-1]:.2f}" for name, one in losses.items()),
        ),
        "moved": line(
            torch.arange(1, STAGES + 1),
            moved,
            x_range=(1, STAGES),
            dots=True,
            title="how far each stage went from its start",
            x_label="stage",
            y_label="share of its length",
            says="; ".join(
                f"{name}: {one[0]:.0%} in the first stage, {one[-1]:.0%} in the last"
                for name, one in moved.items()
            ),
        ),
    }


def way(racer: Racer) -> Tensor:
    """How far the convolutions of each stage are from their start, over their length: (4,)."""
    shares = []
    for now, then in zip(racer.net.stages, racer.start.stages, strict=True):
        pairs = zip(now.parameters(), then.parameters(), strict=True)
        both = [(a.flatten(), b.flatten()) for a, b in pairs if a.ndim > 1]
        a, b = (torch.cat(one) for one in zip(*both, strict=True))
        shares.append((a - b).norm() / b.norm())
    return torch.stack(shares)


def smooth(losses: list[float]) -> Tensor:
    """The mean of each loss and of those just before it: (T,)."""
    total = F.pad(torch.tensor(losses, dtype=torch.float64).cumsum(0), (1, 0))  # (T + 1,)
    ends = torch.arange(1, len(losses) + 1)
    starts = (ends - SMOOTH).clamp(min=0)
    return (total[ends] - total[starts]) / (ends - starts)
