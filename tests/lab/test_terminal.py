"""Curves and views in a terminal, against what can be computed another way."""

import re

import numpy as np
import pytest
from hypothesis import given, strategies as st

from fathom.lab import field, graph, line, points, tiles
from fathom.lab.curves import charts, curve, is_wide, short
from fathom.lab.mosaic import MARKS, picture, pictures
from fathom.lab.palette import CLASSES, PAPER, RAMPS, parse, table
from fathom.lab.terminal import LABEL, Canvas, chart, means, number, plot

DOT_BITS = {
    1: (0, 3),
    2: (0, 2),
    4: (0, 1),
    64: (0, 0),
    8: (1, 3),
    16: (1, 2),
    32: (1, 1),
    128: (1, 0),
}  # bit of a braille sign -> its dot, from the lower left


def dots(lines):
    """Every dot of these lines as (x, y) from the lower left."""
    found = set()
    for row, text in enumerate(reversed(lines)):
        for column, sign in enumerate(text):
            bits = ord(sign) - 0x2800
            if 0 < bits < 256:
                found |= {
                    (2 * column + x, 4 * row + y) for bit, (x, y) in DOT_BITS.items() if bits & bit
                }
    return found


def block(**curves):
    steps = np.arange(len(next(iter(curves.values()))), dtype=np.int32)
    return {
        "names": list(curves),
        "steps": steps,
        "values": np.array([np.asarray(one, float) for one in curves.values()]),
    }


# ---- curves


def test_numbers_of_the_three_splits_share_a_chart():
    names = ["loss", "accuracy", "val_loss", "test_accuracy", "valley"]
    assert charts(names) == {
        "loss": ["loss", "val_loss"],
        "accuracy": ["accuracy", "test_accuracy"],
        "valley": ["valley"],
    }
    assert [short(name) for name in ("loss", "train_loss", "val_loss", "test_loss")] == [
        *("training", "training", "validation", "test")
    ]


def test_a_curve_is_where_it_was_measured_and_the_later_value_of_a_step_holds():
    message = {
        "names": ["a", "b"],
        "steps": np.array([0, 1, 1, 3]),
        "values": np.array([[1.0, np.nan, 5.0, 7.0], [np.nan, 2.0, 3.0, np.inf]]),
    }
    for name, expected in (("a", [[0, 1, 3], [1, 5, 7]]), ("b", [[1], [3]])):
        assert [one.tolist() for one in curve(message, name)] == expected


def test_only_positive_curves_over_several_powers_of_ten_need_a_log_scale():
    assert is_wide([np.array([1e-4, 1.0])])
    assert not is_wide([np.array([0.0, 1.0])])
    assert not is_wide([np.array([0.1, 1.0])])
    assert not is_wide([])


# ---- dots


@given(
    st.integers(1, 30),
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 40)), max_size=40),
)
def test_a_canvas_shows_exactly_the_dots_that_were_set(width, height, wanted):
    canvas = Canvas(width, height)
    xy = np.array(wanted, int).reshape(-1, 2)
    canvas.dot(xy[:, 0], xy[:, 1], 0)
    lines = [canvas.line(row, ["red"]).plain for row in range(height)]
    inside = {(x, y) for x, y in wanted if 0 <= x < 2 * width and 0 <= y < 4 * height}
    assert dots(lines) == inside
    assert {len(text) for text in lines} == {width}


@given(st.lists(st.tuples(st.floats(0, 19), st.floats(0, 19)), min_size=1, max_size=6))
def test_a_traced_curve_goes_through_its_points_without_a_gap(corners):
    canvas = Canvas(10, 5)
    x, y = np.array(corners).T
    canvas.trace(x, y, 0)
    seen = dots([canvas.line(row, ["red"]).plain for row in range(5)])
    ends = {(round(a), round(b)) for a, b in corners}
    assert all(any(abs(a - c) <= 1 and abs(b - d) <= 1 for c, d in seen) for a, b in ends)
    reached, left = [next(iter(seen))], set(seen)
    while reached:  # everything hangs together
        a, b = reached.pop()
        near = {one for one in left if abs(one[0] - a) <= 1 and abs(one[1] - b) <= 1}
        left -= near
        reached += near
    assert left == set()


def test_each_column_stands_for_the_mean_of_its_steps():
    steps = np.arange(8.0)
    at, mean = means(steps, np.array([0, 2, 0, 2, 5, 7, 5, 7.0]), 0, 7, 2)
    assert at.tolist() == [0, 1]
    assert mean.tolist() == [1, 6]


