"""Curves, areas and intervals against scikit-learn and against closed forms."""

import numpy as np
import pytest
import torch
from scipy.stats import norm
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from fathom.data import toy
from fathom.errors import KnobError
from fathom.lab.config import configure
from fathom.zoo.roc import (
    RESAMPLES,
    Config,
    aucs,
    curve,
    gather,
    interval,
    measures,
    pairs,
    resample,
    run,
    table,
)

SHARP = -2 * norm.ppf(0.4 / 2)  # the distance of the heaps at the default overlap


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def last(**raw):
    *_, frame = run(configure(Config, {"steps": 150} | raw))
    return frame.draw()


def patients(count=80, ties=False, seed=0):
    """Scores in [0, 1], many of them equal with `ties`, and who is ill."""
    chance = seeded(seed)
    ill = (torch.rand(count, generator=chance) < 0.4).long()
    scores = (torch.rand(count, generator=chance) + 0.5 * ill).double() / 1.5
    return (10 * scores).round() / 10 if ties else scores, ill


@pytest.mark.parametrize("ties", [False, True])
def test_the_curve_has_the_corners_that_scikit_learn_finds(ties):
    scores, ill = patients(ties=ties)
    alarms, hits, _ = metrics.roc_curve(ill, scores, drop_intermediate=False)
    ours = curve(scores, ill)
    assert np.allclose(ours[0], alarms)
    assert np.allclose(ours[1], hits)


@pytest.mark.parametrize("ties", [False, True])
def test_the_area_is_the_share_of_pairs_ranked_rightly(ties):
    scores, ill = patients(ties=ties)
    right = metrics.roc_auc_score(ill, scores)
    alarms, hits = curve(scores, ill)
    assert float(torch.trapezoid(hits, alarms)) == pytest.approx(right)
    assert pairs(scores, ill) == pytest.approx(right)
    sick, well = scores[ill == 1].tolist(), scores[ill == 0].tolist()
    counted = sum((s > w) + (s == w) / 2 for s in sick for w in well)
    assert counted / len(sick) / len(well) == pytest.approx(right)


@pytest.mark.parametrize("ties", [False, True])
def test_the_auc_of_a_resample_is_that_of_the_patients_repeated(ties):
    scores, ill = patients(ties=ties)
    drawn = torch.randint(0, 4, (5, len(ill)), generator=seeded(1)).float()
    for times, ours in zip(drawn.long(), aucs(scores, ill, drawn), strict=True):
        again = [one.repeat_interleave(times) for one in (ill, scores)]
        assert float(ours) == pytest.approx(metrics.roc_auc_score(*again))


def test_a_resample_has_as_many_patients_and_leaves_a_third_of_them_out():
    drawn = resample(200, seeded())
    assert drawn.shape == (RESAMPLES, 200)
    assert (drawn.sum(dim=1) == 200).all()
    assert float((drawn == 0).float().mean()) == pytest.approx(np.exp(-1), abs=0.01)


@pytest.mark.parametrize("share", [None, 0.01])
def test_the_measures_are_those_of_scikit_learn_also_where_the_ill_are_rarer(share):
    scores, ill = patients()
    sick = float(ill.double().mean())
    weight = np.ones(len(ill))
    if share:
        weight = np.where(ill == 1, share / sick, (1 - share) / (1 - sick))
    ours = measures(table(scores, ill, torch.ones(1, len(ill)), 0.6, share or sick))
    called, same = (scores >= 0.6).long(), {"sample_weight": weight}
    right = {
        "accuracy": metrics.accuracy_score(ill, called, **same),
        "balanced_accuracy": metrics.balanced_accuracy_score(ill, called, **same),
        "recall": metrics.recall_score(ill, called, **same),
        "specificity": metrics.recall_score(ill, called, pos_label=0, **same),
        "precision": metrics.precision_score(ill, called, **same),
    }
    assert {name: float(value) for name, value in ours.items()} == pytest.approx(right)


def test_the_interval_holds_the_true_auc_about_95_times_in_100():
    """The best score needs no training, and its true AUC is known."""
    true, inside = norm.cdf(SHARP / 2**0.5), 0
    for seed in range(100):
        chance = seeded(seed)
        _, ill, best = toy.patients(200, 0.5, 0.4, False, chance)
        drawn = torch.cat([resample(100, chance), resample(100, chance)], dim=1)
        low, high = interval(aucs(best, ill, drawn))
        inside += low <= true <= high
    assert 88 <= inside <= 99


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_auc_comes_close_to_the_one_that_theory_allows(seed):
    numbers, _ = last(patients=4000, seed=seed)
    assert numbers["auc"] == pytest.approx(norm.cdf(SHARP / 2**0.5), abs=0.03)
    assert numbers["auc"] == pytest.approx(numbers["pairs"], abs=1e-9)
    assert numbers["gap"] < 0.005


