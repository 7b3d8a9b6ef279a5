"""Views for a terminal: half blocks where there is colour, shades and signs where there is none.

Small, so the sentence of a view always stands above its picture. A graph, tokens and a board
are told by their sentence alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.style import Style
from rich.text import Text

from fathom.lab.palette import CLASSES, is_light, table
from fathom.lab.terminal import Canvas, number
from fathom.lab.wire import Message

SHADES, PLAIN_SHADES = " ░▒▓█", " .:*#"
MARKS, HOLLOW = "●▲■◆▼", "○△□◇▽"
PLAIN_MARKS, PLAIN_HOLLOW = "01234", "ox+~="
HALF = "▀"
CROWD = 6  # cells a point: more points than that are thinned
TILE = 16  # columns that a small picture takes at most
Pixels = NDArray[np.uint8]


def pictures(
    views: Mapping[str, Message], *, width: int, height: int, coloured: bool, plain: bool = False
) -> list[Text]:
    """All views of a frame: the sentence of each, and its picture in at most `height` lines.

    With a height of 0 there are only sentences.
    """
    lines: list[Text] = []
    for name, view in views.items():
        over = [one for one in views.values() if one.get("on") == name]
        if not view.get("on"):
            title = view.get("title") or name.replace("_", " ")
            lines.append(Text.assemble((title, "bold"), f": {view['says']}"))
            lines += [Text(f"  {one['says']}") for one in over]
            if height:
                lines += picture(
                    view, over, width=width, height=height, coloured=coloured, plain=plain
                )
    return lines


def picture(
    view: Message,
    over: Sequence[Message] = (),
    *,
    width: int,
    height: int,
    coloured: bool,
    plain: bool = False,
) -> list[Text]:
    """One view with those drawn in its axes; no lines where a terminal cannot show it."""
    coloured = coloured and not plain
    match view["kind"]:
        case "field" if view["rows"]:
            return matrix(view, width)
        case "field" | "points" | "line":
            return scene(view, over, width=width, height=height, coloured=coloured, plain=plain)
        case "tiles" if coloured:
            return tiles(view, width=width, height=height)
        case _:
            return []


def matrix(view: Message, width: int) -> list[Text]:
    """A table of numbers with names; nothing where it is too narrow for it."""
    values, rows, columns = view["values"], view["rows"], view["columns"]
    words = [["" if np.isnan(value) else f"{value:.3g}" for value in row] for row in values]
    cell = max([5, *(len(word) + 1 for row in words for word in row)])
    first = max((len(name) for name in rows), default=0)
    if first + cell * len(columns) > width:
        return []
    head = " " * first + "".join(f"{name[: cell - 1]:>{cell}}" for name in columns)
    lines = [Text(head, "dim")]
    for name, row in zip(rows, words, strict=True):
        lines.append(
            Text(f"{name:>{first}}", "dim").append("".join(f"{word:>{cell}}" for word in row))
        )
    return lines


# ---- fields, points and curves in one pair of axes


def scene(
    view: Message,
    over: Sequence[Message],
    *,
    width: int,
    height: int,
    coloured: bool,
    plain: bool,
) -> list[Text]:
    """A field, points or a curve, with what is drawn in the same axes."""
    (left, right), (bottom, top) = x, y = ranges(view, over)
    inner, rows = min(width, 2 * height), height  # a cell is twice as high as it is wide
    ground = field(view, inner, 2 * rows) if view["kind"] == "field" else None
    canvas = Canvas(inner, rows, plain=plain)
    marks: dict[tuple[int, int], tuple[str, str]] = {}
    for part in (view, *over):
        if part["kind"] == "line":
            for at, heights in enumerate(part["ys"]):
                canvas.trace(
                    (part["x"] - left) / ((right - left) or 1) * (inner * canvas.across - 1),
                    (heights - bottom) / ((top - bottom) or 1) * (rows * canvas.up - 1),
                    at,
                )
        elif part["kind"] == "points":
            marks |= scatter(part, x, y, inner, rows, plain)
    lines = []
    for row in range(rows):
        line = Text()
        for column in range(inner):
            two = ground[2 * row : 2 * row + 2, column] if ground is not None else None
            drawn = int(canvas.cells[row, column])
            mark = marks.get((row, column))
            if mark is None and drawn:
                mark = chr(drawn if plain else 0x2800 + drawn), CLASSES[6]
            line.append_text(cell(two, view, mark, coloured=coloured, plain=plain))
        lines.append(line)
    across = f"{number(left)} {view.get('x_label', '')}".rstrip()
    lines.append(Text(across + f"{number(right):>{max(1, inner - len(across))}}", "dim"))
    up = f"{view.get('y_label') or 'upwards'} from {number(bottom)} to {number(top)}"
    lines.append(Text(up, "dim"))
    return lines


def ranges(view: Message, over: Sequence[Message]) -> tuple[Any, Any]:
    """What the axes span: what the view says, else what is in it."""
    found = []
    for axis, named in enumerate(("x", "y")):
        said = view.get(f"{named}_range") if view["kind"] == "line" else view.get(named)
        if said is None:
            seen = [_values(part, axis) for part in (view, *over)]
            every = np.concatenate([one[np.isfinite(one)] for one in seen])
            said = (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)
        found.append(said)
    return found[0], found[1]


def _values(view: Message, axis: int) -> NDArray[Any]:
    if view["kind"] == "points":
        return np.asarray(view["xy"][:, axis], float)
    if view["kind"] == "line":
        return np.asarray(view["ys"] if axis else view["x"], float).ravel()
    return np.zeros(0)


def field(view: Message, width: int, height: int) -> NDArray[np.uint8]:
    """The bytes of a field at (height, width) places, the first row at the top."""
    values = view["values"][::-1]
    rows = np.rint(np.linspace(0, values.shape[0] - 1, height)).astype(int)
    columns = np.rint(np.linspace(0, values.shape[1] - 1, width)).astype(int)
    taken: NDArray[np.uint8] = values[rows[:, None], columns[None, :]]
    return taken


def scatter(
    view: Message, x: Sequence[float], y: Sequence[float], width: int, height: int, plain: bool
) -> dict[tuple[int, int], tuple[str, str]]:
    """Points as signs by cell (row, column), with the colour of their class; hollow if held out."""
    xy = view["xy"]
    every = max(1, round(len(xy) / max(1, width * height / CROWD)))
    labels = view.get("label", np.zeros(len(xy), np.uint8))
    held = view.get("held_out", np.zeros(len(xy), np.uint8))
    full, hollow = (PLAIN_MARKS, PLAIN_HOLLOW) if plain else (MARKS, HOLLOW)
    marks = {}
    for at in range(0, len(xy), every):
        column = (xy[at, 0] - x[0]) / ((x[1] - x[0]) or 1) * (width - 1)
        row = (y[1] - xy[at, 1]) / ((y[1] - y[0]) or 1) * (height - 1)
        if 0 <= round(float(column)) < width and 0 <= round(float(row)) < height:
            signs = hollow if held[at] else full
            label = int(labels[at])
            place = round(float(row)), round(float(column))
            marks[place] = signs[label % len(signs)], CLASSES[label % len(CLASSES)]
    return marks


def cell(
    two: NDArray[np.uint8] | None,
    view: Message,
    mark: tuple[str, str] | None,
    *,
    coloured: bool,
    plain: bool,
) -> Text:
    """One cell: a mark on its ground, or the ground alone (its upper and its lower half)."""
    if two is None:
        return Text(*(mark or (" ",)))
    if not coloured:
        if mark:
            return Text(mark[0])
        if view["colours"] == "classes":
            return Text(str(int(two[0]) % 10))
        shades = PLAIN_SHADES if plain else SHADES
        if view["colours"] == "depth":  # the lower, the darker
            shades = shades[::-1]
        return Text(shades[int(two.mean()) * len(shades) // 256])
    upper, lower = table(view["colours"])[two]
    if mark:
        ink = "#10151c" if is_light(lower) else "#ffffff"
        return Text(mark[0], Style(color=ink, bgcolor=rgb(lower)))
    return Text(HALF, Style(color=rgb(upper), bgcolor=rgb(lower)))


def rgb(colour: Pixels) -> Color:
    """Three bytes as a colour of the terminal."""
    return Color.from_rgb(*(float(part) for part in colour))


# ---- small pictures


def tiles(view: Message, *, width: int, height: int) -> list[Text]:
    """As many small pictures as fit, in half blocks, with their captions cut to their width."""
    shots = colours_of(view)  # (N, H, W, 3)
    count, high, wide = shots.shape[:3]
    side = max(1, -(-wide // TILE))
    shots = shots[:, ::side, ::side]
    high, wide = shots.shape[1:3]
    wide_cell = max(wide, 8 if view["captions"] else 1)
    across = max(1, min(count, (width + 1) // (wide_cell + 1)))
    tall = -(-high // 2) + _lines(view["captions"])
    lines: list[Text] = []
    for start in range(0, count, across):
        if lines and len(lines) + tall > height:
            break
        lines += _row_of_tiles(view, shots, range(start, min(count, start + across)), wide_cell)
    return lines


def _row_of_tiles(view: Message, shots: Pixels, which: range, wide_cell: int) -> list[Text]:
    high, wide = shots.shape[1:3]
    lines = []
    for row in range(0, high, 2):
        line = Text()
        for at in which:
            for column in range(wide):
                upper = shots[at, row, column]
                lower = rgb(shots[at, row + 1, column]) if row + 1 < high else None
                line.append(HALF, Style(color=rgb(upper), bgcolor=lower))
            line.append(" " * (wide_cell - wide + 1))
        lines.append(line)
    for row in range(_lines(view["captions"])):
        words = Text()
        for at in which:
            right = view["right"][at] if "right" in view else None
            sign = "" if right is None else "+" if right else "-"
            said = [*(sign + view["captions"][at]).split("\n"), ""]
            words.append(f"{said[min(row, len(said) - 1)][:wide_cell]:{wide_cell + 1}}", "dim")
        lines.append(words)
    return lines


def _lines(captions: Sequence[str]) -> int:
    return max((1 + caption.count("\n") for caption in captions), default=0)


def colours_of(view: Message) -> Pixels:
    """The pictures of a tiles view as (N, H, W, 3) bytes of red, green and blue."""
    if view["colours"] == "colour":
        return np.moveaxis(view["images"], 1, -1)  # they travel as (N, 3, H, W)
    return table(view["colours"])[view["images"]]
