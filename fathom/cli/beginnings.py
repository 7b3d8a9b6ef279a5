"""`fathom new`: lessons, exercises and experiments that work, to be changed into one's own.

What is written stands in skeletons/, one folder for each; a file's name there ends in `.txt`,
so that no tool takes it for code of ours. `«title»` and its like are filled in.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import typer

from fathom import settings
from fathom.course import catalog
from fathom.course.catalog import COURSE, Planned
from fathom.course.languages import FIRST
from fathom.course.place import read_text
from fathom.errors import FathomError, LessonError
from fathom.runtime.descriptions import zoo

SKELETONS = Path(__file__).parent / "skeletons"
FEWEST_MINUTES = 10  # of a lesson that is not in the plan
LESSON = r"\d\d-[a-z0-9]+(?:-[a-z0-9]+)*"
EXERCISE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
EXPERIMENT = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"


@dataclass
class Pages:
    """Texts that belong together: all of them are written, or none."""

    texts: dict[Path, str]

    def add(self, kind: str, folder: Path, words: dict[str, str]) -> None:
        """The files of a skeleton, to be put into a folder that is not there yet."""
        if folder.exists():
            raise FathomError(f"{shown(folder)} is there already: choose another name.")
        for file in sorted((SKELETONS / kind).rglob("*.txt")):
            self.texts[folder / file.relative_to(SKELETONS / kind).with_suffix("")] = filled(
                read_text(file), words
            )

    def write(self) -> None:
        """Write them; FathomError where that is not allowed."""
        for path, text in self.texts.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            except OSError as error:
                raise FathomError(f"{path} cannot be written: {error.strerror}.") from error


def lesson(name: str) -> None:
    """A lesson with a prediction, a figure, a question and an exercise, entered in the course.

    A lesson of the plan gets its title and minutes from there. Another one is planned as one
    that does not count, so that the minutes of the course still add up.
    Raises FathomError for a bad name, LessonError where there is no course.
    """
    wanted(name, LESSON, "A lesson", "two digits, then words with dashes: 12-attention")
    course = catalog.load(settings.lessons())
    planned = {one.name: one for one in course.plan}.get(name)
    plan = planned or Planned(name, titled(name[3:]), FEWEST_MINUTES, False)
    words = {
        "title": plan.title,
        "minutes": str(plan.minutes),
        "part": str(plan.minutes // 2),
        "rest": str(plan.minutes - plan.minutes // 2),
    }
    pages = Pages({})
    folder = course.folder / FIRST / name
    pages.add("lesson", folder, words)
    pages.add("exercise", folder / "exercises" / "first", {"title": "Finish the mean"})
    pages.texts[folder / "lesson.md"] += directive("first")
    pages.texts[course.folder / COURSE] = entered(course, plan, new=planned is None)
    pages.write()
    typer.echo(f"Made {shown(folder)}, and entered it in {shown(course.folder / COURSE)}.")
    if planned is None:
        said = f"It does not count towards the {course.minutes} minutes of the course;"
        typer.echo(f"{said} the plan in {COURSE} says where it stands and whether it counts.")
    next_command(f"fathom check {shown(folder)}")


def exercise(path: str) -> None:
    """An exercise at the end of a lesson, in every language in which the lesson is written.

    path: "LESSON/NAME". Raises FathomError for a bad one.
    """
    unit_name, _, name = path.partition("/")
    course = catalog.load(settings.lessons())
    if unit_name not in course.lessons or not name:
        there = ", ".join(course.lessons)
        raise LessonError(
            f"{path!r} must be LESSON/NAME, as in {course.lessons[-1]}/slope; there are {there}."
        )
    wanted(name, EXERCISE, "An exercise", "words with dashes: a-step")
    pages = Pages({})
    for language in course.languages:
        if unit := course.units.get((language, unit_name)):
            folder = unit.folder / "exercises" / name
            pages.add("exercise", folder, {"title": titled(name)})
            pages.texts[unit.lesson.file] = read_text(unit.lesson.file) + directive(name)
            typer.echo(f"Making {shown(folder)}; its directive ends {shown(unit.lesson.file)}.")
    pages.write()
    next_command(f"fathom check {shown(course.folder / FIRST / unit_name / 'exercises' / name)}")


def experiment(name: str) -> None:
    """An experiment, entered among the others. Raises FathomError for a bad name."""
    wanted(name, EXPERIMENT, "An experiment", "words with underscores: spring_chain")
    folder = zoo()
    file, register = folder / f"{name}.py", folder / "__init__.py"
    if file.exists():
        raise FathomError(f"{shown(file)} is there already: choose another name.")
    text = read_text(SKELETONS / "experiment" / "experiment.py.txt")
    titles = {"title": titled(name.replace("_", "-"))}
    Pages(
        {file: filled(text, titles), register: appended(read_text(register), "EXPERIMENTS", name)}
    ).write()
    typer.echo(f"Made {shown(file)}, and entered it in {shown(register)}.")
    next_command(f"fathom run {name}")


# ---- names and words


def wanted(name: str, pattern: str, kind: str, like: str) -> None:
    """FathomError when a name is not of its kind."""
    if not re.fullmatch(pattern, name):
        raise FathomError(f"{kind} cannot be called {name!r}: a name is {like}.")


def titled(name: str) -> str:
    """A name as a title: own-data is Own data."""
    return name.replace("-", " ").capitalize()


def filled(text: str, words: dict[str, str]) -> str:
    """A skeleton with its words."""
    for word, said in words.items():
        text = text.replace(f"«{word}»", said)
    return text


def directive(name: str) -> str:
    """What shows an exercise in a lesson."""
    return f"\n:::{{exercise}} {name}\n:::\n"


def shown(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def next_command(words: str) -> None:
    """What is to be typed next."""
    typer.echo(f"Next: {words}")


# ---- the lists that name what there is


def entered(course: catalog.Course, plan: Planned, *, new: bool) -> str:
    """The text of the course with one more lesson: in the order of the plan, or at its end."""
    text = read_text(course.folder / COURSE)
    if new:
        text += (
            f'\n[[plan]]\nname = "{plan.name}"\ntitle = "{plan.title}"\n'
            f"minutes = {plan.minutes}\ncounts = false\n"
        )
    order = [one.name for one in course.plan] + [plan.name]
    later = order[order.index(plan.name) + 1 :]
    before = next((one for one in course.lessons if one in later), "")
    made = appended(text, "lessons", plan.name, before)
    try:
        there = plan.name in tomllib.loads(made)["lessons"]
    except tomllib.TOMLDecodeError:
        there = False
    if not there:
        file = course.folder / COURSE
        raise LessonError(f"{file}:1: Enter {plan.name!r} in its lessons by hand; nothing is made.")
    return made


def appended(text: str, listed: str, name: str, before: str = "") -> str:
    """A text with one more name in a list of names: before another one, or at the end.

    text: TOML or Python in which `listed = [...]` or `listed = (...)` starts a line.
    Raises FathomError where there is no such list.
    """
    found = re.search(rf"^{listed}\s*=\s*[\[(]([^\])]*)[\])]", text, re.M)
    if not found:
        raise FathomError(f"There is no list {listed} to enter {name!r} in.")
    names = {one[1]: one for one in re.finditer(r'"([^"]+)"', found[1])}
    if before:
        at, more = names[before].start(), f'"{name}",\n    '
    elif names:
        at, more = max(one.end() for one in names.values()), f',\n    "{name}"'
    else:
        at, more = 0, f'"{name}",'
    at += found.start(1)
    return text[:at] + more + text[at:]
