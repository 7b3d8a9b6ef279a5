"""Three networks on few pictures: what stays, what moves, what is shown, what is missing."""

import base64
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from fathom.data import cifar10, digits, resnet18
from fathom.errors import DataError
from fathom.lab import tell
from fathom.lab.config import configure
from fathom.pretrained import store
from fathom.pretrained.resnet18 import ResNet18
from fathom.zoo import cats_and_dogs
from fathom.zoo.cats_and_dogs import RACERS, Config, enter, gather, run, see, smooth, stay, way

pytestmark = pytest.mark.slow  # half a minute of convolutions

SHORT = {"data": "digits", "pictures": 50, "batch": 10, "steps": 4, "threads": 1}


@pytest.fixture(scope="module")
def ended():
    """The last frame of a short run, drawn, and what its views were made of."""
    *_, frame = run(configure(Config, SHORT))
    return frame.draw(), frame.seen["views"].args


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """Photographs that are easily told apart: cats are red on top, dogs blue."""
    chance = np.random.default_rng(0)
    for part, count in (("train", 30), ("test", 12)):
        for name, channel in (("cat", 0), ("dog", 2)):
            folder = tmp_path / "own" / "cats_and_dogs" / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = chance.integers(0, 120, (40, 50, 3), np.uint8)
                pixels[:20, :, channel] += 120
                Image.fromarray(pixels).save(folder / f"{number}.png")
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path / "own"))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "own"


@pytest.fixture
def nothing(tmp_path, monkeypatch):
    """A machine without pictures, and without a net."""
    monkeypatch.delenv("FATHOM_DATA", raising=False)
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")


@pytest.mark.slow
def test_it_runs_on_photographs_and_tells_easy_ones_apart(photos):
    *_, last = run(configure(Config, {"pictures": 40, "batch": 10, "steps": 15, "threads": 1}))
    numbers, views = last.draw()
    assert numbers["last_layer"] > 0.9
    assert numbers["all_layers"] > 0.9
    assert views["pictures"].arrays["images"].shape == (24, 3, 48, 48)
    assert set(" ".join(views["pictures"].words["captions"]).split()) >= {"cat", "%"}


def test_as_many_pictures_of_each_class_are_learned_and_none_of_the_test(photos):
    config = configure(Config, {"pictures": 20})
    data = gather(config, torch.Generator().manual_seed(0))
    assert data.labels.bincount().tolist() == [10, 10]
    assert data.test_labels.bincount().tolist() == [12, 12]
    learned = {one.numpy().tobytes() for one in data.images}
    tested = {one.numpy().tobytes() for one in data.test_images}
    assert (len(learned), len(tested), len(learned & tested)) == (20, 24, 0)
    other = gather(config, torch.Generator().manual_seed(1))
    assert not torch.equal(other.images, data.images)


def test_when_there_are_fewer_pictures_than_asked_for_all_of_them_are_taken(photos):
    data = gather(configure(Config, {"pictures": 700}), torch.Generator().manual_seed(0))
    assert len(data.labels) == 60


def test_without_any_pictures_it_says_what_to_put_where_and_offers_digits(nothing):
    with pytest.raises(DataError, match=r"no photographs .* cats_and_dogs/cat/") as caught:
        next(run(Config()))
    assert caught.value.instead == {"data": "digits"}
    with pytest.raises(DataError) as caught:
        next(run(configure(Config, {"data": "cifar10"})))
    assert caught.value.instead == {"data": "digits"}


def test_without_photographs_cats_and_dogs_of_cifar10_are_taken_and_it_is_said(
    nothing, monkeypatch, tmp_path
):
    made = digits.load()
    names = (*"012", "cat", "4", "dog", *"6789")
    renamed = type(made)(made.images, made.labels, made.test_images, made.test_labels, names)
    monkeypatch.setattr(cifar10, "find", lambda: tmp_path)
    monkeypatch.setattr(cifar10, "load", lambda: renamed)
    heard = []
    tell.listen(heard.append)
    try:
        data = gather(Config(), torch.Generator().manual_seed(0))
    finally:
        tell.listen(None)
    assert [one["text"][:29] for one in heard] == ["There are no photographs here"]
    assert data.names == ("cat", "dog")
    threes = {one.numpy().tobytes() for one in made.images[made.labels == 3]}
    assert all(
        (image.numpy().tobytes() in threes) == (label == 0)
        for image, label in zip(data.images, data.labels.tolist(), strict=True)
    )
    with pytest.raises(DataError) as caught:  # but nobody takes them for one's own
        gather(configure(Config, {"folder": "mine"}), torch.Generator())
    assert caught.value.instead == {"data": "cifar10"}


