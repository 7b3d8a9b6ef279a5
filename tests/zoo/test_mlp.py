"""The network in 2-D: every choice draws, and what it says of itself is true."""

import itertools

import numpy as np
import pytest
import torch

from fathom.errors import KnobError
from fathom.lab.config import configure, turn
from fathom.zoo import mlp
from fathom.zoo.mlp import ACTIVATIONS, CLASSES, FEATURES, HEIGHTS, OPTIMIZERS, Config, run

SMALL = {"size": 40, "width": 2, "hidden": 1, "steps": 2}


def last(**raw):
    *_, frame = run(configure(Config, raw))
    return frame.draw()


def check_finite(numbers, views):
    assert all(np.isfinite(one) for one in numbers.values())
    for view in views.values():
        for name, array in view.arrays.items():
            assert np.isfinite(array).all(), name
        assert view.says


@pytest.mark.parametrize(
    ("data", "activation"), list(itertools.product([*CLASSES, *HEIGHTS], ACTIVATIONS))
)
def test_every_data_set_with_every_activation_draws(data, activation):
    numbers, views = last(data=data, activation=activation, **SMALL)
    check_finite(numbers, views)
    assert set(views) == {"border", "data", "network"}
    assert ("val_loss" in numbers) == (data != "mine")
    assert ("val_accuracy" in numbers) == (data in CLASSES and data != "mine")


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
@pytest.mark.parametrize("data", ["circles", "hills"])
def test_every_optimizer_makes_the_loss_smaller(data, optimizer):
    raw = {"data": data, "optimizer": optimizer, "batch": 2000, "size": 100, "steps": 40}
    losses = [frame.numbers()["loss"] for frame in run(configure(Config, raw))]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("hidden", range(5))
def test_every_depth_draws_and_its_graph_has_all_neurons(hidden):
    _, views = last(**SMALL | {"hidden": hidden, "width": 16})
    graph = views["network"]
    assert [len(layer) for layer in graph.words["layers"]] == [2, *[16] * hidden, 1]
    sizes = [2, *[16] * hidden, 1]
    assert len(graph.arrays["weight"]) == sum(a * b for a, b in itertools.pairwise(sizes))
    assert len(graph.words["tells"]) == sum(sizes) == len(graph.arrays["images"])


@pytest.mark.parametrize("name", list(FEATURES))
def test_one_input_alone_is_enough_and_its_picture_is_itself(name):
    switches = {other: other == name for other in FEATURES}
    numbers, views = last(**SMALL | switches)
    check_finite(numbers, views)
    axis = torch.linspace(-3, 3, mlp.SIDE)[:: mlp.EVERY]
    x2, x1 = torch.meshgrid(axis, axis, indexing="ij")
    expected = FEATURES[name][1](x1, x2)
    expected = expected / expected.abs().max().clamp(min=1)
    drawn = torch.from_numpy(views["network"].arrays["images"][0] / 127.5 - 1)
    assert (drawn - expected).abs().max() < 0.1  # the ends of the picture fall between two places


def test_edges_lead_from_a_neuron_of_one_layer_to_one_of_the_next():
    _, views = last(**SMALL | {"widths": "3, 2"})
    arrays = views["network"].arrays
    pairs = list(zip(arrays["source"].tolist(), arrays["target"].tolist(), strict=True))
    first = [(a, b) for b in (2, 3, 4) for a in (0, 1)]
    second = [(a, b) for b in (5, 6) for a in (2, 3, 4)]
    assert pairs == [*first, *second, (5, 7), (6, 7)]


def test_what_a_neuron_tells_is_what_its_picture_shows():
    _, views = last(**SMALL | {"activation": "tanh"})
    graph = views["network"]
    told = graph.words["tells"][2]  # the first neuron: tanh(+0.12 x₁ -0.34 x₂ +0.56): ...
    terms = told.removeprefix("tanh(").split(")")[0].split()
    weights = dict(zip(terms[1:4:2], map(float, terms[0:4:2]), strict=True))
    axis = np.linspace(-3, 3, mlp.SIDE)[:: mlp.EVERY]
    expected = np.tanh(
        weights["x₁"] * axis[None, :] + weights["x₂"] * axis[:, None] + float(terms[4])
    )
    drawn = graph.arrays["images"][2] / 127.5 - 1
    assert np.abs(drawn - expected).max() < 0.05


