"""The glossary of a course: terms, what they mean, and where texts speak of them.

A file lessons/LANGUAGE/glossary.md has one heading a term, with an identity that is the same in
every language; its first sentence is what a reader sees without leaving the lesson:

    ## learning rate {#learning-rate}

    How far a step of gradient descent goes. ...

A text speaks of a term as {term}`learning rate`, or as {term}`steps that long <learning-rate>`
when it uses other words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fathom.course.lesson import HEADING, ROLE, Block, Prose, plain, spoken
from fathom.course.parser import PARSER
from fathom.course.place import Problem

FILE = "glossary.md"
SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True)
class Term:
    """A word with its meaning."""

    id: str
    word: str
    meaning: tuple[Block, ...]
    line: int

    @property
    def text(self) -> str:
        """The meaning as plain words."""
        return plain(self.meaning)

    @property
    def first_sentence(self) -> str:
        """The meaning in one sentence."""
        found = SENTENCE.match(self.text)
        return found[0] if found else self.text


@dataclass(frozen=True)
class Glossary:
    """The terms of one language, by identity and in alphabetical order."""

    file: Path
    terms: dict[str, Term]
    problems: tuple[Problem, ...] = ()

    def find(self, said: str) -> Term | None:
        """The term with this word or identity."""
        by_word = {one.word.casefold(): one for one in self.terms.values()}
        return by_word.get(said.casefold()) or self.terms.get(said)

    def search(self, words: list[str]) -> list[Term]:
        """Every term that holds all the words, given in lower case; first where it is the term."""
        found = [
            one
            for one in self.terms.values()
            if all(word in f"{one.word}\n{one.text}".casefold() for word in words)
        ]
        return sorted(found, key=lambda one: words[0] not in one.word.casefold())


def read(text: str, file: Path) -> Glossary:
    """A glossary from its text. What cannot be understood stands in its `problems`."""
    tokens = PARSER.parse(text)
    starts = [at for at, one in enumerate(tokens) if one.type == "heading_open" and one.tag == "h2"]
    terms: dict[str, Term] = {}
    problems = []
    for start, end in zip(starts, [*starts, len(tokens)][1:], strict=True):
        line = (tokens[start].map or [0])[0] + 1
        said = tokens[start + 1].content
        parts = HEADING.fullmatch(said)
        if not parts:
            problems.append(Problem(file, line, f"The term {said!r} needs an identity: {{#name}}."))
            continue
        if parts["id"] in terms:
            problems.append(Problem(file, line, f"The identity {parts['id']!r} is used twice."))
        meaning = (Prose(tuple(tokens[start + 3 : end]), line),)
        if not plain(meaning):
            problems.append(Problem(file, line, f"The term {parts['title']!r} needs a meaning."))
        terms[parts["id"]] = Term(parts["id"], parts["title"], meaning, line)
    ordered = sorted(terms.values(), key=lambda one: sortable(one.word))
    return Glossary(file, {one.id: one for one in ordered}, tuple(problems))


def sortable(word: str) -> str:
    """A word as an alphabetical list orders it: ä stands with a."""
    return word.casefold().translate(str.maketrans("äöüß", "aous"))


def unknown(text: str, file: Path, glossary: Glossary) -> Iterator[Problem]:
    """Terms in a file that the glossary does not have, and roles that no page knows."""
    for found in re.finditer(ROLE, text):
        line = text[: found.start()].count("\n") + 1
        name, said = found["role"], " ".join(found["said"].split())
        if name != "term":
            yield Problem(file, line, f"There is no role {{{name}}}; there is {{term}}.")
        elif not glossary.find(spoken(said)[1]):
            there = glossary.file.name
            yield Problem(file, line, f"The term {spoken(said)[1]!r} is not in {there}.")
