"""A convolution by hand is that of torch, and clicks land where they were made."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from fathom.errors import KnobError
from fathom.lab.config import configure, turn
from fathom.lab.views import CRISP
from fathom.zoo import convolution
from fathom.zoo.convolution import KERNELS, PICTURES, SIDE, Config, convolve, numbers, paint


def ended(**raw):
    *_, last = convolution.run(configure(Config, raw))
    return last


def shown(view):
    """The values of a field as they were before they travelled, the first row at the top."""
    values = view.arrays["values"].astype(float)
    if view.words["rows"]:
        return values
    low, high = view.words["lo"], view.words["hi"]
    return np.flipud(low + values[::CRISP, ::CRISP] / 255 * (high - low))


@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("sides", [(5, 5), (7, 12), (12, 8)])
def test_it_is_the_convolution_of_torch(size, stride, sides):
    chance = torch.Generator().manual_seed(size + stride)
    x, kernel = (torch.randn(shape, generator=chance) for shape in (sides, (size, size)))
    theirs = F.conv2d(x[None, None], kernel[None, None], stride=stride)[0, 0]
    ours = convolve(x, kernel, stride, theirs.numel())
    assert ours.numpy() == pytest.approx(theirs.numpy(), abs=1e-5)


def test_only_places_that_were_visited_have_a_number():
    y = convolve(torch.ones(4, 4), torch.ones(3, 3), 1, 3)
    assert y.tolist() == [[9, 9], [9, 0]]


@pytest.mark.parametrize(
    ("stride", "padding", "side"), [(1, 0, 10), (1, 1, 12), (1, 2, 14), (2, 0, 5), (3, 1, 4)]
)
def test_stride_and_padding_make_the_size_of_the_map(stride, padding, side):
    _, views = ended(stride=stride, padding=padding, steps=1).draw()
    assert shown(views["map"]).shape == (side, side)
    assert f"{side * side} places" in views["map"].says


def test_each_number_is_the_sum_of_the_products_that_are_shown():
    frame = ended(steps=37, kernel="sharpen", padding=1)  # 37 = 3 x 12 + 1
    counted, views = frame.draw()
    patch, kernel, products = (shown(views[name]) for name in ("patch", "kernel", "products"))
    assert products == pytest.approx(patch * kernel, abs=1e-6)
    assert counted["sum"] == pytest.approx(products.sum(), abs=1e-5)
    end = views["map"].words["hi"]
    assert shown(views["map"])[3, 1] == pytest.approx(counted["sum"], abs=end / 100)
    assert counted["gap"] <= 1e-5


def test_the_square_stands_where_the_patch_was_taken():
    _, views = ended(steps=6, stride=2, noise=0, picture="slope").draw()
    across, up = views["square"].arrays["x"], views["square"].arrays["ys"][0]
    left, top = int(across.min()), SIDE - int(up.max())
    assert (left, top) == (2, 2)  # 6 is the second place of the second row of five
    covered = PICTURES["slope"][top : top + 3, left : left + 3]
    assert shown(views["patch"]) == pytest.approx(covered.numpy())


def test_what_is_negative_becomes_0_and_squares_of_the_map_one_number():
    raw = {"relu": "on", "pool": "max", "steps": 99}
    _, views = ended(**raw).draw()
    out, end = shown(views["map"]), views["map"].words["hi"]
    assert out.min() >= -end / 100
    best = out.reshape(5, 2, 5, 2).max(axis=(1, 3))
    assert shown(views["pooled"]) == pytest.approx(best, abs=1e-9)


def test_a_kernel_changed_on_the_way_changes_the_whole_map():
    config = configure(Config, {"noise": 0, "steps": 60, "picture": "disc"})
    for frame in convolution.run(config):
        if frame.step == 50:
            turn(config, "kernel", "copy")
    _, views = frame.draw()
    copied = PICTURES["disc"][1:-1, 1:-1].numpy().flatten()[:61]
    end = views["map"].words["hi"]
    assert shown(views["map"]).flatten()[:61] == pytest.approx(copied, abs=end / 100)


def test_a_click_paints_the_pixel_under_it_and_a_second_wipes_it_away():
    made = paint(PICTURES["empty"], ((2.5, 11.9, 0.0), (12.0, 0.0, 0.0)))
    assert made.nonzero().tolist() == [[0, 2], [11, 11]]
    assert paint(made, ((2.1, 11.1, 0.0),)).nonzero().tolist() == [[11, 11]]
    assert PICTURES["empty"].sum() == 0


def test_a_click_in_the_map_sends_the_square_there():
    config = configure(Config, {"noise": 0, "steps": 20})
    for frame in convolution.run(config):
        if frame.step == 4:
            turn(config, "visited", "3.5,7.5,0")
        if frame.step == 5:
            _, views = frame.draw()
    assert views["here"].arrays["x"].min() == 3
    assert views["here"].arrays["ys"].min() == 7
    assert views["square"].arrays["ys"].max() == SIDE - 2
    _, views = frame.draw()
    assert views["here"].arrays["x"].min() == 8  # and on from there: 23 + 15 = 38


@pytest.mark.parametrize("name", KERNELS)
def test_an_even_picture_tells_edges_nothing(name):
    even = convolve(torch.ones(5, 5), KERNELS[name], 1, 9)
    wanted = 0.0 if name.endswith("edges") or name == "outline" else 1.0
    assert even.numpy() == pytest.approx(wanted, abs=1e-6)


def test_a_kernel_of_ones_own_is_read_row_by_row():
    assert numbers("1 2 3; 4 5 6\n7,8,9").tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


@pytest.mark.parametrize("said", ["", "1 2 x", "1 2 3", "1 " * 16, "nan", "1 1 1 1 1e9 1 1 1 1"])
def test_numbers_that_make_no_kernel_get_a_sentence(said):
    with pytest.raises(KnobError, match=r"^own (cannot be|has)"):
        ended(own=said)
