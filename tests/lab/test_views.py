"""Views turn arrays into the small types that travel, and refuse wrong shapes with a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from fathom.errors import ExperimentError
from fathom.lab import field, graph, line, points, tiles, wire
from fathom.lab.views import CRISP, as_bytes, signed


def test_a_field_travels_as_bytes_with_its_range():
    view = field([[0.0, 0.5], [1.0, np.nan]], lo=0.0, hi=1.0)
    assert view.arrays["values"].tolist() == [[0, 128], [255, 0]]
    assert (view.words["lo"], view.words["hi"]) == (0.0, 1.0)
    assert view.says == "values from 0 to 1"


def test_a_matrix_with_names_keeps_its_numbers():
    view = field([[3, 1], [0, 4]], rows=("cat", "dog"), columns=("cat", "dog"))
    assert view.arrays["values"].dtype == np.float32
    assert view.arrays["values"].tolist() == [[3, 1], [0, 4]]


def test_points_carry_class_and_split():
    view = points([[0, 1], [2, 3]], label=[0, 1], held_out=[False, True], on="border")
    assert view.arrays["xy"].dtype == np.float32
    assert view.arrays["held_out"].tolist() == [0, 1]
    assert view.words["on"] == "border"


def test_several_curves_share_their_x():
    view = line([0, 1, 2], {"roc": [0, 0.8, 1], "chance": [0, 0.5, 1]})
    assert view.arrays["ys"].shape == (2, 3)
    assert view.words["names"] == ["roc", "chance"]


def test_tiles_are_stretched_each_to_its_own_range():
    view = tiles(np.array([[[0.0, 1.0]], [[10.0, 30.0]]]), each=True)
    assert view.arrays["images"].tolist() == [[[0, 255]], [[0, 255]]]


def test_bytes_are_taken_as_they_are():
    pictures = np.arange(24, dtype=np.uint8).reshape(1, 3, 2, 4)
    view = tiles(pictures)
    assert view.arrays["images"].tolist() == pictures.tolist()
    assert view.words["colours"] == "colour"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: field([1, 2]), r"field view takes values of shape \(height, width\)"),
        (lambda: field([[1.0]], rows=("a", "b"), columns=("a",)), "2 rows and 1 columns"),
        (lambda: points([1, 2]), r"places of shape \(N, 2\)"),
        (lambda: points([[1, 2]], label=[1, 2]), "one label each"),
        (lambda: line([1, 2], [1]), "as many y as x"),
        (lambda: tiles([[1]]), "images"),
        (lambda: tiles(np.zeros((2, 1, 1)), captions=["a"]), "one caption each"),
        (lambda: graph([["a"], ["b"]], [0], [1, 0], [0.5]), "one target an edge"),
        (lambda: graph([["a"]], [], [], [], images=np.zeros((2, 3, 3))), "1 images"),
        (lambda: graph([["a"], ["b"]], [0], [1], [0.5], notes=["x"]), "a note for each node: 2"),
    ],
)
def test_a_wrong_shape_is_an_error_that_names_it(make, sentence):
    with pytest.raises(ExperimentError, match=sentence):
        make()


@given(arrays.arrays(np.float32, (3, 4)))
def test_any_numbers_make_a_field_that_travels(values):
    message = wire.decode(wire.encode(field(values).message()))
    assert message["values"].shape == (3, 4)
    assert message["says"]


@given(arrays.arrays(np.float64, (5,), elements={"min_value": -2, "max_value": 3}))
def test_bytes_are_within_half_a_step_of_the_value(values):
    back = as_bytes(values, -2.0, 3.0) / 255 * 5 - 2
    assert np.abs(back - values).max() <= 5 / 255 / 2 + 1e-6


def test_a_pixel_is_a_square_of_one_value():
    seen = field([[0.0, 1.0]], pixels=True).arrays["values"]
    assert seen.shape == (CRISP, 2 * CRISP)
    assert (seen[:, :CRISP] == 0).all()
    assert (seen[:, CRISP:] == 255).all()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("from -0.5 to -.25", "from −0.5 to −.25"),
        ("(-1, 2)", "(−1, 2)"),
        ("w=-3", "w=−3"),
        ("CIFAR-10, weeks 2-3, 1e-05", "CIFAR-10, weeks 2-3, 1e-05"),
        (["-1", "left-hand"], ["−1", "left-hand"]),
        ([-1, 0.5], [-1, 0.5]),
    ],
)
def test_negative_numbers_in_words_have_a_minus_sign(said, shown):
    assert signed(said) == shown
