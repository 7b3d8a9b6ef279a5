"""The network, its training, and the weights that come with Fathom."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from fathom.data import cifar10, digits
from fathom.data.pictures import Pictures
from fathom.errors import DataError
from fathom.pretrained import __main__ as command, store, training
from fathom.pretrained.network import WIDTHS, Residual, ResNet
from fathom.pretrained.training import Training, accuracy, augment, prepare, without

CIFAR = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
SHORT = Training(epochs=5, batch=50, lr=0.1, precision="float32", threads=1)


def few(count=500):
    """Digits, under the names of CIFAR-10."""
    data = digits.load()
    return Pictures(
        data.images[:count], data.labels[:count], data.test_images, data.test_labels, CIFAR
    )


@pytest.mark.parametrize("size", [32, 48, 64])
def test_the_size_of_a_picture_is_free(size):
    net = ResNet(5).eval()
    images = torch.randn(2, 3, size, size)
    assert net(images).shape == (2, 5)
    assert net.features(images).shape == (2, WIDTHS[-1])
    shapes = []
    for stage in net.stages:
        images = stage(images)
        shapes.append(tuple(images.shape[1:]))
    assert shapes == [
        (width, size >> number, size >> number) for number, width in enumerate(WIDTHS)
    ]


def test_a_residual_part_adds_nothing_before_it_has_learned():
    x = torch.randn(3, 4, 5, 5)
    assert torch.equal(Residual(4)(x), torch.relu(x))


def ramps(count):
    """Pictures whose red is how far right a place is, and whose green how far down."""
    across = (torch.arange(32) + 0.5) / 16 - 1
    down, right = torch.meshgrid(across, across, indexing="ij")
    return torch.stack([right, down, torch.zeros(32, 32)]).repeat(count, 1, 1, 1)


@pytest.mark.parametrize("mirror", [True, False])
def test_augmented_pictures_are_zoomed_moved_and_mirrored_as_it_is_said(mirror):
    moved = augment(ramps(200), torch.Generator().manual_seed(0), mirror)
    middle = moved[:, :, 15:17, 15:17]  # far from the rim, where nothing is reflected
    slope_right = 16 * (middle[:, 0, 0, 1] - middle[:, 0, 0, 0])
    slope_down = 16 * (middle[:, 1, 1, 0] - middle[:, 1, 0, 0])
    assert torch.allclose(slope_right.abs(), slope_down, atol=1e-4)
    assert slope_down.min() > 1 / 1.3 - 1e-3
    assert slope_down.max() < 1 / 0.7 + 1e-3
    assert slope_down.max() - slope_down.min() > 0.5
    assert (slope_right < 0).float().mean() == pytest.approx(0.5 * mirror, abs=0.1)
    shift = middle[:, :2].mean(dim=(2, 3))
    assert shift.abs().max() < 0.25 + 1e-3  # an eighth of the width, which is 2
    assert shift.std(dim=0).min() > 0.1


def test_without_leaves_out_pictures_and_numbers_the_rest_anew():
    data = few()
    rest = without(data)
    assert rest.names == tuple(one for one in CIFAR if one not in ("cat", "dog"))
    kept = [one for one in data.labels.tolist() if one not in (3, 5)]
    assert [CIFAR.index(rest.names[one]) for one in rest.labels.tolist()] == kept
    image = rest.images[7]
    label = int(rest.labels[7])
    (where,) = (data.images == image).flatten(1).all(dim=1).nonzero()[:, 0].tolist()
    assert data.names[int(data.labels[where])] == rest.names[label]


def test_the_accuracy_is_that_of_asking_one_by_one():
    torch.manual_seed(0)
    net, data = ResNet(10).eval(), few()
    said = [int(net(prepare(one[None])).argmax()) for one in data.test_images]
    assert accuracy(net, data) == pytest.approx(np.mean(np.array(said) == data.test_labels.numpy()))


@pytest.mark.slow
def test_it_learns_and_tells_how_far_it_is():
    heard = []
    net = training.train(SHORT, few(), lambda *said: heard.append(said))
    assert heard == [(step + 1, 50) for step in range(50)]
    assert not net.training
    assert accuracy(net, few()) > 0.3  # guessing: 0.1


def test_the_seed_decides_everything():
    def made(seed):
        settings = replace(SHORT, epochs=1, seed=seed)
        return training.train(settings, few(150), lambda *said: None).state_dict()

    first, again, other = made(0), made(0), made(1)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["head.weight"], other["head.weight"])


def test_weights_are_read_as_they_were_written_up_to_half_precision(tmp_path):
    torch.manual_seed(0)
    net = ResNet(3)
    store.save(net, {"classes": ["a", "b", "c"]}, tmp_path)
    read = store.load(tmp_path)
    assert not read.training
    for name, value in read.state_dict().items():
        assert value.dtype == net.state_dict()[name].dtype
        torch.testing.assert_close(value, net.state_dict()[name], rtol=1e-3, atol=1e-6)


def test_weights_that_are_damaged_or_missing_are_said(tmp_path):
    store.save(ResNet(3), {"classes": ["a", "b", "c"]}, tmp_path)
    file = tmp_path / "cifar8.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(DataError, match=r"cifar8.npz are damaged: install Fathom again"):
        store.load(tmp_path)
    file.unlink()
    with pytest.raises(DataError, match="cifar8 cannot be read"):
        store.load(tmp_path)
    (tmp_path / "cifar8.json").write_text("{")
    with pytest.raises(DataError, match="cifar8 cannot be read"):
        store.load(tmp_path)


@pytest.mark.slow
def test_the_command_makes_weights_and_a_record_that_says_the_truth(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cifar10, "load", few)
    monkeypatch.setattr(cifar10, "find", lambda: None)
    assert command.main(["train", str(tmp_path), "--epochs", "2", "--threads", "1"]) == 0
    record = json.loads((tmp_path / "cifar8.json").read_text())
    assert record["test_accuracy"] == round(accuracy(store.load(tmp_path), without(few())), 4)
    assert record["training"]["epochs"] == 2
    assert record["classes"] == list(without(few()).names)
    assert f"accuracy {record['test_accuracy']:.4f}" in capsys.readouterr().out


def test_the_command_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    monkeypatch.delenv("FATHOM_DATA", raising=False)
    assert command.main(["train", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("Error: CIFAR-10 is not on this machine")


def test_the_weights_that_come_with_fathom_are_small_and_have_seen_no_cat_and_no_dog():
    weights = store.find()
    assert weights.file.stat().st_size < 2e6
    assert weights.record["classes"] == [one for one in CIFAR if one not in ("cat", "dog")]
    assert weights.record["test_accuracy"] > 0.8
    assert {"data", "pixels", "training", "torch", "made_with"} <= set(weights.record)
    assert store.load()(torch.zeros(1, 3, 64, 64)).shape == (1, 8)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_weights_that_come_with_fathom_are_worth_what_their_record_says(cifar):
    found = accuracy(store.load(), without(cifar10.load()))
    assert found == pytest.approx(store.find().record["test_accuracy"], abs=0.01)
