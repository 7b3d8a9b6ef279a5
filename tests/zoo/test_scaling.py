"""The line is that of least squares, what it foretells was not seen, and every dot is measured."""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from fathom.errors import KnobError
from fathom.lab.config import configure
from fathom.zoo import scaling
from fathom.zoo.scaling import (
    REPEATS,
    SURE,
    TESTED,
    Config,
    Networks,
    fit,
    floor,
    keep,
    ladder,
    losses,
    make,
    pick,
)

QUICK = {"largest": 320, "updates": 40, "widths": 2}


def made(**raw):
    config = configure(Config, raw)
    return make(config, torch.Generator().manual_seed(config.seed))


def frames(**raw):
    return list(scaling.run(configure(Config, QUICK | raw)))


@pytest.fixture(scope="module")
def quick():
    return frames()


def test_the_numbers_of_examples_double():
    assert ladder(320) == [40, 80, 160, 320]
    assert ladder(1280) == [40, 80, 160, 320, 640, 1280]
    assert ladder(20480)[0] == 40
    assert ladder(1000) == [62, 125, 250, 500, 1000]
    assert len(ladder(20480)) - 3 <= len(SURE)  # the bar has a width for every number of dots


def test_a_power_law_is_foretold_exactly():
    sizes = ladder(2560)
    losses = torch.tensor([7 * n**-0.35 for n in sizes])
    found = fit(sizes, losses)
    assert found.slope == pytest.approx(-0.35, abs=1e-5)
    assert found.foretold == pytest.approx(float(losses[-1]), rel=1e-5)
    assert found.error == pytest.approx(0, abs=1e-5)
    assert found.spread == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("largest", [320, 1280, 20480])
def test_the_line_and_its_bar_are_those_of_scipy(largest):
    sizes = ladder(largest)
    rng = np.random.default_rng(largest)
    y = -0.5 * np.log10(sizes) + rng.normal(0, 0.1, len(sizes))
    found = fit(sizes, torch.from_numpy(10**y))
    x = np.log10(sizes)
    theirs = stats.linregress(x[:-1], y[:-1])
    assert found.slope == pytest.approx(theirs.slope)
    assert found.error == pytest.approx(theirs.stderr)
    assert found.foretold == pytest.approx(10 ** (theirs.slope * x[-1] + theirs.intercept))
    design = np.stack([np.ones(len(x) - 1), x[:-1]], axis=1)  # the textbook's matrix, for the bar
    free = len(x) - 3
    rest = y[:-1] - design @ np.linalg.solve(design.T @ design, design.T @ y[:-1])
    ahead = np.array([1, x[-1]])
    further = 1 + ahead @ np.linalg.inv(design.T @ design) @ ahead
    wanted = stats.t.ppf(0.975, free) * math.sqrt(rest @ rest / free * further)
    assert found.spread == pytest.approx(wanted, rel=0.002)  # SURE has two decimals


def test_the_last_loss_is_not_asked_before_it_is_foretold():
    sizes = ladder(640)
    known = torch.tensor([1.0, 0.6, 0.3, 0.2, torch.nan])
    other = torch.tensor([1.0, 0.6, 0.3, 0.2, 5.0])
    assert fit(sizes, known) == fit(sizes, other)


def test_networks_side_by_side_learn_what_they_would_learn_alone():
    data = made(largest=320)
    nets = Networks(64, 5, 10, torch.Generator().manual_seed(1))
    some = torch.arange(REPEATS * 6).view(REPEATS, 6)
    x, label = pick(data, some)
    found = losses(nets, x, label)
    found.sum().backward()
    for r in (0, 3, REPEATS - 1):
        alone = nn.Sequential(nn.Linear(64, 5), nn.ReLU(), nn.Linear(5, 10))
        with torch.no_grad():
            alone[0].weight.copy_(nets.w1[r].T)
            alone[0].bias.copy_(nets.b1[r, 0])
            alone[2].weight.copy_(nets.w2[r].T)
            alone[2].bias.copy_(nets.b2[r, 0])
        mine = data.x[r, some[r]], data.label[r, some[r]]
        loss = nn.functional.cross_entropy(alone(mine[0]), mine[1])
        loss.backward()
        assert found[r].item() == pytest.approx(loss.item(), rel=1e-5)
        assert nets.w1.grad[r].T.numpy() == pytest.approx(alone[0].weight.grad.numpy(), abs=1e-5)


def test_each_network_keeps_the_weights_that_were_best_for_itself():
    data, chance = made(largest=320), torch.Generator().manual_seed(0)
    best, nets = (Networks(64, 4, 10, chance) for _ in range(2))
    x, label = data.x[:, :50], data.label[:, :50]
    with torch.no_grad():
        before, now = losses(best, x, label), losses(nets, x, label)
    better = now < before
    assert better.any()
    assert not better.all()
    lowest = keep(best, nets, before, x, label)
    assert torch.equal(lowest, torch.minimum(before, now))
    with torch.no_grad():
        assert losses(best, x, label).numpy() == pytest.approx(lowest.numpy(), rel=1e-5)


