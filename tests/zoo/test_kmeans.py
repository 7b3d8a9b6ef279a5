"""k-means against scikit-learn, and against what can be worked out by hand."""

import itertools

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import rand_score

from fathom.errors import KnobError
from fathom.lab.config import configure, turn
from fathom.zoo import kmeans
from fathom.zoo.kmeans import DATA, MOST, Config, assign, choose, cost, curve, move, plus_plus

GRID = torch.tensor([[0.0, 0.0], [0.0, 2.0], [4.0, 0.0], [4.0, 2.0]])
ONE = torch.ones(2)


def frames(**raw):
    return list(kmeans.run(configure(Config, raw)))


def centroids(views):
    """Where each of them is now (K, 2), and where it began (K, 2)."""
    paths = [view.arrays for name, view in views.items() if name.startswith("path_")]
    walked = np.stack([np.stack([one["x"], one["ys"][0]], axis=1) for one in paths])
    return walked[:, -1], walked[:, 0]


@pytest.mark.parametrize("start", ["k-means++", "random", "huddled"])
@pytest.mark.parametrize(
    ("data", "k", "standardise"),
    [
        ("heaps", 4, "off"),
        ("rings", 2, "off"),
        ("iris", 3, "off"),
        ("customers", 4, "off"),
        ("customers", 4, "on"),
    ],
)
def test_it_comes_to_rest_where_scikit_learn_does_from_the_same_start(data, k, standardise, start):
    raw = {"data": data, "k": k, "standardise": standardise, "start": start}
    frame = frames(**raw, steps=120)[-1]
    numbers, views = frame.draw()
    rows = views["data"].arrays["xy"].astype(np.float64)
    ruler = rows.std(axis=0) if standardise == "on" else np.ones(2)
    ends, begins = centroids(views)
    theirs = KMeans(k, init=begins / ruler, n_init=1, tol=0, max_iter=300).fit(rows / ruler)
    assert numbers["changed"] == 0
    assert numbers["inertia"] == pytest.approx(theirs.inertia_, rel=1e-3)
    assert (views["data"].arrays["label"] == theirs.labels_).mean() > 0.99
    assert ends / ruler == pytest.approx(theirs.cluster_centers_, abs=2e-2 * rows.std() / ruler[1])


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("seed", range(3))
def test_the_inertia_never_rises(data, seed):
    found = [one.numbers()["inertia"] for one in frames(data=data, seed=seed, start="huddled")]
    assert all(later <= earlier * (1 + 1e-5) for earlier, later in itertools.pairwise(found))
    assert found[-1] < found[0]


def test_assign_and_move_as_worked_out_by_hand():
    first = torch.tensor([[0.0, 0.0], [0.0, 2.0]])
    label = assign(GRID, first, ONE)
    assert label.tolist() == [0, 1, 0, 1]
    assert cost(GRID, first, label, ONE) == 32
    moved = move(GRID, label, first)
    assert moved.tolist() == [[2, 0], [2, 2]]
    assert cost(GRID, moved, label, ONE) == 16  # and there it rests, though 4 is possible


def test_a_ruler_that_counts_one_column_in_larger_units_turns_the_clusters_round():
    first = torch.tensor([[1.0, 0.5], [2.0, 1.6]])
    assert assign(GRID, first, torch.tensor([100.0, 1.0])).tolist() == [0, 1, 0, 1]
    assert assign(GRID, first, torch.tensor([1.0, 100.0])).tolist() == [0, 0, 1, 1]


def test_a_centroid_that_nobody_chose_stays_where_it_is():
    first = torch.tensor([[2.0, 1.0], [90.0, 90.0]])
    assert move(GRID, assign(GRID, first, ONE), first).tolist() == [[2, 1], [90, 90]]