def test_the_loss_falls_to_that_of_logistic_regression():
    config = configure(Config, {"updates": 2000, "steps": 2000})
    made = gather(config, seeded(config.seed))
    x, ill = made.x[: made.m].double().numpy(), made.ill[: made.m].numpy()
    model = LogisticRegression(C=1e6, max_iter=10_000).fit(x, ill)
    best = metrics.log_loss(ill, model.predict_proba(x))
    *_, frame = run(config)
    assert frame.numbers()["loss"] == pytest.approx(best, abs=1e-5)


def test_the_threshold_moves_the_table_and_not_the_curve():
    strict, high = last(threshold=0.7)
    loose, low = last(threshold=0.2)
    assert np.array_equal(high["roc_1"].arrays["ys"], low["roc_1"].arrays["ys"])
    assert strict["auc"] == loose["auc"]
    assert strict["recall"] < loose["recall"]
    assert strict["specificity"] > loose["specificity"]
    here = low["here"].arrays["xy"][0]
    assert here == pytest.approx([1 - loose["specificity"], loose["recall"]])
    assert low["cut"].arrays["x"].tolist() == pytest.approx([0.2, 0.2])


def test_where_the_ill_are_rare_precision_is_what_bayes_says_and_roc_stays():
    many, before = last()
    few, after = last(used_on=0.01)
    assert few["recall"] == pytest.approx(many["recall"])
    assert np.array_equal(before["roc_1"].arrays["ys"], after["roc_1"].arrays["ys"])
    hits, alarms = 0.01 * many["recall"], 0.99 * (1 - many["specificity"])
    assert few["precision"] == pytest.approx(hits / (hits + alarms))
    assert after["confusion"].arrays["values"].sum() == pytest.approx(1000, abs=2)
    assert before["confusion"].arrays["values"].sum() == 300


def test_nobody_called_ill_has_no_precision():
    numbers, views = last(threshold=1.0)
    assert "precision" not in numbers
    assert views["stands"].arrays["xy"].shape == (0, 2)
    assert "nobody" in views["precision_recall"].says
    assert "precision" not in views["measures"].words["rows"]
    assert np.isfinite(views["measures"].arrays["values"]).all()


def test_a_bent_border_needs_neurons_and_many_patients_to_prove_it():
    knobs = {"data": "bent", "model": "mlp", "rival": "logistic"}
    _, seen = last(**knobs, patients=300)
    many, proof = last(**knobs, patients=4000)
    assert proof["difference"].arrays["x"].min() > 0  # in no resample is the rival better
    assert many["auc"] - many["rival_auc"] > 0.03
    assert seen["difference"].arrays["x"].min() < 0 < seen["difference"].arrays["x"].max()


def test_after_the_last_update_only_the_learner_moves_something():
    config = configure(Config, {"steps": 12, "updates": 5, "patients": 60})
    losses = [frame.numbers()["loss"] for frame in run(config)]
    assert len(set(losses[:6])) == 6
    assert len(set(losses[5:])) == 1


def test_both_classes_are_dealt_out_and_nobody_is_on_both_sides():
    made = gather(configure(Config, {"patients": 360, "held_out": 0.3}), seeded())
    assert len(made.ill) - made.m == 108
    shares = [float(part.float().mean()) for part in (made.ill[: made.m], made.ill[made.m :])]
    assert shares == pytest.approx([0.3, 0.3], abs=0.01)
    assert len({tuple(row) for row in made.x.tolist()}) == 360


@pytest.mark.parametrize(("prevalence", "kind"), [(0.01, "ill"), (0.99, "healthy")])
def test_too_few_patients_of_a_kind_are_told_in_a_sentence(prevalence, kind):
    with pytest.raises(KnobError, match=f"1 of 100 patients are {kind}, and 4 is the least"):
        next(run(configure(Config, {"patients": 100, "prevalence": prevalence})))


@pytest.mark.parametrize("seed", range(8))
def test_it_ranks_nearly_as_well_as_the_best_score(seed):
    numbers, _ = last(seed=seed)
    assert numbers["gap"] <= 0.03
