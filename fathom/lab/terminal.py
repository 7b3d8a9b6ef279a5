"""Curves for a terminal: small charts out of braille dots, or of ASCII where that is all.

Everything is made of lines (rich's Text) of one width, so that charts can stand side by side.
A curve is never told apart by colour alone: the second is dashed, the third dotted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from fathom.lab.curves import Floats, charts, curve, is_wide, short
from fathom.lab.palette import CLASSES
from fathom.lab.wire import Message

DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # of a braille sign
BRAILLE = 0x2800
DASHES = ((1,), (1, 1, 1, 0, 0), (1, 0, 0), (1, 1, 1, 1, 1, 0, 0, 1, 0, 0))
SIGNS = "*o+x"  # of curves in ASCII
LABEL = 7  # columns for the numbers at the left
NARROWEST = 34  # columns that a chart needs
GAP = 3  # columns between two charts
Curves = Mapping[str, tuple[Floats, Floats]]


def styles(count: int) -> list[str]:
    """A colour for each curve; bright ones, since most terminals are dark."""
    order = (6, 5, 2, 4)  # of Okabe and Ito's
    return [CLASSES[order[i % len(order)]] for i in range(count)]


class Canvas:
    """Cells of 2 by 4 dots; each cell has the colour of the curve that came last."""

    def __init__(self, width: int, height: int, *, plain: bool = False) -> None:
        self.width, self.height, self.plain = width, height, plain
        self.across, self.up = (1, 1) if plain else (2, 4)
        self.cells = np.zeros((height, width), np.int64)
        self.owner = np.full((height, width), -1)

    def dot(self, x: NDArray[Any], y: NDArray[Any], number: int) -> None:
        """Set dots: x from the left, y from the bottom, in dots; those outside are left out."""
        inside = (x >= 0) & (x < self.width * self.across) & (y >= 0) & (y < self.height * self.up)
        x, y = x[inside], self.height * self.up - 1 - y[inside]
        rows, columns = y // self.up, x // self.across
        if self.plain:
            self.cells[rows, columns] = ord(SIGNS[number % len(SIGNS)])
        else:
            np.bitwise_or.at(self.cells, (rows, columns), DOTS[y % self.up, x % self.across])
        self.owner[rows, columns] = number

    def trace(self, x: Floats, y: Floats, number: int) -> None:
        """Join points (in dots) by straight lines, in the dashes of this curve."""
        if not len(x):
            return
        longest = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
        pieces = np.maximum(1, np.ceil(longest)).astype(int)
        at = np.concatenate([[0.0], np.repeat(np.arange(len(pieces)), pieces) + _parts(pieces)])
        across = np.interp(at, np.arange(len(x)), x)
        heights = np.interp(at, np.arange(len(y)), y)
        dashes = np.array(DASHES[number % len(DASHES)] if not self.plain else (1,), bool)
        drawn = dashes[np.rint(across).astype(int) % len(dashes)]
        dots = [np.rint(one[drawn]).astype(int) for one in (across, heights)]
        self.dot(dots[0], dots[1], number)

    def line(self, row: int, colours: Sequence[str]) -> Text:
        """One row of cells as text."""
        text = Text()
        for sign, owner in zip(self.cells[row].tolist(), self.owner[row].tolist(), strict=True):
            shown = (chr(sign) if self.plain else chr(BRAILLE + sign)) if sign else " "
            text.append(shown, colours[owner] if owner >= 0 else None)
        return text


def _parts(pieces: NDArray[Any]) -> Floats:
    """For every piece of a line how far along it ends, 1/n ... n/n, one line after the other."""
    starts = np.repeat(np.cumsum(pieces) - pieces, pieces)
    parts: Floats = (np.arange(pieces.sum()) - starts + 1) / np.repeat(pieces, pieces)
    return parts


def number(value: float) -> str:
    """A number in at most LABEL - 1 signs."""
    for digits in (3, 2, 1):
        said = f"{value:.{digits}g}".replace("e-0", "e-").replace("e+0", "e")
        if len(said) < LABEL:
            break
    return said


def means(steps: Floats, values: Floats, low: float, high: float, columns: int) -> Any:
    """One point for each column of dots: the mean of the steps that it stands for."""
    span = max(high - low, 1e-12)
    column = np.clip(np.rint((steps - low) / span * (columns - 1)), 0, columns - 1).astype(int)
    count = np.bincount(column, minlength=columns)
    total = np.bincount(column, weights=values, minlength=columns)
    there = np.flatnonzero(count)
    return there.astype(np.float64), total[there] / count[there]


def chart(
    title: str,
    curves: Curves,
    *,
    width: int,
    height: int,
    last: float | None = None,
    plain: bool = False,
) -> list[Text]:
    """One chart as `height` lines of `width` columns: title, curves, and the steps below.

    curves: by name, steps and values (N,). last: where the axis ends, if not at the last step.
    """
    rows, inner = max(2, height - 2), max(4, width - LABEL - 1)
    known = {name: one for name, one in curves.items() if len(one[0])}
    colours = styles(len(curves))
    log = is_wide([values for _, values in known.values()])
    lines = [_heading(title + (" (log)" if log else ""), curves, colours, width, plain)]
    if not known:
        lines += [Text(" " * width) for _ in range(rows + 1)]
        return lines
    every = np.concatenate([values for _, values in known.values()])
    low, high = float(every.min()), float(every.max())
    first = min(float(steps[0]) for steps, _ in known.values())
    end = max([float(steps[-1]) for steps, _ in known.values()] + [last or 0.0])

    canvas = Canvas(inner, rows, plain=plain)
    bottom, top = (np.log10(low), np.log10(high)) if log else (low, high)
    for place, name in enumerate(curves):
        if name not in known:
            continue
        steps, values = known[name]
        x, y = means(steps, np.log10(values) if log else values, first, end, inner * canvas.across)
        span = (top - bottom) or 1.0
        middle = 0.5 if top == bottom else 0.0
        canvas.trace(x, ((y - bottom) / span + middle) * (rows * canvas.up - 1), place)

    bar = "|" if plain else "│"
    for row in range(rows):
        label = number(high) if row == 0 else number(low) if row == rows - 1 else ""
        if high == low:
            label = number(high) if row == rows // 2 else ""
        line = Text(f"{label:>{LABEL}}", "dim").append(bar, "dim")
        lines.append(line.append_text(canvas.line(row, colours)))
    left, right = number(first), f"step {end:.0f}"
    lines.append(Text(" " * (LABEL + 1) + f"{left}{right:>{max(1, inner - len(left))}}", "dim"))
    return [_fitted(line, width) for line in lines]


def _heading(title: str, curves: Curves, colours: Sequence[str], width: int, plain: bool) -> Text:
    """The title; where curves share the chart, the sign and the name of each."""
    text = Text(title, "bold")
    for place, name in enumerate(curves if len(curves) > 1 else ()):
        sign = SIGNS[place % len(SIGNS)] if plain else _sample(DASHES[place % len(DASHES)])
        text.append("  ").append(sign, colours[place]).append(f" {short(name)}")
    return _fitted(text, width)


def _sample(dashes: Sequence[int]) -> str:
    """Two signs that show how a curve is dashed."""
    long = [dashes[i % len(dashes)] for i in range(4)]
    return "".join(chr(BRAILLE + 0x02 * long[i] + 0x10 * long[i + 1]) for i in (0, 2))


def _fitted(text: Text, width: int) -> Text:
    """The line cut or filled up to a width."""
    text.truncate(width, overflow="crop")
    text.pad_right(width - text.cell_len)
    return text


def beside(blocks: Sequence[Sequence[Text]], gap: int = GAP) -> list[Text]:
    """Blocks of equally many lines side by side."""
    return [Text(" " * gap).join(lines) for lines in zip(*blocks, strict=True)]


def plot(
    block: Message | None,
    *,
    width: int,
    height: int,
    last: float | None = None,
    plain: bool = False,
) -> list[Text]:
    """All numbers of a run as charts, as many side by side as fit, in at most `height` lines.

    block: a block of scalars, as it travels. Charts that do not fit are left out, the later
    ones first; the numbers of all of them stand elsewhere.
    """
    if block is None or height < 5:
        return []
    groups = charts(block["names"])
    across = max(1, min(len(groups), (width + GAP) // (NARROWEST + GAP)))
    down = min(-(-len(groups) // across), max(1, height // 6))
    wide = (width - GAP * (across - 1)) // across
    high = min(10, height // down)
    made = [
        chart(
            title,
            {name: curve(block, name) for name in names},
            width=wide,
            height=high,
            last=last,
            plain=plain,
        )
        for title, names in list(groups.items())[: across * down]
    ]
    blank = [Text(" " * wide) for _ in range(high)]
    made += [blank] * (-len(made) % across)
    rows = [beside(made[at : at + across]) for at in range(0, len(made), across)]
    return [line for row in rows for line in row]
