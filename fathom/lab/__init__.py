"""What a run is. Pure: no processes, no HTTP, no torch.

An experiment imports from here; so does everything that shows one.
"""

from fathom.lab.config import Knob, choice, clicked, knob, knobs, own_picture, switch, text
from fathom.lab.frame import Frame
from fathom.lab.views import View, field, graph, line, points, tiles

__all__ = [
    "Frame",
    "Knob",
    "View",
    "choice",
    "clicked",
    "field",
    "graph",
    "knob",
    "knobs",
    "line",
    "own_picture",
    "points",
    "switch",
    "text",
    "tiles",
]
