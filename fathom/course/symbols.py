"""The symbols of a course: what each letter means, where it is new, and where a formula breaks it.

lessons/symbols.toml:

    indices = ["i", "j"]               # they count, and are explained where they stand

    [[symbol]]
    tex = "\\\\alpha"
    new = "01-regression/descent"      # LESSON/SECTION, or a list where its meaning grows
    code = "lr"
    read.en = "alpha"
    means.en = "the learning rate"
    read.de = "alpha"
    means.de = "die Lernrate"

`letters` names what a longer formula introduces, where this is not every letter in it.
A course without the file uses what letters it likes.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fathom.course.languages import FIRST, in_language, texts
from fathom.course.place import Problem, not_toml, read_text

if TYPE_CHECKING:
    from fathom.course.catalog import Course, Unit

FILE = "symbols.toml"
FIELDS = ("read", "means")
KNOWN = {"tex", "letters", "new", "code", *FIELDS}
GREEK = re.compile(
    r"alpha|beta|gamma|delta|(?:var)?epsilon|zeta|eta|(?:var)?theta|iota|kappa|lambda|mu|nu|xi|pi"
    r"|rho|sigma|tau|upsilon|(?:var)?phi|chi|psi|omega"
    r"|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|nabla|partial|ell"
)
ACCENTS = "hat|bar|tilde|vec|dot|widehat|mathbf"
# what is no symbol: text, a table of numbers, the name of a function, space
QUIET = re.compile(
    r"\\(?:text|mathrm|operatorname\*?|textbf|textit)\s*\{[^{}]*\}"
    r"|\\begin\{(\w*matrix|array|cases)\}.*?\\end\{\1\}|\\(?:begin|end)\{\w+\*?\}",
    re.DOTALL,
)
LETTER = re.compile(
    rf"(?:\\(?P<accent>{ACCENTS})(?![A-Za-z])\s*\{{?\s*)?(?P<letter>\\[A-Za-z]+|[A-Za-z])(?:\s*\}})?"
    r"(?P<dash>'|\^\{?\\prime\}?)?"
)
FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n.*?^(?P=fence)[`~]*[ ]*$", re.M | re.S
)
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<block>.+?)\$\$|(?<![\d\\$])\$(?![\s$])(?P<inline>[^$]+?)(?<!\s)\$(?!\d)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Symbol:
    """A letter of formulas, or a few that belong together."""

    tex: str
    letters: tuple[str, ...]  # as `letters_in` writes them
    new: tuple[str, ...]  # LESSON/SECTION
    code: str
    read: Mapping[str, str]  # language -> how it is spoken
    means: Mapping[str, str]
    line: int

    @property
    def id(self) -> str:
        """What a link to it ends with."""
        named = re.sub(r"[^A-Za-z]+", "-", self.tex.replace("'", " dash")).strip("-")
        case = "" if named == named.lower() else "-capital"  # ids that differ in case confuse
        return f"symbol-{named.lower()}{case}"

    def said(self, field: str, language: str) -> str:
        """How it is read, or what it means, in a language; in English where not translated."""
        return in_language(getattr(self, field), language)


@dataclass(frozen=True)
class Symbols:
    """The table of a course."""

    file: Path
    all: tuple[Symbol, ...] = ()
    indices: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    def search(self, words: list[str], language: str) -> list[Symbol]:
        """Every symbol that holds all the words, given in lower case."""
        found = []
        for one in self.all:
            said = (one.tex, one.said("read", language), one.said("means", language), one.code)
            if words and all(word in "\n".join(said).casefold() for word in words):
                found.append(one)
        return found


def letters_in(tex: str) -> Iterator[tuple[str, int, bool]]:
    r"""Every letter of a formula, where it stands, and whether it stands below another one.

    An accent and a dash belong to their letter: `\hat y`, `x'`.
    """
    shown = QUIET.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), tex)
    below = _below(shown)
    for found in LETTER.finditer(shown):
        letter = found["letter"]
        if letter.startswith("\\") and not GREEK.fullmatch(letter[1:]):
            continue
        accent = f"\\{found['accent']} " if found["accent"] else ""
        yield (
            f"{accent}{letter}{chr(39) if found['dash'] else ''}",
            found.start(),
            (found.start() in below),
        )


def _below(tex: str) -> set[int]:
    """The places of a formula that stand in an index: `_i`, `_{i,j}`."""
    found: set[int] = set()
    for one in re.finditer(r"_\s*(\{?)", tex):
        at = one.end()
        if not one[1]:
            found.add(at)
            continue
        depth = 1
        while at < len(tex) and depth:
            depth += {"{": 1, "}": -1}.get(tex[at], 0)
            found.add(at)
            at += 1
    return found


def formulas(text: str, toml: bool = False) -> Iterator[tuple[str, int]]:
    """Every formula of a text and the line it starts on; code is none."""
    prose = FENCE.sub(_blank_code, text)
    prose = INLINE_CODE.sub(lambda found: " " * len(found[0]), prose)
    for found in FORMULA.finditer(prose):
        said = found["block"] or found["inline"]
        if "\n\n" not in said:  # two prices in two paragraphs
            start = found.start("block" if found["block"] else "inline")
            yield said.replace("\\\\", "\\") if toml else said, prose[:start].count("\n") + 1


def _blank_code(found: re.Match[str]) -> str:
    """A fence of code without its letters; a directive that is written as one stays."""
    info = found["info"].strip()
    if info.startswith("{") and not info.startswith("{cell}"):
        return found[0]
    return re.sub(r"[^\n]", " ", found[0])


def load(folder: Path) -> Symbols:
    """The table of a course, and what is wrong in its file."""
    file = folder / FILE
    if not file.is_file():
        return Symbols(file)
    text = read_text(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Symbols(file, problems=(not_toml(file, text, error),))
    tables = data.get("symbol", [])
    starts = [at for at, said in enumerate(text.splitlines(), 1) if said.strip() == "[[symbol]]"]
    made, problems = [], []
    for number, table in enumerate(tables if isinstance(tables, list) else []):
        line = starts[number] if number < len(starts) else 1
        one, wrong_here = _symbol(table, line)
        problems += [Problem(file, line, said) for said in wrong_here]
        made.append(one)
    indices = frozenset(map(str, data.get("indices", ())))
    return Symbols(file, tuple(made), indices, tuple(problems))


def _symbol(table: Mapping[str, Any], line: int) -> tuple[Symbol, list[str]]:
    tex = str(table.get("tex", ""))
    new = table.get("new", ())
    said = {field: texts(table.get(field)) for field in FIELDS}
    named = table.get("letters") or dict.fromkeys(
        name for name, _, below in letters_in(tex) if not below
    )
    wrong = [f"A symbol needs {key!r}." for key in ("tex", "new") if not table.get(key)]
    if not said["means"].get(FIRST):
        wrong.append(f"The symbol {tex} needs 'means': what it stands for.")
    wrong += [f"A symbol knows no {key!r}." for key in sorted(table.keys() - KNOWN)]
    places = (new,) if isinstance(new, str) else tuple(map(str, new))
    code = str(table.get("code", ""))
    return Symbol(tex, tuple(map(str, named)), places, code, line=line, **said), wrong


# ---- checks


Place = tuple[int, int]  # lesson and section, in the order of the course
EVERYWHERE: Place = (10**6, 0)  # a text that may be read after the whole course


def problems(course: "Course") -> Iterator[Problem]:
    """Letters of formulas that are not in the table or come before they are introduced."""
    table = course.symbols
    yield from table.problems
    if not table.all:
        return
    places = {
        f"{name}/{section.id}": (at, number)
        for at, name in enumerate(course.lessons)
        for number, section in enumerate(course.find(name).lesson.sections)
    }
    known: dict[str, Symbol] = {}
    for one in table.all:
        for letter in one.letters:
            if letter in known:
                said = f"The letter {letter} is in the table twice: line {known[letter].line} too."
                yield Problem(table.file, one.line, said)
            known[letter] = one
        for new in one.new:
            planned = {lesson.name for lesson in course.plan} - set(course.lessons)
            if new not in places and new.partition("/")[0] not in planned:
                yield Problem(table.file, one.line, f"The symbol {one.tex}: there is no {new!r}.")
    for file, line, tex, place in _written(course):
        for letter, at, below in letters_in(tex):
            if letter in table.indices and (below or letter not in known):
                continue
            where = line + tex[:at].count("\n")
            if letter not in known:
                yield Problem(
                    file, where, f"The symbol {letter} is not in {FILE}: use one of it, or a word."
                )
                continue
            new = min(known[letter].new, key=lambda one: places.get(one, EVERYWHERE))
            if place < places.get(new, EVERYWHERE):
                said = f"The symbol {letter} comes before it is introduced, in {new}."
                yield Problem(file, where, said)


def _written(course: "Course") -> Iterator[tuple[Path, int, str, Place]]:
    """Every formula: its file, its line, what it says and where in the course it is read."""
    for (_, name), unit in course.units.items():
        number = course.lessons.index(name)
        yield from _of_lesson(unit, number)
        yield from _of_quiz(unit, number)
        for named, one in unit.exercises.items():
            inside = (number, _section(unit, named))
            for file in sorted(one.folder.glob("*.md")):
                for tex, line in formulas(read_text(file)):
                    yield file, line, tex, inside
    for words in course.glossaries.values():
        for tex, line in formulas(read_text(words.file)):
            yield words.file, line, tex, EVERYWHERE


def _of_lesson(unit: "Unit", number: int) -> Iterator[tuple[Path, int, str, Place]]:
    file = unit.lesson.file
    for tex, line in formulas(read_text(file)):
        above = [at for at, one in enumerate(unit.lesson.sections) if one.line <= line]
        yield file, line, tex, (number, above[-1] if above else -1)


def _of_quiz(unit: "Unit", number: int) -> Iterator[tuple[Path, int, str, Place]]:
    file = unit.quiz.file
    if not file.is_file():
        return
    asked = sorted(unit.quiz.questions.values(), key=lambda one: one.line)
    for tex, line in formulas(read_text(file), toml=True):
        above = [one for one in asked if one.line <= line]
        if above:
            for value in above[-1].values:  # {x} is a number when it is read
                tex = tex.replace(f"{{{value}}}", " " * (len(value) + 2))
            yield file, line, tex, (number, _section(unit, above[-1].id))


def _section(unit: "Unit", name: str) -> int:
    """The section that asks a question or sets an exercise; behind the last where none does."""
    found = [at for at, one in enumerate(unit.lesson.sections) if name in one.names]
    return found[0] if found else len(unit.lesson.sections)
