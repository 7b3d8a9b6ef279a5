"""One neuron, against arithmetic in NumPy and against scikit-learn's logistic regression."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from fathom.data import toy
from fathom.lab.config import configure
from fathom.zoo import neuron
from fathom.zoo.neuron import ACTIVATIONS, REACH, SIDE, Config

NUMPY = {
    "sigmoid": lambda total: 1 / (1 + np.exp(-total)),
    "none": lambda total: total,
    "step": lambda total: 1.0 * (total > 0),
    "tanh": np.tanh,
    "relu": lambda total: np.maximum(total, 0),
}
BY_HAND = {"learn": "off", "w1": 0.8, "w2": 0.6, "w3": 0.3, "bias": -0.4}


def ended(**raw):
    """The last frame, and the weights as they are then."""
    frames = neuron.run(configure(Config, raw))
    for frame in frames:
        weights = frames.gi_frame.f_locals["weights"].detach().clone()
        if frame.last:
            return frame, weights
    raise AssertionError("there is no last frame")


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_table_is_the_arithmetic_of_one_person(activation):
    inputs = {"study": 1.0, "sleep": -1.0, "coffee": 2.0}
    frame, _ = ended(**BY_HAND, **inputs, activation=activation, steps=1)
    _, views = frame.draw()
    table = views["arithmetic"].arrays["values"]
    assert table[:, 0] == pytest.approx([1, -1, 2, 1])
    assert table[:, 1] == pytest.approx([0.8, 0.6, 0.3, -0.4])
    assert table[:, 2] == pytest.approx(table[:, 0] * table[:, 1])
    total, answer = views["activation"].arrays["xy"][0]
    assert total == pytest.approx(table[:, 2].sum())
    assert answer == pytest.approx(NUMPY[activation](0.4), abs=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_is_what_it_is_called(activation):
    sums = torch.linspace(-5, 5, 101)
    assert ACTIVATIONS[activation](sums).numpy() == pytest.approx(
        NUMPY[activation](sums.numpy()), abs=1e-6
    )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "none"])
def test_the_border_is_a_straight_line_whatever_the_activation(activation):
    frame, weights = ended(**BY_HAND, coffee=0, activation=activation, steps=1)
    seen = frame.draw()[1]["border"].arrays["values"]
    sums = (REACH * toy.square(SIDE)) @ weights[:2] + weights[3]
    at = {"sigmoid": 0.0, "tanh": np.arctanh(0.5), "relu": 0.5, "none": 0.5}[activation]
    clear = (sums - at).abs() > 0.05  # bytes of a picture are not exact
    low, high = seen.min(), seen.max()
    cut = (0.5 - 0) * 255 if seen.dtype == np.uint8 else 0.5
    assert low < cut < high
    assert ((seen.reshape(-1) > cut) == (sums > at).numpy())[clear.numpy()].all()


@pytest.mark.parametrize("seed", range(3))
def test_the_learned_weights_point_where_logistic_regression_points(seed):
    _, weights = ended(seed=seed)
    x, passed, _ = toy.exams(300, 0.5, torch.Generator().manual_seed(seed))
    theirs = LogisticRegression().fit(x.numpy(), passed.numpy())
    ours = weights[:3].numpy() / weights[:3].norm().item()
    other = theirs.coef_[0] / np.linalg.norm(theirs.coef_[0])
    assert ours @ other > 0.98


def test_a_step_has_no_slope_so_nothing_is_learned():
    _, early = ended(activation="step", steps=1)
    _, late = ended(activation="step", steps=50)
    assert torch.equal(early, late)


def test_who_passes_is_decided_by_study_and_sleep():
    x, passed, rule = toy.exams(2000, 0.0, torch.Generator().manual_seed(0))
    assert torch.equal(passed > 0.5, rule)
    score = LogisticRegression(C=1e6).fit(x.numpy(), passed.numpy()).coef_[0]
    assert score[1] / score[0] == pytest.approx(0.7, abs=0.05)
    assert abs(score[2] / score[0]) < 0.05
