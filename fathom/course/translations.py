"""A lesson in another language is the same lesson: what must not differ, with file and line."""

from collections.abc import Iterator
from typing import Any

from fathom.course import glossary
from fathom.course.catalog import Course, Unit
from fathom.course.languages import FIRST
from fathom.course.lesson import Directive
from fathom.course.place import Problem, read_text
from fathom.course.quiz import Question


def glossaries(course: Course) -> Iterator[Problem]:
    """What is wrong in a glossary, and terms that one language has and another has not."""
    first = course.glossary(FIRST).terms
    for language, one in course.glossaries.items():
        yield from one.problems
        yield from glossary.unknown(read_text(one.file), one.file, one)
        for term in one.terms.values():
            if term.id not in first:
                said = f"The identity {term.id!r} is not in the glossary of {FIRST}."
                yield Problem(one.file, term.line, said)
        for name in first:
            if name not in one.terms:
                yield Problem(one.file, 1, f"The term {name!r} of {FIRST} is not in {language}.")


def same(first: Unit, other: Unit) -> Iterator[Problem]:
    """A translation has the sections, directives and questions of the original."""
    file, wanted = other.lesson.file, [section.id for section in first.lesson.sections]
    given = [section.id for section in other.lesson.sections]
    if wanted != given:
        at = next(
            (i for i, (a, b) in enumerate(zip(wanted, given, strict=False)) if a != b),
            len(given) - 1,
        )
        line = other.lesson.sections[at].line if 0 <= at < len(given) else 1
        theirs = ", ".join(wanted)
        said = f"The sections are {', '.join(given)}; in {first.language} they are {theirs}."
        yield Problem(file, line, said)
        return
    for mine, twin_of in zip(other.lesson.directives(), first.lesson.directives(), strict=False):
        if _shape(mine) != _shape(twin_of):
            there = f"{first.language}, line {twin_of.line}: {{{twin_of.kind}}} {twin_of.argument}"
            said = f"{{{mine.kind}}} differs from {there}. Change it here, too."
            yield Problem(file, mine.line, said)
            return
    counts = len(other.lesson.directives()), len(first.lesson.directives())
    if counts[0] != counts[1]:
        yield Problem(
            file, 1, f"There are {counts[0]} directives; in {first.language} there are {counts[1]}."
        )
    for name, question in other.quiz.questions.items():
        twin = first.quiz.questions.get(name)
        if twin and _kept(question) != _kept(twin):
            said = f"The question {name!r} has another kind or other ids than in {first.language}."
            yield Problem(other.quiz.file, question.line, said)


def _kept(question: Question) -> tuple[Any, ...]:
    """What answers are kept under, or compared with: the same in every language."""
    keys = [(part.key, part.right) for part in question.parts]
    return question.kind, keys, question.canvas


def _shape(one: Directive) -> tuple[Any, ...]:
    """What of a directive must be the same in every language."""
    free = one.kind in ("aside", "video", "figure")
    words = ("alt", "title", "question")
    said = {name: value for name, value in one.options.items() if name not in words}
    return one.kind, "" if free else one.argument, said
