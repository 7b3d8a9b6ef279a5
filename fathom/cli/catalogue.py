"""`fathom list`: what there is."""

import asyncio

from rich.padding import Padding

from fathom.cli.knobs import choose
from fathom.cli.output import Paper, note, write_json
from fathom.lab.experiment import Experiment
from fathom.runtime import descriptions
from fathom.runtime.runner import LocalRunner


async def describe() -> tuple[dict[str, Experiment], dict[str, str]]:
    """All experiments, and those that cannot be loaded with the reason."""
    async with LocalRunner(fork=False) as runner:
        return await runner.describe(), runner.broken


def show(as_json: bool) -> None:
    """Names and titles, in the order of the course."""
    known, broken = asyncio.run(describe())
    paper = Paper()
    wide = max(map(len, known), default=0)
    for name, one in known.items():
        if as_json:
            about = {
                "name": name,
                "title": one.title,
                "promises": [str(each) for each in one.promises],
            }
            knobs = {knob.name: knob.default for knob in one.knobs.values()}
            write_json({**about, "version": one.version, "knobs": knobs})
        else:
            paper.print(f"{name:{wide}}  {one.title}", soft_wrap=True)
    for name, why in broken.items():
        note(f"{name} cannot be loaded: {why}")


def show_knobs(name: str) -> None:
    """The knobs of an experiment: default, range, meaning. Raises UnknownExperiment."""
    known, broken = asyncio.run(describe())
    experiment = choose(known, broken, name)
    paper = Paper()
    paper.print(f"\nKnobs of {experiment.name} (* moves while it runs, on the page):")
    for knob in experiment.knobs.values():
        star = "*" if knob.live else " "
        default = knob.write(knob.default)
        paper.print(f"  {star} --{knob.name.replace('_', '-')} {default}".rstrip())
        paper.print(Padding(f"{knob.help}; {knob.range()}", (0, 0, 0, 8), expand=False))
    paper.print()
    for promise in experiment.promises:
        paper.print(f"Promise: {promise}")


def kept_names() -> list[str]:
    """Names of experiments for the shell to complete: only those that cost no waiting."""
    return [one["name"] for one in descriptions.recall(descriptions.version()) or ()]
