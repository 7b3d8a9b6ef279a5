"""A figure that an exercise drives: what is wrong in drive.py has its line."""

import pytest

from fathom.course.check import check

DRIVE = """EXPERIMENT = "line"
PART = "downhill"
FUNCTION = "step"
KNOBS = {"lr": 0.5}
NUMBERS = {"w": "loss"}
VIEWS = ["data"]


def drive(step):
    return step
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"line"', '"lines"', 1, "There is no experiment 'lines'; there are line."),
        ('"downhill"', '"uphill"', 2, "line has no function 'uphill'."),
        ('"step"', '"walk"', 3, "answer.py has no function 'walk'."),
        ("lr", "rate", 4, "line has no knob 'rate'; there are lr."),
        ("0.5", "5", 4, "lr cannot be 5: it must be a number from 0 to 1."),
        ('"loss"', '"height"', 5, "line shows no view and no number 'height'."),
        ('["data"]', '"data"', 6, "VIEWS must be a list."),
        ("def drive", "def driven", 1, "It needs a function drive(function)."),
        ("PART", "PLACE", 1, "It needs PART."),
        ("step):", "step:", 9, "This is not Python: '(' was never closed."),
    ],
)
def test_a_figure_that_an_exercise_cannot_drive_is_told_with_its_line(
    course, experiments, old, new, line, says
):
    experiments["line"]["code"] += "\ndef downhill(w): pass"
    folder = course / "en" / "01-lines" / "exercises" / "fit"
    folder.mkdir(parents=True)
    for name in ("starter.py", "answer.py"):
        (folder / name).write_text("def step(w):\n    return w\n")

    def found(text):
        (folder / "drive.py").write_text(text)
        problems = check(course, experiments, only=folder / "drive.py")
        return [(one.line, one.text) for one in problems]

    assert found(DRIVE) == []
    assert (line, says) in found(DRIVE.replace(old, new))
