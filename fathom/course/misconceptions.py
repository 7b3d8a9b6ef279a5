"""Misconceptions: what somebody believes who answers so, and the sentence that resolves it.

lessons/misconceptions.toml:

    [near-zero]
    taught = "01-regression/loss"      # may be left out: else it is where it was asked
    believes.en = "A loss is good when it is near 0."
    resolves.en = "A loss means something beside its unit and a baseline."
    believes.de = "..."
    resolves.de = "..."
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fathom.course.place import Problem, read_text

FILE = "misconceptions.toml"
FIELDS = ("believes", "resolves")
FIRST = "en"  # every sentence exists in it


@dataclass(frozen=True)
class Misconception:
    """What somebody believes, and what resolves it, by language."""

    id: str
    believes: Mapping[str, str]
    resolves: Mapping[str, str]
    line: int
    taught: str = ""  # LESSON/SECTION that explains it

    def said(self, field: str, language: str) -> str:
        """One of the two sentences in a language, in English where it is not translated."""
        there: Mapping[str, str] = getattr(self, field)
        return there.get(language) or there.get(FIRST, "")


def load(folder: Path) -> tuple[dict[str, Misconception], list[Problem]]:
    """The misconceptions of a course, and what is wrong in their file."""
    file = folder / FILE
    if not file.is_file():
        return {}, []
    text = read_text(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        return {}, [Problem(file, int(at[1]) if at else 1, f"This is not TOML: {error}.")]
    lines = {
        found[1]: line
        for line, said in enumerate(text.splitlines(), 1)
        if (found := re.match(r"\[([\w-]+)\]", said))
    }
    made: dict[str, Misconception] = {}
    wrong: list[Problem] = []
    for name, table in data.items():
        line = lines.get(name, 1)
        said = table if isinstance(table, dict) else {}
        texts = {field: _texts(said.get(field)) for field in FIELDS}
        for field in FIELDS:
            if not texts[field].get(FIRST):
                wrong.append(Problem(file, line, f"{name} needs {field!r}: one sentence."))
        for key in sorted(said.keys() - {*FIELDS, "taught"}):
            wrong.append(Problem(file, line, f"{name} knows no {key!r}."))
        made[name] = Misconception(
            name, texts["believes"], texts["resolves"], line, str(said.get("taught", ""))
        )
    return made, wrong


def _texts(said: Any) -> dict[str, str]:
    """`"..."`, or one sentence a language."""
    if isinstance(said, dict):
        return {str(key): str(one).strip() for key, one in said.items()}
    return {FIRST: str(said).strip()} if said else {}
