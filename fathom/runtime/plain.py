"""Errors in plain words: tracebacks cut to the learner's own lines, and what they mean."""

import linecache
import re
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

LONGEST = 500  # characters of a message that are kept

GAP = "A gap is open: write your code in the place of the three dots."

# (class, what its message matches, what it means); the first that fits
MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("IndentationError", "expected an indented block", "Indent the lines that belong to it."),
    ("IndentationError", "", "The spaces at the start of the line do not fit the lines above."),
    ("SyntaxError", r"expected ':'", "A line with if, for, while, def or class ends with a colon."),
    (
        "SyntaxError",
        r"was never closed|unmatched|unterminated",
        "A bracket or a quote has no other half.",
    ),
    ("SyntaxError", r"Maybe you meant '=='", "One = gives a name to a value; two == compare."),
    (
        "SyntaxError",
        "invalid decimal literal",
        "A name stands right after a number: perhaps a * is missing, or brackets, (x**2).mean().",
    ),
    ("SyntaxError", "Missing parentheses", "What is printed stands in round brackets."),
    (
        "SyntaxError",
        "forgot a comma",
        "Between two values stands a comma or an operator, such as *.",
    ),
    (
        "SyntaxError",
        "outside function",
        "A return belongs to a function: indent it like its lines.",
    ),
    ("SyntaxError", "cannot assign", "On the left of one = stands a name, which gets the value."),
    ("SyntaxError", "invalid character '[“”„‘’‚«»]'", "Quotes in Python are straight ones."),
    ("SyntaxError", "", "Python cannot read this line: look at it and the one above."),
    ("TabError", "", "Spaces and tabs are mixed: use spaces alone, four for each step."),
    (
        "UnboundLocalError",
        "",
        "A name that is given a value anywhere in a function belongs to it: give it one before.",
    ),
    (
        "NameError",
        r"'(mean|std|sqrt|exp|log|argmin|argmax|argsort|array|zeros|ones|arange|square)'",
        "This belongs to NumPy: write np. before it.",
    ),
    ("NameError", "'np'", "The line import numpy as np is missing: put it at the top."),
    (
        "NameError",
        "",
        "Nothing has this name yet: look for a typing error, or run the line that makes it.",
    ),
    ("ModuleNotFoundError", "", "There is no such package here: look for a typing error."),
    ("ImportError", "", "The package has nothing of that name."),
    ("ZeroDivisionError", "", "Something is divided by zero: look at what the divisor is then."),
    (
        "IndexError",
        "too many indices",
        "There are more entries in the [ ] than the array has axes: print its shape.",
    ),
    (
        "IndexError",
        "boolean index did not match",
        "There must be one truth for each row that can be chosen: print both shapes.",
    ),
    (
        "IndexError",
        "valid indices|used as indices",
        "In [ ] stand whole numbers, slices or truths: look at what stands there.",
    ),
    ("IndexError", "", "Counting starts at 0, so the last place is the length minus 1."),
    ("AxisError", "", "Axes count from 0, one for each number of the shape: print the shape."),
    ("KeyError", "", "There is no entry of that name: look which names there are with .keys()."),
    (
        "ValueError",
        r"matmul.*does not have enough dimensions",
        "Next to @ stands None or a single number: perhaps a function above has no return.",
    ),
    (
        "ValueError",
        r"matmul|not aligned|core dimension",
        "In a @ b the last size of a must be the first size of b: print both shapes.",
    ),
    (
        "ValueError",
        r"values to unpack",
        "Several names before the = need as many values after it, with commas between them.",
    ),
    ("ValueError", r"Unknown format", "What is printed with a format must be one number."),
    ("ValueError", r"inhomogeneous", "The rows have different lengths: an array needs equal ones."),
    (
        "ValueError",
        r"setting an array element",
        "One place of an array holds one number, not several.",
    ),
    (
        "ValueError",
        r"broadcast",
        "The shapes do not fit: from the right, sizes must be equal, or one of them 1.",
    ),
    ("ValueError", r"too small depth", "Several numbers are needed here, but there is only one."),
    ("ValueError", r"reshape", "The new shape must hold as many numbers as the old one."),
    ("ValueError", r"truth value of an array", "An array is many truths: use .any() or .all()."),
    ("ValueError", r"could not convert|invalid literal", "This text is not a number."),
    (
        "RuntimeError",
        r"mat1 and mat2|size mismatch",
        "The shapes do not fit: the features that come in must be as many as the layer expects.",
    ),
    (
        "RuntimeError",
        r"must match the size of tensor",
        "The shapes do not fit: from the right, sizes must be equal, or one of them 1.",
    ),
    (
        "RuntimeError",
        r"expected scalar type|same dtype|Found dtype",
        "The tensors hold different kinds of numbers: make them equal with .float() or .long().",
    ),
    (
        "RuntimeError",
        r"does not require grad",
        "No gradient leads here: was the value detached, or made without requires_grad?",
    ),
    (
        "RuntimeError",
        r"backward through the graph a second time",
        "backward() uses the graph up: calculate the loss anew before it.",
    ),
    ("RuntimeError", r"can't start new thread", "Too many threads."),
    (
        "TypeError",
        r"positional argument|missing .* argument|unexpected keyword",
        "The function is called with other arguments than it has: compare with its def.",
    ),
    (
        "TypeError",
        r"unpack non-iterable (?!ellipsis)",
        "Several names before the = need as many values after it, with commas between them.",
    ),
    ("TypeError", r"unsupported format", "What is printed with a format must be one number."),
    ("TypeError", r"ellipsis", GAP),
    ("TypeError", r"as a data type", "A shape has brackets of its own: np.zeros((2, 3))."),
    (
        "TypeError",
        r"bitwise_xor|\) for \^",
        "A power is written **; ^ is something else in Python.",
    ),
    (
        "TypeError",
        r"list indices",
        "A list takes one place in [ ]; rows and columns need np.array(...).",
    ),
    (
        "TypeError",
        r"multiply sequence|\) for .*'list'|concatenate list",
        "A list does not calculate with its numbers: make an array of it with np.array(...).",
    ),
    (
        "TypeError",
        r"\) for .*'(method|builtin_function_or_method|function)'",
        "A function stands there without ( ), so it has not been called.",
    ),
    ("TypeError", r"not iterable|has no len", "This is one value, where several are needed."),
    ("TypeError", r"0-dimensional|-1 arrays", "This is an array of numbers, where one is needed."),
    (
        "TypeError",
        r"ndarray' object is not callable",
        "An array takes [ ], or an operator is missing.",
    ),
    (
        "TypeError",
        r"not callable",
        "Only functions take ( ): perhaps a name was used twice, or an operator is missing.",
    ),
    ("TypeError", r"NoneType", "A value is None: perhaps a function above has no return."),
    (
        "TypeError",
        r"unsupported operand|can only concatenate|must be str",
        "These two kinds of values cannot be combined: look at type() of each.",
    ),
    ("TypeError", r"not subscriptable", "Only lists, dicts, texts and arrays take [ ]."),
    ("AttributeError", r"ellipsis", GAP),
    ("AttributeError", r"NoneType", "The value is None: perhaps a function above has no return."),
    (
        "AttributeError",
        r"'list' object has no attribute '(mean|sum|std|shape|min|max|argmin|argmax)'",
        "A list cannot do this, but an array can: make one with np.array(...).",
    ),
    ("AttributeError", "", "This kind of value has nothing of that name: look for a typing error."),
    ("MemoryError", "", "There is not enough memory: make the arrays or the batch smaller."),
    (
        "RecursionError",
        "",
        "A function calls itself without end: it needs a case in which it does not.",
    ),
    ("BlockingIOError", "", "Too many processes."),
    ("FileNotFoundError", "", "There is no such file here: your code sees only its own folder."),
    (
        "PermissionError",
        "",
        "Your code may not do this here: it has its own folder, and no network.",
    ),
    ("EOFError", "", "Nobody can answer input() here: write the value into the code."),
    ("KeyboardInterrupt", "", "It was interrupted here."),
)


