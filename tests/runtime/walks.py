"""An experiment that goes downhill on w², and the drive.py of an exercise that is tied to it.

The sandbox sees no tests, so the file itself brings its experiment there.
"""

DRIVE = '''"""The learner's gradient in the place of ours."""

import sys
import types
from dataclasses import dataclass

from fathom.lab import Frame, field, knob, line, points
from fathom.runtime.expect import expect

EXPERIMENT = "walk"
PART = "slope"
FUNCTION = "gradient"
KNOBS = {"lr": 0.1, "steps": 20}
NUMBERS = {"w": "place"}
VIEWS = ["ground", "path", "slopes", "feet"]

walk = types.ModuleType("tests.runtime.planted.walk")


@dataclass
class Config:
    lr: float = knob(0.5, 0.0, 10.0, "how far")
    steps: int = knob(1, 1, 100, "how many")


def run(config):
    w, been = 5.0, []
    for step in range(config.steps + 1):
        been.append(w)
        yield Frame(step, of=config.steps, loss=w * w, place=w, views=lambda: look(been))
        w = w - config.lr * walk.slope(w)


def look(been):
    seen = {"ground": points([[0.0, 0.0]], says="the ground")}
    slopes = [[walk.slope(w) for w in (5.0, 6.0)]]
    seen["slopes"] = field(slopes, lo=0, hi=30)
    seen["feet"] = points([[0.5, 0.5]], on="slopes")
    return seen | {"path": line(range(len(been)), been, on="ground", says=f"at {been[-1]:.2f}")}


walk.Config, walk.run, walk.slope = Config, run, lambda w: 2 * w
sys.modules[walk.__name__] = walk


def drive(gradient):
    def slope(w):
        found = gradient(w)
        expect(found, "What gradient gives back").number()
        return found

    return slope
'''
RIGHT = "def gradient(w):\n    return w + w\n"
