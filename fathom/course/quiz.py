"""Questions: what quiz.toml says, and with which values one learner sees them.

    [[question]]
    id = "mean"                 # attempts are kept under it: never change it
    kind = "single"             # one of KINDS
    text = "What is the loss?"

    [[question.choice]]
    id = "sum"
    text = "the sum"
    why = "A sum grows with the number of students."

Every choice, blank, step and trap has its own explanation, `why`, which answers the
misconception behind it; it is shown after answering.
"""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from fathom.course import sketch
from fathom.course.arithmetic import evaluate, fill
from fathom.course.kinds import KINDS, NEVER_MARKED, OWN, PART_OF, PARTS, Kind, names
from fathom.course.place import Problem, not_toml
from fathom.course.sketch import Canvas
from fathom.course.tables import Lines
from fathom.errors import LessonError

BLANK = re.compile(r"\[\[([\w-]+)\]\]")


@dataclass(frozen=True)
class Part:
    """A choice, a step, a blank or a trap: `key` names it in an answer."""

    key: str
    text: str
    why: str
    right: bool = False
    accept: tuple[str, ...] = ()
    line: int = 0
    picture: str = ""  # of a choice: a file in the folder, and `alt` for who does not see it
    alt: str = ""
    belief: str = ""  # the misconception that it shows, where it is wrong
    was: tuple[str, ...] = ()  # keys of before


@dataclass(frozen=True)
class Question:
    """One question as it was written."""

    id: str
    kind: Kind
    text: str
    why: str
    file: Path
    line: int
    parts: tuple[Part, ...] = ()  # choices, steps in their right order, or blanks
    traps: tuple[Part, ...] = ()  # wrong answers that are expected; `text` is their value
    answer: str = ""  # a formula for a number, the text for an output
    tolerance: float = 0.0
    unit: str = ""
    code: str = ""
    values: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # low, high, step
    canvas: Canvas | None = None  # what is drawn on
    twin: str = ""  # a question about the same idea: its id, or LESSON/ID
    was: tuple[str, ...] = ()  # ids of before, the same way, the first one last
    comma: bool = False  # its language writes 0,5

    @property
    def root(self) -> str:
        """The id at first: what is drawn by lot is drawn under it and stays."""
        return self.was[-1].rpartition("/")[2] if self.was else self.id


@dataclass(frozen=True)
class Quiz:
    """The questions of a lesson, by id, with what is wrong in them."""

    file: Path
    questions: dict[str, Question]
    problems: tuple[Problem, ...]


def read(text: str, file: Path, *, comma: bool = False) -> Quiz:
    """Questions from the text of a quiz.toml. Those that cannot be used stand in `problems`.

    comma: numbers that are put into the text are written 0,5, as in German.
    """
    problems: list[Problem] = []
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        wrong = not_toml(file, text, error)
        todo = " Write a text with a formula in single quotes." if "'\\'" in str(error) else ""
        if re.search(r'= "[^"]*"[^"]*"', text.split("\n")[wrong.line - 1]):
            todo = ' Write a text with "quotes" in it in single quotes, or a backslash before each.'
        return Quiz(file, {}, (replace(wrong, text=wrong.text + todo),))
    lines = Lines(text)
    questions: dict[str, Question] = {}
    for name in data.keys() - {"question"}:
        problems.append(Problem(file, 1, f"{name!r} is unknown: a quiz holds [[question]] only."))
    for at, one in enumerate(data.get("question", [])):
        reader = _Reader(file, lines, at)
        question = reader.question(one)
        problems += reader.problems
        if question and question.id in questions:
            text = f"The question {question.id!r} is there twice: give one another id."
            problems.append(Problem(file, question.line, text))
        elif question:
            questions[question.id] = replace(question, comma=comma)
    return Quiz(file, questions, tuple(sorted(problems)))


