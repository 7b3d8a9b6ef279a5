"""The colours of pictures, as in `frontend/src/css/tokens.css` and `draw/palette.ts`, light.

Ramps are made in OKLab, where equal steps look equally large (Ottosson 2020).
Classes get colours near those of Okabe and Ito, which colour-blind eyes tell apart, and shapes.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLASSES = (
    *("#0072b2", "#d55e00", "#009e73", "#a8487f"),
    *("#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a", "#8c510a", "#542788"),
)
PAPER, INK, QUIET, LINE = "#fbfcfd", "#13212e", "#51606d", "#d5dce3"
ACCENT, SIGNAL = "#0b4f96", "#ad4800"
BLUE, MIDDLE, ORANGE = "#4a8fcb", "#f6f8fa", "#e8954a"
DEPTHS = ("#f3f6f9", "#d3e1ee", "#9dc0de", "#5d97cb", "#2069ad", "#0a3f7c")
NEAR = 0.38  # how far the stops between an end and the middle are from the end
RAMPS = {
    "diverging": (BLUE, MIDDLE, ORANGE),
    "sequential": DEPTHS,
    "depth": DEPTHS[::-1],  # of a surface: the lower, the bluer
}
GREY = ("#000000", "#ffffff")
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)
Floats = NDArray[np.float64]
Colours = NDArray[np.uint8]  # (..., 3) red, green, blue


def parse(colour: str) -> Colours:
    """'#0072b2' as three bytes (3,)."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.uint8)


def linear(colours: Colours) -> Floats:
    """Bytes of sRGB as amounts of light from 0 to 1."""
    share = colours / 255.0
    light: Floats = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return light


def _bytes(light: Floats) -> Colours:
    share = np.clip(light, 0, 1)
    curved = np.where(share <= 0.0031308, share * 12.92, 1.055 * share ** (1 / 2.4) - 0.055)
    rounded: Colours = np.floor(255 * curved + 0.5).astype(np.uint8)
    return rounded


def ramp(*stops: str) -> Colours:
    """256 colours (256, 3) from the first to the last, evenly through those between."""
    light = linear(np.stack([parse(stop) for stop in stops]))  # (stops, 3)
    labs = np.cbrt(light @ TO_CONES.T) @ TO_LAB.T
    at = np.linspace(0, len(stops) - 1, 256)
    mixed = np.stack([np.interp(at, range(len(stops)), labs[:, axis]) for axis in range(3)], 1)
    cones = (mixed @ np.linalg.inv(TO_LAB).T) ** 3
    return _bytes(cones @ np.linalg.inv(TO_CONES).T)


@cache
def table(colours: str) -> Colours:
    """The 256 colours (256, 3) of a kind of picture; black to white for a kind without its own."""
    if colours == "classes":
        return np.stack([parse(CLASSES[i % len(CLASSES)]) for i in range(256)])
    if colours == "diverging":  # most of the colour is reached early: the border stands out
        return ramp(BLUE, between(BLUE, MIDDLE), MIDDLE, between(ORANGE, MIDDLE), ORANGE)
    return ramp(*RAMPS.get(colours, GREY))


def between(end: str, middle: str) -> str:
    """A colour on the way from an end to the middle, nearer to the end."""
    mixed = parse(end) + NEAR * (parse(middle).astype(float) - parse(end))
    return "#" + "".join(f"{round(one):02x}" for one in mixed)


def is_light(colours: Colours) -> NDArray[np.bool_]:
    """Whether text on these colours (..., 3) is better dark than light."""
    luminance: NDArray[Any] = linear(colours) @ np.array([0.2126, 0.7152, 0.0722])
    light: NDArray[np.bool_] = luminance > 0.18
    return light
