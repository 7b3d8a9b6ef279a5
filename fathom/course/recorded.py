"""Recordings that lessons play: where they lie, and whether they are what a figure says."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from fathom.course.catalog import Unit
from fathom.course.lesson import Directive
from fathom.course.place import Problem
from fathom.errors import KnobError, RecordingError
from fathom.lab import config, recording
from fathom.lab.experiment import Experiment

SUFFIX = ".fathom"
LARGEST = 2_000_000  # bytes of the file
UNPACKED = 64_000_000  # and of what a page holds of it
FIXED = ("with", "knobs")  # what a figure that plays a recording cannot be told
SPLITS = ("train_", "val_", "test_")  # train_loss and test_loss share the chart "loss"
AGAIN = "record it again: fathom run {} --export {}"


def find(folders: tuple[Path, ...], name: str) -> Path | None:
    """The file of a recording, in the first of these folders that has it; None where none has.

    A recording holds no words of a language, so that of the first one serves them all.
    """
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.suffix == SUFFIX and path.is_file():
            return path
    return None


def problems(unit: Unit, first: Unit, known: Mapping[str, Experiment]) -> Iterator[Problem]:
    """What is wrong with the recordings of a lesson; `first` is it in the first language."""
    recorded: dict[str, recording.Contents] = {}  # identity of a figure -> what it plays
    for one in unit.lesson.directives():
        if one.kind == "views" and one.argument in recorded:
            yield from _shown(one, recorded[one.argument])
        name = one.options.get("recording")
        if one.kind != "run" or name is None or one.argument not in known:
            continue
        line, made = (
            one.option_lines["recording"],
            AGAIN.format(one.argument, name or "NAME.fathom"),
        )
        for option in FIXED:
            if one.options.get(option):
                said = (
                    f"A recording has its own knobs and none can be turned: leave out ':{option}:'."
                )
                yield Problem(one.file, one.option_lines[option], said)
        path = find((unit.folder, first.folder), name)
        if path is None:
            said = f"There is no recording {name!r} in this lesson: {made}."
            yield Problem(one.file, line, said)
            continue
        try:
            found = recording.contents(path)
        except RecordingError as error:
            yield Problem(one.file, line, str(error))
            continue
        recorded[one.options.get("id", "")] = found
        yield from (
            Problem(one.file, line, said)
            for said in _faults(path, found, known[one.argument], made)
        )
        yield from _shown(one, found)


def _faults(
    path: Path, found: recording.Contents, experiment: Experiment, made: str
) -> Iterator[str]:
    if found.experiment != experiment.name:
        yield f"{path.name} is a recording of {found.experiment}, not of {experiment.name}."
        return
    size = path.stat().st_size
    if size > LARGEST or found.unpacked > UNPACKED:
        sizes = f"{size / 1e6:.1f} MB, unpacked {found.unpacked / 1e6:.0f} MB"
        most = f"{LARGEST / 1e6:.0f} and {UNPACKED / 1e6:.0f} MB; let --every leave out more steps"
        yield f"{path.name} is too large: it has {sizes}, and may have {most}."
    if not found.ended:
        yield f"{path.name} ends at step {found.step}, before the end of the run: {made}."
    try:
        config.read(experiment.knobs, found.knobs)
    except KnobError as error:
        yield f"{path.name} was made with knobs that {experiment.name} no longer has: {error}"


def _shown(one: Directive, found: recording.Contents) -> Iterator[Problem]:
    for option in ("views", "log"):
        for name in one.options.get(option, "").split():
            charts = {shown.partition("_")[2] for shown in found.shown if shown.startswith(SPLITS)}
            if name not in found.shown | charts:
                said = f"The recording shows no view and no number {name!r}."
                yield Problem(one.file, one.option_lines[option], said)
