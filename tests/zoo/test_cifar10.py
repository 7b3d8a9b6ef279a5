"""The small network: its size, its test, its pictures."""

import base64
import math
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from fathom.data import digits
from fathom.errors import DataError
from fathom.lab.config import configure
from fathom.zoo import cifar10
from fathom.zoo.cifar10 import Config, lenet, prepare, run, shift

SHORT = {"data": "digits", "batch": 500, "epochs": 1, "threads": 1}


@pytest.fixture(scope="module")
def drawn():
    """The last frame of a short run, drawn."""
    *_, frame = run(configure(Config, SHORT))
    return frame.draw()


def test_it_has_as_many_weights_as_its_layers_say():
    assert sum(one.numel() for one in lenet().parameters()) == 62_006


def test_an_untrained_network_is_as_good_as_guessing_among_ten():
    first = next(run(configure(Config, SHORT))).numbers()
    assert first["test_loss"] == pytest.approx(math.log(10), abs=0.02)
    assert first["test_accuracy"] < 0.3


def test_it_is_tested_before_the_first_step_and_after_every_epoch():
    frames = list(run(configure(Config, SHORT | {"epochs": 2})))
    assert [f.step for f in frames if "test_accuracy" in f.seen] == [0, 3, 6]


def test_the_test_counts_every_picture_once_and_its_diagonal_is_the_accuracy():
    torch.manual_seed(0)
    data, net = digits.load(), lenet()
    confusion, numbers = cifar10.test(net, data)
    assert confusion.sum(dim=1).tolist() == data.test_labels.bincount().tolist()
    one_by_one = [int(net(prepare(one[None])).argmax()) for one in data.test_images]
    right = np.mean(np.array(one_by_one) == data.test_labels.numpy())
    assert numbers["test_accuracy"] == pytest.approx(right)
    assert confusion.diag().sum() / confusion.sum() == pytest.approx(right)


def test_bytes_become_numbers_from_minus_one_to_one():
    images = torch.tensor([0, 51, 255], dtype=torch.uint8).reshape(1, 3, 1, 1)
    assert prepare(images).flatten().tolist() == pytest.approx([-1, -0.6, 1])


@pytest.mark.parametrize("mirror", [True, False])
def test_a_shifted_picture_is_a_piece_of_the_picture_with_a_black_rim(mirror):
    chance = torch.Generator().manual_seed(1)
    images = torch.randint(1, 256, (12, 3, 32, 32), generator=chance).to(torch.uint8)
    moved = shift(images, chance, mirror)
    assert moved.shape == images.shape
    ways = []
    for before, after in zip(images, moved, strict=True):
        rimmed = torch.zeros(3, 40, 40, dtype=torch.uint8)
        rimmed[:, 4:36, 4:36] = before
        pieces = {
            (row, column, flipped): piece.flip(2) if flipped else piece
            for row in range(9)
            for column in range(9)
            for piece in [rimmed[:, row : row + 32, column : column + 32]]
            for flipped in (False, True)
        }
        ways += [way for way, piece in pieces.items() if torch.equal(piece, after)]
    assert len(ways) == 12  # each picture is exactly one piece
    assert {flipped for *_, flipped in ways} == ({True, False} if mirror else {False})
    assert len(set(ways)) > 6


def test_all_views_are_there_and_finite(drawn):
    _, views = drawn
    assert {name: view.kind for name, view in views.items()} == {
        "pictures": "tiles",
        "filters": "tiles",
        "maps": "tiles",
        "deeper": "tiles",
        "confusion": "field",
    }
    assert views["pictures"].arrays["images"].shape == (32, 3, 32, 32)
    assert views["filters"].arrays["images"].shape == (6, 3, 5, 5)
    assert views["maps"].arrays["images"].shape == (6, 28, 28)
    assert views["deeper"].arrays["images"].shape == (16, 10, 10)
    assert np.allclose(views["confusion"].arrays["values"].sum(axis=1), 100)


def test_a_picture_is_marked_right_when_its_caption_names_it(drawn):
    view = drawn[1]["pictures"]
    labels = digits.load().test_labels[: cifar10.SHOWN].tolist()
    named = [
        caption.split()[0] == str(label)
        for caption, label in zip(view.words["captions"], labels, strict=True)
    ]
    assert view.arrays["right"].astype(bool).tolist() == named


@pytest.mark.slow
def test_half_precision_learns_nearly_the_same():
    def last(precision):
        *_, frame = run(configure(Config, SHORT | {"epochs": 3, "precision": precision}))
        return frame.numbers()["test_loss"]

    assert last("bfloat16") == pytest.approx(last("float32"), abs=0.1)
    assert last("bfloat16") != last("float32")


def test_digits_are_learned_in_a_few_epochs():
    *_, frame = run(configure(Config, {"data": "digits", "epochs": 6, "threads": 1}))
    assert frame.numbers()["test_accuracy"] > 0.85


def test_without_the_photographs_it_says_what_works_instead(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    with pytest.raises(DataError) as caught:
        next(run(Config()))
    assert caught.value.instead == {"data": "shapes"}
    assert configure(Config, caught.value.instead).data == "shapes"


def test_a_picture_of_ones_own_is_named_and_shown_with_its_maps():
    written = BytesIO()
    Image.new("RGB", (64, 64), (250, 120, 10)).save(written, "JPEG")
    own = base64.urlsafe_b64encode(written.getvalue()).decode().rstrip("=")
    torch.manual_seed(0)
    config, net = configure(Config, {"picture": own}), lenet()
    with torch.no_grad():
        views = cifar10.yours(config, net, tuple("abcdefghij"))
        x = torch.tensor([250.0, 120.0, 10.0]).div(127.5).sub(1)
        colour = x.reshape(1, 3, 1, 1).expand(1, 3, 32, 32)
        shares = net(colour).softmax(dim=1)[0]
    assert views["yours"].arrays["images"].shape == (1, 3, 32, 32)
    assert np.abs(views["yours"].arrays["images"][0, :, 16, 16] - [250.0, 120.0, 10.0]).max() <= 6
    best = int(shares.argmax())
    assert views["yours"].words["captions"] == [f"{'abcdefghij'[best]} {100 * shares[best]:.0f} %"]
    assert views["found"].arrays["images"].shape == (6, 14, 14)
    assert cifar10.yours(configure(Config, {}), net, ()) == {}
