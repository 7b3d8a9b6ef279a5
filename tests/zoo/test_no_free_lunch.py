"""Over all worlds every classifier is right half of the time, to the last world; not over some."""

from itertools import product

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from sklearn.neighbors import KNeighborsClassifier

from fathom.lab.config import configure
from fathom.zoo import no_free_lunch
from fathom.zoo.no_free_lunch import (
    CLASSIFIERS,
    GRID,
    Config,
    borders,
    can_be_cut,
    chosen,
    every_world,
    nearest,
    network,
    straight,
)


def ended(**raw):
    *_, last = no_free_lunch.run(configure(Config, raw))
    return last


def means(**raw):
    """The mean accuracy of each classifier over all worlds of a kind."""
    _, views = ended(**raw).draw()
    return dict(zip(CLASSIFIERS, views["averages"].arrays["ys"][:, -1].tolist(), strict=True))


@pytest.mark.parametrize("told", [1, 5, 8])
@pytest.mark.parametrize("seed", range(3))
def test_over_all_worlds_each_is_right_in_exactly_half_of_its_guesses(told, seed):
    frame = ended(told=told, seed=seed)
    assert frame.step == 511
    assert frame.numbers()["gap"] == 0
    _, views = frame.draw()
    rows = views["table"].arrays["values"]
    assert (rows == rows[0]).all()  # not only the mean: all get everything right equally often
    assert (rows.sum(axis=1) == 512).all()


def test_it_holds_for_a_classifier_that_somebody_makes_up(monkeypatch):
    def odd(x, y):  # tells by an odd rule what nobody would believe
        return ((y.sum(dim=1, keepdim=True) + torch.arange(9)) % 3 == 0).float()

    monkeypatch.setitem(no_free_lunch.CLASSIFIERS, "odd", odd)
    assert ended(seed=4).numbers()["gap"] == 0


def test_in_worlds_of_one_kind_some_classifiers_are_better():
    smooth, checkered = means(worlds="smooth"), means(worlds="checkered")
    assert smooth["nearest"] > 0.65 > 0.35 > checkered["nearest"]
    # a checkered world is a smooth one with every second place turned over, and so are its answers
    assert smooth["nearest"] + checkered["nearest"] == pytest.approx(1)
    assert smooth["always 1"] == pytest.approx(0.5)
    cut = means(worlds="straight")
    assert min(cut["straight"], cut["network"]) > 0.7
    assert cut["majority"] + cut["opposite"] == pytest.approx(1)


def test_there_are_as_many_worlds_as_there_should_be():
    assert every_world(3).tolist() == [list(bits[::-1]) for bits in product([0, 1], repeat=3)]
    assert len(chosen("all")) == len({tuple(one) for one in chosen("all").tolist()}) == 512
    assert len(chosen("straight")) == 58  # twice OEIS A114043(3) = 29, for both ways to name them


def test_a_world_is_cut_where_a_linear_programme_finds_a_line():
    worlds = every_world()
    found = can_be_cut(worlds)
    for number in range(0, 512, 7):
        sign = 2 * worlds[number].numpy() - 1
        plane = np.hstack([GRID.numpy(), np.ones((9, 1))])
        solved = linprog(
            np.zeros(3), -sign[:, None] * plane, -np.ones(9), bounds=[(None, None)] * 3
        )
        assert bool(found[number]) == solved.success


def test_borders_are_pairs_of_neighbours_that_differ():
    board = torch.tensor([[0, 1, 0, 1, 0, 1, 0, 1, 0.0]])
    halves = torch.tensor([[0, 0, 0, 1, 1, 1, 1, 1, 1.0]])
    assert borders(torch.cat([board, halves, torch.ones(1, 9)])).tolist() == [12, 3, 0]


def test_nearest_is_that_of_scikit_learn():
    told = torch.tensor([0, 2, 7])  # no other place is equally near to two of them, but 1
    cases = every_world(3)
    said = nearest(GRID[told], cases)
    for case, row in zip(cases, said, strict=True):
        theirs = KNeighborsClassifier(1).fit(GRID[told], case).predict(GRID)
        clear = [place for place in range(9) if place != 1]
        assert row[clear].tolist() == theirs[clear].tolist()


def test_straight_is_on_the_side_that_least_squares_says():
    told, cases = torch.tensor([0, 1, 3, 5, 8]), every_world(5)
    said = straight(GRID[told], cases)
    for case, row in zip(cases, said, strict=True):
        a = np.hstack([GRID.numpy(), np.ones((9, 1))])
        weights, *_ = np.linalg.lstsq(a[told], 2 * case.numpy() - 1, rcond=None)
        clear = abs(a @ weights) > 1e-3
        assert (row.numpy() == (a @ weights > 0))[clear].all()


@pytest.mark.parametrize("name", ["nearest", "network"])
def test_who_can_learn_everything_repeats_what_it_was_told(name):
    told, cases = torch.tensor([0, 2, 4, 6, 8]), every_world(5)
    assert (CLASSIFIERS[name](GRID[told], cases)[:, told] == cases).float().mean() > 0.97


def test_a_network_learns_the_same_beside_others_as_alone():
    told, cases = torch.tensor([1, 3, 5]), every_world(3)
    together = network(GRID[told], cases)
    assert torch.equal(network(GRID[told], cases[5:6])[0], together[5])
