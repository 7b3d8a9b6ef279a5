"""Losses and their slopes, against PyTorch's own and against what is done by hand."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from fathom.lab.config import configure, turn
from fathom.zoo import losses
from fathom.zoo.losses import (
    CLASSES,
    LOSSES,
    RIGHT,
    Config,
    differentiate,
    entropy_of_classes,
    entropy_of_logit,
    entropy_of_probability,
    squared_error,
    squared_error_of_sigmoid,
)

LOGITS = torch.linspace(-40, 40, 161)


def frames(**raw):
    return list(losses.run(configure(Config, raw)))


def views(frame):
    return frame.draw()[1]


def test_the_worked_example_begins_at_4_and_each_step_halves_the_error():
    seen = frames(loss="squared", steps=3)
    assert [frame.numbers()["loss"] for frame in seen] == pytest.approx([4, 1, 0.25, 0.0625])
    shown = views(next(losses.run(configure(Config, {"loss": "squared"}))))
    table = shown["numbers"].arrays["values"]
    assert table[0] == pytest.approx([1, -8, 1.4])
    assert table[1] == pytest.approx([3, -4, 3.2])
    assert shown["numbers"].words["title"] == "J = (1 · 2 + 3 − 7)² = 4"


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_losses_are_those_of_pytorch(y):
    truth = torch.full_like(LOGITS, y)
    expected = {
        squared_error: F.mse_loss(LOGITS, truth, reduction="none"),
        squared_error_of_sigmoid: F.mse_loss(LOGITS.sigmoid(), truth, reduction="none"),
        entropy_of_logit: F.binary_cross_entropy_with_logits(LOGITS, truth, reduction="none"),
    }
    for measure, theirs in expected.items():
        assert torch.allclose(measure(LOGITS, y), theirs, atol=1e-6)
    logits = torch.randn(3, generator=torch.Generator().manual_seed(0))
    assert entropy_of_classes(logits, 1.0) == pytest.approx(
        F.cross_entropy(logits, torch.tensor(1)).item()
    )


def test_slopes_are_those_of_the_formulas():
    p = LOGITS.sigmoid()
    assert torch.allclose(differentiate(entropy_of_logit, LOGITS, 1.0)[1], p - 1, atol=1e-6)
    _, slope = differentiate(squared_error_of_sigmoid, LOGITS, 1.0)
    assert torch.allclose(slope, 2 * (p - 1) * p * (1 - p), atol=1e-6)
    logits = torch.tensor([2.0, 0.5, -1.0])
    _, slope = differentiate(entropy_of_classes, logits, RIGHT)
    assert torch.allclose(slope, logits.softmax(0) - torch.tensor([0.0, 1.0, 0.0]), atol=1e-6)


def test_surely_wrong_the_squared_error_is_flat_and_the_cross_entropy_is_steep():
    at = torch.tensor([6.0])
    assert differentiate(squared_error_of_sigmoid, at, 0.0)[1].item() < 0.01
    assert differentiate(entropy_of_logit, at, 0.0)[1].item() > 0.99


def test_from_a_rounded_probability_there_is_no_slope_and_from_the_logit_there_is():
    for logit in (10.0, 20.0, 30.0):
        at = torch.tensor([logit])
        assert differentiate(entropy_of_logit, at, 0.0)[0].item() == pytest.approx(logit, abs=1e-4)
        assert differentiate(entropy_of_logit, at, 0.0)[1].item() == pytest.approx(1, abs=1e-4)
    height, slope = differentiate(entropy_of_probability, torch.tensor([20.0]), 0.0)
    assert (height.item(), slope.item()) == (100, 0)
    far = frames(loss="rounding", w=8, b=4, steps=150)
    answers = views(far[-1])["answers"].arrays["ys"]
    assert answers[0] == pytest.approx(1)
    assert answers[1][-1] < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_cross_entropy_is_far_ahead_of_the_squared_error(seed):
    last = frames(loss="binary", seed=seed)[-1].numbers()
    assert last["ahead"] >= 0.8


def test_three_classes_learn_the_right_one_and_their_table_adds_up():
    last = frames(loss="categorical", steps=100)[-1]
    assert last.numbers()["loss"] < 0.1
    table = views(last)["numbers"].arrays["values"]
    logit, power, p, truth, slope = table.T
    assert power == pytest.approx([math.exp(one) for one in logit], rel=1e-4)
    assert p == pytest.approx(power / power.sum(), rel=1e-4)
    assert truth.tolist() == [float(at == RIGHT) for at in range(len(CLASSES))]
    assert slope == pytest.approx(p - truth, abs=1e-5)


@pytest.mark.parametrize("loss", ["squared", "binary", "rounding"])
def test_a_tangent_touches_its_curve_with_its_slope(loss):
    shown = views(frames(loss=loss, steps=7)[-1])
    for number, (answer, height) in enumerate(shown["curve"].arrays["xy"], start=1):
        curve = shown[f"loss_{number}"].arrays
        assert np.interp(answer, curve["x"], curve["ys"][0]) == pytest.approx(height, abs=0.02)
        tangent = shown[f"tangent_{number}"].arrays
        (left, right), (low, high) = tangent["x"], tangent["ys"][0]
        assert (left + right) / 2 == pytest.approx(answer, abs=1e-4)
        assert (low + high) / 2 == pytest.approx(height, rel=1e-4, abs=1e-4)
        measure = list(LOSSES[loss].values())[number - 1]
        y = 7.0 if loss == "squared" else 0.0
        _, slope = differentiate(measure, torch.tensor([answer]), y)
        assert (high - low) / (right - left) == pytest.approx(slope.item(), rel=1e-2, abs=1e-4)


def test_a_weight_that_is_turned_puts_the_answer_there():
    config = configure(Config, {"loss": "squared"})
    run = losses.run(config)
    for frame in run:
        if frame.step == 5:
            turn(config, "w", -1.0)
            turn(config, "b", 0.0)
            assert next(run).numbers()["loss"] == (-1 * 2 + 0 - 7) ** 2
            return
