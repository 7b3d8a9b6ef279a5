"""Knobs as words of a command line: `--lr 0.1`, `--lr=0.1`, `--augment`, `--no-augment`.

A picture is given as the name of its file: `--picture cat.jpg`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fathom.errors import ExperimentError, KnobError, UnknownExperiment
from fathom.lab.config import JPEG, Knob
from fathom.lab.experiment import Experiment


def nearest(name: str, known: Iterable[str]) -> str:
    """A question with the most similar name, or nothing: ' Did you mean lr?'."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {found[0]}?" if found else ""


def choose(known: Mapping[str, Experiment], broken: Mapping[str, str], name: str) -> Experiment:
    """The experiment of that name. Raises UnknownExperiment, ExperimentError."""
    wanted = name.replace("-", "_").lower()
    if wanted in broken:
        raise ExperimentError(broken[wanted])
    if wanted not in known:
        guess = nearest(wanted, known)
        raise UnknownExperiment(
            f"There is no experiment {name!r}.{guess} `fathom list` shows all of them."
        )
    return known[wanted]


def given(experiment: Experiment, words: Sequence[str]) -> dict[str, Any]:
    """Checked values of the knobs that these words name. Raises KnobError."""
    known, values, rest = experiment.knobs, {}, list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            raise KnobError(f"{word!r} belongs to no knob: write {_meant(known, word)}.")
        said, equals, value = word[2:].partition("=")
        name = said.replace("-", "_")
        if name not in known and name.startswith("no_") and _is_switch(known, name[3:]):
            if equals:
                raise KnobError(f"--{said} takes no value: it is the same as --{said[3:]} off.")
            name, value = name[3:], "off"
        elif not equals:
            value = _value(_find(experiment, name), rest)
        values[name] = _read(_find(experiment, name), value)
    return values


def _meant(known: Mapping[str, Knob], word: str) -> str:
    """How to write a word that stands alone, where one sees what it was meant to be."""
    name, equals, value = word.lstrip("-").replace("-", "_").partition("=")
    if name in known:
        return f"--{name} {value}" if equals else f"--{name} and its value"
    of = [one.name for one in known.values() if word in one.options]
    return f"--{of[0]} {word}" if of else "--knob value, as in --seed 1"


def _read(knob: Knob, said: str) -> Any:
    """The value; for a picture people give the name of its file. Raises KnobError."""
    if knob.kind == "picture" and said and not said.startswith(JPEG):
        from fathom.cli.photo import encode

        said = encode(knob.name, Path(said).expanduser())
    try:
        return knob.read(said)
    except KnobError as error:
        raise KnobError(f"{error}{_slip(knob, said)}") from error


def _slip(knob: Knob, said: str) -> str:
    """What a value was probably meant to be: ' Did you mean spirals?'; or nothing."""
    if knob.kind == "number" and re.fullmatch(r"-?\d+,\d+", said):
        return f" Did you mean {said.replace(',', '.')}?"
    return nearest(said.lower(), knob.options)


def _is_switch(known: Mapping[str, Knob], name: str) -> bool:
    return name in known and known[name].kind == "switch"


def _find(experiment: Experiment, name: str) -> Knob:
    if name not in experiment.knobs:
        raise KnobError(
            f"{experiment.name} has no knob {name!r}.{nearest(name, experiment.knobs)} "
            f"`fathom run {experiment.name} --help` shows all of them."
        )
    return experiment.knobs[name]


def _value(knob: Knob, rest: list[str]) -> str:
    """The word after --knob, taken from the rest; a switch alone is switched on."""
    if rest and not rest[0].startswith("--"):
        return rest.pop(0)
    if knob.kind == "switch":
        return "on"
    raise KnobError(f"--{knob.name} needs a value: {knob.range()}.")
