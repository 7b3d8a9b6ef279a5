"""How an exercise is tied to an experiment: its drive.py, read without running it.

EXPERIMENT = "linear_regression"
PART = "downhill"           the function of the experiment that gives way
FUNCTION = "step"           the learner's, which takes its place
KNOBS = {"lr": 0.01}        of both runs
NUMBERS = {"w": "slope"}    as the learner calls them, and as the frames do
VIEWS = ["data", "line"]    of the experiment, in which both are drawn
def drive(step): ...        gives the part, made of the learner's function
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fathom.course.place import Problem
from fathom.errors import KnobError
from fathom.lab.experiment import Experiment

FILE = "drive.py"
KINDS = {"EXPERIMENT": str, "PART": str, "FUNCTION": str, "KNOBS": dict, "NUMBERS": dict}
KINDS |= {"VIEWS": list}
SAID = {str: "a text", dict: "a dict", list: "a list"}


@dataclass(frozen=True)
class Drive:
    """What a drive.py says, and where. What is missing or broken stands in `problems`."""

    file: Path
    said: dict[str, Any]
    lines: dict[str, int]
    problems: tuple[Problem, ...]

    @property
    def experiment(self) -> str:
        """The name of the experiment; "" where none is said."""
        return str(self.said.get("EXPERIMENT", ""))


def read(file: Path, text: str) -> Drive:
    """The file, parsed."""
    said: dict[str, Any] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        problem = Problem(file, error.lineno or 1, f"This is not Python: {error.msg}.")
        return Drive(file, {}, {}, (problem,))
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=value) if name in KINDS:
                lines[name] = node.lineno
                try:
                    said[name] = ast.literal_eval(value)
                except ValueError:
                    said[name] = None
                if not isinstance(said.get(name), KINDS[name]):
                    kind = SAID[KINDS[name]]
                    problems.append(Problem(file, node.lineno, f"{name} must be {kind}."))
                    del said[name]
    missing = [name for name in KINDS if name not in lines]
    if not any(isinstance(one, ast.FunctionDef) and one.name == "drive" for one in tree.body):
        missing.append("a function drive(function)")
    problems += [Problem(file, 1, f"It needs {name}.") for name in missing]
    return Drive(file, said, lines, tuple(problems))


def problems(
    drive: Drive, sources: Mapping[Path, str], known: Mapping[str, Experiment]
) -> Iterator[Problem]:
    """What does not fit. sources: the learner's files in which the function must stand."""
    if len(drive.said) < len(KINDS):
        return  # told already
    said, lines, file = drive.said, drive.lines, drive.file
    function = f"def {said['FUNCTION']}("
    for path, source in sources.items():
        if function not in source:
            text = f"{path.name} has no function {said['FUNCTION']!r}."
            yield Problem(file, lines["FUNCTION"], text)
    experiment = known.get(drive.experiment)
    if experiment is None:
        text = f"There is no experiment {drive.experiment!r}; there are {', '.join(known)}."
        yield Problem(file, lines["EXPERIMENT"], text)
        return
    if not re.search(rf"^def {re.escape(said['PART'])}\(", experiment.code, re.M):
        text = f"{experiment.name} has no function {said['PART']!r}."
        yield Problem(file, lines["PART"], text)
    for name, value in said["KNOBS"].items():
        if name not in experiment.knobs:
            there = ", ".join(experiment.knobs)
            text = f"{experiment.name} has no knob {name!r}; there are {there}."
            yield Problem(file, lines["KNOBS"], text)
            continue
        try:
            experiment.knobs[name].read(value)
        except KnobError as error:
            yield Problem(file, lines["KNOBS"], str(error))
    for constant, names in (("NUMBERS", said["NUMBERS"].values()), ("VIEWS", said["VIEWS"])):
        for name in names:
            if not re.search(rf"\"{re.escape(name)}\"|\b{re.escape(name)}=", experiment.code):
                text = f"{experiment.name} shows no view and no number {name!r}."
                yield Problem(file, lines[constant], text)