def test_a_rising_line_runs_from_the_lower_left_to_the_upper_right():
    steps = np.arange(101.0)
    lines = chart("loss", {"loss": (steps, steps)}, width=40, height=10)
    inner = [one.plain[LABEL + 1 :] for one in lines[1:-1]]
    seen = dots(inner)
    width, height = 2 * len(inner[0]) - 1, 4 * len(inner) - 1
    assert {(0, 0), (width, height)} <= seen
    assert all(abs(y - x * height / width) <= 1 for x, y in seen)
    assert lines[0].plain.strip() == "loss"
    assert lines[1].plain.split("│")[0].strip() == "100"
    assert lines[-2].plain.split("│")[0].strip() == "0"
    assert lines[-1].plain.split() == ["0", "step", "100"]


def test_a_falling_power_is_a_straight_line_on_a_log_scale():
    steps = np.arange(101.0)
    lines = chart("gap", {"gap": (steps, 10 ** (-steps / 10))}, width=40, height=10)
    inner = [one.plain[LABEL + 1 :] for one in lines[1:-1]]
    width, height = 2 * len(inner[0]) - 1, 4 * len(inner) - 1
    assert all(abs(y - (height - x * height / width)) <= 1 for x, y in dots(inner))
    assert "(log)" in lines[0].plain


def test_curves_of_one_chart_are_told_apart_without_colour():
    x = np.arange(100.0)
    lines = chart("loss", {"loss": (x, 0 * x), "val_loss": (x, 0 * x + 1)}, width=60, height=8)
    first, second = lines[-2].plain[LABEL + 1 :], lines[1].plain[LABEL + 1 :]
    assert len(dots([first])) > 1.4 * len(dots([second])) > 0
    assert "training" in lines[0].plain
    assert "validation" in lines[0].plain
    plain = chart(
        "loss", {"loss": (x, 0 * x), "val_loss": (x, 0 * x + 1)}, width=60, height=8, plain=True
    )
    text = "\n".join(one.plain for one in plain)
    assert text.isascii()
    assert "*" * 40 in text
    assert "o" * 40 in text


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0, 2.0], [np.nan, np.nan]])
def test_curves_without_extent_are_drawn(values):
    made = plot(block(loss=values), width=50, height=10)
    assert len({one.cell_len for one in made}) == 1


@given(st.integers(20, 160), st.integers(5, 40), st.integers(1, 6))
def test_a_plot_keeps_to_its_room(width, height, count):
    rng = np.random.default_rng(count)
    made = plot(
        block(**{f"n{i}": rng.random(50) for i in range(count)}), width=width, height=height
    )
    assert len(made) <= max(height, 6)
    assert {one.cell_len for one in made} <= set(range(width + 1))


@given(st.floats(-1e300, 1e300))
def test_a_number_at_the_axis_fits_and_is_nearly_right(value):
    said = number(value)
    assert len(said) <= LABEL
    assert float(said) == pytest.approx(value, rel=0.5, abs=1e-300)


# ---- views


def shown(view, *over, coloured=False, plain=False, width=60, height=10):
    lines = picture(
        view.message(),
        [one.message() for one in over],
        width=width,
        height=height,
        coloured=coloured,
        plain=plain,
    )
    return [one.plain for one in lines], lines


def test_row_0_of_a_field_is_at_the_bottom():
    ramp = np.linspace(0, 1, 10)[:, None] * np.ones(10)
    text, _ = shown(field(ramp))
    assert text[0][0] == "█"
    assert text[9][0] == " "
    assert text[-1] == "upwards from -1 to 1"


def test_a_field_has_the_colours_of_its_table():
    _, lines = shown(field(np.array([[-1.0, 1.0]]), lo=-1, hi=1), coloured=True)
    left, right = lines[0].spans[0].style, lines[0].spans[-1].style
    low, high = table("diverging")[0], table("diverging")[255]
    assert tuple(left.color.triplet) == tuple(low)
    assert tuple(right.bgcolor.triplet) == tuple(high)


@pytest.mark.parametrize("coloured", [True, False])
def test_a_surface_is_the_darker_the_lower_it_is(coloured):
    text, lines = shown(field(np.array([[1.0, 4.0]]), colours="sequential"), coloured=coloured)
    if not coloured:
        assert (text[0][0], text[0][-1]) == ("█", " ")
        return
    ends = [lines[0].spans[at].style.color.triplet for at in (0, -1)]
    assert [tuple(one) for one in ends] == [tuple(parse(RAMPS["depth"][at])) for at in (0, -1)]