class _Reader:
    """Reads one question and collects what is wrong in it."""

    def __init__(self, file: Path, lines: Lines, at: int) -> None:
        self.file, self.lines, self.at = file, lines, at
        self.line = lines.question(at)
        self.problems: list[Problem] = []

    def wrong(self, text: str, line: int = 0) -> None:
        self.problems.append(Problem(self.file, line or self.line, text))

    def question(self, data: Mapping[str, Any]) -> Question | None:
        name, kind = str(data.get("id", "")), str(data.get("kind", ""))
        if not re.fullmatch(r"[\w-]+", name):
            self.wrong("A question needs an id of letters, digits and dashes.")
        if kind not in KINDS:
            self.wrong(f"{name}: kind cannot be {kind!r}: it must be one of {', '.join(KINDS)}.")
            return None
        if not str(data.get("text", "")).strip():
            self.wrong(f"{name}: the question needs a text.")
        for key in data.keys() - OWN - PARTS.keys() - (sketch.FIELDS if kind == "draw" else set()):
            self.wrong(f"{name}: a question knows no {key!r}.")
        wanted = PART_OF.get(kind, "")
        for key in (data.keys() & PARTS.keys()) - {wanted, "trap"}:
            self.wrong(f"{name}: a question of kind {kind!r} has no [[question.{key}]].")
        parts = tuple(self.parts(name, wanted, data.get(wanted, []))) if wanted else ()
        traps = tuple(self.parts(name, "trap", data.get("trap", [])))
        try:
            made = Question(
                id=name,
                kind=cast(Kind, kind),
                text=str(data.get("text", "")).strip(),
                why=str(data.get("why", "")).strip(),
                file=self.file,
                line=self.line,
                parts=parts,
                traps=traps,
                answer=str(data.get("answer", "")),
                tolerance=float(data.get("tolerance", 0)),
                unit=str(data.get("unit", "")),
                code=str(data.get("code", "")).strip("\n"),
                values={key: _range(one) for key, one in data.get("values", {}).items()},
                canvas=sketch.canvas(data) if kind == "draw" else None,
                twin=str(data.get("twin", "")),
                was=names(data.get("was", [])),
            )
        except (TypeError, ValueError, AttributeError) as error:
            self.wrong(f"{name}: {error}.")
            return None
        self.kind_rules(made)
        return made if not self.problems else None

    def parts(self, name: str, kind: str, tables: Any) -> list[Part]:
        known, needed = PARTS[kind]
        found: list[Part] = []
        for at, one in enumerate(tables):
            line = self.lines.of(self.at, kind, at)
            for key in sorted(one.keys() - known):
                self.wrong(f"{name}: a {kind} knows no {key!r}.", line)
            for key in sorted(key for key in needed if not str(one.get(key, "")).strip()):
                what = "an explanation, 'why'" if key == "why" else repr(key)
                self.wrong(f"{name}: this {kind} needs {what}.", line)
            accept = one.get("accept", [])
            found.append(
                Part(
                    key=str(one.get("id", one.get("blank", ""))),
                    text=str(one.get("text", one.get("value", ""))).strip(),
                    why=str(one.get("why", "")).strip(),
                    right=one.get("right") is True,
                    accept=tuple(map(str, [accept] if isinstance(accept, str) else accept)),
                    line=line,
                    picture=str(one.get("picture", "")).strip(),
                    alt=str(one.get("alt", "")).strip(),
                    belief=str(one.get("belief", "")),
                    was=names(one.get("was", [])),
                )
            )
        keys = [part.key for part in found]
        for part in found:
            if kind != "trap" and keys.index(part.key) < found.index(part):
                self.wrong(f"{name}: the id {part.key!r} is there twice.", part.line)
        return found

    def kind_rules(self, question: Question) -> None:
        """What every kind needs to be answerable."""
        name, rights = question.id, [part for part in question.parts if part.right]
        match question.kind:
            case "single" if len(rights) != 1 or len(question.parts) < 2:
                self.wrong(
                    f"{name}: a single choice needs two choices or more, one with right = true."
                )
            case "multiple" if not rights or len(question.parts) < 2:
                self.wrong(
                    f"{name}: a multiple choice needs two choices or more, some with right = true."
                )
            case "survey" if rights or len(question.parts) < 2:
                self.wrong(f"{name}: a survey needs two choices or more, none of them right.")
            case "order" if len(question.parts) < 3:
                self.wrong(f"{name}: an order needs three steps or more, in the right order.")
            case "blanks":
                used, there = set(BLANK.findall(question.text)), {one.key for one in question.parts}
                for key in sorted(used ^ there):
                    self.wrong(
                        f"{name}: [[{key}]] must be in the text and be a [[question.blank]]."
                    )
            case "number" | "output" | "free" | "draw":
                if question.kind not in NEVER_MARKED and not question.answer:
                    self.wrong(f"{name}: the question needs an answer.")
                if not question.why:
                    self.wrong(f"{name}: the question needs an explanation, 'why'.")
                if question.kind == "number" and question.answer:
                    self.formulas(question)

    def formulas(self, question: Question) -> None:
        for seed in range(3):
            try:
                values = draw(question, seed)
                for said in (question.answer, *(trap.text for trap in question.traps)):
                    evaluate(said, values)
                fill(question.text, values)
            except LessonError as error:
                self.wrong(f"{question.id}: {error}")
                return


def _range(said: Any) -> tuple[float, float, float]:
    low, high, step = map(float, said)
    if not (low <= high and step > 0):
        raise ValueError("values are [low, high, step] with low <= high and step > 0")
    return low, high, step


# ---- what one learner sees


def draw(question: Question, seed: int) -> dict[str, float]:
    """The values of a question for one learner: the same every time."""
    chance = random.Random(f"{seed} {question.root}")
    found = {}
    for name, (low, high, step) in question.values.items():
        found[name] = round(low + step * chance.randint(0, round((high - low) / step)), 9)
    return found


def arranged(question: Question, seed: int) -> tuple[Part, ...]:
    """Choices or steps in the order in which one learner sees them; blanks, levels as written."""
    if question.kind in ("blanks", "survey"):  # the choices of a survey are levels
        return question.parts
    parts = list(question.parts)
    random.Random(f"{seed} {question.root} order").shuffle(parts)
    if question.kind == "order" and parts == list(question.parts):
        parts.append(parts.pop(0))  # never solved before it is tried
    return tuple(parts)
