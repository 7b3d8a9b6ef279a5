"""Each network is tested on patients that it never saw, and the average of all cannot lose."""

import numpy as np
import pytest
import torch
from scipy.stats import binomtest
from sklearn import metrics

from fathom.lab.config import configure
from fathom.lab.views import CRISP
from fathom.zoo import cross_validation
from fathom.zoo.cross_validation import (
    Config,
    Networks,
    gather,
    log_loss,
    mean_losses,
    wilson,
)


def gathered(**raw):
    config = configure(Config, raw)
    return gather(config, torch.Generator().manual_seed(config.seed))


def ended(**raw):
    *_, last = cross_validation.run(configure(Config, raw))
    return last


@pytest.mark.parametrize(("patients", "folds"), [(108, 5), (20, 10), (400, 2), (31, 7)])
def test_folds_are_of_one_size_and_share_the_ill(patients, folds):
    data = gathered(patients=patients, folds=folds)
    sizes = torch.bincount(data.fold, minlength=folds)
    ill = torch.bincount(data.fold, weights=data.ill.float(), minlength=folds)
    assert sizes.sum() == patients
    assert sizes.max() - sizes.min() <= 1
    assert ill.max() - ill.min() <= 1
    assert len(data.later_ill) == 569 - patients


def test_each_network_measures_by_those_it_learns_from():
    data = gathered(patients=60, folds=3)
    for k in range(3):
        seen = data.x[k, data.fold != k]
        assert seen.mean(0).numpy() == pytest.approx(0, abs=1e-4)
        assert seen.std(0).numpy() == pytest.approx(1, abs=1e-4)
        assert data.x[k, data.fold == k].mean(0).abs().max() > 0.01


def test_what_is_held_out_teaches_a_network_nothing():
    data = gathered(patients=60, folds=3)
    nets = Networks(3, 30, 4, torch.Generator().manual_seed(0))
    out = data.fold == torch.arange(3)[:, None]

    def slopes(x, ill):
        nets.zero_grad()
        mean_losses(nets(x), ill, ~out)[1].backward()
        return nets.w1.grad[1].clone()

    moved, turned = data.x.clone(), data.ill.clone()
    moved[1, data.fold == 1] += 100
    turned[data.fold == 1] = 1 - turned[data.fold == 1]
    assert torch.equal(slopes(data.x, data.ill), slopes(moved, turned))
    turned[data.fold == 2] = 1 - turned[data.fold == 2]
    assert not torch.equal(slopes(data.x, data.ill), slopes(data.x, turned))


def test_networks_side_by_side_are_networks():
    chance = torch.Generator().manual_seed(0)
    nets, x = Networks(3, 5, 4, chance), torch.randn(3, 7, 5, generator=chance)
    for k in range(3):
        hidden = torch.tanh(x[k] @ nets.w1[k] + nets.b1[k])
        alone = (hidden @ nets.w2[k] + nets.b2[k])[:, 0]
        assert nets(x)[k].tolist() == pytest.approx(alone.tolist(), abs=1e-6)


def test_losses_and_bars_are_those_of_other_packages():
    chance = torch.Generator().manual_seed(0)
    said, ill = torch.rand(50, generator=chance), torch.arange(50) % 2
    theirs = metrics.log_loss(ill.numpy(), said.numpy())
    assert float(log_loss(said, ill)) == pytest.approx(theirs, abs=1e-6)
    logits = torch.logit(said)[None]
    all_of_them = torch.ones(1, 50, dtype=torch.bool)
    assert mean_losses(logits, ill, all_of_them).tolist() == pytest.approx([theirs], abs=1e-5)
    for right, size in [(18, 22), (22, 22), (0, 5), (93, 108)]:
        low, high = wilson(torch.tensor(right / size), torch.tensor(size))
        wanted = binomtest(right, size).proportion_ci(method="wilson")
        assert [float(low), float(high)] == pytest.approx([*wanted], abs=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_average_of_the_networks_does_not_lose(seed):
    frame = ended(seed=seed, steps=60)
    counted, _ = frame.draw()
    assert counted["gain"] >= 0


def test_every_patient_is_drawn_as_held_out_once():
    counted, views = ended(patients=40, folds=4, steps=20).draw()
    state = views["held_out"].arrays["values"][::CRISP, ::CRISP]
    assert state.shape == (4, 40)
    assert ((state > 0).sum(0) == 1).all()
    assert (state == cross_validation.WRONG).sum() == round(40 * (1 - counted["val_accuracy"]))
    xy = views["accuracies"].arrays["xy"]
    assert xy[4, 1] == pytest.approx(counted["val_accuracy"], abs=1e-6)
    assert xy[:4, 1].std(ddof=1) == pytest.approx(counted["spread"], abs=1e-6)
    assert np.isfinite(xy).all()
