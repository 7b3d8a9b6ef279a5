"""The fast recipe: each of its tricks does what it says."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from fathom.data import digits
from fathom.errors import DataError
from fathom.lab.config import configure
from fathom.zoo import cifar10_fast as fast
from fathom.zoo.cifar10_fast import STEM, Config, convolution, network, orthogonal, run, shift

pytestmark = pytest.mark.slow  # minutes where no core knows half precision

SHORT = {"data": "digits", "pictures": 180, "batch": 30, "epochs": 1, "threads": 1}


def stem():
    return torch.nn.Conv2d(3, 2 * STEM, 2)


@pytest.fixture(scope="module")
def photographs():
    """Made pictures whose neighbouring pixels are alike, as those of photographs are."""
    chance = torch.Generator().manual_seed(3)
    coarse = 255 * torch.rand(300, 3, 11, 11, generator=chance)
    smooth = F.interpolate(coarse, size=(32, 32), mode="bicubic")
    rough = smooth + 100 * torch.rand(300, 3, 32, 32, generator=chance) - 50
    return rough.clamp(0, 255).to(torch.uint8)


@pytest.fixture(scope="module")
def drawn():
    """The last frame of a short run, drawn."""
    *_, frame = run(configure(Config, SHORT))
    return frame.draw()


def test_what_the_first_layer_says_of_pieces_is_white(photographs):
    first = stem()
    images = fast.prepare(photographs)
    fast.whiten(first, images)
    said = first(images).detach().movedim(1, 0).flatten(1).double()  # (24, N)
    moments = said @ said.T / said.shape[1]
    some = moments[:STEM, :STEM]
    assert (some - torch.eye(STEM)).abs().max() < 0.1  # a little less than 1 where it is weak
    assert (some - some.diag().diag()).abs().max() < 0.02  # computed from every fourth piece
    beside = torch.stack([images[..., :-1].flatten(), images[..., 1:].flatten()]).corrcoef()
    assert beside[0, 1] > 0.5  # and so it was not white before
    assert torch.equal(moments[:STEM, STEM:], -some)  # the others are their opposites


@pytest.mark.slow
def test_whitened_filters_stay_and_random_ones_learn():
    def change(**knobs):
        frames = run(configure(Config, SHORT | knobs))
        first = next(frames).draw()[1]["filters"].arrays["images"]
        *_, last = frames
        return np.abs(first.astype(int) - last.draw()[1]["filters"].arrays["images"]).max()

    assert change(whiten="on") == 0
    assert change(whiten="off") > 0


@pytest.mark.parametrize(("before", "after"), [(6, 9), (9, 9)])
def test_an_identity_hands_on_what_comes_in(before, after):
    x = torch.rand(4, before, 8, 8)
    assert torch.equal(convolution(before, after, identity=True)(x)[:, :before], x)
    assert not torch.allclose(convolution(before, after, identity=False)(x)[:, :before], x)


@pytest.mark.parametrize("side", [24, 32])
def test_it_takes_pictures_of_both_sizes(side):
    net = network(stem(), identity=True, shortcuts=True)
    assert net(torch.rand(2, 3, side, side)).shape == (2, 10)


def test_a_shortcut_adds_what_it_is_given():
    torch.manual_seed(0)
    inner = torch.nn.Conv2d(3, 3, 3, padding=1)
    x = torch.rand(2, 3, 5, 5)
    assert torch.equal(fast.Shortcut(inner)(x), x + inner(x))
    with_, without = (network(stem(), identity=True, shortcuts=on) for on in (True, False))
    assert sum(isinstance(one, fast.Shortcut) for one in with_) == len(fast.WIDTHS)
    assert not any(isinstance(one, fast.Shortcut) for one in without)
    assert [one.shape for one in with_.parameters()] == [one.shape for one in without.parameters()]


def test_the_first_layers_learn_in_the_first_half_only():
    def changes(**knobs):
        """Whether the first learned kernels change, and those of the next layer, at each step."""
        kernels = []
        for frame in run(configure(Config, SHORT | {"epochs": 2} | knobs)):
            net = frame.seen["views"].args[1].net
            learned = [one for one in net.parameters() if one.ndim == 4][1:3]
            kernels.append([one.detach().clone() for one in learned])
        return [
            [not torch.equal(a, b) for a, b in zip(before, after, strict=True)]
            for before, after in pairwise(kernels)
        ]

    assert changes() == [[True, True]] * 6 + [[False, True]] * 6
    assert changes(freeze="off") == [[True, True]] * 12


@pytest.mark.parametrize("shape", [(20, 90), (90, 20)])
def test_a_step_of_muon_is_about_as_long_in_every_direction(shape):
    chance = torch.Generator().manual_seed(0)
    u, v = (torch.linalg.qr(torch.randn(n, 20, generator=chance))[0] for n in shape)
    steep = u @ torch.logspace(0, -1, 20).diag() @ v.T  # ten times as long in one as in another
    before, after = torch.linalg.svdvals(steep), torch.linalg.svdvals(orthogonal(steep))
    assert before[0] / before[-1] == pytest.approx(10, rel=0.01)
    assert after[0] / after[19] < 3
    along = (u.T @ orthogonal(steep) @ v).diag()  # each direction is kept, only its length is not
    assert along.min() > 0.4
    assert along.max() < 1.4


def test_pictures_are_moved_and_mirrored_as_told(photographs):
    images = photographs[:40]
    mirror = torch.arange(40) % 2 == 0
    moved = shift(images, mirror, torch.Generator().manual_seed(0))
    wide = F.pad(images.float(), (2, 2, 2, 2), mode="reflect").to(torch.uint8)
    ways = set()
    for one, flipped, after in zip(wide, mirror, moved, strict=True):
        found = [
            (row, column)
            for row in range(5)
            for column in range(5)
            for piece in [one[:, row : row + 32, column : column + 32]]
            if torch.equal(piece.flip(2) if flipped else piece, after)
        ]
        assert len(found) == 1  # it is one piece, and mirrored only if it was to be
        ways |= set(found)
    assert len(ways) > 12


def test_what_is_mirrored_in_one_epoch_is_not_in_the_next(monkeypatch, photographs):
    told = []
    plain = fast.shift

    def spy(images, mirror, chance):
        told.append(
            {
                tuple(one.flatten()[:40].tolist()): bool(m)
                for one, m in zip(images, mirror, strict=True)
            }
        )
        return plain(images, mirror, chance)

    held = digits.Pictures(
        photographs,
        torch.arange(300) % 10,
        photographs[:50],
        torch.arange(50) % 10,
        tuple("abcdefghij"),
    )
    monkeypatch.setattr(fast, "shift", spy)
    monkeypatch.setitem(fast.DATA, "cifar10", lambda: held)
    list(run(configure(Config, {"batch": 300, "epochs": 3, "threads": 1})))
    first, second, third = told[:3]
    assert first.keys() == second.keys()
    assert all(first[one] != second[one] for one in first)
    assert first == third
    assert 0.3 < np.mean(list(first.values())) < 0.7


def test_the_step_size_falls_to_nothing_in_a_line():
    frames = run(configure(Config, SHORT | {"lr": 2.0}))
    steps = [frame.draw()[1]["step_size"].arrays["xy"][0] for frame in frames]
    assert [one[1] for one in steps] == pytest.approx(np.linspace(2, 0, 7))
    assert [one[0] for one in steps] == pytest.approx(np.linspace(0, 100, 7))


def test_most_of_the_run_sees_small_pictures():
    def sides(**knobs):
        frames = run(configure(Config, SHORT | knobs))
        return [frame.draw()[1]["seen"].arrays["images"].shape[-1] for frame in frames]

    assert sides() == [24] * 4 + [32] * 3
    assert sides(small="off") == [32] * 7


def test_without_a_trick_it_learns_too_and_otherwise():
    def last(**knobs):
        *_, frame = run(configure(Config, SHORT | {"looks": "off"} | knobs))
        return frame.numbers()["loss"]

    tricks = ["muon", "whiten", "identity", "shortcuts", "small", "freeze", "augment"]
    losses = [last(), *(last(**{trick: "off"}) for trick in tricks), last(smoothing=0.0)]
    assert len({round(one, 5) for one in losses}) == len(losses)
    assert all(one < 2.4 for one in losses)


def test_six_looks_are_the_mean_of_what_is_said_to_each(photographs):
    net = network(stem(), identity=False, shortcuts=True).eval()
    images = photographs[:3]
    one = F.pad(images.float(), (1, 1, 1, 1), mode="reflect").to(torch.uint8)
    looks = [images, one[..., :32, :32], one[..., 2:, 2:]]
    with torch.no_grad():
        said = [[net(fast.prepare(way)) for way in (look, look.flip(3))] for look in looks]
        found = fast.several(net, images, mirror=True)
    means = [sum(both) / 2 for both in said]
    assert torch.allclose(found, (2 * means[0] + means[1] + means[2]) / 4, atol=1e-5)


def test_the_test_counts_every_picture_once_and_leaves_the_network_as_it_was():
    torch.manual_seed(0)
    data, net = digits.load(), network(stem(), identity=True, shortcuts=True)
    before = {name: one.clone() for name, one in net.state_dict().items()}
    confusion, numbers = fast.test(net, data, looks=False, mirror=False)
    assert confusion.sum(dim=1).tolist() == data.test_labels.bincount().tolist()
    assert confusion.diag().sum() / confusion.sum() == pytest.approx(numbers["test_accuracy"])
    assert "one_look" not in numbers
    assert fast.test(net, data, looks=True, mirror=True)[1]["one_look"] == numbers["test_accuracy"]
    assert net.training
    assert all(torch.equal(one, before[name]) for name, one in net.state_dict().items())


def test_it_is_tested_before_the_first_step_and_after_every_epoch():
    frames = list(run(configure(Config, SHORT | {"epochs": 2})))
    assert [f.step for f in frames if "test_accuracy" in f.seen] == [0, 6, 12]


def test_an_untrained_network_is_as_good_as_guessing_among_ten():
    first = next(run(configure(Config, SHORT | {"shortcuts": "off"}))).numbers()
    assert first["test_loss"] == pytest.approx(math.log(10), abs=0.5)  # with them it is too sure
    assert first["test_accuracy"] < 0.4


def test_all_views_are_there_and_finite(drawn):
    numbers, views = drawn
    assert {name: view.kind for name, view in views.items()} == {
        "pictures": "tiles",
        "seen": "tiles",
        "step_size": "points",
        "course": "line",
        "filters": "tiles",
        "maps": "tiles",
        "alike": "field",
        "confusion": "field",
    }
    assert views["filters"].arrays["images"].shape == (12, 3, 2, 2)
    assert views["maps"].arrays["images"].shape == (12, 31, 31)
    assert np.allclose(views["confusion"].arrays["values"].sum(axis=1), 100)
    assert all(math.isfinite(one) for one in numbers.values())


def test_digits_are_learned_in_a_few_epochs():
    *_, frame = run(configure(Config, {"data": "digits", "epochs": 2, "batch": 100, "threads": 1}))
    assert frame.numbers()["test_accuracy"] > 0.85


def test_without_the_photographs_it_says_what_works_instead(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    with pytest.raises(DataError) as caught:
        next(run(Config()))
    assert caught.value.instead == {"data": "shapes"}
