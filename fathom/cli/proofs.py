"""`fathom check`: what can be proved about the course, by reading it and by running its code."""

import asyncio
from pathlib import Path

import typer

from fathom import settings
from fathom.cli.catalogue import describe
from fathom.cli.output import note
from fathom.course import catalog
from fathom.course.catalog import Course, Unit
from fathom.course.check import check
from fathom.course.exercise import Exercise
from fathom.errors import ExerciseError, LessonError
from fathom.runtime import judge
from fathom.runtime.kernel import Kernel, Notice, Problem
from fathom.runtime.launch import can_fork
from fathom.runtime.shelter import Shelter


def prove(path: Path | None, *, run: bool) -> int:
    """Print every problem with its file and line; how many there are.

    path: a lesson, a folder or a file of it; the whole course when None. A folder that holds a
    course.toml is a course of its own. Raises LessonError where there is no course.
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
    exercises, units = runnable(course, folder if path is None else path)
    if run and (exercises or units):
        if can_fork():
            wrong += asyncio.run(prove_code(exercises, units))
        else:
            note("The code of lessons and exercises was not run: that needs Linux.")
    lessons = len(course.lessons)
    if not wrong:
        note(f"{lessons} lesson{'' if lessons == 1 else 's'} checked, nothing is wrong.")
    return wrong


def runnable(course: Course, path: Path) -> tuple[list[Exercise], list[Unit]]:
    """The exercises, and the lessons with code to run, below a path or to which it belongs."""
    inside = path.resolve()

    def touched(folder: Path) -> bool:
        there = folder.resolve()
        return there.is_relative_to(inside) or inside.is_relative_to(there)

    units = course.units.values()
    exercises = [one for unit in units for one in unit.exercises.values() if touched(one.folder)]
    cells = [unit for unit in units if unit.lesson.directives("cell") and touched(unit.folder)]
    return exercises, cells


async def prove_code(exercises: list[Exercise], units: list[Unit]) -> int:
    """Run the lessons' code, every answer, starter and mistake; print what does not do as it
    should. How many flaws there are."""
    sources = [one.answer for one in exercises]
    sources += [cell.code for unit in units for cell in unit.lesson.directives("cell")]
    shelter = Shelter(judge.needs(sources))
    wrong = 0
    try:
        for unit in units:
            note(f"running the code of {unit.language}/{unit.name}")
            wrong += _tell(await prove_cells(shelter, unit))
        for at, one in enumerate(exercises, 1):
            lesson = one.folder.parent.parent.name
            note(f"running {at} of {len(exercises)}: {lesson}, {one.name}")
            try:
                wrong += _tell(await judge.prove(shelter, one.folder))
            except ExerciseError as error:
                wrong += _tell([str(error)])
    finally:
        await shelter.close()
    return wrong


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
        raise LessonError(f"There is nothing at {path}.")
    for folder in (path, *path.resolve().parents):
        if (folder / catalog.COURSE).is_file():
            return folder
    raise LessonError(f"{path} belongs to no course: no folder above it has a {catalog.COURSE}.")