@pytest.mark.parametrize("data", ["digits", "teacher"])
def test_nobody_learns_an_example_of_the_test(data):
    found = made(data=data, largest=640)
    for r in range(REPEATS):
        learned = {tuple(one) for one in found.x[r].tolist()}
        tested = {tuple(one) for one in found.test_x[r].tolist()}
        assert len(tested) == TESTED[data]
        assert not learned & tested
    assert not torch.equal(found.test_x[0], found.test_x[1])


@pytest.mark.parametrize("data", ["digits", "teacher"])
def test_noise_is_the_share_of_labels_that_are_drawn_by_lot(data):
    clean, noisy = made(data=data, largest=1280), made(data=data, largest=1280, noise=0.5)
    assert torch.equal(clean.x, noisy.x)
    for one, other in ((clean.label, noisy.label), (clean.test_label, noisy.test_label)):
        assert (one != other).float().mean().item() == pytest.approx(0.5 * 0.9, abs=0.02)


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.9])
def test_the_floor_is_the_entropy_of_the_labels(noise):
    said = np.full(10, noise / 10)
    said[3] += 1 - noise
    assert floor(noise, 10) == pytest.approx(stats.entropy(said))


def test_a_teacher_has_no_class_that_is_never_its_answer():
    for seed in range(5):
        counts = torch.bincount(made(data="teacher", seed=seed).label.flatten(), minlength=10)
        assert counts.max() < 0.6 * counts.sum()
        assert (counts > 0).sum() >= 5


def test_too_many_digits_are_refused_in_a_sentence():
    with pytest.raises(KnobError, match=r"beside the test there are 1397\..*data=teacher"):
        next(scaling.run(configure(Config, {"largest": 2000})))


def test_the_largest_is_foretold_before_it_is_trained():
    per, pairs = QUICK["updates"], 2 * 4
    ahead, early, last = None, None, None
    for frame in scaling.run(configure(Config, QUICK)):  # drawn while it runs
        if frame.step == per * 6 - 1:
            early = frame.draw()
        if frame.step == per * 6:
            ahead = frame.draw()
        last = frame
    done = last.draw()
    assert last.step == per * pairs
    assert "foretold" not in early[0]
    assert "measured" not in ahead[0]
    assert ahead[0]["foretold"] == done[0]["foretold"]
    assert np.isnan(early[1]["fit"].arrays["ys"]).all()
    assert early[1]["losses"].arrays["held_out"].sum() == 1  # of the narrow one all is measured
    assert ahead[1]["losses"].arrays["held_out"].tolist() == [0, 0, 1, 1]
    for (_, views), measured in ((ahead, 3), (done, 4)):
        marks = views["losses"].arrays["xy"]
        assert np.isfinite(views["curves"].arrays["ys"]).sum(axis=1).tolist() == [measured] * 2
        assert marks[1, 1] == pytest.approx(views["curves"].arrays["ys"][1, measured - 1])
        assert 10 ** marks[3, 1] == pytest.approx(ahead[0]["foretold"], rel=1e-5)
        assert views["fit"].arrays["ys"][0, -1] == pytest.approx(marks[3, 1], abs=1e-5)
    table = done[1]["table"].arrays["values"]
    assert np.isfinite(table).all()
    assert done[0]["measured"] == pytest.approx(float(table[-1, -1]))
    ratio = done[0]["measured"] / done[0]["foretold"]
    assert done[0]["off"] == pytest.approx(max(ratio, 1 / ratio))


def test_a_curve_over_the_weights_counts_them_all(quick):
    _, views = quick[-1].draw()
    counts = [
        sum(p.numel() for p in Networks(64, w, 10, torch.Generator()).parameters()) / REPEATS
        for w in (2, 8)
    ]
    assert 10 ** views["by_weights"].arrays["x"] == pytest.approx(counts, rel=1e-5)


def test_more_examples_and_more_neurons_help_and_noise_does_not():
    plain, noisy = (frames(updates=150, **one)[-1].draw()[1] for one in ({}, {"noise": 0.3}))
    table = plain["table"].arrays["values"]
    assert table[1, 0] > 1.5 * table[1, -1]
    assert table[0, -1] > 1.5 * table[1, -1]
    spoilt = noisy["table"].arrays["values"]
    assert (spoilt > floor(0.3, 10)).all()
    assert spoilt[1, -1] > table[1, -1] + 0.3
    assert "floor" in noisy
    assert "floor" not in plain
