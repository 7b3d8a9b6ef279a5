"""A frame gives cheap numbers at once and calls functions only when it is drawn."""

import numpy as np
import pytest

from fathom.errors import ExperimentError
from fathom.lab import Frame, field, line, points


def test_functions_wait_until_the_frame_is_drawn():
    called = []
    frame = Frame(3, of=9, loss=np.float32(0.5), late=lambda: called.append(1) or 2.0)
    assert frame.numbers() == {"loss": 0.5}
    assert called == []
    assert frame.draw() == ({"loss": 0.5, "late": 2.0}, {})
    assert called == [1]


def test_a_function_may_return_numbers_and_views_together():
    border = field(np.zeros((2, 2)))
    numbers, views = Frame(0, of=1, more=lambda: {"accuracy": 0.5, "border": border}).draw()
    assert (numbers, views) == ({"accuracy": 0.5}, {"border": border})


def test_a_frame_is_the_last_when_its_step_is_the_number_of_steps():
    assert not Frame(8, of=9).last
    assert Frame(9, of=9).last


def test_what_is_neither_number_nor_view_is_an_error_of_the_author():
    with pytest.raises(ExperimentError, match="'words' is str"):
        Frame(4, of=9, words="abc").draw()


def test_a_name_that_comes_twice_is_an_error_of_the_author():
    with pytest.raises(ExperimentError, match="'loss' twice"):
        Frame(4, of=9, loss=1.0, more=lambda: {"loss": 2.0}).draw()
    border = field(np.zeros((2, 2)))
    with pytest.raises(ExperimentError, match="'border' twice"):
        Frame(4, of=9, border=border, more=lambda: {"border": 2.0}).draw()


@pytest.mark.parametrize("base", ["curve", "missing"])
def test_what_takes_no_other_view_into_its_axes_is_named(base):
    curve = line([0.0, 1.0], [0.0, 1.0])
    dot = points([[0.5, 0.5]], on=base)
    with pytest.raises(ExperimentError, match=f"'dot' cannot be drawn on '{base}'"):
        Frame(4, of=9, curve=curve, dot=dot).draw()
