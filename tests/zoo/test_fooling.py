"""The attack stays within epsilon and raises the loss; what covering does; who is fooled."""

import base64
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from fathom.data import digits
from fathom.lab.config import configure
from fathom.zoo import fooling
from fathom.zoo.fooling import Config, attack, cover, fooled, network, run


def ended(**raw):
    *_, last = run(configure(Config, raw))
    return last


@pytest.fixture(scope="module")
def trained():
    """The last frame of a run, drawn."""
    return ended(steps=150).draw()


def linear():
    """A network whose slopes can be found by hand, and pictures of 2 x 2."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).double()
    return net, torch.rand(6, 1, 2, 2).double(), torch.arange(6) % 3


def test_one_step_goes_epsilon_along_the_sign_of_the_slope():
    net, x, labels = linear()
    p = net(x).softmax(dim=1)
    slope = (p - F.one_hot(labels, 3)) @ net[1].weight  # of softmax and cross entropy, by hand
    expected = (x + 0.1 * slope.sign().reshape(x.shape)).clamp(0, 1)
    assert torch.allclose(attack(net, x, labels, 0.1, 1), expected)


@pytest.mark.parametrize("tries", [1, 2, 7])
@pytest.mark.parametrize("epsilon", [0.0, 0.03, 0.3])
def test_no_pixel_goes_further_than_epsilon_or_out_of_the_range(tries, epsilon):
    net, x, labels = linear()
    shifted = attack(net, x, labels, epsilon, tries)
    assert (shifted - x).abs().max() <= epsilon + 1e-12
    assert shifted.min() >= 0
    assert shifted.max() <= 1
    before, after = (F.cross_entropy(net(one), labels) for one in (x, shifted))
    assert after > before if epsilon else after == before


def test_an_attack_leaves_the_weights_and_their_gradients_alone():
    net, x, labels = linear()
    weights = [one.clone() for one in net.parameters()]
    with torch.no_grad():  # as when it is only looked at
        attack(net, x, labels, 0.1, 3)
    assert all(one.grad is None for one in net.parameters())
    assert all(torch.equal(a, b) for a, b in zip(weights, net.parameters(), strict=True))


def test_fooled_are_those_who_were_right_and_no_longer_are():
    sure = torch.eye(3)
    labels = torch.tensor([0, 1, 2, 0])
    before = sure[[0, 1, 2, 1]]  # the last one was wrong from the start
    assert fooled(before, sure[[0, 2, 0, 0]], labels) == pytest.approx(2 / 3)
    assert fooled(before, before, labels) == 0
    assert fooled(sure[[1, 0, 0, 1]], before, labels) == 0  # nobody was right


def test_covering_a_place_that_says_nothing_changes_nothing():
    class Corner(nn.Module):
        """Says how light the upper left corner is."""

        def forward(self, x):
            light = x[:, 0, :4, :4].mean(dim=(1, 2))
            return torch.stack([light, -light], dim=1)

    x = torch.ones(1, 32, 32)
    covered, shares = cover(Corner(), x, named=0, shade=0.0)
    whole = Corner()(x[None]).softmax(dim=1)[0, 0]
    assert shares[0, 0] == shares.min() < whole
    assert torch.allclose(shares[2:, :], whole)  # from row 4 on the corner is free
    assert torch.allclose(shares[:, 2:], whole)
    assert covered[3, 1].sum() == 32 * 32 - 64
    assert covered[3, 1, 0, 6:14, 2:10].sum() == 0


def test_the_gradient_fools_where_as_much_random_noise_does_not(trained):
    _, views = trained
    gradient, noise = views["fooled"].arrays["ys"]
    assert gradient[0] == noise[0] == 0  # epsilon 0
    assert gradient.max() > 0.6
    assert noise.max() < 0.3


def test_the_mark_in_the_curve_is_the_share_at_this_epsilon():
    numbers, views = ended(steps=60, epsilon=fooling.TRIED[4].item()).draw()
    gradient, noise = views["fooled"].arrays["ys"][:, 4]
    assert views["share"].arrays["xy"][0, 1] == pytest.approx(gradient)
    assert numbers["gap"] == pytest.approx(gradient - noise)


def test_what_is_added_is_the_difference_of_the_pictures(trained):
    _, views = trained
    before, after = (views[name].arrays["images"].astype(float) for name in ("before", "after"))
    assert before.shape == after.shape == (fooling.SHOWN, 32, 32)
    moved = np.abs(after - before)
    assert moved.max() <= 0.1 * 255 + 1
    assert (moved > 0.09 * 255).mean() > 0.1


def test_a_picture_is_marked_right_when_its_caption_names_it(trained):
    labels = fooling.digits.load().test_labels[: fooling.SHOWN].tolist()
    for name in ("before", "after", "random"):
        view = trained[1][name]
        named = [
            caption.split()[0] == str(label)
            for caption, label in zip(view.words["captions"], labels, strict=True)
        ]
        assert view.arrays["right"].astype(bool).tolist() == named


@pytest.mark.slow
def test_who_learns_from_fooled_pictures_is_fooled_less():
    gaps = [ended(steps=200, defend=defend).draw()[0]["gap"] for defend in ("off", "on")]
    assert gaps[1] < gaps[0] - 0.15


@pytest.mark.slow
def test_several_tries_fool_no_fewer_than_one():
    gaps = [ended(steps=100, tries=tries).draw()[0]["gap"] for tries in (1, 8)]
    assert gaps[1] >= gaps[0]


@pytest.mark.slow
def test_photographs_are_fooled_in_colour(cifar):
    _, views = ended(data="cifar10", steps=5, batch=16).draw()
    assert views["before"].arrays["images"].shape == (fooling.SHOWN, 3, 32, 32)
    assert views["covered"].arrays["images"].shape == (2, 3, 32, 32)


def test_the_network_says_ten_numbers_about_each_picture():
    assert network(1)(torch.rand(3, 1, 32, 32)).shape == (3, 10)
    assert network(3)(torch.rand(3, 3, 32, 32)).shape == (3, 10)


def letters(image):
    """A picture as the knob holds it."""
    written = BytesIO()
    image.save(written, "JPEG", quality=90)
    return base64.urlsafe_b64encode(written.getvalue()).decode().rstrip("=")


@pytest.mark.slow
def test_a_picture_of_ones_own_is_seen_fooled_and_nothing_else_changes():
    paper = Image.new("RGB", (64, 64), (235, 235, 235))
    paper.paste((25, 25, 25), (28, 8, 38, 56))  # a written one
    with_it, without = (ended(steps=60, **more) for more in ({"picture": letters(paper)}, {}))
    views, plain = with_it.draw()[1], without.draw()[1]
    assert set(views) - set(plain) == {"yours"}
    for name, view in plain.items():
        for key, values in view.arrays.items():
            assert np.array_equal(values, views[name].arrays[key]), (name, key)
    yours = views["yours"]
    seen = yours.arrays["images"].astype(int)  # (3, 32, 32): as it is, fooled, with noise
    assert seen.shape == (3, 32, 32)
    assert seen[0, 8:24, 15:18].min() > 200  # ink is light, as in the digits that it learned
    assert seen[0, :, :10].max() < 60
    for other in seen[1:]:
        assert 0 < np.abs(other - seen[0]).max() <= 0.1 * 255 + 1  # epsilon, and the rounding
    said = [caption.split("\n") for caption in yours.words["captions"]]
    assert [how for how, _ in said] == ["as it is", "fooled", "with noise"]
    assert yours.says == "your picture " + ", ".join(f"{how}: {answer}" for how, answer in said)


@pytest.mark.slow
def test_a_network_names_a_digit_that_is_shown_to_it_as_a_picture():
    data = digits.load()
    raw = {"steps": 200}
    *_, last = run(configure(Config, raw))
    net, config = last.seen["views"].args[1], last.seen["views"].args[0]
    right = 0
    for image, label in zip(data.test_images[:20], data.test_labels[:20].tolist(), strict=True):
        ink = 255 - image.permute(1, 2, 0).numpy()  # on paper
        config.picture = letters(Image.fromarray(ink).resize((64, 64)))
        view = fooling.yours(config, net, torch.ones(1, 1, 32, 32), data.names)["yours"]
        right += view.words["captions"][0].split("\n")[1].split()[0] == str(label)
    assert right >= 14
