"""The learner's function in the figure: it drives a run of an experiment, beside ours.

An exercise that has a file drive.py can be driven. As with a check, an attempt runs in one
process in the sandbox; the experiment runs in another, and asks it step by step.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fathom import settings
from fathom.runtime.judge import Exercise, hear
from fathom.runtime.shelter import Shelter

FILE = "drive.py"
CPU, WALL = 10.0, 20.0  # seconds for the whole run of a learner's function
SAME = re.compile(r"^In the figure: the same$", re.M)  # in the docstring of a mistake


@dataclass(frozen=True)
class Driven:
    """How a run went in which a learner's function drove."""

    outcome: str  # passed: it never parted from ours; failed: it did, or stopped; not attempted
    says: str
    line: int | None = None  # of the learner's code
    story: str = ""
    parted: int | None = None  # the step at which they part
    steps: int = 0
    frames: tuple[dict[str, Any], ...] = ()  # as they travel, each with the curves of both


async def drive(shelter: Shelter, folder: Path, source: str) -> Driven:
    """Let the source drive. Raises ExerciseError when drive.py or the experiment is broken."""
    exercise = Exercise.read(folder)
    text = (folder / FILE).read_text(encoding="utf-8")
    had = exercise.limits
    limits = replace(had, cpu=min(CPU, had.cpu), wall=min(WALL, had.wall))
    zoo = settings.text("FATHOM_ZOO")
    order = {"drive": text, "zoo": zoo, "starter": exercise.starter, "source": source}
    heard = await hear(shelter, "driving", order, limits, folder / FILE, "the run")
    said = heard.message
    frames = tuple(said["frames"])
    says = heard.says
    if said.get("gone"):  # whoever ended it does not know how far it came
        says = said["stopped"] + says
    return Driven(
        said["outcome"],
        says,
        said["line"],
        said["story"],
        said["parted"],
        said["steps"],
        frames,
    )


async def prove(shelter: Shelter, folder: Path) -> list[str]:
    """What is wrong with how an exercise drives its figure, each with its file; nothing where
    there is no drive.py. Raises ExerciseError."""
    if not (folder / FILE).is_file():
        return []
    exercise = Exercise.read(folder)
    flaws = []
    answer = await drive(shelter, folder, exercise.answer)
    if answer.outcome != "passed":
        flaws.append(f"{folder / 'answer.py'}:{answer.line or 1}: in the figure: {answer.says}")
    for mistake in exercise.mistakes:
        found = await drive(shelter, folder, mistake.source)
        same = bool(SAME.search(mistake.source))
        if (found.outcome == "passed") != same:
            told = "its run parts" if same else "its run never parts"
            flaws.append(
                f"{folder / 'mistakes' / f'{mistake.name}.py'}:1: {told} from ours in the figure; "
                "a line 'In the figure: the same' says which mistakes cannot be seen there."
            )
    return flaws
