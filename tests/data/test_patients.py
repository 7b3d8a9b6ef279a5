"""Made patients have the AUC that theory gives them; the tumours are scikit-learn's."""

import pytest
import torch
from scipy.stats import norm
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score

from fathom.data import toy, tumours


def made(overlap=0.4, bent=False, seed=0, count=4000, prevalence=0.3):
    return toy.patients(count, prevalence, overlap, bent, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("overlap", [0.05, 0.4, 0.8, 1.0])
def test_the_best_score_ranks_as_well_as_two_bell_curves_with_this_overlap(overlap):
    _, ill, best = made(overlap)
    distance = -2 * norm.ppf(overlap / 2)
    assert roc_auc_score(ill, best) == pytest.approx(norm.cdf(distance / 2**0.5), abs=0.025)
    common = norm.cdf(-distance / 2) + norm.sf(distance / 2)
    assert common == pytest.approx(overlap)


def test_as_many_are_ill_as_the_prevalence_says():
    for prevalence in (0.01, 0.25, 0.99):
        assert made(prevalence=prevalence)[1].sum() == round(4000 * prevalence)


def test_bending_moves_places_along_a_bowl_and_changes_neither_classes_nor_best_score():
    straight, ill, best = made()
    bent, still_ill, still_best = made(bent=True)
    assert torch.equal(ill, still_ill)
    assert torch.equal(best, still_best)
    assert torch.equal(straight[:, 1], best)
    bowl = 0.7 * (straight[:, 0] ** 2 - 1)
    assert torch.allclose(bent[:, 1] - straight[:, 1], bowl, atol=1e-5)


def test_of_569_tumours_212_are_malignant_and_count_as_ill():
    x, ill = tumours.load()
    assert x.shape == (569, 30)
    assert ill.sum() == 212
    loaded = load_breast_cancer()
    assert loaded.target_names[0] == "malignant"
    assert (ill.numpy() == (loaded.target == 0)).all()
