"""The test finds the steepest place and stops when it explodes; the trial is three trainings."""

import numpy as np
import pytest
import torch

from fathom.data import digits
from fathom.errors import KnobError
from fathom.lab.config import configure
from fathom.zoo import learning_rate_test
from fathom.zoo.learning_rate_test import KEPT, OPTIMIZERS, SPOILT, Config, Sweep


def ended(**raw):
    *_, last = learning_rate_test.run(configure(Config, raw))
    return last


def inside(frame):
    """The test and the trial of a frame."""
    _, test, trial = frame.seen["views"].args
    return test, trial


def swept(loss_at, count=200):
    """A test over rates from 1e-4 to 10 in which the loss depends on the rate alone."""
    test = Sweep()
    for power in np.linspace(-4, 1, count):
        test.add(10**power, loss_at(power))
        if test.exploded:
            break
    return test


def test_the_smoothed_loss_is_a_mean_whose_weights_fade_by_a_tenth_each_batch():
    losses = np.random.default_rng(0).random(50)
    test = Sweep()
    for t, loss in enumerate(losses):
        test.add(1.0, loss)
        weights = KEPT ** np.arange(t, -1, -1.0)
        assert test.smoothed[-1] == pytest.approx(np.average(losses[: t + 1], weights=weights))


@pytest.mark.parametrize("middle", [-3.0, -2.0, -1.0])
def test_the_steepest_place_of_a_fall_is_found_a_little_late(middle):
    test = swept(lambda power: 1 + 2 / (1 + np.exp(8 * (power - middle))), 400)
    found = np.log10(test.rates[test.steepest])
    assert middle < found < middle + 0.25  # the smoothed loss lags behind by about ten batches


def test_a_steeper_fall_after_an_explosion_does_not_count():
    def loss(power):
        return 3 - (power + 4) / 2 if power < 0 else 3.5 if power < 0.5 else 2.0

    test = swept(loss)
    assert test.steepest <= test.lowest
    assert np.log10(test.rates[test.lowest]) == pytest.approx(0, abs=0.1)


def test_it_has_exploded_when_the_smoothed_loss_is_four_times_the_lowest():
    test = swept(lambda power: 0.5 if power < 0 else 10.0)
    assert test.smoothed[-2] <= SPOILT * 0.5 < test.smoothed[-1]
    assert not swept(lambda power: 2.0).exploded


def test_the_rate_grows_by_the_same_factor_from_low_to_high():
    test, trial = inside(ended(low=1e-5, high=1e-3, batches=30, steps=40))
    assert test.rates[0] == pytest.approx(1e-5)
    assert test.rates[-1] == pytest.approx(1e-3)
    assert len(test.rates) == 30 == trial.begun
    ratios = np.array(test.rates[1:]) / np.array(test.rates[:-1])
    assert ratios == pytest.approx(100 ** (1 / 29))


def test_what_explodes_is_not_tested_any_further():
    test, trial = inside(ended(steps=220))
    assert test.exploded
    assert trial.begun == len(test.rates) < 200
    assert test.rates[test.steepest] == trial.suggestion < test.rates[test.lowest]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_rate_is_tried_from_the_first_weights_as_if_it_were_alone(optimizer):
    raw = {"optimizer": optimizer, "batches": 10, "steps": 40, "low": 1e-4, "high": 1e-2}
    _, one = inside(ended(**raw))
    _, ten = inside(ended(**raw, factor=10))
    assert one.losses[0] == pytest.approx([one.losses[0][0]] * 3)  # same weights, same batch
    assert np.array(ten.losses)[:, 0] == pytest.approx(np.array(one.losses)[:, 1], rel=1e-4)
    assert np.array(ten.losses)[:, 1] == pytest.approx(np.array(one.losses)[:, 2], rel=1e-4)
    assert np.array(one.losses)[-1, 0] != pytest.approx(np.array(one.losses)[-1, 1])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_suggestion_beats_a_tenth_and_ten_times_of_it_with_every_rule(optimizer):
    numbers, views = ended(optimizer=optimizer).draw()
    train = views["result"].arrays["values"][:, 0]
    assert train.argmin() == 1
    assert numbers["lead"] == pytest.approx(min(train[0], train[2]) - train[1], abs=1e-3)


def test_a_network_that_is_thrown_out_leaves_finite_numbers():
    numbers, views = ended(optimizer="sgd", factor=100, steps=260).draw()
    assert all(np.isfinite(one) for one in numbers.values())
    assert all(np.isfinite(views[name].arrays["ys"]).all() for name in ("training", "validation"))


def test_a_test_that_would_go_down_is_refused():
    with pytest.raises(KnobError, match=r"low is 0\.1, high is 0\.01.*make low less"):
        next(learning_rate_test.run(configure(Config, {"low": 0.1, "high": 0.01})))


def test_the_validation_digits_are_not_learned():
    images, labels = digits.rows()
    frame = next(learning_rate_test.run(configure(Config, {})))
    assert frame.step == 0
    assert len(images) == len(labels) == 1797
    known = images[: digits.TRAINED]
    assert float(known.mean()) == pytest.approx(0, abs=1e-5)
    assert float(known.std()) == pytest.approx(1, abs=1e-5)
    assert not torch.isnan(images).any()
