"""The alarms are the tests of the books, and each kind of drift changes what it should."""

import numpy as np
import pytest
import torch
from scipy.special import kolmogorov as theirs
from scipy.stats import ks_2samp, norm

from fathom.lab.config import configure, turn
from fathom.zoo import drift
from fathom.zoo.drift import (
    Config,
    Deployed,
    border,
    changed,
    delays,
    kolmogorov,
    ks_test,
    people,
    share_test,
)

SHORT = {"begin": 5, "during": 0, "labels_after": 3, "patients": 60}


def frames(**raw):
    return list(drift.run(configure(Config, SHORT | raw)))


def drawn(kind, share, size=20_000):
    config = configure(Config, {"drift": kind})
    return people(config, share, (size,), torch.Generator().manual_seed(0))


@pytest.mark.parametrize("shift", [0.0, 0.4, -1.0])
def test_the_distance_is_that_of_scipy(shift):
    chance = torch.Generator().manual_seed(1)
    known = torch.randn(300, 2, generator=chance).sort(dim=0).values
    x = torch.randn(3, 40, 2, generator=chance) + shift
    for one, p in zip(x, ks_test(x, known), strict=True):
        root = np.sqrt(40 * 300 / 340)
        each = [ks_2samp(one[:, f].numpy(), known[:, f].numpy()).statistic for f in (0, 1)]
        assert p.item() == pytest.approx(min(1, 2 * theirs(max(each) * root)), rel=1e-4, abs=1e-12)


def test_the_distribution_of_kolmogorov_is_that_of_scipy():
    large = torch.linspace(0, 4, 81)
    assert kolmogorov(large).numpy() == pytest.approx(theirs(large.numpy()), abs=1e-6)


def test_the_test_of_the_labels_is_that_of_two_shares():
    model = Deployed(torch.nn.Sequential(), torch.zeros(0, 2), right=0.9, held_out=400, week=0)
    both = (80 + 360) / 500
    z = (0.9 - 0.8) / np.sqrt(both * (1 - both) * (1 / 100 + 1 / 400))
    assert share_test(0.8, 100, model) == pytest.approx(norm.sf(z))
    assert share_test(0.95, 100, model) > 0.5


def test_with_covariate_the_meaning_stays_and_with_concept_the_inputs_do():
    x, ill = drawn("none", 1.0)
    moved, _ = drawn("covariate", 1.0)
    assert (moved - x).mean(dim=0).tolist() == pytest.approx([drift.FAR, 0], abs=0.05)
    meant, now_ill = drawn("concept", 1.0)
    assert torch.equal(meant, x)
    assert now_ill.float().mean() < ill.float().mean() - 0.1
    config = Config(drift="covariate")
    across = torch.linspace(-2, 2, 5)
    assert torch.equal(border(config, 0, across), border(config, 1, across))


def test_with_label_more_are_ill_and_look_as_the_ill_did():
    x, ill = drawn("label", 0.0)
    later, later_ill = drawn("label", 1.0)
    assert later_ill.float().mean().item() == pytest.approx(drift.MORE, abs=0.02)
    for kind in (0, 1):
        before, after = x[ill == kind], later[later_ill == kind]
        assert after.mean(dim=0).tolist() == pytest.approx(before.mean(dim=0).tolist(), abs=0.07)


def test_the_change_begins_grows_and_ends():
    config = configure(Config, {"begin": 10, "during": 4, "amount": 0.8})
    shares = [changed(config, week) for week in (9, 10, 11, 13, 50)]
    assert shares == pytest.approx([0, 0.2, 0.4, 0.8, 0.8])
    at_once = configure(Config, {"begin": 10, "during": 0})
    assert [changed(at_once, week) for week in (9, 10)] == [0, 1]


def test_a_delay_is_counted_from_the_change_to_the_first_alarm():
    p = torch.ones(6, 3)
    p[1, 0] = p[4, 0] = p[2, 1] = 0.001  # the first one is before the change
    assert delays(p, 2, 0.01).tolist() == [2, 0, 4]
    assert delays(p[:2], 2, 0.01).tolist() == [0, 0, 0]


def test_false_alarms_come_about_as_often_as_the_level_says():
    last = frames(drift="none", level=0.1, steps=20)[-1].numbers()
    assert last["false_alarms"] / drift.YEAR == pytest.approx(0.1, abs=0.05)


def test_inputs_tell_of_new_patients_at_once_and_of_a_new_meaning_never():
    assert frames(steps=7)[-1].numbers()["delay"] == 0
    assert frames(drift="concept", steps=12)[-1].numbers()["delay"] > 6


def test_only_labels_that_have_come_are_known():
    *_, last = frames(drift="concept", steps=9)
    ys = last.draw()[1]["accuracies"].arrays["ys"]
    assert np.isnan(ys[1, :3]).all()
    assert np.isfinite(ys[1, 3:]).all()
    assert ys[0, 5:].max() < ys[0, :5].min() - 0.1  # it has fallen
    assert ys[1, 3:8].mean() > ys[0, 5:].mean() + 0.1  # and nobody knows before week 8


def test_a_model_that_is_trained_anew_is_good_again():
    left = frames(drift="concept", steps=16)[-1].numbers()["test_accuracy"]
    trained = frames(drift="concept", steps=16, retrain="labels", level=0.05)
    assert trained[-1].numbers()["test_accuracy"] > left + 0.1
    assert "trained anew in week" in trained[-1].draw()[1]["accuracies"].says


def test_an_alarm_that_is_turned_up_goes_off_more_often():
    config = configure(Config, SHORT | {"drift": "none", "steps": 12})
    before, after = [], []
    for frame in drift.run(config):
        (before if frame.step < 10 else after).append(frame.numbers()["false_alarms"])
        if frame.step == 9:
            turn(config, "level", 0.3)
    assert after[-1] > before[-1] + 2
