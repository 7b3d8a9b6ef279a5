"""Experiments by name, inside a child: loading them, and saying what is wrong with one."""

import importlib
import traceback
from typing import Any

from fathom import settings
from fathom.errors import FathomError, UnknownExperiment
from fathom.lab.experiment import describe
from fathom.lab.frame import Frame


def load(name: str) -> Any:
    """Import an experiment by name; UnknownExperiment lists the ones there are."""
    zoo = settings.text("FATHOM_ZOO")
    known = importlib.import_module(zoo).EXPERIMENTS
    if name not in known:
        raise UnknownExperiment(f"There is no experiment {name!r}; there are {', '.join(known)}.")
    return importlib.import_module(f"{zoo}.{name}")


def catalog() -> list[dict[str, Any]]:
    """Every experiment as JSON, in the order of the course; a broken one as name and error."""
    found: list[dict[str, Any]] = []
    for name in importlib.import_module(settings.text("FATHOM_ZOO")).EXPERIMENTS:
        try:
            found.append(describe(load(name)).to_json())
        except Exception as error:  # whatever its author did, the others can be shown
            traceback.print_exc()
            found.append({"name": name, "error": broken(error, name)})
    return found


def broken(error: Exception, name: str) -> str:
    """Why an experiment cannot be loaded, with the line, as one sentence."""
    if isinstance(error, FathomError):
        return str(error)
    line = error.lineno if isinstance(error, SyntaxError) else None
    for place in traceback.extract_tb(error.__traceback__):
        if place.filename.endswith(f"{name}.py"):
            line = place.lineno
    where = f"{name}.py, line {line}" if line else f"{name}.py"
    return f"{where} cannot be loaded: {type(error).__name__}: {error}"


def explain(error: Exception, experiment: str, frame: Frame | None) -> str:
    """An error in an experiment as one sentence: what, where, when."""
    if isinstance(error, MemoryError):
        return "There is not enough memory for these knobs: make the network or the batch smaller."
    step = frame.step if frame else 0
    where = f"step {step}"
    for place in traceback.extract_tb(error.__traceback__):
        if place.filename.endswith(f"{experiment}.py"):
            where = f"step {step} in line {place.lineno} of {experiment}.py"
    said = (str(error).strip().splitlines() or ["no reason given"])[0]
    return f"The experiment stopped at {where}: {type(error).__name__}: {said}"
