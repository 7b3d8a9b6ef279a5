"""Nearest neighbours against scikit-learn, and what the lesson says about k and units."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from fathom.data import toy
from fathom.errors import KnobError
from fathom.lab.config import configure, turn
from fathom.zoo.knn import KINDS, SIDE, Config, answers, gather, make, run


def gathered(**raw):
    config = configure(Config, raw)
    return gather(config, *make(config, torch.Generator().manual_seed(config.seed)))


def frames(**raw):
    return list(run(configure(Config, raw)))


def parts(data):
    """Places and labels that are learned, held out and in the drawer."""
    xy, label, ends = data.xy.numpy(), data.label.numpy(), [data.n, data.n + data.v]
    return list(zip(np.split(xy, ends), np.split(label, ends), strict=True))


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("kind", ["moons", "heaps", "fruit"])
def test_every_split_is_answered_as_scikit_learn_does(kind, scaled):
    for seed in range(3):
        data = gathered(data=kind, scaled=scaled, seed=seed, size=150)
        (learned, known), held, drawer = parts(data)
        scaler = StandardScaler(with_mean=scaled, with_std=scaled).fit(learned)
        for k in (1, 2, 5, 20, data.n):
            truth = KNeighborsClassifier(k).fit(scaler.transform(learned), known)
            for (xy, label), found in (
                ((learned, known), data.train),
                (held, data.val),
                (drawer, data.test),
            ):
                assert found[k - 1] == pytest.approx(truth.score(scaler.transform(xy), label))


@pytest.mark.parametrize("k", [1, 4, 15])
def test_the_border_is_where_scikit_learn_draws_it(k):
    config = configure(Config, {"data": "heaps", "k": k, "size": 120, "steps": 1})
    _, views = next(run(config)).draw()
    data = gathered(data="heaps", size=120)
    (learned, known), *_ = parts(data)
    across, upwards = (np.linspace(float(data.low[i]), float(data.high[i]), SIDE) for i in (0, 1))
    places = np.stack(np.meshgrid(across, upwards), axis=-1).reshape(-1, 2)
    said = KNeighborsClassifier(k).fit(learned, known).predict(places).reshape(SIDE, SIDE)
    drawn = views["border"].arrays["values"]
    assert (drawn == said).mean() > 0.999  # the last digit of a place may decide a close call


def test_irises_are_the_ones_that_were_measured_and_petals_tell_more_than_sepals():
    measured = load_iris()
    assert tuple(measured.target_names) == KINDS["petals"].names
    for kind, columns in (("petals", (2, 3)), ("sepals", (0, 1))):
        data = gathered(data=kind, train=0.8)
        assert (data.n, data.v, len(data.xy)) == (120, 15, 150)
        assert sorted(map(tuple, data.xy.tolist())) == sorted(
            map(tuple, measured.data[:, columns].tolist())
        )
    held = [
        np.mean([float(gathered(data=kind, seed=seed).val[8]) for seed in range(5)])
        for kind in ("petals", "sepals")
    ]
    assert held[0] > held[1] + 0.1


def test_with_one_neighbour_what_is_learned_is_known_by_heart_and_with_all_the_majority_wins():
    data = gathered(size=300)
    assert data.train[0] == 1
    majority = int(data.label[: data.n].bincount().argmax())
    share = (data.label[: data.n] == majority).float().mean()
    assert data.train[-1] == pytest.approx(float(share))
    assert data.val[-1] < 0.65


@pytest.mark.parametrize("seed", range(5))
def test_a_middling_k_is_better_on_new_points_than_one_and_than_all(seed):
    data = gathered(seed=seed, size=1000, noise=0.3, train=0.3)  # 700 new points judge
    new = torch.stack([data.val, data.test]).mean(dim=0)
    assert new[20] > new[0] + 0.02
    assert new[20] > new[-1] + 0.2


@pytest.mark.parametrize("seed", range(5))
def test_fruit_is_told_apart_only_when_both_numbers_are_scaled(seed):
    raw, scaled = (gathered(data="fruit", seed=seed, scaled=how).val[14] for how in (False, True))
    assert scaled > 0.85
    assert scaled > raw + 0.1


def test_the_neighbours_that_are_drawn_are_the_nearest_and_the_circle_holds_no_other():
    _, views = frames(data="fruit", scaled=True, k=7, across=0.3, up=0.6, steps=1)[0].draw()
    data = gathered(data="fruit", scaled=True)
    learned, unit = data.xy[: data.n].numpy(), data.unit.numpy()
    here = views["asking"].arrays["xy"][0]
    ends = np.stack([views["neighbours"].arrays["x"], views["neighbours"].arrays["ys"][0]], axis=1)
    assert ends[::2] == pytest.approx(np.tile(here, (7, 1)))
    far = np.sort(np.linalg.norm((learned - here) / unit, axis=1))
    drawn = np.linalg.norm((ends[1::2] - here) / unit, axis=1)
    assert drawn == pytest.approx(far[:7], rel=1e-3)
    circle = np.stack([views["circle"].arrays["x"], views["circle"].arrays["ys"][0]], axis=1)
    radius = np.linalg.norm((circle - here) / unit, axis=1)
    assert radius == pytest.approx(np.full(73, far[6]), rel=1e-3)


def test_the_walk_over_k_takes_one_more_first_and_ends_when_all_vote():
    ks = [frame.numbers()["k"] for frame in frames(size=100)]
    assert ks[:20] == list(range(1, 21))
    assert ks[20:24] == [22, 24, 26, 28]
    assert ks[-1] == 60


def test_the_drawer_is_opened_once_and_with_the_k_that_is_best_on_val():
    *before, last = frames()
    assert not any("test_accuracy" in frame.seen for frame in before)
    numbers, views = last.draw()
    data = gathered()
    k, curve = int(numbers["best_k"]), views["by_k"].arrays
    assert numbers["test_accuracy"] == pytest.approx(float(data.test[k - 1]))
    assert curve["ys"][1].max() == pytest.approx(float(data.val[k - 1]))
    assert len(curve["x"]) == len(before) + 1


def test_after_every_point_held_out_has_asked_the_share_of_right_answers_is_val_accuracy():
    seen = frames(walk="questions", k=5, size=100, steps=19)
    assert len(seen) == 20  # of the 40 left, half are for val
    numbers = seen[-1].numbers()
    assert numbers["right_so_far"] == pytest.approx(numbers["val_accuracy"])
    said = [frame.draw()[1]["asking"].says for frame in seen]
    assert sum(one.endswith("right") for one in said) == round(20 * numbers["val_accuracy"])


def test_who_stays_sees_nothing_move_but_what_is_turned():
    config = configure(Config, {"walk": "stay", "k": 5, "size": 60, "steps": 4})
    walk = run(config)
    first, second = next(walk).draw(), next(walk).draw()
    assert first[0] == second[0]
    assert first[1]["asking"].says == second[1]["asking"].says
    turn(config, "up", 0.9)
    assert next(walk).draw()[1]["asking"].arrays["xy"][0, 1] > 0
    turn(config, "k", 7)
    assert [frame.numbers()["k"] for frame in walk] == [7, 7]


def test_a_vote_of_two_against_two_goes_to_the_first_class_and_is_counted_so():
    voters = torch.tensor([[1, 0, 0, 1]])
    assert answers(voters, torch.tensor([0]), 2).tolist() == [[False, True, True, True]]


def test_ones_own_points_are_learned_and_a_class_that_is_not_there_is_refused():
    alone = gathered(size=50)
    more = gathered(size=50, points="0,0,1 0.1,0,1")
    assert (more.n, more.v, len(more.xy)) == (alone.n + 2, alone.v, 52)
    assert torch.equal(more.xy[more.n :], alone.xy[alone.n :])
    with pytest.raises(KnobError, match="moons has 2 classes, 0 to 1"):
        gathered(points="0,0,2")


def test_turning_k_down_in_the_middle_keeps_what_was_measured():
    config = configure(Config, {"size": 100, "k": 30})
    walk = run(config)
    for _ in range(4):
        next(walk)
    turn(config, "k", 2)
    _, views = next(walk).draw()
    assert views["by_k"].arrays["x"].tolist() == [2, 30, 33, 36, 39]


def test_the_heaps_are_three_of_one_size_and_ripeness_is_told_by_the_second_number():
    chance = torch.Generator().manual_seed(0)
    places, label = toy.heaps(300, chance)
    assert label.bincount().tolist() == [100, 100, 100]
    middles = torch.stack([places[label == c].mean(dim=0) for c in range(3)])
    assert torch.cdist(middles, middles)[0, 1] == pytest.approx(0.5 * 3**0.5, abs=0.1)
    places, label = toy.ripeness(300, chance)
    assert ((places[:, 1] > 0).long() == label).float().mean() > 0.95
    assert abs(float(((places[:, 0] > 0).long() == label).float().mean()) - 0.5) < 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_its_axes_and_its_classes(kind):
    _, views = next(run(configure(Config, {"data": kind, "size": 40}))).draw()
    assert views["border"].words["x_label"] == KINDS[kind].axes[0]
    assert views["data"].words["names"] == list(KINDS[kind].names)
    assert int(views["data"].arrays["label"].max()) < len(KINDS[kind].names)
