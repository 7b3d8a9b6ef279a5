"""Both networks begin alike; what a shortcut adds, and how far a gradient gets."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from fathom.data import digits
from fathom.lab.config import configure
from fathom.zoo import resnet
from fathom.zoo.resnet import Block, Config, network, run

SHORT = {"blocks": 3, "width": 4, "batch": 32, "steps": 11}


def ended(**raw):
    *_, last = run(configure(Config, SHORT | raw))
    return last


def first(**raw):
    return next(run(configure(Config, SHORT | raw)))


def test_a_block_is_two_convolutions_and_what_came_in():
    torch.manual_seed(1)
    x = torch.randn(2, 4, 8, 8)
    for shortcut in (True, False):
        block = Block(4, batch_norm=False, shortcut=shortcut)
        w1, b1, w2, b2 = block.parameters()
        said = F.conv2d(F.conv2d(x, w1, b1, padding=1).clamp(min=0), w2, b2, padding=1)
        expected = (said + (x if shortcut else 0)).clamp(min=0)
        assert torch.allclose(block(x), expected, atol=1e-6)


def test_a_block_that_has_learned_nothing_lets_through_what_came_in():
    block = Block(4, batch_norm=False, shortcut=True)
    for weight in block.parameters():
        torch.nn.init.zeros_(weight)
    x = torch.rand(2, 4, 8, 8)
    assert torch.equal(block(x), x)


@pytest.mark.parametrize("batch_norm", ["off", "on"])
def test_a_shortcut_has_no_weights_of_its_own(batch_norm):
    config = configure(Config, SHORT | {"batch_norm": batch_norm})
    sizes = {sum(p.numel() for p in network(config, on).parameters()) for on in (True, False)}
    block = 2 * (4 * 4 * 9 + 4) + (4 * 4 if batch_norm == "on" else 0)
    assert sizes == {3 * 4 * 16 + 4 + 3 * block + 64 * 4 * 10 + 10}


def test_both_begin_with_the_same_weights():
    _, views = first().draw()
    maps = views["maps"].arrays["images"]  # three blocks: 4 places of each network
    assert np.array_equal(maps[0], maps[4])  # the first layer says the same
    assert not np.array_equal(maps[1], maps[5])  # the first block does not


def test_the_gradient_of_a_layer_is_what_a_nudge_does_to_the_loss():
    config = configure(Config, {"blocks": 1, "width": 2})
    torch.manual_seed(0)
    net = network(config, shortcuts=True).double()
    images, labels = torch.rand(5, 3, 32, 32).double(), torch.arange(5)

    def loss():
        return F.cross_entropy(net(images), labels)

    loss().backward()
    found = resnet.gradients(net)
    assert len(found) == 4  # the first layer, two in the block, the last
    weight, nudge, slopes = net[1].change[0].weight, 1e-6, []
    with torch.no_grad():
        for place in range(weight.numel()):
            flat = weight.view(-1)
            flat[place] += nudge
            above = loss()
            flat[place] -= 2 * nudge
            slopes.append(((above - loss()) / (2 * nudge)).abs())
            flat[place] += nudge
    assert found[1].item() == pytest.approx(torch.stack(slopes).mean().item(), rel=1e-4)


def test_differences_are_none_between_twins_and_all_between_opposites():
    one = torch.randn(1, 4, 8, 8)
    assert resnet.differences(torch.cat([one, one])) == pytest.approx(0, abs=1e-6)
    assert resnet.differences(torch.cat([one, -one])) == pytest.approx(1)


def test_what_is_seen_inside_is_what_the_network_computes():
    torch.manual_seed(0)
    net = network(configure(Config, SHORT | {"batch_norm": "on"}), shortcuts=True)
    images = resnet.prepare(digits.load().images[:6])
    net(images)  # batch norm has seen something
    inside = resnet.features(net, images)
    assert net.training
    net.eval()
    assert torch.equal(inside[-1], net(images))
    assert len(inside) == 5  # the first layer, three blocks, the logits


def test_the_accuracy_is_that_of_every_picture_by_itself():
    torch.manual_seed(0)
    data, net = digits.load(), network(configure(Config, SHORT | {"batch_norm": "on"}), True)
    found = resnet.test(net, data)
    assert net.training
    net.eval()
    one_by_one = [int(net(resnet.prepare(one[None])).argmax()) for one in data.test_images]
    assert found == pytest.approx(np.mean(np.array(one_by_one) == data.test_labels.numpy()))


def test_without_shortcuts_the_gradient_vanishes_and_batch_norm_brings_it_back():
    def at_the_first_layer(**raw):
        _, views = first(width=8, **raw).draw()
        return views["gradients"].arrays["ys"][:, 0]  # log10, with shortcuts and plain

    residual, plain = at_the_first_layer(blocks=10)
    assert plain < residual - 5
    _, normalised = at_the_first_layer(blocks=10, batch_norm="on")
    assert normalised > -4
    residual, plain = at_the_first_layer(blocks=1)
    assert abs(plain - residual) < 1.5


def test_with_two_blocks_the_plain_network_learns_as_well():
    last = ended(blocks=2, width=8, steps=80, batch=64, lr=0.03)
    accuracies = last.draw()[1]["accuracies"].arrays["ys"][:, -1]
    assert accuracies.min() > 0.6


def test_tests_stand_at_their_steps_and_the_last_at_the_end():
    _, views = ended().draw()
    assert views["accuracies"].arrays["x"].tolist() == [0, 10, 11]
    assert views["losses"].arrays["x"].tolist() == list(range(12))
    assert views["gradients"].arrays["x"].tolist() == list(range(1, 9))


def test_ahead_is_the_difference_of_the_accuracies():
    numbers, views = ended().draw()
    residual, plain = views["accuracies"].arrays["ys"][:, -1]
    assert numbers["ahead"] == pytest.approx(residual - plain)


def test_a_plain_network_that_diverges_can_still_be_drawn():
    past = [torch.tensor([1.0, float("nan")]), torch.tensor([2.0, float("inf")])]
    assert torch.isfinite(resnet.recent(past)).all()
