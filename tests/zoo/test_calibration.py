"""The temperature is the best one, changes no answer, and never saw the test."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from fathom.lab.config import configure, turn
from fathom.zoo import calibration
from fathom.zoo.calibration import (
    BINS,
    FEWEST,
    TRIED,
    VAL,
    Config,
    Part,
    bins,
    calibration_error,
    deal,
    judge,
    log_losses,
)


def begun(**raw):
    config = configure(Config, raw)
    return deal(config, torch.Generator().manual_seed(config.seed))


def ended(**raw):
    *_, last = calibration.run(configure(Config, {"steps": 151} | raw))
    return last


def parts(frame):
    """The digits to learn from, those for the temperature, and those of the test."""
    return frame.seen["views"].args[1:]


@pytest.fixture(scope="module")
def trained():
    return ended()


def drawn(temperature, size=10_000):
    """Logits, and labels that are drawn from what they say at this temperature."""
    chance = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(size, 10, generator=chance)
    label = (logits / temperature).softmax(dim=1).multinomial(1, generator=chance)[:, 0]
    return Part(torch.zeros(size, 64), label, logits)


def test_bins_and_error_are_those_of_sklearn(trained):
    _, _, test = parts(trained)
    right, sure = judge(test.logits, test.label, 1.7)
    share, said, came = bins(right, sure)
    theirs_came, theirs_said = calibration_curve(right.numpy(), sure.numpy(), n_bins=BINS)
    filled = share > 0
    assert came[filled].numpy() == pytest.approx(theirs_came, abs=1e-6)
    assert said[filled].numpy() == pytest.approx(theirs_said, abs=1e-6)
    edges = np.linspace(0, 1, BINS + 1)
    counts, _ = np.histogram(sure.numpy(), edges)
    assert share.numpy() == pytest.approx(counts / counts.sum(), abs=1e-6)
    gaps = abs(theirs_came - theirs_said)
    wanted = (counts[counts > 0] * gaps).sum() / counts.sum()
    assert calibration_error(right, sure) == pytest.approx(wanted, abs=1e-6)


def test_an_error_can_be_checked_by_hand():
    right, sure = torch.tensor([False, False, True, True]), torch.tensor([0.1, 0.1, 1.0, 1.0])
    assert calibration_error(right, sure) == pytest.approx(0.05)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2.8, 10.0])
def test_no_temperature_changes_an_answer(trained, temperature):
    _, _, test = parts(trained)
    wanted = test.logits.argmax(dim=1) == test.label
    assert torch.equal(judge(test.logits, test.label, temperature)[0], wanted)
    cold, warm = (judge(test.logits, test.label, t)[1].mean() for t in (temperature, 20.0))
    assert cold > warm


def test_the_temperature_is_the_one_that_scipy_finds(trained):
    _, val, _ = parts(trained)

    def loss(log_t):
        said = (val.logits.double() / 10**log_t).softmax(dim=1)
        return log_loss(val.label.numpy(), said.numpy(), labels=range(10))

    found = log_losses(val)
    best = minimize_scalar(loss, bounds=(-1, 1), method="bounded")
    assert TRIED[found.argmin()].log10().item() == pytest.approx(best.x, abs=0.01)
    assert found.min().item() == pytest.approx(best.fun, abs=1e-3)
    assert trained.draw()[0]["best_temperature"] == pytest.approx(10**best.x, rel=0.025)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_whoever_is_too_sure_by_a_factor_gets_that_factor_back(temperature):
    part = drawn(temperature)
    found = TRIED[log_losses(part).argmin()].item()
    assert found == pytest.approx(temperature, rel=0.05)
    assert calibration_error(*judge(part.logits, part.label, found)) < 0.015
    if temperature != 1:
        assert calibration_error(*judge(part.logits, part.label, 1.0)) > 0.05


def test_no_digit_is_in_two_parts_and_the_test_finds_nothing():
    train, val, test = begun(noise=0.1)
    rows = torch.cat([train.x, val.x, test.x])
    assert [len(one.x) for one in (train, val, test)] == [300, VAL, 1797 - 300 - VAL]
    assert len(rows.unique(dim=0)) == 1797
    run = calibration.run(configure(Config, {"steps": 20}))
    first = next(run)
    test = parts(first)[2]
    test.label[:] = (test.label + 1) % 10  # other answers in the test change nothing but the test
    *_, last = run
    plain = ended(steps=20)
    assert last.draw()[0]["best_temperature"] == plain.draw()[0]["best_temperature"]
    assert last.numbers()["train_loss"] == plain.numbers()["train_loss"]
    assert last.numbers()["test_accuracy"] < 0.3 < plain.numbers()["test_accuracy"]


@pytest.mark.parametrize("seed", range(5))
def test_it_is_too_sure_and_the_temperature_makes_it_honest(seed):
    frame = ended(seed=seed)
    numbers, _ = frame.draw()
    assert numbers["sure"] > numbers["test_accuracy"] + 0.1
    assert numbers["best_temperature"] > 1.5
    assert numbers["left"] <= 0.4
    assert numbers["left"] * numbers["calibration_error"] <= 0.07


def test_training_longer_makes_it_surer_and_not_better():
    few, many = (ended(updates=one).numbers() for one in (20, 150))
    assert many["test_accuracy"] == pytest.approx(few["test_accuracy"], abs=0.02)
    assert many["sure"] > few["sure"] + 0.05


def test_weight_decay_makes_it_less_sure(trained):
    tamed = ended(weight_decay=2)
    assert tamed.numbers()["sure"] < trained.numbers()["sure"] - 0.05
    assert tamed.draw()[0]["calibration_error"] < trained.draw()[0]["calibration_error"]


def test_turning_the_temperature_teaches_it_nothing(trained):
    config = configure(Config, {"steps": 151})
    for frame in calibration.run(config):
        if frame.step == 40:
            turn(config, "temperature", "2.8")
    assert frame.numbers()["train_loss"] == trained.numbers()["train_loss"]
    assert frame.numbers()["test_accuracy"] == trained.numbers()["test_accuracy"]
    assert frame.numbers()["sure"] < trained.numbers()["sure"] - 0.1
    again, before = (one.draw()[0] for one in (frame, trained))
    assert again["left"] == before["left"]


def test_the_digits_that_were_learned_say_nothing_is_wrong(trained):
    numbers, views = ended(looked_at="train").draw()
    assert "right in 100.0%" in views["reliability"].says
    _, others = trained.draw()
    assert f"right in {numbers['test_accuracy']:.1%}" in others["reliability"].says


def test_a_bin_with_few_digits_has_no_dot(trained):
    _, _, test = parts(trained)
    share, said, came = bins(*judge(test.logits, test.label, 1.0))
    full = (share * len(test.label)).round() >= FEWEST
    assert not full[share > 0].all()
    xy = trained.draw()[1]["reliability"].arrays["xy"]
    assert len(xy) == full.sum()
    assert xy == pytest.approx(torch.stack([said[full], came[full]], 1).numpy(), abs=1e-6)
