"""Linear layers are their product; an activation is what sets them apart."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from fathom.data import toy
from fathom.lab.config import configure, turn
from fathom.zoo import linear_stack
from fathom.zoo.linear_stack import ACTIVATIONS, REACH, Config, product, through


def ended(**raw):
    *_, last = linear_stack.run(configure(Config, raw))
    return last


@pytest.mark.parametrize("sizes", [(2, 1), (2, 8, 1), (2, 3, 5, 4, 1), (2, 1, 1, 1, 1, 1)])
@pytest.mark.parametrize("seed", range(3))
def test_the_product_is_that_of_the_matrices_and_answers_like_the_stack(sizes, seed):
    torch.manual_seed(seed)
    stack = [nn.Linear(*pair) for pair in pairwise(sizes)]
    with torch.no_grad():
        weight, bias = product(stack)
        matrices = [layer.weight.double().numpy() for layer in reversed(stack)]
        chain = np.linalg.multi_dot(matrices) if len(matrices) > 1 else matrices[0]
        assert weight.numpy() == pytest.approx(chain, abs=1e-6)
        x = torch.randn(50, 2)
        alone = (x @ weight.T + bias)[:, 0]
        assert through(stack, x, "none").numpy() == pytest.approx(alone.numpy(), abs=1e-5)


@pytest.mark.parametrize("layers", [1, 5])
def test_without_an_activation_it_is_as_good_as_the_best_straight_line(layers):
    frame = ended(layers=layers, width=8, steps=400)
    chance = torch.Generator().manual_seed(0)
    x, y = toy.moons(400, chance)
    x = REACH * x + 0.1 * torch.randn(x.shape, generator=chance)
    best = LogisticRegression(C=1e6).fit(x.numpy(), y.numpy()).score(x.numpy(), y.numpy())
    assert frame.numbers()["train_accuracy"] == pytest.approx(best, abs=0.02)
    assert frame.numbers()["gap"] <= 1e-4


@pytest.mark.parametrize("activation", [one for one in ACTIVATIONS if one != "none"])
def test_an_activation_switched_on_in_the_middle_lets_it_bend(activation):
    config = configure(Config, {"width": 8, "lr": 0.05})
    for frame in linear_stack.run(config):
        if frame.step == 200:
            straight = frame.numbers()
            turn(config, "activation", activation)
    bent = frame.numbers()
    assert straight["gap"] <= 1e-4
    assert straight["train_accuracy"] < 0.95
    assert bent["train_accuracy"] > 0.97
    assert bent["gap"] > 1


def test_the_thin_line_is_where_the_product_says_0():
    _, views = ended(steps=50).draw()
    *weight, bias = views["product"].arrays["values"][0]
    drawn = np.stack([views["one_layer"].arrays["x"], views["one_layer"].arrays["ys"][0]])
    assert np.asarray(weight) @ drawn + bias == pytest.approx(0, abs=1e-3)


def test_every_matrix_is_shown_with_its_bias():
    _, views = ended(layers=3, width=5, steps=1).draw()
    shapes = [views[f"matrix_{number}"].arrays["values"].shape for number in (1, 2, 3)]
    assert shapes == [(5, 3), (5, 6), (1, 6)]
