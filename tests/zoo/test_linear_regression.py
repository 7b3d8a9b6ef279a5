"""Gradient descent against the answer that is known."""

import itertools

import numpy as np
import pytest
import torch

from fathom.data import exam
from fathom.lab.config import configure
from fathom.zoo import linear_regression
from fathom.zoo.linear_regression import Config, run, surface


def last(**raw):
    *_, frame = run(configure(Config, raw))
    return frame


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_momentum_arrives_at_the_line_that_numpy_finds(seed):
    numbers, views = last(seed=seed, momentum=0.9, steps=400).draw()
    hours, points = views["data"].arrays["xy"].T.astype(np.float64)
    both = np.stack([hours, np.ones_like(hours)], axis=1)
    (slope, intercept), *_ = np.linalg.lstsq(both, points, rcond=None)
    assert numbers["slope"] == pytest.approx(slope, abs=1e-3)
    assert numbers["intercept"] == pytest.approx(intercept, abs=1e-2)
    assert numbers["gap"] < 0.01


def test_one_step_goes_against_the_gradient_worked_out_by_hand():
    first, second = list(run(Config(steps=1, lr=0.01)))
    _, views = first.draw()
    hours, points = views["data"].arrays["xy"].T.astype(np.float64)
    assert second.numbers()["slope"] == pytest.approx(0.01 * 2 * (hours * points).mean(), rel=1e-4)
    assert second.numbers()["intercept"] == pytest.approx(0.01 * 2 * points.mean(), rel=1e-4)


def test_the_loss_falls_at_every_step_when_the_steps_are_small():
    losses = [frame.numbers()["loss"] for frame in run(Config(lr=0.01, steps=60))]
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))


def test_the_loss_that_is_shown_is_the_one_that_is_walked_on(monkeypatch):
    found, measure = [], linear_regression.squared_error
    monkeypatch.setattr(
        linear_regression, "squared_error", lambda *of: found.append(measure(*of)) or found[-1]
    )
    shown = [frame.numbers()["loss"] for frame in run(Config(steps=4))]
    assert [loss.item() for loss in found] == shown  # none is computed twice


def test_it_diverges_above_the_step_size_that_its_watch_names():
    assert "above 0.0273" in " ".join(linear_regression.__doc__.split())
    losses = [frame.numbers()["loss"] for frame in run(Config(lr=0.028, steps=400))]
    assert losses[-1] > 100 * losses[20]
    losses = [frame.numbers()["loss"] for frame in run(Config(lr=0.027, steps=400))]
    assert losses[-1] < losses[20]


def test_standardised_hours_make_the_valley_round_and_the_way_short():
    assert last(standardise=True, lr=0.5, steps=1).numbers()["gap"] < 1e-4
    assert last(standardise=False, lr=0.025, steps=80).numbers()["gap"] > 1


def test_the_surface_is_lowest_at_the_closed_form_and_right_at_the_start():
    hours, points = exam.students(30, 5.0, torch.Generator().manual_seed(3))
    both = torch.stack([hours, torch.ones_like(hours)], dim=1)
    best = torch.linalg.lstsq(both, points[:, None]).solution[:, 0]
    slopes, intercepts, loss = surface(hours, points, best)
    row, column = divmod(int(loss.argmin()), len(slopes))
    assert abs(slopes[column] - best[0]) <= 1.01 * (slopes[1] - slopes[0])
    assert abs(intercepts[row] - best[1]) <= 6 * (intercepts[1] - intercepts[0])
    by_hand = (slopes[10] * hours + intercepts[20] - points).square().mean()
    assert loss[20, 10] == pytest.approx(float(by_hand), rel=1e-5)


def test_the_path_has_a_dot_for_every_step_and_the_line_ends_where_the_students_do():
    _, views = last(steps=7).draw()
    assert views["path"].arrays["x"].shape == (8,)
    ends = views["line"].arrays["x"]
    hours = views["data"].arrays["xy"][:, 0]
    assert ends.tolist() == [hours.min(), hours.max()]


def test_the_exam_has_the_losses_that_lesson_1_names():
    def loss(slope, intercept):
        frame = next(run(Config(start_slope=slope, start_intercept=intercept)))
        return frame.numbers()["loss"]

    assert loss(0.0, 0.0) == pytest.approx(3524.15)
    assert loss(8.0, 12.0) == pytest.approx(26.15)
    assert loss(10.0, 0.0) == pytest.approx(62.65)
    assert loss(0.0, 54.45) == pytest.approx(559.35, abs=0.01)
    assert loss(8.01, 12.39) == pytest.approx(25.95, abs=0.01)


@pytest.mark.parametrize(
    ("lr", "steps"), [(0.01, 515), (0.02, 257), (0.025, 206), (0.027, 234)], ids=str
)
def test_a_rate_takes_the_steps_that_lesson_1_names(lr, steps):
    losses = [frame.numbers()["loss"] for frame in run(Config(lr=lr, steps=steps))]
    near = 1.01 * 25.94658
    assert losses[-1] <= near < losses[-2]


def test_the_map_holds_the_start_and_the_best_line_also_when_hours_are_standardised():
    for standardise in (False, True):
        _, views = last(steps=1, standardise=standardise).draw()
        (left, right), (low, high) = (views["surface"].words[name] for name in "xy")
        for name in ("start", "best"):
            slope, intercept = views[name].arrays["xy"][0]
            assert left < slope < right
            assert low < intercept < high
    assert (left, right) != (-5, 20)


@pytest.mark.parametrize("standardise", [False, True])
def test_a_place_of_the_line_that_is_dragged_lands_where_the_pointer_is(standardise):
    config = Config(standardise=standardise, start_slope=3.0, start_intercept=20.0)
    _, views = next(run(config)).draw()
    for knob in ("start_slope", "start_intercept"):
        handle = views[f"{knob}_handle"]
        (hour, height), (start, by) = handle.arrays["xy"][0], handle.words["lever"]
        assert handle.words["drag"] == ["", knob]
        assert (height - start) * by == pytest.approx(getattr(config, knob), abs=1e-4)
        setattr(config, knob, float((80 - start) * by))  # the pointer is at 80 points
        _, after = next(run(config)).draw()
        line = after["line"].arrays
        assert np.interp(hour, line["x"], line["ys"][0]) == pytest.approx(80, abs=8)
        assert after[f"{knob}_handle"].arrays["xy"][0] == pytest.approx([hour, 80], abs=1e-3)
    assert "start_slope_handle" not in last(steps=1).draw()[1]


def test_every_student_is_joined_to_the_line():
    _, views = last(steps=3).draw()
    x, y = views["misses"].arrays["x"], views["misses"].arrays["ys"][0]
    hours, points = views["data"].arrays["xy"].T
    assert x[0::3].tolist() == x[1::3].tolist() == hours.tolist()
    assert y[0::3].tolist() == points.tolist()
    line = views["line"].arrays
    assert y[1::3] == pytest.approx(np.interp(hours, line["x"], line["ys"][0]), abs=1e-3)
    assert np.isnan(x[2::3]).all()