def test_in_euros_the_visits_do_not_count_and_standardised_the_four_kinds_are_found():
    for seed in range(5):
        raw = {"data": "customers", "seed": seed}
        plain, _ = frames(**raw)[-1].draw()
        scaled, views = frames(**raw, standardise="on")[-1].draw()
        assert plain["pairs_right"] < 0.8
        assert scaled["pairs_right"] > 0.98
        truth = DATA["customers"](torch.Generator().manual_seed(seed)).group
        found = views["data"].arrays["label"]
        assert scaled["pairs_right"] == pytest.approx(rand_score(truth, found))


def test_turning_standardise_in_the_middle_leads_to_the_same_kinds():
    config = configure(Config, {"data": "customers"})
    for frame in kmeans.run(config):
        if frame.step == 10:
            turn(config, "standardise", "on")
    assert frame.draw()[0]["pairs_right"] > 0.98


def test_rings_are_cut_in_halves_because_a_border_is_straight():
    assert frames(data="rings", k=2)[-1].draw()[0]["pairs_right"] < 0.55


def test_who_begins_huddled_in_one_heap_is_often_caught_in_a_worse_place():
    ends = [frames(start="huddled", seed=seed)[-1].draw()[0]["times_best"] for seed in range(8)]
    assert sum(one > 3 for one in ends) >= 3
    assert sum(one < 1.05 for one in ends) >= 2


def test_the_curve_is_as_low_as_scikit_learn_can_make_it():
    ours = curve("heaps", False, 0)
    rows = DATA["heaps"](torch.Generator().manual_seed(0)).rows.double().numpy()
    for k in range(1, MOST + 1):
        theirs = KMeans(k, n_init=10, random_state=0).fit(rows).inertia_
        assert float(ours[k - 1]) == pytest.approx(theirs, rel=0.06 if k > 4 else 1e-3)


def test_seeds_of_k_means_plus_plus_are_points_and_none_comes_twice():
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
    found = plus_plus(x, 6, 7, torch.Generator().manual_seed(1))
    assert found.shape == (7, 6, 2)
    at = (found[:, :, None] == x).all(dim=3)  # (7, 6, 50)
    assert at.any(dim=2).all()
    assert at.any(dim=1).sum(dim=1).tolist() == [6] * 7


def test_clicked_seeds_are_where_it_begins_and_a_tenth_is_refused():
    _, views = frames(seeds="-1,1,0 2.5,0,1 0,0,0", steps=2)[0].draw()
    assert centroids(views)[1].tolist() == [[-1, 1], [2.5, 0], [0, 0]]
    config = configure(Config, {"seeds": " ".join(["1,1,0"] * 10)})
    with pytest.raises(KnobError, match="at most 9 centroids"):
        choose(config, GRID, ONE, torch.Generator())


def test_at_rest_it_says_so_in_both_turns():
    told = [frame.draw()[1]["data"].says for frame in frames(start="random", steps=40)]
    assert told[2] == "every centroid moved to the mean of its points"
    assert {one for one in told[-4:] if one.endswith(": at rest")} == set(told[-4:])
    assert told[-1] != told[-2]


def test_a_border_goes_from_edge_to_edge_whatever_the_units_of_the_columns():
    frame = list(frames(data="customers", k=2, steps=8))[-1]
    rows = DATA["customers"](torch.Generator().manual_seed(0)).rows
    border = frame.draw()[1]["borders"].arrays["x"]
    border = border[~np.isnan(border)]
    assert border.min() < rows[:, 0].min()
    assert border.max() > rows[:, 0].max()


def test_on_a_border_two_centroids_are_equally_near_and_no_other_is_nearer():
    *_, frame = frames()
    _, views = frame.draw()
    ends, _ = centroids(views)
    border = views["borders"].arrays
    places = np.stack([border["x"], border["ys"][0]], axis=1)
    places = places[np.isfinite(places).all(axis=1)]
    far = np.sort(np.linalg.norm(places[:, None] - ends, axis=2), axis=1)
    assert len(places) > 50
    assert far[:, 0] == pytest.approx(far[:, 1], rel=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_as_good_as_the_best_of_many_starts(seed):
    assert frames(seed=seed)[-1].draw()[0]["times_best"] <= 1.05
