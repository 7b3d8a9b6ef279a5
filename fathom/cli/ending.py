"""What is said before a run and after it: title, knobs, result, promise, and the way on."""

import math
import shlex
from collections.abc import Mapping
from pathlib import Path

from rich.text import Text

from fathom.cli.output import FAILED, GOOD, INTERRUPTED, WRONG_INPUT, Paper, note
from fathom.cli.screen import VIEW, wrapped
from fathom.cli.story import Story
from fathom.lab.config import JPEG, brief
from fathom.lab.experiment import Experiment
from fathom.lab.mosaic import pictures
from fathom.lab.terminal import plot

HIGH = 20  # lines for curves that stay


def begin(paper: Paper, experiment: Experiment, knobs: Mapping[str, str]) -> None:
    """Name the run and say what to look for."""
    paper.tell(Text(experiment.name, "bold").append(f": {experiment.title}", "not bold"))
    if knobs:
        paper.tell("With " + ", ".join(f"{name} {brief(one)}" for name, one in knobs.items()) + ".")
    paper.tell(Text(f"Watch: {experiment.watch}", "dim"))
    paper.print()


def show(paper: Paper, story: Story, *, views: bool) -> None:
    """Everything that stays: the curves, the numbers, what the views say."""
    block = story.history.joined()
    width = paper.width - 1
    for line in plot(block, width=width, height=HIGH, last=story.of or None, plain=paper.plain):
        paper.print(line, no_wrap=True, crop=True)
    if story.numbers:
        paper.print()
    for line in wrapped(story.numbers, width):
        paper.print(line)
    if story.frame:
        paper.print()
        for line in pictures(
            story.frame["views"],
            width=width,
            height=VIEW if views else 0,
            coloured=paper.coloured,
            plain=paper.plain,
        ):
            paper.tell(line)


def result(story: Story, experiment: Experiment | None) -> str:
    """How it ended, in one or two sentences."""
    state = story.state
    of = f" of {story.of:,}" if story.of else ""
    seconds = f"{state.get('seconds') or 0.0:.3g} s of training"
    match state["state"]:
        case "finished":
            ended = f"Finished after {state['step']:,} steps, {seconds}."
        case "stopped":
            ended = f"Stopped at step {state['step']:,}{of}, {seconds}."
        case "failed":
            return f"Failed at step {state['step']:,}{of}."
        case _:
            return f"It goes no further than step {story.step:,}{of}: the end is missing."
    return f"{ended} {promise(story, experiment)}".rstrip()


def promise(story: Story, experiment: Experiment | None) -> str:
    """Whether the promise was kept, as a sentence."""
    if story.state["state"] != "finished" or experiment is None:
        return ""
    said, kept = story.promised(experiment)
    if said is None or kept is None:
        way = f"`fathom run {experiment.name} --help` says with which something is"
        return f"Nothing is promised with these knobs; {way}."
    values = [story.numbers.get(bound.metric, math.nan) for bound in said.bounds]
    found = " and ".join(f"{value:.4g}" for value in values)
    return f"Promise {'kept' if kept else 'broken'}: {said}; it is {found}."


def way_on(story: Story) -> str:
    """The same command with knobs that would work, when data is missing.

    A picture has thousands of letters: its file is to be named again.
    """
    instead = story.state.get("instead") or {}
    if not instead:
        return ""
    knobs = {**story.head["knobs"], **instead}
    said = {name: "FILE" if str(one).startswith(JPEG) else str(one) for name, one in knobs.items()}
    words = [part for name, value in said.items() for part in (f"--{name}", value)]
    return shlex.join(["fathom", "run", story.head["experiment"], *words])


def explain_failure(story: Story) -> None:
    """Say on standard error why a run failed, and what would work."""
    if story.failed:
        note(story.state["why"] if code(story) == GOOD else f"Error: {story.state['why']}")
        if command := way_on(story):
            lead = "Try" if story.state.get("cause") == "diverged" else "This works without it"
            note(f"{lead}:  {command}")


def code(story: Story, *, interrupted: bool = False) -> int:
    """The exit code: 0 when it ran, and also when it diverged, which is a result."""
    if interrupted:
        return INTERRUPTED
    if not story.failed:
        return GOOD
    return {"diverged": GOOD, "input": WRONG_INPUT}.get(story.state.get("cause", ""), FAILED)


def files(paper: Paper, recording: Path | None, *others: Path | None) -> None:
    """Where things were kept, and how to look at them again."""
    if recording:
        paper.print(f"Recorded in {recording}", soft_wrap=True)
        paper.print(
            f"Look at it again:  fathom replay {shlex.quote(str(recording))}", soft_wrap=True
        )
    for other in others:
        if other:
            paper.print(f"Written: {other}", soft_wrap=True)
