"""The twins, and what is done to the pictures of one of them."""

import numpy as np
import pytest
import torch

from fathom.data import digits
from fathom.lab.config import configure
from fathom.zoo import augmentation
from fathom.zoo.augmentation import Config, change, gather, network, prepare, run

WAYS = ("mirror", "move", "turn", "zoom", "colour")
OFF = dict.fromkeys(WAYS, False)
SHORT = {"data": "digits", "pictures": 60, "held_out": 40, "batch": 20, "steps": 6, "threads": 1}


@pytest.fixture(scope="module")
def ended():
    """The last frame of a short run, drawn, and what its views were made of."""
    *_, frame = run(configure(Config, SHORT))
    return frame.draw(), frame.seen["views"].args


def ramps(count):
    """Pictures whose red is half of how far right a place is, and whose green how far down."""
    across = ((torch.arange(32) + 0.5) / 16 - 1) / 2
    down, right = torch.meshgrid(across, across, indexing="ij")
    return torch.stack([right, down, torch.zeros(32, 32)]).repeat(count, 1, 1, 1)


def measured(**on):
    """For 300 changed ramps: how red and green rise to the right and downward, and their middle."""
    config = configure(Config, OFF | on)
    moved = change(config, ramps(300), torch.Generator().manual_seed(0))
    middle = 2 * moved[:, :2, 15:17, 15:17]  # far from the rim, where nothing is reflected
    right = 16 * (middle[:, :, 0, 1] - middle[:, :, 0, 0])  # (300, 2)
    down = 16 * (middle[:, :, 1, 0] - middle[:, :, 0, 0])
    return right, down, middle.mean(dim=(2, 3))


def test_with_everything_off_a_picture_stays_as_it_is():
    images = prepare(digits.load().images[:5])
    assert torch.equal(change(Config(**OFF), images, torch.Generator()), images)


def test_half_of_the_pictures_are_mirrored_exactly():
    images = prepare(torch.randint(256, (200, 3, 32, 32)).to(torch.uint8))
    made = change(Config(**OFF | {"mirror": True}), images, torch.Generator().manual_seed(0))
    plain = [torch.allclose(a, b, atol=1e-3) for a, b in zip(made, images, strict=True)]
    flipped = [torch.allclose(a, b.flip(2), atol=1e-3) for a, b in zip(made, images, strict=True)]
    assert all(a != b for a, b in zip(plain, flipped, strict=True))
    assert 70 < sum(flipped) < 130


def test_moving_keeps_the_size_and_goes_an_eighth_of_the_width_each_way():
    right, down, middle = measured(move=True)
    assert torch.allclose(right, torch.tensor([1.0, 0.0]), atol=1e-4)
    assert torch.allclose(down, torch.tensor([0.0, 1.0]), atol=1e-4)
    assert 0.23 < middle.abs().max() < 0.2501
    assert abs(np.corrcoef(middle.T)[0, 1]) < 0.2  # right and down have nothing to do with another


def test_turning_goes_up_to_twenty_degrees_both_ways_and_keeps_lengths():
    right, down, middle = measured(turn=True)
    assert torch.allclose(right.norm(dim=1), torch.ones(300), atol=1e-3)
    assert torch.allclose((right * down).sum(dim=1), torch.zeros(300), atol=1e-3)
    angle = torch.rad2deg(torch.atan2(right[:, 1], right[:, 0]))
    assert 18 < angle.max() < 20.1
    assert -20.1 < angle.min() < -18
    assert middle.abs().max() < 1e-4


def test_zooming_goes_a_quarter_both_ways_and_keeps_the_middle():
    right, down, middle = measured(zoom=True)
    assert torch.allclose(right[:, 0], down[:, 1], atol=1e-4)
    nearer = 1 / right[:, 0]
    assert 1.2 < nearer.max() < 1.2501
    assert 0.7999 < nearer.min() < 0.83
    assert middle.abs().max() < 1e-4


def test_colours_change_and_places_do_not():
    chance = torch.Generator().manual_seed(0)
    images = torch.full((300, 3, 8, 8), 0.0)
    images[:, 0, :, 4:] = 0.3  # the right half is red
    made = change(Config(**OFF | {"colour": True}), images, chance)
    halves = made[:, :, :, :4], made[:, :, :, 4:]
    for half in halves:
        assert torch.allclose(half, half[:, :, :1, :1].expand_as(half), atol=1e-6)
    redder = (made[:, 0, 0, 7] - made[:, 0, 0, 0]) / 0.3
    assert redder.min() > 0
    assert redder.max() - redder.min() > 0.5
    assert made.abs().max() <= 1
    assert (made[:, :, 0, 0].mean(dim=1) > 0.05).float().mean() == pytest.approx(0.4, abs=0.15)


