"""`fathom check`: what can be proved about the course, by reading it and by running its code."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from fathom import settings
from fathom.cli.catalogue import describe
from fathom.cli.output import note
from fathom.course import catalog
from fathom.course.catalog import Course, Unit
from fathom.course.check import check
from fathom.course.exercise import Exercise
from fathom.course.proved import Proved, fingerprint
from fathom.errors import ExerciseError, LessonError
from fathom.runtime import drive, judge
from fathom.runtime.kernel import Kernel, Notice, Problem
from fathom.runtime.launch import can_fork
from fathom.runtime.shelter import Shelter

PACKAGE = Path(__file__).resolve().parent.parent
DATA = PACKAGE / "data"
JUDGES = [
    PACKAGE / "runtime" / f"{name}.py"
    for name in ("attempt", "cells", "expect", "judge", "judging", "plain", "script", "values")
]
DRIVERS = [PACKAGE / "runtime" / f"{name}.py" for name in ("drive", "driving", "slopes")]


def prove(path: Path | None, *, run: bool, everything: bool = False) -> int:
    """Print every problem with its file and line; how many there are.

    path: a lesson, a folder or a file of it; the whole course when None. A folder that holds a
    course.toml is a course of its own. everything: also run what is as it was when it was proved.
    Raises LessonError where there is no course.
    """
    folder = course_of(path)
    known, broken = asyncio.run(describe())
    for name, why in broken.items():
        note(f"{name} cannot be loaded: {why}")
    described = {name: one.to_json() for name, one in known.items()}
    problems = check(folder, described, None if path is None else path)
    for one in problems:
        typer.echo(str(one))
    wrong = len(problems)
    course = catalog.load(folder)
    proofs = runnable(course, folder if path is None else path)
    ledger = Proved(folder)
    due = [one for one in proofs if everything or not ledger.holds(one.name, one.hash)]
    if same := len(proofs) - len(due):
        note(f"{same} of {len(proofs)} are as they were when they were proved: --all runs all.")
    if run and due:
        if can_fork():
            wrong += asyncio.run(prove_code(due, ledger))
        else:
            note("The code of lessons and exercises was not run: that needs Linux.")
    if run and path is None:
        with unwritable():
            ledger.keep(one.name for one in proofs)
    lessons = len(course.lessons)
    if not wrong and path is not None and path.resolve() != folder.resolve():
        note(f"Nothing is wrong in {path}.")
    elif not wrong:
        note(f"{lessons} lesson{'' if lessons == 1 else 's'} checked, nothing is wrong.")
    return wrong


@dataclass(frozen=True)
class Proof:
    """Something to run: an exercise, or the code of a lesson."""

    name: str  # as in en/01-regression/a-step, or en/00-before
    hash: str
    what: Exercise | Unit

    async def flaws(self, shelter: Shelter) -> list[str]:
        """Run it: what does not do as it should."""
        if isinstance(self.what, Unit):
            return await prove_cells(shelter, self.what)
        try:
            found = await judge.prove(shelter, self.what.folder)
            return found or await drive.prove(shelter, self.what.folder)
        except ExerciseError as error:
            return [str(error)]


def runnable(course: Course, path: Path) -> list[Proof]:
    """The lessons with code to run, then the exercises, below a path or to which it belongs."""
    inside = path.resolve()

    def touched(folder: Path) -> bool:
        there = folder.resolve()
        return there.is_relative_to(inside) or inside.is_relative_to(there)

    cells, exercises = [], []
    for unit in course.units.values():
        name = f"{unit.language}/{unit.name}"
        code = [one.code for one in unit.lesson.directives("cell")]
        if code and touched(unit.folder):
            cells.append(Proof(name, fingerprint(code, JUDGES, DATA), unit))
        for one in unit.exercises.values():
            if touched(one.folder):
                files = sorted(file for file in one.folder.rglob("*.py") if file.is_file())
                texts = [f"{file.name}\n{file.read_text(encoding='utf-8')}" for file in files]
                judges = JUDGES
                if one.drive:  # the figure is part of what is proved
                    there = PACKAGE / "zoo" / f"{one.drive.experiment}.py"
                    judges = [*JUDGES, *DRIVERS, *([there] if there.is_file() else [])]
                hash = fingerprint(texts, judges, DATA)
                exercises.append(Proof(f"{name}/{one.name}", hash, one))
    return cells + exercises


async def prove_code(proofs: list[Proof], ledger: Proved) -> int:
    """Run the lessons' code, every answer, starter and mistake; print what does not do as it
    should, and keep what does. How many flaws there are."""
    shelter = Shelter(judge.needs(sources(proofs)))
    wrong = 0
    try:
        for at, one in enumerate(proofs, 1):
            note(f"running {at} of {len(proofs)}: {one.name}")
            flaws = await one.flaws(shelter)
            wrong += _tell(flaws)
            if not flaws:
                with unwritable():
                    ledger.add(one.name, one.hash)
    finally:
        await shelter.close()
    return wrong


def sources(proofs: list[Proof]) -> list[str]:
    """The code that says which packages are needed."""
    found = []
    for one in proofs:
        if isinstance(one.what, Unit):
            found += [cell.code for cell in one.what.lesson.directives("cell")]
        else:
            found.append(one.what.answer)
    return found


@contextmanager
def unwritable() -> Iterator[None]:
    """Where nothing can be written beside the course, nothing is kept: all runs the next time."""
    try:
        yield
    except OSError as error:
        note(f"What was proved is not kept: {error.strerror}.")


async def prove_cells(shelter: Shelter, unit: Unit) -> list[str]:
    """What goes wrong when the code of a lesson is run from its first cell to its last."""
    kernel = Kernel(shelter)
    flaws = []
    try:
        for one in unit.lesson.directives("cell"):
            async for output in kernel.run(one.code):
                if isinstance(output, Problem):
                    said = output.trouble
                    line = one.line + (said.places[0].line if said.places else 0)
                    flaws.append(f"{one.file}:{line}: the code {one.argument!r} fails: {said.what}")
                elif isinstance(output, Notice):
                    flaws.append(f"{one.file}:{one.line}: the code {one.argument!r}: {output.text}")
    finally:
        await kernel.close()
    return flaws


def _tell(flaws: list[str]) -> int:
    for flaw in flaws:
        typer.echo(flaw)
    return len(flaws)


def course_of(path: Path | None) -> Path:
    """The folder of the course to which a path belongs."""
    if path is None:
        return settings.lessons()
    if not path.exists():
        raise LessonError(
            f"There is no file or folder {path}: name a lesson by its folder, as in "
            "lessons/en/01-regression, or say `fathom check` for all of them."
        )
    for folder in (path, *path.resolve().parents):
        if (folder / catalog.COURSE).is_file():
            return folder
    raise LessonError(f"{path} belongs to no course: no folder above it has a {catalog.COURSE}.")