def test_two_start_with_the_weights_that_came_with_fathom_and_one_does_not():
    shipped = store.load().stages.state_dict()
    for name in RACERS:
        own = enter(name, 2, "cifar8").net.stages.state_dict()
        same = [torch.equal(shipped[key], own[key]) for key in own if key.endswith("0.weight")]
        assert all(same) == (name != "from nothing")
        assert any(same) == (name != "from nothing") or sum(same) < len(same)


@pytest.fixture
def imagenet(tmp_path, monkeypatch):
    """Weights that are as good as those of ImageNet, for a test."""
    torch.manual_seed(1)
    net = ResNet18()
    save_file(net.state_dict(), tmp_path / resnet18.FILE)
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    return net


@pytest.mark.slow
def test_two_start_with_weights_that_others_published_if_one_asks_for_them(imagenet):
    racers = {name: enter(name, 2, "imagenet").net for name in RACERS}
    for name, net in racers.items():
        *_, last = net.stages[0]
        assert torch.equal(last[0].conv1.weight, imagenet.layer1[0].conv1.weight) == (
            name != "from nothing"
        )
    config = configure(Config, SHORT | {"body": "imagenet", "steps": 1, "tested": 20})
    *_, frame = run(config)
    numbers, views = frame.draw()
    assert 0 <= numbers["all_layers"] <= 1
    assert views["pictures"].arrays["images"].shape[-2:] == (112, 112)  # digits, enlarged


