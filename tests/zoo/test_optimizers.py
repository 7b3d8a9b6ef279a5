"""The four rules are those of torch.optim; the race is four trainings; what first weights do."""

from itertools import pairwise

import pytest
import torch
from torch import Generator, nn
from torch.nn import functional as F

from fathom.data import digits
from fathom.data.digits import TRAINED
from fathom.lab.config import configure
from fathom.zoo import optimizers
from fathom.zoo.optimizers import (
    RULES,
    SCALES,
    Config,
    Memory,
    first_weights,
    matrices,
    network,
    rms,
)

THEIRS = {
    "sgd": lambda weights, lr: torch.optim.SGD(weights, lr),
    "momentum": lambda weights, lr: torch.optim.SGD(weights, lr, momentum=0.9),
    "rmsprop": lambda weights, lr: torch.optim.RMSprop(weights, lr),
    "adam": lambda weights, lr: torch.optim.Adam(weights, lr),
}
SIZES = [64, 32, 32, 32, 32, 10]


def frames(**raw):
    return list(optimizers.run(configure(Config, raw)))


def inside(frame):
    """What the look of a frame is given."""
    names = ("config", "sizes", "start", "weights", "slopes", "images", "past")
    return dict(zip(names, frame.seen["views"].args, strict=True))


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("seed", range(3))
def test_every_rule_takes_the_steps_of_torch(name, seed):
    chance = Generator().manual_seed(seed)
    ours = torch.randn(50, generator=chance, dtype=torch.double)
    theirs = ours.clone().requires_grad_()
    optimizer, memory = THEIRS[name]([theirs], 0.01), Memory()
    for step in range(60):
        lr = 0.01 if step < 30 else 0.003  # it is turned on the way
        slope = torch.randn(50, generator=chance, dtype=torch.double) * 10 ** (step % 5 - 2)
        ours = ours - lr * RULES[name](slope, memory, 0.9)
        optimizer.param_groups[0]["lr"] = lr
        theirs.grad = slope
        optimizer.step()
    assert ours.numpy() == pytest.approx(theirs.detach().numpy(), rel=1e-6, abs=1e-6)


def test_the_first_step_of_adam_is_as_long_as_the_learning_rate_whatever_the_slope():
    slope = torch.tensor([1e-3, -5.0, 200.0])
    assert RULES["adam"](slope, Memory(), 0.9).tolist() == pytest.approx([1, -1, 1], rel=1e-3)


@pytest.mark.parametrize("name", RULES)
def test_each_of_the_four_learns_what_it_would_learn_alone(name):
    *_, last = frames(steps=30, lr=0.03, adaptive_lr=0.002, batch=50)
    seen, r = inside(last), list(RULES).index(name)
    layers = [nn.Linear(a, b) for a, b in pairwise(SIZES)]
    with torch.no_grad():
        for layer, (w, b) in zip(layers, matrices(seen["start"][None], SIZES), strict=True):
            layer.weight.copy_(w[0].T)
            layer.bias.copy_(b[0, 0])
    alone = nn.Sequential(*[one for layer in layers for one in (layer, nn.ReLU())][:-1])
    optimizer = THEIRS[name](alone.parameters(), 0.03 if name in ("sgd", "momentum") else 0.002)
    images, labels = digits.rows()
    chance = Generator().manual_seed(0)
    first_weights(SIZES, 1.0, chance)  # draws as many numbers as the run did
    order, losses = torch.randperm(TRAINED, generator=chance), []
    for some in order[: 31 * 50].split(50):
        loss = F.cross_entropy(alone(images[some]), labels[some])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    raced = torch.stack(seen["past"].losses)[:30, r]
    assert raced.tolist() == pytest.approx(losses[:30], rel=2e-2, abs=1e-3)


def sizes_of_activations(init, depth=8):
    """The size of the activations in each hidden layer, before anything is learned."""
    images, _ = digits.rows()
    sizes = [64] + [32] * depth + [10]
    nets = [first_weights(sizes, SCALES[init], Generator().manual_seed(s)) for s in range(20)]
    sums = network(torch.stack(nets), sizes, images[:200])
    return [float(rms(torch.relu(one)).mean()) for one in sums[:-1]]


def test_with_the_weights_of_he_the_activations_stay_as_large_as_they_are():
    sizes = sizes_of_activations("he")
    assert all(0.5 < one < 2 for one in sizes)


def test_small_weights_let_them_die_away_and_large_ones_let_them_explode():
    he = sizes_of_activations("he")
    for init in ("small", "large"):
        ratio = [one / other for one, other in zip(sizes_of_activations(init), he, strict=True)]
        expected = [SCALES[init] ** depth for depth in range(1, 9)]  # ReLU keeps factors
        assert ratio == pytest.approx(expected, rel=1e-3)


def test_from_zeros_only_the_last_bias_learns():
    *_, last = frames(init="zeros", steps=40)
    weights = inside(last)["weights"].detach()
    assert (weights[:, :-10] == 0).all()
    assert (weights[:, -10:] != 0).all()
    assert last.numbers()["val_accuracy"] < 0.2


def test_from_small_weights_sgd_stands_still_where_adam_learns():
    *_, last = frames(init="small", steps=200)
    losses = dict(zip(RULES, torch.stack(inside(last)["past"].losses)[-20:].mean(0), strict=True))
    assert losses["sgd"] > 2.29  # log 10 is what a guess costs
    assert losses["adam"] < 1.2
    assert losses["rmsprop"] < 1.2


def test_who_is_thrown_out_stops_and_the_others_go_on():
    seen = frames(lr=1.0, init="large", steps=30)
    numbers, views = seen[-1].draw()
    losses = torch.stack(inside(seen[-1])["past"].losses)
    assert losses[-1, 0] == optimizers.LOST
    assert losses[-1, 3] < losses[0, 3]
    assert all(torch.isfinite(torch.tensor(list(numbers.values()))))
    assert all((abs(views[name].arrays["ys"]) < 10).all() for name in ("losses", "slopes"))
    assert inside(seen[-1])["past"].steps[-1][0] == 0


def test_the_size_of_a_step_is_how_far_the_weights_moved():
    run = optimizers.run(configure(Config, {"steps": 3}))
    next(run)
    before = inside(next(run))["weights"].detach().clone()
    seen = inside(next(run))
    moved = (seen["weights"].detach() - before).square().mean(dim=1).sqrt()
    assert seen["past"].steps[-1].tolist() == pytest.approx(moved.tolist(), rel=1e-3)