def test_grey_stays_grey():
    images = prepare(digits.load().images[:50])
    everything = Config(**dict.fromkeys(WAYS, True))
    made = change(everything, images, torch.Generator().manual_seed(0))
    assert not torch.allclose(made, images, atol=0.1)
    assert torch.allclose(made[:, 0], made[:, 1], atol=1e-5)
    assert torch.allclose(made[:, 0], made[:, 2], atol=1e-5)


def test_a_switch_leaves_the_other_changes_as_they_are():
    images = prepare(digits.load().images[:20])

    def made(**on):
        chance = torch.Generator().manual_seed(3)
        change(Config(**OFF | on), images, chance)
        return change(Config(**OFF | {"move": True}), images, chance)

    assert torch.equal(made(), made(mirror=True, turn=True, zoom=True, colour=True))


def test_with_everything_off_the_twins_stay_the_same():
    off = dict.fromkeys(WAYS, "off")
    for frame in run(configure(Config, SHORT | off)):
        numbers, _ = frame.draw()
        assert numbers["plain_loss"] == numbers["augmented_loss"]
    assert numbers["gain"] == 0
    assert numbers["plain_val"] == numbers["augmented_val"]


def test_with_changes_the_twins_start_alike_and_part(ended):
    first = next(run(configure(Config, SHORT))).numbers()
    assert first["plain_val"] == first["augmented_val"]
    assert first["gain"] == 0
    (numbers, _), _ = ended
    assert numbers["plain_loss"] != numbers["augmented_loss"]


def test_what_is_held_out_is_not_learned_and_the_seed_chooses():
    config = configure(Config, {"data": "digits", "pictures": 300, "held_out": 100})
    data = gather(config, torch.Generator().manual_seed(0))
    assert (len(data.labels), len(data.test_labels)) == (300, 100)
    learned = {one.numpy().tobytes() for one in data.images}
    assert not learned & {one.numpy().tobytes() for one in data.test_images}
    other = gather(config, torch.Generator().manual_seed(1))
    assert not torch.equal(other.images, data.images)


def test_the_accuracies_are_those_of_asking_one_by_one():
    torch.manual_seed(0)
    nets = {name: network() for name in augmentation.TWINS}
    data = gather(configure(Config, SHORT), torch.Generator().manual_seed(0))
    found = augmentation.test(nets, data)
    for row, net in zip(found, nets.values(), strict=True):
        pairs = ((data.images, data.labels), (data.test_images, data.test_labels))
        for share, (images, labels) in zip(row, pairs, strict=True):
            said = [int(net(prepare(one[None])).argmax()) for one in images]
            assert float(share) == pytest.approx(np.mean(np.array(said) == labels.numpy()))


def test_the_gain_is_the_mean_of_the_last_tests():
    tests = {
        step: torch.tensor([[0.9, 0.4], [0.7, 0.4 + step / 100]]) for step in range(8)
    }  # plain: learned and held out; augmented: the same
    found = augmentation.numbers(tests)
    assert found["gain"] == pytest.approx(0.06)  # the mean of 5 to 7 hundredths
    assert found["augmented_val"] == pytest.approx(0.47)


def test_the_grid_shows_originals_at_the_left_and_changed_copies_beside_them(ended):
    (_, views), (config, step, data, _) = ended
    shown = (
        views["pictures"]
        .arrays["images"]
        .reshape(augmentation.ROWS, 1 + augmentation.COPIES, 3, 32, 32)
    )
    originals = data.images[: augmentation.ROWS].numpy()
    assert np.abs(shown[:, 0].astype(int) - originals).max() <= 1
    for row in shown:
        assert len({one.tobytes() for one in row}) == 1 + augmentation.COPIES
    again = augmentation.look(config, step, data, {0: torch.zeros(2, 2)})["pictures"]
    assert np.array_equal(again.arrays["images"], views["pictures"].arrays["images"])
    other = augmentation.look(config, step + 1, data, {0: torch.zeros(2, 2)})["pictures"]
    assert not np.array_equal(other.arrays["images"], views["pictures"].arrays["images"])


def test_all_views_are_there_and_say_what_is_seen(ended):
    (_, views), _ = ended
    assert {name: view.kind for name, view in views.items()} == {
        "pictures": "tiles",
        "held_out": "line",
        "learned": "line",
    }
    assert views["held_out"].arrays["ys"].shape == (2, 7)
    assert views["pictures"].says.endswith("changed by mirror, move")
    assert all(np.isfinite(views[name].arrays["ys"]).all() for name in ("held_out", "learned"))
