"""The marking of answers: what is right, and why.

It is pure: the same question, answer and seed give the same words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fathom.course import sketch
from fathom.course.arithmetic import evaluate, fill, shown
from fathom.course.quiz import Part, Question, arranged, draw
from fathom.errors import LessonError


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
    if _near(question, said, exact):
        return Marked(True, (), fill(question.why, values, comma=question.comma), expected)
    for trap in trapped(question, answer, seed):
        return Marked(False, (), fill(trap.why, values, comma=question.comma))
    return Marked(False, (), fill(question.why, values, comma=question.comma), expected)


def _near(question: Question, said: float, exact: float) -> bool:
    return abs(said - exact) <= question.tolerance + 1e-9 * abs(exact)


def _mark_blanks(question: Question, answer: Any, seed: int) -> Marked:
    if not isinstance(answer, Mapping) or not all(
        _flat(answer.get(p.key, "")) for p in question.parts
    ):
        raise LessonError("Fill every blank first.")
    caught = {one.key: one.why for one in trapped(question, answer, seed)}
    parts = []
    for part in question.parts:
        said = str(answer[part.key]).strip()
        right = _flat(said) in map(_flat, part.accept)
        why = part.why if right else caught.get(part.key, part.why)
        parts.append(Explained(part.key, said, True, right, why))
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
    for trap in trapped(question, answer, seed):
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


def trapped(question: Question, answer: Any, seed: int) -> list[Part]:
    """The traps that an answer fell into: wrong ones of which the author knew.

    LessonError when a number was asked for and the answer is none.
    """
    match question.kind:
        case "number":
            said, values = number(question, answer), draw(question, seed)
            wrong = [(one, evaluate(one.text, values)) for one in question.traps]
            return [one for one, value in wrong if _near(question, said, value)]
        case "output":
            return [one for one in question.traps if _flat(one.text) == _flat(answer)]
        case "blanks" if isinstance(answer, Mapping):
            given = {key: _flat(said) for key, said in answer.items()}
            return [one for one in question.traps if given.get(one.key, "") == _flat(one.text)]
    return []


def _strings(answer: Any) -> list[str]:
    if isinstance(answer, str) or not isinstance(answer, (list, tuple)):
        raise LessonError("Choose an answer first.")
    return [str(one) for one in answer]


def _flat(said: Any) -> str:
    return " ".join(str(said).casefold().split())
