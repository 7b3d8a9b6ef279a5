"""Photographs in folders: found, decoded, cut, split, kept, refused. The pictures are made here."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from fathom.data import __main__ as command, catalog, fetch, photographs
from fathom.errors import DataError
from fathom.lab import tell

COLOURS = {"cat": (200, 40, 40), "dog": (30, 60, 210), "owl": (20, 180, 60)}


def fill(folder, count, colour, size=(40, 30), ending="png"):
    """Pictures of one colour, each a little brighter than the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        pixels = tuple(min(255, part + number) for part in colour)
        Image.new("RGB", size, pixels).save(folder / f"{number:03d}.{ending}")


def sorted_by_hand(root, train=10, test=4, classes=("cat", "dog")):
    for name in classes:
        fill(root / "train" / name, train, COLOURS[name])
        fill(root / "test" / name, test, COLOURS[name])
    return root


def unsorted(root, count=12, classes=("cat", "dog")):
    for name in classes:
        fill(root / name, count, COLOURS[name])
    return root


def load(size=16, seed=0, folder=""):
    return photographs.load(size, torch.Generator().manual_seed(seed), folder)


@pytest.mark.parametrize("name", photographs.KNOWN)
def test_cats_and_dogs_are_found_and_every_picture_has_its_class(places, name):
    sorted_by_hand(places[0] / name)
    data = load()
    assert data.names == ("cat", "dog")
    assert data.images.shape == (20, 3, 16, 16)
    assert data.images.dtype == torch.uint8
    assert data.test_images.shape == (8, 3, 16, 16)
    for images, labels in ((data.images, data.labels), (data.test_images, data.test_labels)):
        blue = images[:, 2].float().mean(dim=(1, 2)) > 100
        assert torch.equal(blue.long(), labels)
    assert data.labels.bincount().tolist() == [10, 10]
    assert data.test_labels.bincount().tolist() == [4, 4]


def test_they_are_found_in_the_cache_too(places, monkeypatch):
    monkeypatch.delenv("FATHOM_DATA")
    root = sorted_by_hand(places[1] / "data" / "cats_and_dogs")
    assert photographs.find() == root
    assert len(load().labels) == 20


def test_without_train_and_test_a_quarter_of_each_class_is_held_out_by_the_seed(places):
    unsorted(places[0] / "cats_and_dogs", count=12)
    first, again, other = load(seed=1), load(seed=1), load(seed=2)
    assert first.test_labels.bincount().tolist() == [3, 3]
    assert first.labels.bincount().tolist() == [9, 9]
    assert torch.equal(first.test_images, again.test_images)
    assert not torch.equal(first.test_images, other.test_images)
    seen = {bytes(one.numpy().tobytes()) for one in first.images}
    held = {bytes(one.numpy().tobytes()) for one in first.test_images}
    assert (len(seen), len(held), len(seen & held)) == (18, 6, 0)


def test_a_folder_of_ones_own_may_have_three_classes(places):
    unsorted(places[0] / "zoo", classes=("cat", "dog", "owl"))
    data = load(folder="zoo")
    assert data.names == ("cat", "dog", "owl")
    assert data.labels.bincount().tolist() == [9, 9, 9]


def test_train_alone_is_split_as_well(places):
    unsorted(places[0] / "cats_and_dogs" / "train", count=8)
    assert load().test_labels.bincount().tolist() == [2, 2]


def test_a_wide_picture_is_cut_in_the_middle_and_not_squeezed(places):
    pixels = np.zeros((30, 90, 3), np.uint8)
    pixels[:, 30:60] = 255  # the middle square is white, both sides are black
    unsorted(places[0] / "cats_and_dogs")
    file = places[0] / "cats_and_dogs" / "cat" / "wide.png"
    Image.fromarray(pixels).save(file)
    assert (photographs.square(file, 16)[:, :, 2:14] == 255).all()
    assert photographs.square(file, 16).shape == (3, 16, 16)


def test_a_picture_taken_with_the_camera_on_its_side_is_turned_upright(tmp_path):
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:16] = 255  # as stored, the upper half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: the white half comes to the right
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif, quality=95)
    made = photographs.square(tmp_path / "a.jpg", 32)
    assert made[:, :, 20:].min() > 200
    assert made[:, :, :12].max() < 50


def test_a_large_jpeg_comes_out_as_a_slow_exact_mean_would(tmp_path):
    ramp = np.linspace(0, 255, 640).astype(np.uint8)
    pixels = np.broadcast_to(ramp[None, :, None], (640, 640, 3))
    Image.fromarray(np.ascontiguousarray(pixels)).save(tmp_path / "a.jpg", quality=95)
    exact = ramp.reshape(32, 20).mean(axis=1)
    made = photographs.square(tmp_path / "a.jpg", 32)[0]
    assert np.abs(made - exact).max() < 6


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_grey_and_other_kinds_of_pictures_become_colours(tmp_path, mode):
    ending = "jpg" if mode == "CMYK" else "png"
    Image.new("RGB", (20, 20), (255, 255, 255)).convert(mode).save(tmp_path / f"a.{ending}")
    assert (photographs.square(tmp_path / f"a.{ending}", 8) > 250).all()


