"""The kinds of picture a value in a frame can be.

A view is a kind, arrays and words. Arrays may be numpy arrays, torch tensors or lists;
they are stored as the small types that travel (uint8 with a range, float32, int32).
Every view has a sentence that says what it shows now, for a screen reader and a terminal.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as dataclass_field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fathom.errors import ExperimentError

KINDS = ("line", "field", "points", "tiles", "graph", "tokens", "board")
BASES = ("field", "points")  # only these take other views into their axes
Range = tuple[float, float]
MINUS = re.compile(r"(?<![\w.)\]²-])-(?=\.?\d)")  # before a number, where none ends
CRISP = 8  # a field is drawn smooth: a pixel is sent so often, both ways, and has edges then


@dataclass(frozen=True)
class View:
    """One picture: its kind, its arrays by name, and everything else that is said about it."""

    kind: str
    says: str
    arrays: dict[str, NDArray[Any]] = dataclass_field(default_factory=dict)
    words: dict[str, Any] = dataclass_field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        """The view as it travels, with the minus signs that Python's numbers lack."""
        words = {name: signed(value) for name, value in self.words.items()}
        return {"kind": self.kind, "says": signed(self.says), **self.arrays, **words}


def signed(words: Any) -> Any:
    """Text, or lists of it, with a minus sign before negative numbers in place of a hyphen.

    >>> signed(["-1", "CIFAR-10, from -0.5 to 1e-05", "2-3"])
    ['−1', 'CIFAR-10, from −0.5 to 1e-05', '2-3']
    """
    if isinstance(words, str):
        return MINUS.sub("−", words) if "-" in words else words
    if isinstance(words, list | tuple):
        return [signed(one) for one in words]
    return words


