"""The prose of a lesson: Markdown with front matter, sections and directives, and its HTML.

A lesson starts with its front matter, then come sections. Each has an identity that stays
when its title changes, because that is what a learner's progress is kept under:

    ---
    title: Diving into regression
    minutes: 60
    objectives:
      - fit a line by hand
    ---

    ## Which line is best? {#best minutes=12}

    :::{run} linear_regression
    :id: walk
    :with: lr=0.01
    :knobs: lr
    :views: data surface
    What to look for.
    :::

A directive is a fence of colons or backticks; its options are the first lines, the rest is
its body, which is Markdown again, or Python in a {cell}.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from fathom.course.parser import PARSER
from fathom.course.place import Problem

# directive -> what its argument is ("" where it takes none) and the options it knows
KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "run": (
        "an experiment",
        frozenset({"id", "with", "knobs", "views", "log", "after", "question", "recording"}),
    ),
    "views": ("a figure above", frozenset({"views", "question"})),
    "predict": ("a question", frozenset()),
    "quiz": ("questions", frozenset()),
    "exercise": ("a folder below exercises", frozenset()),
    "cell": ("a name", frozenset()),
    "figure": ("a picture", frozenset({"alt", "width"})),
    "video": ("a file or an address", frozenset({"title"})),
    "aside": ("a title", frozenset()),
}
WIDTHS = ("text", "middle", "page")
HEADING = re.compile(
    r"(?P<title>.*?)\s*\{#(?P<id>[\w-]+)(?:\s+minutes=(?P<minutes>\d+))?"
    r"(?:\s+was=(?P<was>[\w/,-]+))?\}\s*"
)
OPTION = re.compile(r":(?P<name>[\w-]+):(?:\s+(?P<value>.*))?")
ROLE = re.compile(r"\{(?P<role>[a-z]+)\}`(?P<said>[^`]+)`")
SPOKEN = re.compile(r"(?P<text>.+?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
PER_CENT = re.compile(r"(?<=\d) %")  # a line never ends between a number and its sign
NEEDED = ("title", "minutes", "objectives")
LISTS = ("objectives", "prerequisites")


@dataclass(frozen=True)
class Prose:
    """Paragraphs, lists, tables, code and formulas between two directives."""

    tokens: tuple[Token, ...]
    line: int


@dataclass(frozen=True)
class Directive:
    """What is more than prose: a run, a quiz, a figure."""

    kind: str
    argument: str
    options: dict[str, str]
    body: tuple["Block", ...]
    file: Path
    line: int
    option_lines: dict[str, int] = field(default_factory=dict)
    code: str = ""  # the body of a {cell}, which starts on the line below

    @property
    def names(self) -> list[str]:
        """The words of the argument."""
        return self.argument.split()


Block = Prose | Directive


@dataclass(frozen=True)
class Section:
    """A part of a lesson under one heading of the second level."""

    id: str
    title: str
    minutes: int
    blocks: tuple[Block, ...]
    line: int
    was: tuple[str, ...] = ()  # identities of before

    @property
    def names(self) -> set[str]:
        """The questions and exercises in it."""
        there = (one for one in _walk(self.blocks) if isinstance(one, Directive))
        asked = [one for one in there if one.kind in ("quiz", "predict", "exercise")]
        return {name for one in asked for name in one.names}


@dataclass(frozen=True)
class Lesson:
    """A lesson as it was read, with what is wrong in it."""

    file: Path
    title: str
    minutes: int
    objectives: tuple[str, ...]
    prerequisites: tuple[str, ...]
    opening: tuple[Block, ...]  # before the first section
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]
    lines: dict[str, int]  # key of the front matter -> its line
    question: str = ""  # the one it is about, as the list of lessons has it
    was: tuple[str, ...] = ()  # names of before, in the task of an exercise

    def blocks(self) -> Iterator[Block]:
        """Every block, those inside directives included, in the order of the page."""
        yield from _walk(self.opening)
        for section in self.sections:
            yield from _walk(section.blocks)

    def directives(self, kind: str = "") -> list[Directive]:
        """The directives of a kind, or all."""
        there = (one for one in self.blocks() if isinstance(one, Directive))
        return [one for one in there if not kind or one.kind == kind]


def _walk(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Directive):
            yield from _walk(block.body)


# ---- reading


def read(text: str, file: Path) -> Lesson:
    """A lesson from its text. What cannot be understood stands in its `problems`."""
    return _Reader(file).lesson(text)


class _Reader:
    """Reads one file and collects what is wrong in it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, line: int, text: str) -> None:
        self.problems.append(Problem(self.file, line, text))

    def lesson(self, text: str) -> Lesson:
        tokens = PARSER.parse(text)
        head: dict[str, Any] = {}
        lines: dict[str, int] = {}
        if tokens and tokens[0].type == "front_matter":
            head, lines = self.front(tokens.pop(0).content)
        for name in NEEDED:
            if not head.get(name):
                self.wrong(1, f"The front matter needs '{name}:'.")
        opening, sections = self.sections(tokens)
        return Lesson(
            file=self.file,
            title=str(head.get("title", self.file.parent.name)),
            minutes=self.minutes(head, lines),
            objectives=tuple(head.get("objectives", ())),
            prerequisites=tuple(head.get("prerequisites", ())),
            opening=opening,
            sections=sections,
            problems=tuple(sorted(self.problems)),
            lines=lines,
            question=str(head.get("question", "")),
            was=tuple(str(head.get("was", "")).replace(",", " ").split()),
        )

    def front(self, text: str) -> tuple[dict[str, Any], dict[str, int]]:
        """`key: value`, and lists of `- item` under a key."""
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        last = ""
        for line, said in enumerate(text.splitlines(), 2):
            if item := re.fullmatch(r"\s*- +(.+)", said):
                if last not in LISTS:
                    self.wrong(line, f"Only {' and '.join(LISTS)} are lists in the front matter.")
                else:
                    found.setdefault(last, []).append(item[1].strip())
            elif pair := re.fullmatch(r"(\w+):\s*(.*)", said):
                last = pair[1]
                lines[last] = line
                if last not in (*NEEDED, "question", "was", *LISTS):
                    self.wrong(line, f"The front matter knows no '{last}:'.")
                elif last not in LISTS:
                    found[last] = pair[2].strip().strip("\"'")
            elif said.strip():
                self.wrong(line, "A line of the front matter is 'key: value' or '- item'.")
        return found, lines

    def minutes(self, head: dict[str, Any], lines: dict[str, int]) -> int:
        said = str(head.get("minutes", "0"))
        if said.isdigit():
            return int(said)
        self.wrong(lines["minutes"], f"minutes cannot be {said!r}: it must be a whole number.")
        return 0

    def sections(self, tokens: list[Token]) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
        found: list[Section] = []
        starts = [
            at for at, one in enumerate(tokens) if one.type == "heading_open" and one.tag == "h2"
        ]
        for one in tokens:
            if one.type == "heading_open" and one.tag == "h1":
                line = _line(one, 0)
                self.wrong(line, "A heading of the first level: the title is in the front matter.")
        ends = [*starts, len(tokens)][1:]
        opening = self.split(tokens[: starts[0] if starts else len(tokens)], 0)
        for start, end in zip(starts, ends, strict=True):
            line = _line(tokens[start], 0)
            said = tokens[start + 1].content
            parts = HEADING.fullmatch(said)
            if not parts:
                self.wrong(
                    line, f"The section {said!r} needs an identity: ## {said} {{#name minutes=5}}."
                )
            found.append(
                Section(
                    id=parts["id"] if parts else f"line-{line}",
                    title=PER_CENT.sub("\N{NO-BREAK SPACE}%", parts["title"] if parts else said),
                    minutes=int(parts["minutes"] or 0) if parts else 0,
                    blocks=self.split(tokens[start + 3 : end], 0),
                    line=line,
                    was=tuple((parts["was"] or "").split(",")) if parts and parts["was"] else (),
                )
            )
        return opening, tuple(found)

    def split(self, tokens: list[Token], above: int) -> tuple[Block, ...]:
        """Blocks of prose and directives; `above` lines of the file stand before these tokens."""
        blocks: list[Block] = []
        prose: list[Token] = []

        def close() -> None:
            if prose:
                blocks.append(Prose(tuple(prose), _line(prose[0], 0)))
                prose.clear()

        for token in tokens:
            _shift(token, above)
            self.refuse_html(token)
            info = re.fullmatch(r"\{([\w-]+)\}\s*(.*)", token.info.strip())
            if token.type not in ("fence", "colon_fence") or not info:
                if token.type == "colon_fence":
                    self.wrong(
                        _line(token, 0), "A fence of colons needs a directive: :::{aside} Title."
                    )
                prose.append(token)
            elif token.level:
                self.wrong(
                    _line(token, 0),
                    f"{{{info[1]}}} stands inside a list or a quotation: move it out.",
                )
            else:
                close()
                if directive := self.directive(info[1], info[2].strip(), token):
                    blocks.append(directive)
        close()
        return tuple(blocks)

    def refuse_html(self, token: Token) -> None:
        inside = [one for one in token.children or () if one.type == "html_inline"]
        if token.type == "html_block" or inside:
            said = (inside[0] if inside else token).content.strip().splitlines()[0]
            self.wrong(_line(token, 0), f"Raw HTML is not allowed in a lesson: {said!r}.")

    def directive(self, kind: str, argument: str, token: Token) -> Directive | None:
        line = _line(token, 0)
        if kind == "cell" and argument:  # its body is Python: no line of it is an option
            return Directive(kind, argument, {}, (), self.file, line, code=token.content)
        if kind not in KINDS:
            self.wrong(line, f"There is no directive {{{kind}}}; there are {', '.join(KINDS)}.")
            return None
        expected, known = KINDS[kind]
        if not argument:
            self.wrong(line, f"{{{kind}}} needs {expected}: :::{{{kind}}} NAME.")
        options: dict[str, str] = {}
        option_lines: dict[str, int] = {}
        body = token.content.splitlines()
        used = 0
        while used < len(body) and (option := OPTION.fullmatch(body[used].rstrip())):
            used += 1
            if option["name"] not in known:
                there = ", ".join(sorted(known)) or "none"
                self.wrong(
                    line + used, f"{{{kind}}} has no option {option['name']!r}; it has {there}."
                )
                continue
            options[option["name"]] = (option["value"] or "").strip()
            option_lines[option["name"]] = line + used
        rest = PARSER.parse("\n".join(body[used:]))
        blocks = self.split(rest, line + used)
        return Directive(kind, argument, options, blocks, self.file, line, option_lines)


def spoken(said: str) -> tuple[str, str]:
    """What a role shows and what it means: `text <target>`, or one word for both."""
    found = SPOKEN.fullmatch(said)
    return (found["text"], found["target"]) if found else (said, said)


def _line(token: Token, above: int) -> int:
    return (token.map[0] if token.map else 0) + 1 + above


def _shift(token: Token, above: int) -> None:
    """A body was parsed for itself: its lines are counted in the file again."""
    if above and token.map:
        token.map = [token.map[0] + above, token.map[1] + above]


def plain(blocks: Sequence[Block]) -> str:
    """The words alone, for the search."""
    found: list[str] = []
    for block in _walk(blocks):
        if isinstance(block, Prose):
            for token in block.tokens:
                if token.type == "inline":
                    found.append(" ".join("".join(map(_words, token.children or ())).split()))
    return "\n".join(found)


def _words(token: Token) -> str:
    if token.type == "softbreak":
        return " "
    return spoken(token.content)[0] if token.type == "myst_role" else token.content
