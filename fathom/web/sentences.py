"""Sentences in the language of their reader, translated where they are shown.

Below the pages everything speaks English: errors, runs, kernels, the judge, experiments, and what
the database keeps. A sentence is recognised by its form, a text with {places} for what differs,
and said in the other language with the same values. The forms stand in locale/: those of the
server in de.sentences.po, those of experiments in de.experiments.po. What has no form there
stays English. docs/adr/0010 says why.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from fathom.lab import wire
from fathom.lab.experiment import Experiment
from fathom.web import speech

SERVER, EXPERIMENTS = ".sentences", ".experiments"
PLACE = re.compile(r"\{(\w+)\}")
NEXT = re.compile(r"(?<=[.!?]) ")
LONGEST = 2000  # letters of a text that is looked at
SAID = ("why", "text", "what")  # in a message of a run
DRAWN = ("says", "x_label", "y_label", "unit", "sketch")  # in a view
LISTED = ("names", "labels", "rows", "columns", "tells", "captions")


@dataclass(frozen=True)
class Form:
    """A text with places: what stays in it, what the places are called, and its translation."""

    parts: tuple[str, ...]  # one more than there are names
    names: tuple[str, ...]
    made: str

    @classmethod
    def of(cls, text: str, made: str) -> "Form":
        """The form that a catalog writes with {places}."""
        found = PLACE.split(text)
        return cls(tuple(found[::2]), tuple(found[1::2]), made)

    @property
    def letters(self) -> int:
        """How much of it stays: of two forms that fit, the one that says more is meant."""
        return sum(map(len, self.parts))

    def values(self, text: str) -> dict[str, str] | None:
        """What stands in the places of a text of this form; None for another text."""
        first, *inner, last = self.parts
        if not (text.startswith(first) and text.endswith(last)):
            return None
        rest, found = text[len(first) : len(text) - len(last)], []
        for part in inner:
            value, there, rest = rest.partition(part)
            found.append(value if there else "")
        found.append(rest)
        return dict(zip(self.names, found, strict=True)) if all(found) else None


@cache
def forms(code: str, part: str) -> tuple[Form, ...]:
    """The forms of a catalog, the most telling first."""
    found = [Form.of(text, made) for text, made in speech.texts(code, part).items()]
    return tuple(sorted((one for one in found if one.names), key=lambda one: -one.letters))


@lru_cache(4096)
def known(text: str, code: str, part: str) -> str | None:
    """The translation of a text; None where nothing in it is known.

    What is not there word for word is taken sentence by sentence; a form is one sentence.
    """
    if len(text) > LONGEST:
        return None
    if made := speech.texts(code, part).get(text):
        return made
    pieces = NEXT.split(text)
    if len(pieces) > 1:
        said = [known(piece, code, part) for piece in pieces]
        if any(said):
            return " ".join(new or old for new, old in zip(said, pieces, strict=True))
    for form in forms(code, part):
        if values := form.values(text):
            meant = {name: known(value, code, part) or value for name, value in values.items()}
            return form.made.format_map(meant)
    return None


def told(text: str, part: str = SERVER) -> str:
    """What the server says, in the language of the page."""
    return known(text, speech.language(), part) or text


def first(text: str, enough: int = 60) -> str:
    """The first sentences of a text, until they say something."""
    pieces = NEXT.split(text)
    for count in range(1, len(pieces)):
        if len(said := " ".join(pieces[:count])) >= enough:
            return said
    return text


def story(text: str) -> str:
    """A traceback: lines of code, which are indented, stay as they are."""
    return "\n".join(line if line.startswith(" ") else told(line) for line in text.splitlines())


def experiment(one: Experiment) -> Experiment:
    """An experiment whose caption, knobs and promise speak the language of the page."""

    def said(text: str) -> str:
        return told(text, EXPERIMENTS)

    helps = {name: replace(knob, help=said(knob.help)) for name, knob in one.knobs.items()}
    return replace(
        one,
        title=said(one.title),
        watch=said(one.watch),
        asks=said(one.asks) if one.asks else "",
        promises=tuple(replace(each, note=said(each.note)) for each in one.promises),
        knobs=helps,
    )


def message(data: bytes) -> bytes:
    """A message of a run as its viewer reads it."""
    code = speech.language()
    return data if code == speech.FIRST else _said(data, code)


@lru_cache(16)  # of many viewers all read the same
def _said(data: bytes, _code: str) -> bytes:
    heard = wire.decode(data)
    if heard["type"] == "scalars":
        return data
    heard |= {name: told(heard[name]) for name in SAID if isinstance(heard.get(name), str)}
    if "views" in heard:
        heard["views"] = {name: view(name, one) for name, one in heard["views"].items()}
    return wire.encode(heard)


def view(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A picture with its words in the language of the page; without a title its name is one."""

    def said(text: str) -> str:
        return told(text, EXPERIMENTS)

    made = dict(one) | {word: said(one[word]) for word in DRAWN if one.get(word)}
    for word in LISTED:
        if isinstance(texts := one.get(word), list):  # tiles say with a number how many columns
            made[word] = [said(text) for text in texts]
    return made | {"title": said(one["title"] or name.replace("_", " "))}
