"""An exercise is a folder; this reads it and runs nothing.

descend/
  task.md       the size (title, minutes) as front matter, and what is to be done
  starter.py    four fifths of the code, with gaps
  answer.py     one way to do it
  check.py      looks at an attempt
  mistakes/     one file for each error that learners really make
  hints.md      a ladder from a question to nearly a line: one list item each
  drive.py      how the learner's function drives a figure; only where it does
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from fathom.course import driven, lesson
from fathom.course.driven import Drive
from fathom.course.place import Problem, read_text

FILES = ("task.md", "starter.py", "answer.py", "check.py", "hints.md")
FEWEST_MISTAKES = 3


@dataclass(frozen=True)
class Exercise:
    """One exercise as its folder has it."""

    name: str
    folder: Path
    title: str
    minutes: int
    task: lesson.Lesson
    starter: str
    answer: str
    check: str
    hints: tuple[str, ...]  # Markdown, the gentlest first
    mistakes: dict[str, str]  # name -> code
    problems: tuple[Problem, ...]
    was: tuple[str, ...] = ()  # names of before
    drive: Drive | None = None  # where the learner's function can run in a figure


def load(folder: Path) -> Exercise:
    """Read a folder. What is missing or cannot be understood stands in `problems`."""
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for name in FILES:
        if (folder / name).is_file():
            texts[name] = read_text(folder / name)
        else:
            problems.append(Problem(folder / name, 1, f"The exercise needs a file {name}."))
    mistakes = {path.stem: read_text(path) for path in sorted((folder / "mistakes").glob("*.py"))}
    if len(mistakes) < FEWEST_MISTAKES:
        text = (
            f"The exercise needs {FEWEST_MISTAKES} named mistakes or more; it has {len(mistakes)}."
        )
        problems.append(Problem(folder / "mistakes", 1, text))
    for name in ("starter.py", "answer.py", "check.py"):
        problems += parsed(folder / name, texts.get(name, ""))
    for name, code in mistakes.items():
        problems += parsed(folder / "mistakes" / f"{name}.py", code)
    drive = None
    if (folder / driven.FILE).is_file():
        drive = driven.read(folder / driven.FILE, read_text(folder / driven.FILE))
        problems += drive.problems
    task = lesson.read(texts.get("task.md", ""), folder / "task.md")
    problems += [one for one in task.problems if "objectives" not in one.text]
    hints = tuple(
        re.findall(r"^(?:\d+\.|-) +((?:.+\n?)(?:^ +.*\n?)*)", texts.get("hints.md", ""), re.M)
    )
    if "hints.md" in texts and not hints:
        problems.append(
            Problem(folder / "hints.md", 1, "The hints are a list: 1. a question, 2. ...")
        )
    return Exercise(
        name=folder.name,
        folder=folder,
        title=task.title,
        minutes=task.minutes,
        task=task,
        starter=texts.get("starter.py", ""),
        answer=texts.get("answer.py", ""),
        check=texts.get("check.py", ""),
        hints=tuple(" ".join(one.split()) for one in hints),
        mistakes=mistakes,
        problems=tuple(sorted(problems)),
        was=task.was,
        drive=drive,
    )


def parsed(file: Path, code: str, above: int = 0) -> list[Problem]:
    """What the parser of Python says, with `above` lines of the file before the code."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        return [Problem(file, above + (error.lineno or 1), f"This is not Python: {error.msg}.")]
    return []
