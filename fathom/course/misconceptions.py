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

from fathom.course.languages import FIRST, in_language, texts
from fathom.course.place import Problem, not_toml, read_text

FILE = "misconceptions.toml"
FIELDS = ("believes", "resolves")


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
        return in_language(getattr(self, field), language)


def load(folder: Path) -> tuple[dict[str, Misconception], list[Problem]]:
    """The misconceptions of a course, and what is wrong in their file."""
    file = folder / FILE
    if not file.is_file():
        return {}, []
    text = read_text(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [not_toml(file, text, error)]
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
        sentences = {field: texts(said.get(field)) for field in FIELDS}
        for field in FIELDS:
            if not sentences[field].get(FIRST):
                wrong.append(Problem(file, line, f"{name} needs {field!r}: one sentence."))
        for key in sorted(said.keys() - {*FIELDS, "taught"}):
            wrong.append(Problem(file, line, f"{name} knows no {key!r}."))
        made[name] = Misconception(
            id=name, line=line, taught=str(said.get("taught", "")), **sentences
        )
    return made, wrong