def test_without_them_the_weights_of_the_course_are_offered(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    with pytest.raises(DataError) as caught:
        next(run(configure(Config, SHORT | {"body": "imagenet"})))
    assert caught.value.instead == {"body": "cifar8"}


def changed(net, start):
    """For each stage, whether anything in it changed, its batch norms included."""
    return [
        any(
            not torch.equal(a, b)
            for a, b in zip(now.state_dict().values(), then.state_dict().values(), strict=True)
        )
        for now, then in zip(net.stages, start.stages, strict=True)
    ]


@pytest.mark.parametrize("frozen", [0, 2, 4])
def test_what_is_frozen_stays_to_the_last_bit_and_the_rest_learns(frozen):
    *_, frame = run(configure(Config, SHORT | {"frozen": frozen}))
    racers = frame.seen["views"].args[1]
    free = [number >= frozen for number in range(4)]
    assert changed(racers["all layers"].net, racers["all layers"].start) == free
    assert changed(racers["last layer"].net, racers["last layer"].start) == [False] * 4
    assert changed(racers["from nothing"].net, racers["from nothing"].start) == [True] * 4
    heads = [(one.net.head[1].weight, one.start.head[1].weight) for one in racers.values()]
    assert all(not torch.equal(a, b) for a, b in heads)


def test_thawing_in_the_middle_of_a_run_lets_the_stages_move():
    config = configure(Config, SHORT | {"frozen": 4})
    for frame in run(config):
        racer = frame.seen["views"].args[1]["all layers"]
        if frame.step == 2:
            assert not any(changed(racer.net, racer.start))
            config.frozen = 3
    assert changed(racer.net, racer.start) == [False, False, False, True]


def test_the_accuracies_are_those_of_asking_one_by_one(ended):
    (numbers, _), (_, racers, data, _) = ended
    for name, number in zip(RACERS, ("from_nothing", "last_layer", "all_layers"), strict=True):
        net = racers[name].net.eval()
        said = [int(net(cats_and_dogs.prepare(one[None])).argmax()) for one in data.test_images]
        assert numbers[number] == pytest.approx(np.mean(np.array(said) == data.test_labels.numpy()))


def test_the_lead_is_the_mean_of_the_last_tests():
    tests = {step: torch.tensor([0.5, 0.6, 0.6 + step / 100]) for step in range(7)}
    found = cats_and_dogs.numbers(tests)
    assert found["all_layers"] == pytest.approx(0.66)
    assert found["lead"] == pytest.approx(0.145)  # the mean of 0.63 to 0.66, less a half


def test_how_far_a_stage_went_is_measured_in_its_own_length():
    racer = enter("all layers", 2, "cifar8")
    assert way(racer).tolist() == [0, 0, 0, 0]
    with torch.no_grad():
        for one in racer.net.stages[2].parameters():
            one.mul_(1.5)
    assert way(racer).tolist() == pytest.approx([0, 0, 0.5, 0])


def test_smooth_is_the_mean_of_what_was_before():
    losses = [float(one) for one in range(30)]
    expected = [np.mean(losses[max(0, end - cats_and_dogs.SMOOTH) : end]) for end in range(1, 31)]
    assert smooth(losses).tolist() == pytest.approx(expected)


def test_features_do_not_depend_on_who_else_is_asked():
    racer = enter("last layer", 2, "cifar8")
    stay(racer.net, 0)  # as it is while it learns
    images = torch.randn(4, 3, 32, 32)
    assert torch.allclose(see(racer.net, images)[:1], see(racer.net, images[:1]), atol=1e-5)


def test_all_views_are_there_and_finite(ended):
    (_, views), _ = ended
    kinds = {name: view.kind for name, view in views.items()}
    tiles, line = "tiles", "line"
    assert kinds == {
        "pictures": tiles,
        "maps": tiles,
        "filters": tiles,
        "accuracy": line,
        "losses": line,
        "moved": line,
    }
    assert views["accuracy"].arrays["ys"].shape == (3, 5)
    assert views["moved"].arrays["ys"].shape == (3, 4)
    assert all(np.isfinite(one.arrays["ys"]).all() for one in views.values() if one.kind == line)
    assert all(view.says for view in views.values())


def test_a_picture_is_marked_right_when_its_caption_names_it(ended):
    (_, views), (_, _, data, _) = ended
    view = views["pictures"]
    named = [
        caption.split()[0] == data.names[label]
        for caption, label in zip(view.words["captions"], data.test_labels.tolist(), strict=False)
    ]
    assert view.arrays["right"].astype(bool).tolist() == named


def test_real_cats_and_dogs_are_as_large_as_the_experiment_says(cats):
    data = gather(Config(), torch.Generator().manual_seed(0))
    assert data.images.shape[1:] == (3, 48, 48)
    assert len(data.test_labels) == 150


def letters(image):
    """A picture as the knob holds it."""
    written = BytesIO()
    image.save(written, "JPEG", quality=60)
    return base64.urlsafe_b64encode(written.getvalue()).decode().rstrip("=")


@pytest.mark.slow
def test_each_network_says_what_it_sees_in_a_picture_of_ones_own(photos):
    reddish = np.random.default_rng(1).integers(0, 120, (64, 64, 3), np.uint8)
    reddish[:32, :, 0] += 120  # as the cats are
    raw = {"pictures": 40, "batch": 10, "steps": 15, "threads": 1}
    *_, last = run(configure(Config, raw | {"picture": letters(Image.fromarray(reddish))}))
    view = last.draw()[1]["yours"]
    seen = view.arrays["images"]  # (3, 3, 48, 48)
    assert seen.shape == (3, 3, 48, 48)
    top, below = seen[0, :, :20].mean(axis=(1, 2)), seen[0, :, 28:].mean(axis=(1, 2))
    assert top[0] > top[2] + 80
    assert abs(below[0] - below[2]) < 30
    said = dict(one.split("\n") for one in view.words["captions"])
    assert list(said) == list(RACERS)
    assert said["last layer"].startswith("cat ")
    assert said["all layers"].startswith("cat ")
    told = ", ".join(f"{name} {answer}" for name, answer in said.items())
    assert view.says == f"your picture: {told}"