def test_points_lie_where_they_are_and_show_class_and_held_out():
    view = points(
        [[-1, -1], [1, 1], [1, -1]], label=[0, 1, 1], held_out=[0, 0, 1], x=(-1, 1), y=(-1, 1)
    )
    text, _ = shown(view, width=20, height=10)
    assert text[9][0] == MARKS[0]
    assert text[0][19] == MARKS[1]
    assert text[9][19] == "△"


def test_a_line_in_the_axes_of_points_crosses_them():
    view = points([[0, 0]], x=(0, 1), y=(0, 1))
    over = line([0.0, 1.0], [0.0, 1.0], on="data")
    text, _ = shown(view, over, width=20, height=10)
    seen = dots(text[:10])
    assert all(abs(x - y) <= 2 for x, y in seen)
    assert len(seen) >= 35


def test_a_matrix_is_a_table_with_names():
    view = field([[90, 10], [20, 80]], rows=["cat", "dog"], columns=["cat", "dog"])
    text, _ = shown(view)
    assert [one.split() for one in text] == [
        *(["cat", "dog"], ["cat", "90", "10"], ["dog", "20", "80"])
    ]
    assert shown(view, width=8)[0] == []


def test_tiles_are_half_blocks_with_captions():
    images = np.zeros((3, 3, 4, 4), np.uint8)
    images[0, 0] = 255
    view = tiles(images, captions=["red", "black", "also"], right=[1, 0, 1])
    text, lines = shown(view, coloured=True)
    assert text[2].split() == ["+red", "-black", "+also"]
    assert tuple(lines[0].spans[0].style.color.triplet) == (255, 0, 0)
    assert shown(view)[0] == []


def test_a_caption_may_have_two_lines():
    images = np.zeros((2, 3, 8, 8), np.uint8)
    text, _ = shown(tiles(images, captions=["as it is\n3 87%", "fooled"]), coloured=True)
    assert [line.split() for line in text[4:6]] == [["as", "it", "is", "fooled"], ["3", "87%"]]


VIEWS = {
    "border": field(np.zeros((5, 5)), says="the border"),
    "data": points([[0, 0]], on="border", says="one point"),
    "path": line([0, 1], [0, 1], says="a path"),
    "net": graph([["a"], ["b"]], [0], [1], [0.5], says="two nodes"),
}


@pytest.mark.parametrize("coloured", [True, False])
@pytest.mark.parametrize("plain", [True, False])
def test_every_view_says_its_sentence_and_keeps_to_its_width(coloured, plain):
    messages = {name: view.message() for name, view in VIEWS.items()}
    made = pictures(messages, width=38, height=8, coloured=coloured, plain=plain)
    text = "\n".join(one.plain for one in made)
    for view in VIEWS.values():
        assert view.says in text
    assert max(one.cell_len for one in made) <= 38
    assert text.isascii() or not plain
    only = pictures(messages, width=38, height=0, coloured=coloured, plain=plain)
    assert [one.plain for one in only] == [
        *("border: the border", "  one point", "path: a path", "net: two nodes")
    ]


# ---- colours


def test_the_colours_are_those_of_the_page(root):
    source = (root / "frontend" / "src" / "draw" / "palette.ts").read_text(encoding="utf-8")
    style = (root / "frontend" / "src" / "css" / "tokens.css").read_text(encoding="utf-8")
    light = style[: style.index('[data-theme="dark"]')]
    tokens = dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    assert tuple(tokens[f"c{number}"] for number in (1, 2, 3, 4)) == CLASSES[:4]
    assert tuple(tokens[f"d{number}"] for number in range(6)) == RAMPS["sequential"]
    assert tuple(tokens[f"f-{end}"] for end in ("neg", "mid", "pos")) == RAMPS["diverging"]
    assert tokens["paper"] == PAPER
    for colour in CLASSES[4:]:
        assert f'"{colour}"' in source


@pytest.mark.parametrize("colours", [*RAMPS, "grey"])
def test_a_ramp_hits_its_ends_and_has_even_steps(colours):
    made = table(colours).astype(int)
    if colours in RAMPS:
        for at, stop in ((0, RAMPS[colours][0]), (255, RAMPS[colours][-1])):
            wanted = [int(stop[i : i + 2], 16) for i in (1, 3, 5)]
            assert np.abs(made[at] - wanted).max() <= 1
    assert np.abs(np.diff(made, axis=0)).max() <= 12
