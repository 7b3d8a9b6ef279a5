"""How many attempts are checked in a second, beside nbgrader.

The same exercise, the loss of a line, and the same right answer. Ours runs the attempt and its
judge in two sandboxed children of a keeper that has imported NumPy. For nbgrader the exercise is
a notebook with one graded cell that holds the same two assertions, and is graded by the call that
an instructor's page makes; it runs the notebook in a kernel without a sandbox. One at a time, in
turns; then as many at once as there are cores, ours only: nbgrader grades one after another. Last,
an exercise of Lesson 7 whose answer trains a network for ten epochs, as the page checks it: from a
keeper that has imported PyTorch.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import ROOT
from benchmarks.figures import Figure, Measured, ratio
from benchmarks.machine import cores
from fathom.runtime.judge import Exercise, judge
from fathom.runtime.shelter import Shelter

TITLE = "Checks of exercises"
QUICK = {"pairs": 1, "many": 4, "trained": 1}
EXERCISE = ROOT / "tests" / "runtime" / "exercises" / "loss"
TRAINS = ROOT / "lessons" / "en" / "07-images" / "exercises" / "digits"
IMPORT = "import numpy as np"
TEST = """x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0, 5.0])
assert np.isclose(loss(x, y, 2.0, 1.0), ((2 * x + 1 - y) ** 2).mean())
assert np.isclose(loss(x, 3 * x - 1, 3.0, -1.0), 0.0)"""
MARKS = {"schema_version": 3, "locked": False, "points": 1}


def notebook(answer: str) -> Any:
    """The exercise as nbgrader wants it: a cell to solve, and a cell that tests it."""
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [new_code_cell(IMPORT), new_code_cell(answer), new_code_cell(TEST)]
    kinds = [(False, False), (True, False), (False, True)]
    for number, (cell, (solution, grade)) in enumerate(zip(cells, kinds, strict=True)):
        if solution or grade:
            marks = MARKS | {"grade_id": f"cell{number}", "solution": solution, "grade": grade}
            cell.metadata["nbgrader"] = marks
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


@contextmanager
def grader(answer: str) -> Iterator[Any]:
    """An nbgrader course of one exercise and one learner; its API."""
    import nbformat
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    # nbgrader calls the command alembic, which lies beside this Python and perhaps nowhere else
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, PATH=beside):
        for place in ("source/line", "submitted/one/line"):
            file = Path(folder, place, "loss.ipynb")
            file.parent.mkdir(parents=True)
            nbformat.write(notebook(answer), file)
        config = Config()
        config.CourseDirectory.root = folder
        config.ClearSolutions.enforce_metadata = False
        api = NbGraderAPI(config=config)
        made = api.generate_assignment("line", force=True, create=True)
        if not made["success"]:
            raise RuntimeError(f"nbgrader takes no such exercise: {made['log']}")
        yield api


def graded(api: Any) -> float:
    """Seconds that one grading takes."""
    began = time.perf_counter()
    said = api.autograde("line", "one", force=True, create=True)
    if not said["success"]:
        raise RuntimeError(f"nbgrader failed: {said['error']}")
    took = time.perf_counter() - began
    score = api.get_submission("line", "one")["score"]
    if score != 1:
        raise RuntimeError(f"nbgrader gives {score} points of 1.")
    return took


async def judged(shelter: Shelter, exercise: Exercise) -> None:
    """One check of ours."""
    verdict = await judge(shelter, exercise, exercise.answer)
    if verdict.outcome != "passed":
        raise RuntimeError(f"The answer does not pass: {verdict.says}")


async def in_turns(pairs: int, many: int) -> tuple[list[float], list[float], float]:
    """Seconds of one check of ours and of nbgrader's; ours in a second, on all cores."""
    exercise = Exercise.read(EXERCISE)
    shelter = Shelter("numpy")
    ours, theirs = [], []
    try:
        await shelter.warm()
        with grader(exercise.answer) as api:
            for _ in range(pairs):
                began = time.perf_counter()
                await judged(shelter, exercise)
                ours.append(time.perf_counter() - began)
                theirs.append(await asyncio.to_thread(graded, api))
        at_once = asyncio.Semaphore(cores())

        async def wait_and_judge() -> None:
            async with at_once:
                await judged(shelter, exercise)

        began = time.perf_counter()
        await asyncio.gather(*(wait_and_judge() for _ in range(many)))
        rate = many / (time.perf_counter() - began)
    finally:
        await shelter.close()
    return ours, theirs, rate


async def training(count: int) -> list[float]:
    """Seconds to the verdict on an answer that trains a network, so many times."""
    exercise = Exercise.read(TRAINS)
    shelter = Shelter()
    found = []
    try:
        await shelter.warm()
        for _ in range(count):
            began = time.perf_counter()
            await judged(shelter, exercise)
            found.append(time.perf_counter() - began)
    finally:
        await shelter.close()
    return found


def measure(pairs: int = 10, many: int = 100, trained: int = 5) -> Measured:
    """So many pairs in turns, so many checks at once, and so many that train."""
    try:
        said = f"nbgrader {version('nbgrader')}."
    except ImportError:
        return Measured(skipped="There is no nbgrader to compare with: pip install nbgrader.")
    ours, theirs, rate = asyncio.run(in_turns(pairs, many))
    slow = asyncio.run(training(trained))
    pairs_of = [after / before for before, after in zip(ours, theirs, strict=True)]
    return Measured(
        [
            Figure("one check of ours", 1000 * statistics.median(ours), "ms"),
            Figure("one grading by nbgrader", 1000 * statistics.median(theirs), "ms"),
            ratio("nbgrader over ours", pairs_of, goal=">= 20"),
            Figure(f"checks of ours, {cores()} at once", rate, "a second", note=f"{many} checks"),
            Figure(
                *("the verdict on a network that is trained", statistics.median(slow), "s"),
                goal="<= 2",
                note=f"{trained} times",
            ),
        ],
        [said],
    )