def test_the_second_start_decodes_nothing_and_gives_the_same(places, monkeypatch):
    sorted_by_hand(places[0] / "cats_and_dogs")
    first = load()
    monkeypatch.setattr(photographs, "square", None)  # to call it would fail
    again = load()
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.test_labels, again.test_labels)


def test_a_changed_picture_or_another_size_is_decoded_anew(places):
    root = sorted_by_hand(places[0] / "cats_and_dogs")
    load()
    Image.new("RGB", (40, 30), (1, 2, 3)).save(root / "train" / "cat" / "000.png")
    assert load().images[0, :, 0, 0].tolist() == [1, 2, 3]
    assert load(size=8).images.shape[2:] == (8, 8)


def test_a_damaged_file_in_the_cache_is_made_again(places):
    sorted_by_hand(places[0] / "cats_and_dogs")
    first = load()
    (kept,) = (places[1] / "data" / "photographs").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    assert torch.equal(load().images, first.images)
    assert np.load(kept)["images"].shape == (28, 3, 16, 16)


def test_progress_is_told_in_bytes_and_reaches_its_end(places):
    root = sorted_by_hand(places[0] / "cats_and_dogs")
    total = sum(one.stat().st_size for one in root.rglob("*.png"))
    heard = []
    tell.listen(heard.append)
    try:
        load()
        assert len(heard) == 28
        assert heard[-1]["done"] == heard[-1]["total"] == total
        heard.clear()
        load()
        assert heard == []
    finally:
        tell.listen(None)


def test_without_photographs_it_says_what_to_put_where(places):
    with pytest.raises(DataError, match=r"There are no photographs .* as cats_and_dogs/cat/\*.jpg"):
        load()
    with pytest.raises(DataError, match=r"own, as birds/CLASS/\*.jpg"):
        load(folder="birds")


@pytest.mark.parametrize("folder", ["../own", "a/b", "/etc", ".."])
def test_a_folder_elsewhere_is_refused(places, folder):
    unsorted(places[0] / "a" / "b")
    with pytest.raises(DataError, match=r"without its path|no photographs"):
        load(folder=folder)


@pytest.mark.parametrize(
    "broken",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"",
        lambda whole: b"GIF89a and nothing else",
        lambda whole: whole[:20] + bytes(len(whole) - 20),
    ],
)
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_damaged_picture_is_named(places, broken, ending):
    folder = unsorted(places[0] / "cats_and_dogs") / "dog"
    chance = np.random.default_rng(0)
    Image.fromarray(chance.integers(0, 256, (64, 64, 3), np.uint8)).save(folder / f"bad.{ending}")
    file = folder / f"bad.{ending}"
    file.write_bytes(broken(file.read_bytes()))
    with pytest.raises(DataError, match=r"bad\.\w+ cannot be read") as caught:
        load()
    assert "replace it, or take it away" in str(caught.value)


def test_one_class_is_not_enough(places):
    unsorted(places[0] / "cats_and_dogs", classes=("cat",))
    with pytest.raises(DataError, match="need two classes or more, and there is only 'cat'"):
        load()


def test_pictures_outside_of_class_folders_are_no_class(places):
    fill(places[0] / "cats_and_dogs", 12, COLOURS["cat"])
    with pytest.raises(DataError, match="there is none"):
        load()


def test_too_few_pictures_are_said_with_their_class(places):
    root = sorted_by_hand(places[0] / "cats_and_dogs")
    for file in sorted((root / "test" / "dog").iterdir())[1:]:
        file.unlink()
    with pytest.raises(DataError, match=r"'dog' .* has 1 picture for the test; 2 are needed"):
        load()
    unsorted(places[0] / "few", count=7)
    with pytest.raises(DataError, match=r"'cat' .* has 5 pictures to learn from; 6 are needed"):
        load(folder="few")


def test_train_and_test_must_have_the_same_classes(places):
    root = sorted_by_hand(places[0] / "cats_and_dogs")
    fill(root / "train" / "owl", 10, COLOURS["owl"])
    with pytest.raises(DataError, match="'owl' has pictures in one of them only"):
        load()


def test_what_is_no_picture_is_passed_over(places):
    root = sorted_by_hand(places[0] / "cats_and_dogs")
    (root / "train" / "cat" / "notes.txt").write_text("my cats")
    (root / "train" / "empty").mkdir()
    assert len(load().labels) == 20


def test_the_catalogue_says_that_they_are_ones_own_and_where(places, capsys):
    def listed():
        return next(one for one in catalog() if one["name"] == "photographs")

    assert (listed()["own"], listed()["present"], listed()["megabytes"]) == (True, False, 0)
    assert command.main(["fetch", "photographs"]) == 1
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["why"].startswith("There are no photographs on this machine")
    root = sorted_by_hand(places[0] / "cats_and_dogs")
    assert listed()["where"] == str(root) == fetch("photographs")


def test_the_real_cats_and_dogs_can_be_read(cats):
    data = load(size=32)
    assert data.names == ("cat", "dog")
    assert data.labels.bincount().tolist() == [350, 350]
    assert data.test_labels.bincount().tolist() == [75, 75]
    assert 100 < data.images.float().mean() < 140
