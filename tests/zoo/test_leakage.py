"""The honest test is honest in the mean, and the leaky one leaks what the knob says."""

import pytest
import torch
from scipy.stats import pearsonr
from sklearn.neighbors import KNeighborsClassifier

from fathom.lab.config import configure
from fathom.zoo import leakage
from fathom.zoo.leakage import AGAIN, Config, accuracies, gather, nearest, strongest


def studied(seed=0, **raw):
    config = configure(Config, raw)
    return config, gather(config, torch.Generator().manual_seed(seed))


def ended(**raw):
    *_, last = leakage.run(configure(Config, raw))
    return last


def test_the_strongest_measurements_are_those_of_the_largest_correlation():
    _, study = studied(measured=40)
    theirs = [abs(pearsonr(one, study.ill)[0]) for one in study.x.T.numpy()]
    assert (
        strongest(study.x, study.ill, 7).tolist() == torch.tensor(theirs).topk(7).indices.tolist()
    )


@pytest.mark.parametrize("k", [1, 3, 15])
def test_neighbours_vote_as_those_of_sklearn(k):
    _, study = studied(measured=10)
    theirs = KNeighborsClassifier(k).fit(study.x.numpy(), study.ill.numpy())
    said = nearest(study.x, study.ill, study.new_x, k)
    assert said.tolist() == theirs.predict(study.new_x.numpy()).tolist()


def test_a_study_of_one_class_says_that_class():
    assert (
        nearest(torch.randn(5, 3), torch.ones(5).long(), torch.randn(4, 3), 15).tolist() == [1] * 4
    )
    assert len(strongest(torch.randn(5, 3), torch.ones(5).long(), 2)) == 2


def test_split_by_patients_nobody_stands_on_both_sides():
    _, study = studied(leak="duplicates", twice=0.8)
    assert len(study.who) == 108
    for held_out, both in ((study.held_out, True), (study.held_out_people, False)):
        tested, learned = set(study.who[held_out].tolist()), set(study.who[~held_out].tolist())
        assert bool(tested & learned) is both
        assert 0.2 < held_out.float().mean() < 0.4


def test_a_second_measurement_is_that_of_the_same_patient():
    _, study = studied(leak="duplicates", twice=1)
    first, second = study.x.split(60)
    assert (second - first).std().item() == pytest.approx(AGAIN, rel=0.02)
    assert study.ill[:60].tolist() == study.ill[60:].tolist()


def test_the_honest_test_does_not_know_the_answers():
    config, study = studied(measured=200)
    _, before = accuracies(config, study, study.held_out, leaks=False)
    _, leaky = accuracies(config, study, study.held_out, leaks=True)
    study.ill[study.held_out] = 1 - study.ill[study.held_out]
    study.x[study.held_out] += 3
    _, after = accuracies(config, study, study.held_out, leaks=False)
    _, leaky_after = accuracies(config, study, study.held_out, leaks=True)
    assert before == after
    assert leaky != leaky_after


@pytest.mark.parametrize(
    ("leak", "low", "high"),
    [("selection", 0.15, 0.5), ("duplicates", 0.1, 0.5), ("standardise", -0.03, 0.03)],
)
def test_each_leak_is_as_large_as_the_caption_says(leak, low, high):
    numbers = ended(leak=leak, measured=500).numbers()
    assert low <= numbers["excess"] <= high
    assert abs(numbers["honest_excess"]) <= 0.04


def test_more_measurements_leak_more():
    few, many = (ended(measured=m, steps=40).numbers()["excess"] for m in (30, 1000))
    assert many > few + 0.1


def test_what_is_really_there_is_found_by_the_honest_test():
    means = ended(signal=2, measured=200, steps=40).draw()[1]["means"].arrays["ys"][:, -1]
    assert means[1] == pytest.approx(means[2], abs=0.06)
    assert means[1] > 0.75


def test_random_measurements_look_apart_until_others_come():
    _, views = ended(steps=3).draw()
    gaps = []
    for name in ("best", "later"):
        xy, ill = views[name].arrays["xy"], views[name].arrays["label"]
        gaps.append(abs(xy[ill == 1].mean(0) - xy[ill == 0].mean(0)).min())
    assert gaps[0] > 0.6
    assert gaps[1] < 0.45
    assert views["best"].arrays["held_out"].sum() == 18
