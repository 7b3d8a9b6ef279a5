"""Matplotlib for cells: a picture is shown by sending it, and closed afterwards.

Named as a backend by `module://fathom.runtime.figures`; imported only once somebody draws.
"""

import importlib
import io
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg

from fathom.runtime.cells import receivers

FigureCanvas = FigureCanvasAgg
RESOLUTION = 110  # dots an inch: 700 pixels for a picture of the usual size


def show(*_: Any, **__: Any) -> None:
    """Send every open figure as PNG, in the order in which they were made."""
    pyplot = importlib.import_module("matplotlib.pyplot")
    for number in pyplot.get_fignums():
        png = io.BytesIO()
        pyplot.figure(number).savefig(png, format="png", dpi=RESOLUTION, bbox_inches="tight")
        for receive in receivers:
            receive(png.getvalue())
    pyplot.close("all")
