"""A run as one PNG: what its last frame shows, and its curves, in the colours of the page.

matplotlib is imported inside the functions: it takes a second, and most runs draw no picture.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fathom.errors import RecordingError
from fathom.lab.config import brief
from fathom.lab.curves import charts, curve, is_wide, short
from fathom.lab.palette import (
    BLUE,
    CLASSES,
    INK,
    LINE,
    ORANGE,
    PAPER,
    QUIET,
    SIGNAL,
    is_light,
    table,
)
from fathom.lab.wire import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
WIDE, HIGH = 4.6, 4.2  # inches of one panel
DPI = 110
MARKS = ("o", "^", "s", "D", "v")
DASHES = ("-", "--", ":", "-.")
ENDS = {
    "sequential": ("pale", "deep blue"),
    "depth": ("deep blue", "pale"),
    "diverging": ("blue", "orange"),
}
CROWD = 400  # more points than that are drawn smaller
FEW = 12  # points: so many are marks on the curves; more are data below them


def save(
    path: Path,
    *,
    experiment: str,
    title: str,
    knobs: Mapping[str, str],
    scalars: Message | None,
    frame: Message | None,
) -> None:
    """Write the picture. RecordingError if the file cannot be written."""
    figure = draw(experiment, title, knobs, scalars, frame)
    try:
        figure.savefig(path, format="png", dpi=DPI)
    except OSError as error:
        raise RecordingError(f"The picture {path} cannot be written: {error.strerror}.") from error


def draw(
    experiment: str,
    title: str,
    knobs: Mapping[str, str],
    scalars: Message | None,
    frame: Message | None,
) -> "Figure":
    """The picture as a figure: a panel for each view and for each chart."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    views = frame["views"] if frame else {}
    own = {name: view for name, view in views.items() if not view.get("on") and drawable(view)}
    groups = charts(scalars["names"]) if scalars else {}
    panels = max(1, len(own) + len(groups))
    columns = min(COLUMNS, panels)
    rows = -(-panels // columns)
    style = {"text.color": INK, "axes.labelcolor": QUIET, "font.size": 10.0}
    style |= {"xtick.color": QUIET, "ytick.color": QUIET, "axes.edgecolor": LINE}
    with rc_context(style):  # type: ignore[arg-type]  # its keys are a Literal that changes
        figure = Figure((WIDE * columns, HIGH * rows + 1), layout="constrained", facecolor=PAPER)
        FigureCanvasAgg(figure)
        said = ", ".join(f"{name} {brief(value)}" for name, value in knobs.items())
        at = f"step {frame['step']} of {frame['of']}" if frame else ""
        below = "\n".join(part for part in (title, "; ".join(filter(None, (at, said)))) if part)
        figure.suptitle(f"{experiment}\n{below}", fontsize=12, x=0.01, ha="left")
        grid = figure.subplots(rows, columns, squeeze=False)
        places = iter(grid.flat)
        for name, view in own.items():
            axes = next(places)
            axes.set_facecolor(PAPER)
            paint(axes, view, view.get("title") or name.replace("_", " "))
            for over in views.values():
                if over.get("on") == name:
                    PAINT[over["kind"]](axes, over)
        for chart, names in groups.items():
            if scalars:
                paint_chart(next(places), chart, names, scalars)
        for axes in places:
            axes.axis("off")
    return figure


def panels(frame: Message) -> dict[str, NDArray[np.uint8]]:
    """Each view of a frame as a picture of its own: (H, W, 3)."""
    own = [name for name, view in frame["views"].items() if not view.get("on") and drawable(view)]
    images: dict[str, NDArray[np.uint8]] = {}
    for name in own:
        views = {
            other: one for other, one in frame["views"].items() if name in (other, one.get("on"))
        }
        figure = draw(name.replace("_", " "), "", {}, None, {**frame, "views": views})
        figure.set_dpi(DPI)
        canvas: Any = figure.canvas
        canvas.draw()
        images[name] = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    return images


def drawable(view: Message) -> bool:
    """Whether there is a way to draw this kind of view."""
    return view["kind"] in PAINT


def paint(axes: "Axes", view: Message, title: str) -> None:
    """One view and its words in its own axes."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.set_xlabel(view.get("x_label", ""))
    axes.set_ylabel(view.get("y_label", ""))
    x, y = {"points": ("x", "y"), "line": ("x_range", "y_range")}.get(view["kind"], ("", ""))
    if view.get(x):  # a limit of None would keep the axes from 0 to 1, whatever is drawn
        axes.set_xlim(view[x])
    if view.get(y):
        axes.set_ylim(view[y])
    PAINT[view["kind"]](axes, view)


def paint_field(axes: "Axes", view: Message) -> None:
    """A field as colours; with names for rows and columns, numbers stand in its cells."""
    if view["rows"]:
        paint_matrix(axes, view)
        return
    colours = table(view["colours"])[view["values"]]  # (H, W, 3)
    rows, columns = view["values"].shape
    (left, right), (bottom, top) = view["x"], view["y"]
    half_x = (right - left) / max(1, columns - 1) / 2  # its outermost samples lie on the edges
    half_y = (top - bottom) / max(1, rows - 1) / 2
    box = (left - half_x, right + half_x, bottom - half_y, top + half_y)
    smooth = "nearest" if view["colours"] == "classes" else "bilinear"
    axes.imshow(colours, origin="lower", extent=box, interpolation=smooth, aspect="auto")
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.annotate(key(view), (0, -0.2), xycoords="axes fraction", fontsize=8, color=QUIET)


def key(view: Message) -> str:
    """What the colours of a field mean, in words."""
    labels = view["labels"]
    if view["colours"] == "classes":
        return ", ".join(f"{number}: {label}" for number, label in enumerate(labels))
    ends = labels if len(labels) == 2 else [f"{view['lo']:.3g}", f"{view['hi']:.3g}"]
    first, last = ENDS.get(view["colours"], ENDS["sequential"])
    said = f"{first}: {ends[0]}, {last}: {ends[1]}"
    return f"{said} ({view['unit']})" if view["unit"] else said


def paint_matrix(axes: "Axes", view: Message) -> None:
    """A table of numbers on colours, the first row at the top."""
    values, lo, hi = view["values"], view["lo"], view["hi"]
    share = np.nan_to_num((values - lo) / ((hi - lo) or 1), nan=0.5)  # empty where nothing is known
    colours = table(view["colours"])[np.clip(np.rint(255 * share), 0, 255).astype(int)]
    axes.imshow(colours, aspect="auto")
    axes.set_xticks(range(len(view["columns"])), view["columns"], rotation=45, ha="right")
    axes.set_yticks(range(len(view["rows"])), view["rows"])
    axes.tick_params(length=0, labelsize=8)
    size = min(9.0, 90 / max(1, len(view["columns"])))
    light = is_light(colours)
    for (row, column), value in np.ndenumerate(values):
        ink = "#10151c" if light[row, column] else "#ffffff"
        text = f"{value:.0f}" if hi - lo >= 20 else f"{value:.2g}"
        text = "" if np.isnan(value) else text
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color=ink)


def paint_points(axes: "Axes", view: Message) -> None:
    """Points in the colour and shape of their class, hollow where they are held out."""
    xy = view["xy"]
    size = 12 if len(xy) > CROWD else 22
    labels = view.get("label", np.zeros(len(xy), np.uint8))
    held = view.get("held_out", np.zeros(len(xy), np.uint8)).astype(bool)
    names = {} if view["on"] else dict(enumerate(view["names"]))  # a field has a key of its own
    for label in np.unique(labels).tolist():
        for hollow in (False, True):
            some = (labels == label) & (held == hollow)
            if not some.any():
                continue
            colour: Any = CLASSES[label % len(CLASSES)]
            if "value" in view:
                colour = _by_value(view["value"])[some]
            axes.scatter(
                xy[some, 0],
                xy[some, 1],
                s=size,
                marker=MARKS[label % len(MARKS)],
                label=names.pop(label, None),
                facecolors="none" if hollow else colour,
                edgecolors=colour if hollow else PAPER,
                linewidths=1.1 if hollow else 0.6,
                zorder=3 if len(xy) <= FEW else 1.5,  # marks lie on the curves, data below them
            )
    if view["names"] and not view["on"]:
        axes.legend(frameon=False, fontsize=8, handletextpad=0.2)


def _by_value(values: Any) -> Any:
    """A colour (N, 3), 0 to 1, for each number."""
    lo, hi = float(values.min()), float(values.max())
    bytes_ = np.rint(255 * (values - lo) / ((hi - lo) or 1)).astype(int)
    return table("sequential")[bytes_] / 255


def paint_line(axes: "Axes", view: Message) -> None:
    """Curves, several with a key; with dots the path that was walked, and where it ends."""
    several = len(view["ys"]) > 1
    keyed = several and not view["dots"]  # names at the ends would lie over each other
    for number, (name, ys) in enumerate(zip(view["names"], view["ys"], strict=True)):
        colour = CLASSES[number % len(CLASSES)] if several else SIGNAL
        dashes, wide = DASHES[number % len(DASHES)], 0.8 if view["dots"] else 1.6
        marker = "." if view["dots"] else ""
        label = name if keyed and name else None
        look: dict[str, Any] = {"marker": marker, "ms": 3, "color": colour, "lw": wide, "zorder": 2}
        axes.plot(view["x"], ys, dashes, label=label, **look)
        if view["dots"] and len(ys):
            axes.plot(view["x"][-1], ys[-1], "o", color=colour, mec=PAPER, ms=9, zorder=4)
        if name and len(ys) and not keyed:
            axes.annotate(name, (view["x"][-1], ys[-1]), color=colour, fontsize=9)
    if keyed and any(view["names"]):
        axes.legend(frameon=False, fontsize=8, handlelength=2.4)


def paint_tiles(axes: "Axes", view: Message) -> None:
    """Small pictures side by side, with captions and whether they are right."""
    images = view["images"]
    coloured = view["colours"] == "colour"
    shots = np.moveaxis(images, 1, -1) if coloured else table(view["colours"])[images]
    count, high, wide = shots.shape[:3]
    columns = view["columns"] or max(1, int(np.ceil(np.sqrt(count))))
    gap = 0.32 if view["captions"] else 0.08  # of the height, for the words below
    for at, shot in enumerate(shots):
        left, top = (at % columns) * wide * 1.08, (at // columns) * high * (1 + gap)
        axes.imshow(shot, extent=(left, left + wide, top + high, top), interpolation="nearest")
        if view["captions"]:
            right = view["right"][at] if "right" in view else None
            sign = "" if right is None else "✓ " if right else "✗ "
            colour = QUIET if right is None else BLUE if right else SIGNAL
            where = (left, top + high * (1 + gap * 0.75))
            axes.text(*where, sign + view["captions"][at], fontsize=3.6, color=colour)
    rows = -(-count // columns)
    axes.set(xlim=(0, columns * wide * 1.08), ylim=(rows * high * (1 + gap), 0))
    axes.set_aspect("equal")
    axes.axis("off")


def paint_graph(axes: "Axes", view: Message) -> None:
    """Nodes in layers with their images; edges as wide as their weight, blue below zero."""
    layers = view["layers"]
    most = max((len(layer) for layer in layers), default=1)
    places = [
        (float(depth), (len(layer) - 1) / 2 - at)
        for depth, layer in enumerate(layers)
        for at in range(len(layer))
    ]
    labels = [label for layer in layers for label in layer]
    for source, target, weight in zip(
        view["source"].tolist(), view["target"].tolist(), view["weight"].tolist(), strict=True
    ):
        (x1, y1), (x2, y2) = places[source], places[target]
        width = min(4.0, 0.2 + 1.3 * abs(weight) ** 0.5)
        axes.plot([x1, x2], [y1, y2], color=ORANGE if weight > 0 else BLUE, lw=width, alpha=0.7)
    half_x, half_y = 0.2, 0.38
    for number, (x, y) in enumerate(places):
        if view["notes"]:
            words = f"{labels[number]}\n{view['notes'][number]}"
            colour = SIGNAL if number == view["now"] else QUIET
            edge = {"boxstyle": "round", "facecolor": PAPER, "edgecolor": colour}
            axes.text(x, y, words, ha="center", va="center", fontsize=5, bbox=edge, zorder=3)
            continue
        if "images" in view:
            shot = table("diverging")[view["images"][number]]
            box = (x - half_x, x + half_x, y - half_y, y + half_y)
            axes.imshow(shot, origin="lower", extent=box, zorder=3, aspect="auto")
        else:
            axes.plot(x, y, "o", color=INK, ms=7, zorder=3)
        if x == 0 or x == len(layers) - 1:
            side = -0.3 if x == 0 else 0.3
            align = "right" if x == 0 else "left"
            axes.text(x + side, y, labels[number], ha=align, va="center", fontsize=8)
    axes.set(xlim=(-0.9, len(layers) - 0.1), ylim=(-most / 2 - 0.2, most / 2 + 0.2))
    axes.axis("off")


def paint_chart(axes: "Axes", title: str, names: list[str], scalars: Message) -> None:
    """The numbers of one chart over the steps, named where they end."""
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title(title.replace("_", " "), loc="left", fontsize=10, fontweight="bold")
    axes.set_xlabel("step")
    known = {name: curve(scalars, name) for name in names}
    if is_wide([values for _, values in known.values()]):
        axes.set_yscale("log")
    for number, (name, (steps, values)) in enumerate(known.items()):
        colour, dashes = CLASSES[number % len(CLASSES)], DASHES[number % len(DASHES)]
        label = short(name) if len(names) > 1 else None
        axes.plot(steps, values, dashes, color=colour, lw=1.3, label=label)
    if len(names) > 1:
        axes.legend(frameon=False, fontsize=9, handlelength=2.4)


PAINT = {
    "field": paint_field,
    "points": paint_points,
    "line": paint_line,
    "tiles": paint_tiles,
    "graph": paint_graph,
}
