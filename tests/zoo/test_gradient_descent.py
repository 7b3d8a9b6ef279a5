"""Walkers on a surface against what can be worked out by hand."""

import itertools

import pytest
import torch

from fathom.lab.config import configure
from fathom.zoo.gradient_descent import LOST, SURFACES, Config, run


def losses(**raw):
    """Of the last frame: the loss of each walker at every step, by name."""
    *_, frame = run(configure(Config, raw))
    _, views = frame.draw()
    view = views["losses"]
    return dict(zip(view.words["names"], view.arrays["ys"].tolist(), strict=True))


def path(number, **raw):
    *_, frame = run(configure(Config, raw))
    _, views = frame.draw()
    walked = views[f"path_{number}"].arrays
    return list(zip(walked["x"].tolist(), walked["ys"][0].tolist(), strict=True))


def test_each_step_of_sgd_shrinks_each_weight_by_its_curvature():
    for (x, y), (x_next, y_next) in itertools.pairwise(path(1, lr=0.05, steps=20)):
        assert x_next == pytest.approx((1 - 0.05 * 1) * x, rel=1e-4)
        assert y_next == pytest.approx((1 - 0.05 * 10) * y, rel=1e-4, abs=1e-6)


def test_the_largest_rate_zigzags_and_above_a_fifth_it_is_thrown_out():
    across = [y for _, y in path(4, race="rates", lr=0.0475, steps=10)]
    assert all(a * b < 0 for a, b in itertools.pairwise(across))
    assert abs(across[-1]) < abs(across[0])
    thrown = [y for _, y in path(4, race="rates", lr=0.06, steps=200)]
    assert LOST < abs(thrown[-1]) < 100 * LOST  # it stays where it was lost


def test_the_rates_rank_as_the_theory_says():
    found = losses(race="rates", lr=0.04, steps=60)
    assert found["rate / 4"][-1] > found["rate"][-1] > found["2 x rate"][-1]


def test_momentum_is_further_than_sgd_at_the_same_rate():
    found = losses(lr=0.02, steps=80)
    assert found["momentum"][-1] < found["sgd"][-1]


def test_who_starts_on_the_ridge_of_the_saddle_leaves_it():
    found = losses(surface="saddle", steps=400)
    assert all(one[0] > 1 for one in found.values())
    assert all(one[-1] < 0.05 for one in found.values())


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_goes_below_nothing_and_the_lowest_place_is_in_the_picture(surface):
    across = torch.linspace(-2, 2, 401)
    y, x = torch.meshgrid(across, across, indexing="ij")
    heights = SURFACES[surface](x, y)
    wide = SURFACES[surface](3 * x, 3 * y)
    assert float(heights.min()) >= 0
    assert float(wide.min()) >= float(heights.min()) - 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_the_best_walker_arrives(seed):
    found = losses(seed=seed)
    assert min(one[-1] for one in found.values()) <= 0.001
