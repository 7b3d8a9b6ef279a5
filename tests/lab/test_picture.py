"""The PNG of a run: it is a picture, it holds what the frame holds, its colours are the page's."""

import numpy as np
import pytest

from fathom.errors import RecordingError
from fathom.lab import field, graph, line, points, tiles
from fathom.lab.palette import BLUE, ORANGE, parse
from fathom.lab.picture import draw, key, save

STEPS = np.arange(50, dtype=np.int32)
SCALARS = {
    "type": "scalars",
    "names": ["loss", "val_loss", "gap"],
    "steps": STEPS,
    "values": np.stack(
        [
            1 / (1 + STEPS),
            np.where(STEPS % 10, np.nan, 2 / (1 + STEPS)),
            10.0 ** (-STEPS / 10),
        ]
    ),
}
VIEWS = {
    "border": field(np.linspace(-1, 1, 64).reshape(8, 8), lo=-1, hi=1, unit="metres"),
    "data": points(np.eye(2), label=[0, 1], held_out=[0, 1], on="border"),
    "heights": points(np.eye(2), value=[0.0, 1.0]),
    "mistakes": field([[90, 10], [0, 100]], rows=["a", "b"], columns=["a", "b"], lo=0, hi=100),
    "path": line([0, 1], {"x": [0, 1], "y": [1, 0]}, dots=True),
    "kinds": field(np.array([[0, 1], [2, 3]]), colours="classes"),
    "photos": tiles(np.zeros((3, 3, 4, 4), np.uint8), captions="abc", right=[1, 0, 1]),
    "maps": tiles(np.zeros((2, 4, 4)), each=True),
    "sum": graph([["a", "b"], ["+"]], [0, 1], [2, 2], [1, 1], notes=["1", "2", "3"], now=2),
    "net": graph([["a", "b"], ["c"]], [0, 1], [2, 2], [1.0, -1.0], images=np.zeros((3, 4, 4))),
}


def frame(**views):
    made = {name: view.message() for name, view in (views or VIEWS).items()}
    return {"type": "frame", "step": 49, "of": 49, "numbers": {}, "views": made}


def pixels(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


def test_a_picture_has_a_panel_for_each_view_and_each_chart():
    figure = draw("toy", "A toy.", {"lr": "0.1"}, SCALARS, frame())
    titles = [one.get_title(loc="left") for one in figure.axes]
    assert titles[: len(VIEWS) + 1] == [
        *(
            "border",
            "heights",
            "mistakes",
            "path",
            "kinds",
            "photos",
            "maps",
            "sum",
            "net",
            "loss",
            "gap",
        )
    ]
    assert figure.get_suptitle() == "toy\nA toy.\nstep 49 of 49; lr 0.1"
    loss, gap = figure.axes[9], figure.axes[10]
    assert [len(one.get_xdata()) for one in loss.lines] == [50, 5]
    assert [one.get_text() for one in loss.get_legend().get_texts()] == ["training", "validation"]
    assert (loss.get_yscale(), gap.get_yscale()) == ("linear", "log")
    assert pixels(figure).std() > 10


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_can_stand_alone(name):
    alone = draw("toy", "", {}, None, frame(**{name: VIEWS[name]}))
    assert pixels(alone).shape[2] == 3


def test_a_field_is_blue_at_its_low_end_and_orange_at_its_high_end():
    seen = pixels(draw("toy", "", {}, None, frame(border=VIEWS["border"]))).reshape(-1, 3)
    for colour in (BLUE, ORANGE):
        assert (np.abs(seen.astype(int) - parse(colour)).max(axis=1) <= 2).any()


def test_the_first_row_of_a_field_is_at_the_bottom():
    view = field(np.array([[-1.0, -1.0], [1.0, 1.0]]), lo=-1, hi=1)
    figure = draw("toy", "", {}, None, frame(view=view))
    image = figure.axes[0].get_images()[0]
    assert (image.origin, image.get_extent()) == ("lower", [-2.0, 2.0, -2.0, 2.0])
    assert tuple(image.get_array()[0, 0]) == tuple(parse(BLUE))


def test_a_cell_whose_value_is_not_known_stays_empty():
    view = field([[1.0, np.nan]], rows=["a"], columns=["x", "y"])
    figure = draw("toy", "", {}, None, frame(view=view))
    assert [one.get_text() for one in figure.axes[0].texts] == ["1", ""]


def test_words_say_what_the_colours_of_a_field_mean():
    depth = field(np.zeros((2, 2)), lo=1, hi=4, colours="sequential", unit="metres")
    sides = field(np.zeros((2, 2)), lo=-1, hi=1, labels=["cats", "dogs"])
    kinds = field(np.zeros((2, 2)), colours="classes", labels=["cat", "dog", "cow"])
    assert [key(view.message()) for view in (depth, sides, kinds)] == [
        *("deep blue: 1, pale: 4 (metres)", "blue: cats, orange: dogs", "0: cat, 1: dog, 2: cow")
    ]


def test_several_curves_and_classes_of_points_have_a_key():
    ys = {"near": [1.0, 2.0, 3.0], "nearer": [1.0, 2.0, 3.01]}
    dots = points([[0, 0], [1, 1], [1, 0]], label=[1, 0, 1], names=["cat", "dog"])
    shown = [line(range(3), ys), line(range(3), {"one": ys["near"]}), dots]
    figure = draw("e", "t", {}, None, frame(**{f"v{at}": one for at, one in enumerate(shown)}))
    keys = [axes.get_legend() for axes in figure.axes]
    said = [[text.get_text() for text in one.get_texts()] if one else [] for one in keys]
    assert [said[0], said[1], sorted(said[2])] == [["near", "nearer"], [], ["cat", "dog"]]
    assert [one.get_text() for one in figure.axes[1].texts] == ["one"]


def test_a_run_without_frames_or_numbers_has_a_picture_too(tmp_path):
    save(tmp_path / "a.png", experiment="toy", title="", knobs={}, scalars=None, frame=None)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_a_picture_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(RecordingError, match=r"The picture .* cannot be written: No such file"):
        save(tmp_path / "no" / "a.png", experiment="", title="", knobs={}, scalars=None, frame=None)


def test_axes_without_a_range_reach_as_far_as_what_is_drawn():
    views = {"curve": line([0, 5], [10, 20]), "dots": points(np.array([[0, 10.0], [5, 20.0]]))}
    curve, dots = draw("e", "t", {}, None, frame(**views)).axes[:2]
    for axes in (curve, dots):
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        assert left <= 0 < 5 <= right < 6
        assert 9 < bottom <= 10 < 20 <= top < 21


def test_axes_keep_the_range_that_a_view_gives():
    given = {"curve": line([0, 5], [10, 20], x_range=(0, 2), y_range=(0, 30))}
    (axes,) = draw("e", "t", {}, None, frame(**given)).axes
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 2), (0, 30))
