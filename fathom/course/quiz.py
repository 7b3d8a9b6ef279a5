"""Questions: what quiz.toml says, and the marking of an answer.

    [[question]]
    id = "mean"                 # attempts are kept under it: never change it
    kind = "single"             # one of KINDS
    text = "What is the loss?"

    [[question.choice]]
    id = "sum"
    text = "the sum"
    why = "A sum grows with the number of students."

Every choice, blank, step and trap has its own explanation, `why`, which answers the
misconception behind it; it is shown after answering. Marking is pure: the same question,
answer and seed give the same words.
"""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from fathom.course import sketch
from fathom.course.arithmetic import evaluate, fill, shown
from fathom.course.kinds import KINDS, NEVER_MARKED, OWN, PART_OF, PARTS, Kind, names
from fathom.course.place import Problem
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


@dataclass(frozen=True)
class Explained:
    """One choice, step or blank after marking: whether it was taken, should be, and why."""

    key: str
    text: str
    chosen: bool
    right: bool | None  # None where nothing is right or wrong
    why: str


@dataclass(frozen=True)
class Marked:
    """What is said about an answer. `right` is None where nothing is marked."""

    right: bool | None
    parts: tuple[Explained, ...] = ()
    why: str = ""  # about the whole answer
    expected: str = ""  # the right answer in words, where there is one


def read(text: str, file: Path, *, comma: bool = False) -> Quiz:
    """Questions from the text of a quiz.toml. Those that cannot be used stand in `problems`.

    comma: numbers that are put into the text are written 0,5, as in German.
    """
    problems: list[Problem] = []
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        todo = " Write a text with a formula in single quotes." if "'\\'" in str(error) else ""
        if re.search(r'= "[^"]*"[^"]*"', text.split("\n")[line - 1]):
            todo = ' Write a text with "quotes" in it in single quotes, or a backslash before each.'
        return Quiz(file, {}, (Problem(file, line, f"This is not TOML: {error}.{todo}"),))
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


# ---- marking


def mark(question: Question, answer: Any, seed: int) -> Marked:
    """What is right and why. LessonError when the answer is none for this kind.

    An answer is plain data: the id of a choice (single, survey), a list of ids (multiple, order),
    text (number, output, free), text for every blank, or the places of a drawing.
    """
    return MARKERS[question.kind](question, answer, seed)


def _mark_choices(question: Question, answer: Any, seed: int) -> Marked:
    chosen = {answer} if question.kind == "single" else set(_strings(answer))
    known = {part.key for part in question.parts}
    blank = question.kind == "single" and answer == "no-idea"  # of a prediction
    if not blank and (not chosen or not chosen <= known):
        raise LessonError("Choose an answer first.")
    parts = tuple(
        Explained(one.key, one.text, one.key in chosen, one.right, one.why)
        for one in arranged(question, seed)
    )
    right = all(part.chosen == part.right for part in parts)
    return Marked(None if blank else right, parts, question.why)


def _mark_survey(question: Question, answer: Any, seed: int) -> Marked:
    parts = tuple(
        Explained(one.key, one.text, True, None, one.why)
        for one in question.parts
        if one.key == answer
    )
    if not parts:
        raise LessonError("Choose an answer first.")
    return Marked(None, parts, question.why)


def number(question: Question, answer: Any) -> float:
    """The number that was answered; LessonError when it is none."""
    said = str(answer).strip().removesuffix(question.unit).strip().replace("−", "-")
    if re.fullmatch(r"-?\d+,\d+", said):
        said = said.replace(",", ".")  # a decimal comma
    over = re.fullmatch(r"([-\d.]+)\s*/\s*([\d.]+)", said)  # a fraction, as by hand
    try:
        return float(over[1]) / float(over[2]) if over else float(said)
    except (ValueError, ZeroDivisionError) as error:
        raise LessonError(
            f"{str(answer)[:40]!r} is not a number: write one such as 2.5."
        ) from error


def _mark_number(question: Question, answer: Any, seed: int) -> Marked:
    said = number(question, answer)
    values = draw(question, seed)
    exact = evaluate(question.answer, values)
    expected = " ".join(filter(None, (shown(exact, comma=question.comma), question.unit)))
    room = question.tolerance + 1e-9 * abs(exact)
    if abs(said - exact) <= room:
        return Marked(True, (), fill(question.why, values, comma=question.comma), expected)
    for trap in question.traps:
        if abs(said - evaluate(trap.text, values)) <= room:
            return Marked(False, (), fill(trap.why, values, comma=question.comma))
    return Marked(False, (), fill(question.why, values, comma=question.comma), expected)


def _mark_blanks(question: Question, answer: Any, seed: int) -> Marked:
    if not isinstance(answer, Mapping) or not all(
        _flat(answer.get(p.key, "")) for p in question.parts
    ):
        raise LessonError("Fill every blank first.")
    parts = []
    for part in question.parts:
        said = str(answer[part.key]).strip()
        right = _flat(said) in map(_flat, part.accept)
        traps = [
            one.why
            for one in question.traps
            if one.key == part.key and _flat(one.text) == _flat(said)
        ]
        parts.append(
            Explained(
                part.key, said, True, right, (traps or [part.why])[0] if not right else part.why
            )
        )
    return Marked(all(part.right for part in parts), tuple(parts), question.why)


def _mark_order(question: Question, answer: Any, seed: int) -> Marked:
    given, wanted = list(_strings(answer)), [part.key for part in question.parts]
    if sorted(given) != sorted(wanted):
        raise LessonError("Give every step its own place first.")
    parts = tuple(
        Explained(part.key, part.text, True, given[at] == part.key, part.why)
        for at, part in enumerate(question.parts)
    )
    return Marked(given == wanted, parts, question.why)


def _mark_output(question: Question, answer: Any, seed: int) -> Marked:
    if not str(answer).strip():
        raise LessonError("Write what you expect first.")
    if _flat(answer) == _flat(question.answer):
        return Marked(True, (), question.why, question.answer)
    for trap in question.traps:
        if _flat(answer) == _flat(trap.text):
            return Marked(False, (), trap.why)
    return Marked(False, (), question.why, question.answer)


def _mark_free(question: Question, answer: Any, seed: int) -> Marked:
    if not str(answer).strip():
        raise LessonError("Write a sentence first.")
    return Marked(None, (), question.why)


def _mark_drawing(question: Question, answer: Any, seed: int) -> Marked:
    if answer != sketch.NO_IDEA and question.canvas:
        sketch.checked(answer, question.canvas)
    return Marked(None, (), question.why)


MARKERS = {
    "single": _mark_choices,
    "multiple": _mark_choices,
    "number": _mark_number,
    "blanks": _mark_blanks,
    "order": _mark_order,
    "output": _mark_output,
    "free": _mark_free,
    "survey": _mark_survey,
    "draw": _mark_drawing,
}


def _strings(answer: Any) -> list[str]:
    if isinstance(answer, str) or not isinstance(answer, (list, tuple)):
        raise LessonError("Choose an answer first.")
    return [str(one) for one in answer]


def _flat(said: Any) -> str:
    return " ".join(str(said).casefold().split())