@dataclass(frozen=True)
class Place:
    """One of the learner's own lines on the way to an error."""

    file: str
    line: int
    function: str
    code: str


@dataclass(frozen=True)
class Trouble:
    """An error as the learner is told of it."""

    kind: str
    text: str
    places: tuple[Place, ...]  # outermost first; the last is where it happened
    meaning: str

    @property
    def line(self) -> int | None:
        """The number of the learner's line where it happened."""
        return self.places[-1].line if self.places else None

    @property
    def what(self) -> str:
        """The error as Python names it: its class and what it says."""
        return f"{self.kind}: {self.text}".rstrip(": ")

    def sentence(self) -> str:
        """In one line: where, what, and what it means."""
        end = "" if self.what.endswith((".", "!", "?")) else "."
        what = f"{self.what}{end} {self.meaning}".strip()
        return f"Line {self.line}: {what}" if self.line else what

    def story(self) -> str:
        """The traceback, cut to the learner's own lines."""
        lines = []
        for place in self.places:
            where = f"{place.file}, line {place.line}"
            if place.function != "<module>":
                where = f"{place.file}, line {place.line} in {place.function}"
            lines += [where, f"    {place.code}"]
        lines.append(self.what)
        return "\n".join([*lines, self.meaning] if self.meaning else lines)

    def message(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def parse(cls, said: Any) -> "Trouble":
        """What `message` gave, from somebody who is not trusted; TypeError, KeyError if not."""
        places = tuple(
            Place(str(one["file"])[:99], int(one["line"]), str(one["function"])[:99],
                  str(one["code"])[:LONGEST])
            for one in list(said["places"])[-20:]
        )  # fmt: skip
        kind, text = str(said["kind"])[:99], str(said["text"])[:LONGEST]
        return cls(kind, text, places, explain(kind, text))


def explain(kind: str, text: str) -> str:
    """What an error means, in a sentence; nothing where we have none."""
    for name, pattern, meaning in MEANINGS:
        if name == kind and re.search(pattern, text):
            return meaning
    return ""


def remember(file: str, source: str) -> None:
    """Let tracebacks show the lines of a text that is no file."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)


def trouble(error: BaseException, files: Iterable[str]) -> Trouble:
    """What happened, as far as it happened in these files."""
    own = set(files)
    kind = type(error).__name__
    try:
        text = str(error)[:LONGEST]
    except BaseException:  # a __str__ of the learner's may do anything
        text = "it cannot be shown"
    if isinstance(error, SyntaxError) and error.filename in own:
        text = str(error.msg)[:LONGEST]
        code = (error.text or "").strip()[:LONGEST]
        places: tuple[Place, ...] = (
            Place(str(error.filename), error.lineno or 1, "<module>", code),
        )
    else:
        places = tuple(
            Place(one.filename, one.lineno or 1, one.name, (one.line or "")[:LONGEST])
            for one in traceback.extract_tb(error.__traceback__)
            if one.filename in own
        )[-10:]
    return Trouble(kind, text, places, explain(kind, text))