@pytest.mark.parametrize(
    ("weights", "way"),
    [([1.0, 0.0], "the right"), ([1.0, 1.0], "the upper right"), ([0.0, -2.0], "the bottom")],
)
def test_a_neuron_grows_towards_where_its_weights_point(weights, way):
    said = mlp.tell(["x₁", "x₂"], weights, 0.0, "relu", straight=True)
    assert f"grows towards {way}," in said


def test_the_gradient_of_the_network_is_that_of_finite_differences():
    torch.manual_seed(0)
    net = mlp.Network([2, 3, 1]).double()
    x = torch.randn(5, 2, dtype=torch.float64)
    for activation in ACTIVATIONS:
        weight = net.linear[0].weight
        net.zero_grad()
        net(x, activation)[-1].sum().backward()
        with torch.no_grad():
            shifted = []
            for change in (1e-6, -2e-6):
                weight[1, 0] += change
                shifted.append(float(net(x, activation)[-1].sum()))
            weight[1, 0] += 1e-6
        slope = (shifted[0] - shifted[1]) / 2e-6
        assert float(weight.grad[1, 0]) == pytest.approx(slope, abs=1e-5)


def test_without_activation_no_depth_bends_the_border():
    torch.manual_seed(0)
    net = mlp.Network([2, 8, 8, 8, 1])
    a, b = torch.randn(2, 100, 2)
    said = [net(x, "none")[-1] for x in (a, b, a + b, torch.zeros(1, 2))]
    assert torch.allclose(said[0] + said[1], said[2] + said[3], atol=1e-5)


def test_squares_as_inputs_separate_circles_without_any_hidden_layer():
    inputs = {"x1": "off", "x2": "off", "x1_squared": "on", "x2_squared": "on"}
    raw = {"data": "circles", "hidden": 0, "steps": 300, "lr": 0.3, "noise": 0}
    numbers, _ = last(**raw | inputs)
    assert numbers["val_accuracy"] == 1
    numbers, _ = last(**raw)
    assert numbers["val_accuracy"] < 0.8


def test_strong_weight_decay_keeps_the_weights_small():
    def size(**more):
        _, views = last(**SMALL | {"steps": 150} | more)
        return np.abs(views["network"].arrays["weight"]).sum()

    assert size(weight_decay=0.5) < 0.5 * size()
    assert size(l1=0.1) < 0.5 * size()


def test_points_of_the_learner_are_learned_and_never_held_out():
    clicked = "-2,-2,0 2,2,1 2,-2,0"
    numbers, views = last(data="mine", points=clicked, steps=150)
    assert numbers["train_accuracy"] == 1
    assert views["data"].arrays["held_out"].tolist() == [0, 0, 0]
    numbers, views = last(**SMALL | {"points": clicked, "train": 0.5})
    assert views["data"].arrays["held_out"].tolist() == [0] * 23 + [1] * 20


def test_without_any_point_the_run_waits_and_learns_from_the_first_click():
    config = configure(Config, {"data": "mine", "steps": 200})
    losses = []
    for frame in run(config):
        losses.append(frame.numbers()["loss"])
        if frame.step == 5:
            turn(config, "points", "1,1,1 -1,-1,0")
    assert losses[:6] == [0] * 6
    assert losses[8] > 0.1
    assert frame.draw()[0]["train_accuracy"] == 1


def test_drawn_points_are_heights_when_heights_are_learned():
    _, views = last(**SMALL | {"data": "plane", "points": "1,1,1 0,0,0", "train": 0.5})
    assert views["data"].arrays["value"][20:22].tolist() == [1, -1]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"x1": "off", "x2": "off"}, "needs an input"),
        ({"widths": "8 99"}, "widths cannot be '8 99'"),
        ({"widths": "1 1 1 1 1 1 1"}, "up to four whole numbers"),
        ({"points": "1,1,2"}, "two classes apart, 0 and 1"),
    ],
)
def test_what_cannot_be_is_a_sentence(raw, why):
    with pytest.raises(KnobError, match=why):
        last(**SMALL | raw)
