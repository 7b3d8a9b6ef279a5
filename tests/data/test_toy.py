"""Made-up data have the shape they claim, and come from the generator alone."""

import pytest
import torch

from fathom.data import toy

CLASSES = [toy.xor, toy.circles, toy.moons, toy.spirals, toy.blobs]
HEIGHTS = [toy.plane, toy.hills]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("made", CLASSES + HEIGHTS)
def test_the_seed_of_the_generator_decides(made):
    for one, same, other in zip(
        made(50, seeded()), made(50, seeded()), made(50, seeded(1)), strict=True
    ):
        assert torch.equal(one, same)
        if one.is_floating_point():
            assert not torch.equal(one, other)


@pytest.mark.parametrize("made", CLASSES)
def test_two_classes_of_about_the_same_size_inside_the_picture(made):
    places, labels = made(400, seeded())
    assert places.shape == (400, 2)
    assert labels.unique().tolist() == [0, 1]
    assert 160 <= labels.sum() <= 240
    assert places.abs().max() < 1.2


@pytest.mark.parametrize("made", HEIGHTS)
def test_heights_fill_the_range_from_minus_one_to_one(made):
    places, heights = made(2000, seeded())
    assert places.abs().max() <= 0.9
    assert heights.max() == pytest.approx(1, abs=0.1)
    assert heights.min() == pytest.approx(-1, abs=0.1)


def test_a_circle_is_told_by_its_radius_and_xor_by_the_sign_of_the_product():
    places, labels = toy.circles(300, seeded())
    assert torch.equal(places.norm(dim=1) < 0.55, labels == 1)
    places, labels = toy.xor(300, seeded())
    assert torch.equal(places[:, 0] * places[:, 1] > 0, labels == 1)


def test_the_arms_of_the_spiral_are_one_another_turned_by_half_a_turn():
    places, labels = toy.spirals(400, seeded())
    arm = places * (1 - 2 * labels[:, None])  # the second arm turned back
    radius = arm.norm(dim=1)
    angle = 3 * torch.pi * (radius - 0.12) / 0.78
    expected = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
    assert torch.allclose(arm, expected, atol=1e-4)


def test_the_square_begins_at_the_lower_left_and_goes_right():
    square = toy.square(3)
    assert square[:2].tolist() == [[-1, -1], [0, -1]]
    assert square[-1].tolist() == [1, 1]
