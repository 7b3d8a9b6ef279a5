"""Axes that turn, against scikit-learn's, which come from the singular value decomposition."""

import itertools

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from fathom.data import tables
from fathom.lab.config import configure, turn
from fathom.zoo import pca
from fathom.zoo.pca import DATA, Config, centre, off, upright


def frames(**raw):
    return list(pca.run(configure(Config, raw)))


def scikit(data, standardise, seed=0):
    rows = DATA[data](torch.Generator().manual_seed(seed)).rows.double().numpy()
    if standardise == "on":
        rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return PCA().fit(rows), rows


@pytest.mark.parametrize("method", ["gradient", "power"])
@pytest.mark.parametrize("standardise", ["on", "off"])
@pytest.mark.parametrize("data", ["fish", "iris"])
def test_all_axes_are_those_of_scikit_learn_up_to_their_sign(data, standardise, method):
    raw = {"data": data, "standardise": standardise, "method": method}
    numbers, views = frames(**raw, lr=3.0, steps=600)[-1].draw()
    theirs, rows = scikit(data, standardise)
    ours = views["recipe"].arrays["values"]
    signs = np.sign((ours * theirs.components_).sum(axis=1, keepdims=True))
    assert ours * signs == pytest.approx(theirs.components_, abs=2e-3)
    assert numbers["kept"] == pytest.approx(theirs.explained_variance_ratio_[0], rel=1e-4)
    placed = theirs.transform(rows)[:, :2] * signs[:2, 0]
    assert views["map"].arrays["xy"] == pytest.approx(placed, abs=0.02 * rows.std())
    joined = views["columns_kept"].arrays["ys"][0]
    expected = np.cumsum([0, *theirs.explained_variance_ratio_])
    assert joined == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("standardise", ["on", "off"])
@pytest.mark.parametrize("seed", range(3))
def test_the_axis_of_the_cloud_is_that_of_scikit_learn(standardise, seed):
    numbers, views = frames(standardise=standardise, seed=seed, method="power", steps=600)[
        -1
    ].draw()
    theirs, _ = scikit("cloud", standardise, seed)
    way = [views["axis_1"].arrays["x"], views["axis_1"].arrays["ys"][0]]
    along = np.array([way[0][1] - way[0][0], way[1][1] - way[1][0]])
    along /= np.linalg.norm(along)
    assert abs(along @ theirs.components_[0]) == pytest.approx(1, abs=1e-4)
    assert numbers["kept"] == pytest.approx(theirs.explained_variance_ratio_[0], rel=1e-3)


@pytest.mark.parametrize("data", DATA)
def test_the_variance_along_the_first_axis_never_falls(data):
    found = [frame.numbers()["variance"] for frame in frames(data=data, steps=60)]
    assert all(later >= earlier - 1e-9 for earlier, later in itertools.pairwise(found))
    assert found[-1] > found[0]


def test_one_step_uphill_as_worked_out_by_hand():
    first, second = frames(data="cloud", steps=1, lr=0.5, standardise="off")
    rows = DATA["cloud"](torch.Generator().manual_seed(0)).rows.double().numpy()
    x = rows - rows.mean(axis=0)
    spread = np.trace(x.T @ x)
    ends = first.draw()[1]["axis_1"].arrays
    axis = np.array([ends["x"][1], ends["ys"][0][1]])
    axis /= np.linalg.norm(axis)
    axis = axis + 0.5 * x.T @ (x @ axis) / spread
    axis /= np.linalg.norm(axis)
    assert second.numbers()["variance"] == pytest.approx(((x @ axis) ** 2).mean(), rel=1e-5)


def test_upright_axes_are_one_long_and_stand_at_right_angles():
    axes = upright(torch.randn(4, 4, generator=torch.Generator().manual_seed(0)).double())
    assert torch.allclose(axes @ axes.T, torch.eye(4).double(), atol=1e-12)


def test_an_axis_that_points_backwards_is_not_off():
    covariance = torch.diag(torch.tensor([9.0, 1.0])).double()
    assert off(torch.tensor([-1.0, 0.0]).double(), covariance) == pytest.approx(0, abs=1e-9)
    assert off(torch.tensor([0.6, 0.8]).double(), covariance) == pytest.approx(53.13, abs=0.01)


def test_what_the_threads_lose_and_the_axis_keeps_is_all_there_is():
    numbers, views = frames(data="cloud", standardise="off")[-1].draw()
    rows = views["points"].arrays["xy"]
    thread = views["threads"].arrays
    ends = np.stack([thread["x"], thread["ys"][0]], axis=1).reshape(-1, 3, 2)
    assert ends[:, 0] == pytest.approx(rows)
    assert np.isnan(ends[:, 2]).all()
    lost = ((ends[:, 0] - ends[:, 1]) ** 2).sum(axis=1).mean()
    assert lost + numbers["variance"] == pytest.approx((rows**2).sum(axis=1).mean(), rel=1e-5)


def test_elimination_never_keeps_more_than_aggregation():
    for data, standardise in itertools.product(DATA, ["on", "off"]):
        raw = {"data": data, "standardise": standardise, "method": "power", "steps": 300}
        joined, dropped = frames(**raw)[-1].draw()[1]["columns_kept"].arrays["ys"]
        assert (joined >= dropped - 1e-5).all()
        assert joined[-1] == pytest.approx(1)
        assert dropped[-1] == pytest.approx(1)


def test_the_size_of_a_fish_is_one_number_and_without_standardising_the_speed_decides():
    _, views = frames(data="fish", method="power", standardise="on")[-1].draw()
    length, speed, height = abs(views["recipe"].arrays["values"][0])
    assert length == pytest.approx(0.7, abs=0.03)
    assert height == pytest.approx(0.7, abs=0.03)
    assert speed < 0.2
    _, views = frames(data="fish", method="power")[-1].draw()
    assert abs(views["recipe"].arrays["values"][0, 1]) > 0.95


def test_a_column_that_is_all_alike_is_centred_and_nothing_is_divided_by_zero():
    rows = torch.tensor([[1.0, 5.0], [3.0, 5.0]])
    assert centre(rows, standardise=True).tolist() == [[-1, 0], [1, 0]]


def test_standardise_turned_in_the_middle_leads_to_the_other_axis():
    config = configure(Config, {"data": "fish", "method": "power", "standardise": "on"})
    for frame in pca.run(config):
        if frame.step == 50:
            turn(config, "standardise", "off")
    assert abs(frame.draw()[1]["recipe"].arrays["values"][0, 1]) > 0.95


@pytest.mark.parametrize("seed", range(5))
def test_the_first_axis_arrives(seed):
    assert frames(seed=seed)[-1].draw()[0]["angle"] <= 0.1


def test_the_hill_of_the_cloud_is_highest_where_scikit_learn_says():
    _, views = frames(data="cloud", steps=2)[-1].draw()
    slope = views["slope"].arrays
    theirs, _ = scikit("cloud", "off")
    x, y = theirs.components_[0]
    expected = np.degrees(np.arctan2(y, x)) % 180
    gap = abs(float(slope["x"][slope["ys"][0].argmax()]) - expected)
    assert min(gap, 180 - gap) <= 1
    assert tables.spread(torch.tensor([[0.0], [2.0]])).item() == 1