def array(value: Any) -> NDArray[Any]:
    """A numpy array of whatever was given: a tensor (also one that learns), an array, a list."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return np.asarray(value)


def as_bytes(values: NDArray[Any], lo: float, hi: float) -> NDArray[np.uint8]:
    """Values as 0..255 between lo and hi; what is not a number becomes lo."""
    scale = 255.0 / (hi - lo) if hi > lo else 0.0
    with np.errstate(over="ignore", invalid="ignore"):  # huge values end at the ends of the range
        scaled = np.asarray(np.subtract(values, lo, dtype=np.float64))
        scaled *= scale
    scaled[np.isnan(scaled)] = 0
    np.clip(scaled, 0, 255, out=scaled)
    scaled += 0.5
    rounded: NDArray[np.uint8] = scaled.astype(np.uint8)
    return rounded


def bounds(values: NDArray[Any], lo: float | None, hi: float | None) -> Range:
    """The given range, filled up from the finite values."""
    finite = values[np.isfinite(values)]
    low = lo if lo is not None else (float(finite.min()) if finite.size else 0.0)
    high = hi if hi is not None else (float(finite.max()) if finite.size else 1.0)
    return low, high


def _check(right: bool, kind: str, what: str, got: NDArray[Any]) -> None:
    if not right:
        raise ExperimentError(f"A {kind} view takes {what}, not an array of shape {got.shape}.")


def field(
    values: Any,
    *,
    x: Range = (-1.0, 1.0),
    y: Range = (-1.0, 1.0),
    lo: float | None = None,
    hi: float | None = None,
    colours: str = "diverging",
    labels: Sequence[str] = (),
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    pixels: bool = False,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    unit: str = "",
    says: str = "",
) -> View:
    """A value at every place of a rectangle, as colours.

    values: (H, W). Row 0 is at the bottom (y[0]) as in mathematics; with `rows` and `columns`
    (names of both, as in a confusion matrix) row 0 is at the top and numbers stand in the cells,
    which are empty where the value is not a number.
    colours: "diverging" (blue through paper to orange), "sequential", or "classes" (values are
    whole numbers, one colour of the class palette each). A sequential field without rows is a
    surface, and travels as "depth": it is read like a sea chart, the lower, the bluer.
    pixels: each value is a square with edges, such as a pixel of a picture; without it, values
    belong to places, and what is between them is drawn smooth.
    labels: what the two ends of the range, or the classes, mean.
    """
    grid = array(values)
    _check(grid.ndim == 2, "field", "values of shape (height, width)", grid)
    if rows and (len(rows), len(columns)) != grid.shape:
        _check(False, "field", f"{len(rows)} rows and {len(columns)} columns", grid)
    low, high = bounds(grid, lo, hi)
    words = {
        "lo": low,
        "hi": high,
        "x": list(x),
        "y": list(y),
        "colours": "depth" if colours == "sequential" and not rows else colours,
        "labels": list(labels),
        "rows": list(rows),
        "columns": list(columns),
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "unit": unit,
    }
    if not says:
        says = f"values from {bounds(grid, None, None)[0]:.3g} to {bounds(grid, None, None)[1]:.3g}"
    if pixels and not rows:  # a table has edges by itself
        grid = grid.repeat(CRISP, axis=0).repeat(CRISP, axis=1)
    arrays: dict[str, NDArray[Any]] = {}
    if rows:  # few cells, and their numbers are read
        arrays["values"] = grid.astype(np.float32)
    else:
        arrays["values"] = (
            grid.astype(np.uint8) if colours == "classes" else as_bytes(grid, low, high)
        )
    return View("field", says, arrays, words)


def points(
    xy: Any,
    *,
    label: Any = None,
    held_out: Any = None,
    value: Any = None,
    on: str = "",
    x: Range | None = None,
    y: Range | None = None,
    names: Sequence[str] = (),
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    knob: str = "",
    drag: tuple[str, str] = ("", ""),
    lever: tuple[float, float] = (0.0, 1.0),
    says: str = "",
) -> View:
    """Data in two (or three) dimensions.

    xy: (N, 2) or (N, 3). label: (N,) class of each, drawn as colour and shape.
    held_out: (N,) true for points that are not trained on, drawn hollow.
    value: (N,) a number each, drawn as colour. names: what the classes are called.
    on: the name of a field or of other points of the frame, in whose axes they are drawn.
    A few points are marks and lie on the curves in their axes; many are data and lie below.
    knob: the name of a `clicked` knob: a click in the picture adds a point to it.
    drag: the names of the number knobs that hold x and y of the first point: it is a handle, and
    dragging it turns them. An empty name: it does not move that way.
    lever: (from, by): at the height y the handle turns its knob of y to (y - from) * by.
    """
    place = array(xy).astype(np.float32)
    _check(place.ndim == 2 and place.shape[1] in (2, 3), "points", "places of shape (N, 2)", place)
    arrays: dict[str, NDArray[Any]] = {"xy": place}
    for name, given, kind in (
        ("label", label, np.uint8),
        ("held_out", held_out, np.uint8),
        ("value", value, np.float32),
    ):
        if given is not None:
            arrays[name] = array(given).astype(kind)
            _check(
                arrays[name].shape == place.shape[:1], "points", f"one {name} each", arrays[name]
            )
    words = {
        "on": on,
        "x": list(x) if x else None,
        "y": list(y) if y else None,
        "names": list(names),
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "knob": knob,
        "drag": list(drag),
        "lever": list(lever),
    }
    return View("points", says or f"{len(place)} points", arrays, words)


def line(
    x: Any,
    y: Any,
    *,
    on: str = "",
    x_range: Range | None = None,
    y_range: Range | None = None,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    dots: bool = False,
    says: str = "",
) -> View:
    """One or several curves.

    x: (N,). y: (N,), or a dict of name to (N,) for several curves over the same x.
    on: the name of a field or of points of the frame, in whose axes the curve is drawn.
    dots: mark every point of the curve (the path of gradient descent).
    Plain numbers in a frame need no view: they are drawn over the steps by themselves.
    """
    curves = y if isinstance(y, Mapping) else {"": y}
    across = array(x).astype(np.float32)
    heights = [array(one).astype(np.float32) for one in curves.values()]
    for height in heights:
        _check(height.shape == across.shape and across.ndim == 1, "line", "as many y as x", height)
    words = {
        "names": list(curves),
        "on": on,
        "x_range": list(x_range) if x_range else None,
        "y_range": list(y_range) if y_range else None,
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "dots": dots,
    }
    both = np.stack(heights) if heights else np.zeros((0, len(across)), np.float32)
    return View("line", says or "a curve", {"x": across, "ys": both}, words)


def tiles(
    images: Any,
    *,
    lo: float | None = None,
    hi: float | None = None,
    each: bool = False,
    colours: str = "sequential",
    captions: Sequence[str] = (),
    right: Any = None,
    knob: str = "",
    title: str = "",
    columns: int = 0,
    says: str = "",
) -> View:
    """Small pictures side by side: images, filters, feature maps.

    images: (N, H, W) grey, or (N, 3, H, W) in colour. lo, hi: the range of the values
    (uint8 is taken as it is); each: every picture is stretched to its own range.
    colours: how grey values are shown, "grey", "sequential" or "diverging".
    captions: a few words under each, in one line or in two.
    right: (N,) true, false, marked by sign and colour.
    knob: the name of a number knob that a click on a picture sets to its index.
    """
    pictures = array(images)
    coloured = pictures.ndim == 4 and pictures.shape[1] == 3
    _check(pictures.ndim == 3 or coloured, "tiles", "images (N, H, W) or (N, 3, H, W)", pictures)
    low, high = 0.0, 255.0
    if pictures.dtype != np.uint8:
        pictures = pictures.astype(np.float32)
        if each and pictures.size:
            rest = tuple(range(1, pictures.ndim))
            least = pictures.min(axis=rest, keepdims=True)
            span = pictures.max(axis=rest, keepdims=True) - least
            pictures, low, high = (pictures - least) / np.where(span > 0, span, 1), 0.0, 1.0
        else:
            low, high = bounds(pictures, lo, hi)
        pictures = as_bytes(pictures, low, high)
    if captions and len(captions) != len(pictures):
        _check(False, "tiles", f"one caption each ({len(captions)} captions)", pictures)
    arrays: dict[str, NDArray[Any]] = {"images": np.ascontiguousarray(pictures)}
    if right is not None:
        arrays["right"] = array(right).astype(np.uint8)
    words = {
        "lo": low,
        "hi": high,
        "colours": "colour" if coloured else colours,
        "captions": list(captions),
        "knob": knob,
        "title": title,
        "columns": columns,
    }
    return View("tiles", says or f"{len(pictures)} pictures", arrays, words)


def graph(
    layers: Sequence[Sequence[str]],
    source: Any,
    target: Any,
    weight: Any,
    *,
    images: Any = None,
    lo: float = -1.0,
    hi: float = 1.0,
    notes: Sequence[str] = (),
    now: int = -1,
    tells: Sequence[str] = (),
    into: str = "",
    edges: str = "",
    title: str = "",
    says: str = "",
) -> View:
    """Nodes in layers, joined by weighted edges: networks, computation graphs, trees.

    layers: the labels of the nodes, layer by layer; nodes are numbered in this order.
    source, target: (E,) numbers of nodes. weight: (E,) drawn as width and colour.
    images: (nodes, H, W) a small field for each node, row 0 at the bottom, drawn in the node
    with the diverging colours between lo and hi.
    notes: a few words for each node, in lines, which stand under its label in a box.
    now: the number of the node at which something happens, which is marked; -1 for none.
    tells: a sentence for each node: what it computes, said when it is chosen.
    into: the name of a field view that shows the image of the chosen node enlarged.
    edges: what the number of an edge is, where it is not a weight.
    """
    count = sum(len(layer) for layer in layers)
    arrays: dict[str, NDArray[Any]] = {
        "source": array(source).astype(np.int32),
        "target": array(target).astype(np.int32),
        "weight": array(weight).astype(np.float32),
    }
    for name, one in arrays.items():
        _check(
            one.shape == arrays["weight"].shape and one.ndim == 1,
            "graph",
            f"one {name} an edge",
            one,
        )
    if images is not None:
        pictures = array(images)
        _check(pictures.ndim == 3 and len(pictures) == count, "graph", f"{count} images", pictures)
        arrays["images"] = as_bytes(pictures, lo, hi)
    if notes and len(notes) != count:
        raise ExperimentError(
            f"A graph view takes a note for each node: {count}, not {len(notes)}."
        )
    words = {
        "layers": [list(layer) for layer in layers],
        "lo": lo,
        "hi": hi,
        "notes": list(notes),
        "now": now,
        "tells": list(tells),
        "into": into,
        "edges": edges,
        "title": title,
    }
    return View("graph", says or f"{count} nodes, {len(arrays['weight'])} edges", arrays, words)
