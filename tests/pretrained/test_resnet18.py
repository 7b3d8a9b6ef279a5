"""ResNet-18: the published architecture, and weights that are found, fetched or refused."""

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from fathom.data import catalog, original, resnet18 as weights
from fathom.errors import DataError
from fathom.pretrained.resnet18 import MEAN, STD, ResNet18, load, staged

NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


@pytest.fixture(scope="module")
def net():
    """With weights, and batch norms, that are not those of the start."""
    torch.manual_seed(0)
    made = ResNet18()
    for one in made.modules():
        if isinstance(one, nn.BatchNorm2d):
            nn.init.uniform_(one.weight, 0.5, 1)
            nn.init.uniform_(one.running_mean)
    return made.eval()


def test_it_has_the_names_and_the_number_of_weights_that_were_published(net):
    blocks = [f"layer{number}.{part}" for number in (1, 2, 3, 4) for part in (0, 1)]
    names = {"conv1.weight", "fc.weight", "fc.bias"} | {f"bn1.{one}" for one in NORM}
    for block in blocks:
        names |= {f"{block}.conv1.weight", f"{block}.conv2.weight"}
        names |= {f"{block}.bn{number}.{one}" for number in (1, 2) for one in NORM}
    for block in ("layer2.0", "layer3.0", "layer4.0"):
        names |= {f"{block}.downsample.0.weight"} | {f"{block}.downsample.1.{one}" for one in NORM}
    state = net.state_dict()
    assert set(state) == names
    assert sum(one.numel() for one in net.parameters()) == 11_689_512
    assert state["conv1.weight"].shape == (64, 3, 7, 7)
    assert state["layer2.0.downsample.0.weight"].shape == (128, 64, 1, 1)
    assert state["layer4.1.conv2.weight"].shape == (512, 512, 3, 3)


def test_its_maps_have_the_sizes_of_the_paper(net):
    x = torch.randn(1, 3, 224, 224)
    four = staged(net, 10)
    sizes = []
    for stage in four.stages:
        x = stage(x)
        sizes.append(tuple(x.shape[1:]))
    assert sizes == [(64, 56, 56), (128, 28, 28), (256, 14, 14), (512, 7, 7)]


def test_in_stages_it_says_the_same_of_a_picture(net):
    raw = torch.rand(2, 3, 64, 64)  # from 0 to 1, as photographs are read
    mean, std = (torch.tensor(one)[:, None, None] for one in (MEAN, STD))
    with torch.no_grad():
        four = staged(net, 1000)
        four.head = net.fc
        said = four(2 * raw - 1)
        assert torch.allclose(said, net((raw - mean) / std), atol=1e-4)


def published(net):
    """What the published file holds: no counts of batches."""
    return {name: one for name, one in net.state_dict().items() if "num_batches" not in name}


def test_weights_of_the_users_are_read(places, net):
    save_file(net.state_dict(), places[0] / weights.FILE)
    read = load()
    assert not read.training
    for name, one in net.state_dict().items():
        assert torch.equal(read.state_dict()[name], one), name
    found = {one["name"]: one for one in catalog()}["resnet18"]
    assert (found["present"], found["where"]) == (True, str(places[0] / weights.FILE))


def test_they_are_downloaded_once_with_their_checksum(places, net, monkeypatch):
    asked = []

    def answer(address, file, known, size, progress):
        asked.append((address, known))
        file.parent.mkdir(parents=True)
        save_file(published(net), file)

    monkeypatch.setattr(original, "download", answer)
    load()
    load()
    assert asked == [(weights.ORIGINAL.address, weights.ORIGINAL.known)]
    assert [one.name for one in (places[1] / "data" / "resnet18").iterdir()] == [weights.FILE]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no weights"),
        (b"nothing at all", "no weights"),
        ({"conv1.weight": torch.zeros(3)}, "not those of ResNet-18"),
        ({"conv1.weight": torch.zeros(64, 3, 7, 7)}, "not those of ResNet-18"),
        ({"head.weight": torch.zeros(3)}, "not those of ResNet-18"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(places, content, why):
    file = places[0] / weights.FILE
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        save_file(content, file)
    with pytest.raises(DataError, match=why) as caught:
        load()
    assert str(file) in str(caught.value)
    assert caught.value.instead == {"body": "cifar8"}


def test_offline_it_says_so_and_what_works_instead(places, monkeypatch):
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    with pytest.raises(DataError, match="ResNet-18 is not on this machine") as caught:
        load()
    assert caught.value.instead == {"body": "cifar8"}
