"""`fathom replay`: look at a recording again."""

import asyncio
from pathlib import Path

from fathom.cli import ending
from fathom.cli.catalogue import describe
from fathom.cli.displays import JsonLines
from fathom.cli.execution import check_writable, draw
from fathom.cli.output import Paper, note, write_json
from fathom.cli.story import Story
from fathom.errors import FathomError, RecordingError
from fathom.lab import recording
from fathom.lab.experiment import Experiment


def replay(path: Path, *, as_json: bool, png: Path | None, views: bool) -> None:
    """Show what there is. RecordingError when that is nothing."""
    check_writable(png)
    story, damage = listen(path, JsonLines() if as_json else None)
    experiment = asyncio.run(find(story.head["experiment"]))
    knobs = story.head.get("knobs", {})
    draw(story, experiment, png)
    paper = Paper()
    if as_json:
        write_json(story.final(story.head["experiment"], experiment))
    else:
        if experiment:
            ending.begin(paper, experiment, knobs)
        ending.show(paper, story, views=views)
        paper.print()
        paper.tell(ending.result(story, experiment))
        ending.files(paper, None, png)
    if damage:
        note(damage)
    if experiment and experiment.version != story.head.get("version"):
        note(f"The code of {experiment.name} has changed since this was recorded.")
    ending.explain_failure(story)


def listen(path: Path, lines: JsonLines | None) -> tuple[Story, str]:
    """The story of a recording, and what is wrong with it. RecordingError if nothing is there."""
    story, damage = Story(), ""
    try:
        for message in recording.read(path):
            story.hear(message)
            if lines:
                lines.hear(message, story)
    except RecordingError as error:
        if not story.head:
            raise
        damage = f"{error} What came before is shown."
    if not story.head:
        raise RecordingError(f"The recording {path} holds nothing yet.")
    if lines:
        lines.close()
    if not (damage or story.ended):
        damage = f"The recording ends at step {story.step}, before the end of the run."
    return story, damage


async def find(name: str) -> Experiment | None:
    """The experiment that was recorded, if there still is one."""
    try:
        known, _ = await describe()
    except FathomError as error:
        note(f"Nothing is known about the experiment {name}: {error}")
        return None
    return known.get(name)
