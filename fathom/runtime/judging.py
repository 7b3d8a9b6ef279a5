"""The judge: a process of ours that asks an attempt questions and says a verdict.

The first message on the channel is {"check", "starter", "source"}, three texts; descriptor 4
leads to the attempt. One message goes back: {"type": "verdict", ...}. The order is: does it
parse, are gaps open, does it run, is the result right, and only then why not.
"""

import ast
import os
from dataclasses import replace
from typing import Any

from fathom.errors import WireError
from fathom.lab import wire
from fathom.runtime import plain, values
from fathom.runtime.attempt import FILE, LINK
from fathom.runtime.channel import LENGTH, Channel
from fathom.runtime.expect import Attempt, Missing, Wrong
from fathom.runtime.plain import Trouble

CHECK = "check.py"
RAGGED = "What your code gives back has parts of different shapes: look at the shape of each part."
EMPTY = "There is no code here. Start over brings back what you were given."
LARGEST = 32 << 20  # bytes of one answer


class Gone(Exception):
    """The attempt has ended, or does not speak the language."""


class Line:
    """The way to the attempt."""

    def ask(self, question: dict[str, Any]) -> Any:
        """The answer: a value, or a Trouble. Gone if there is none, or nonsense."""
        data = values.pack(question)
        rest = memoryview(LENGTH.pack(len(data)) + data)
        try:
            while rest:
                rest = rest[os.write(LINK, rest) :]
        except OSError as error:
            raise Gone("Your code ended before it could be checked: take out exit().") from error
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if length > LARGEST:
            raise Gone("Your code gives back too much to look at: more than 32 MB.")
        try:
            match values.unpack(self._exactly(length)):
                case {"trouble": dict(told)}:
                    return alone(Trouble.parse(told))
                case {"value": value}:
                    return value
        except (WireError, TypeError, KeyError, ValueError) as error:
            raise Gone("Your code disturbs the check: let it only calculate.") from error
        raise Gone("Your code disturbs the check: let it only calculate.")

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            try:
                part = os.read(LINK, min(count - len(parts), 1 << 20))
            except OSError:
                part = b""
            if not part:
                raise Gone("Your code ended before it could be checked: take out exit().")
            parts += part
        return bytes(parts)


def alone(told: Trouble) -> Trouble:
    """A missing name, in the words of somebody whose code ran before: other code made it there."""
    if told.kind != "NameError" or told.meaning != plain.explain("NameError", ""):
        return told
    meaning = (
        "Nothing in this code has this name: look for a typing error. "
        "It is checked alone, without the code further up."
    )
    return replace(told, meaning=meaning)


def gaps(tree: ast.AST) -> list[int]:
    """The lines in which ... stands for code to be written; x[..., 0] is none."""
    indexing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        for inner in ast.walk(node.slice)
    }
    return sorted(
        {
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and node.value is ... and node not in indexing
        }
    )


def judge(order: dict[str, Any], line: Line) -> dict[str, Any]:
    """The verdict: outcome, a sentence, a line of the learner's, the cut traceback."""
    source = order["source"]
    try:
        tree = ast.parse(source, FILE)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        told = plain.trouble(error, [FILE])
        return verdict("failed", told.sentence(), told.line, told.story())
    if not tree.body:
        return verdict("not attempted", EMPTY)
    if open_gaps := gaps(tree):
        where = ", ".join(map(str, open_gaps))
        says = f"Not finished yet: lines {where} have a gap."
        if len(open_gaps) == 1:
            says = f"Not finished yet: line {where} has a gap."
        what = "Put your own code in the place of the three dots."
        return verdict("not attempted", f"{says} {what}", open_gaps[0])
    if _same(tree, order["starter"]):
        return verdict("not attempted", "This is still the code that you were given.")
    check: dict[str, Any] = {"__name__": "check"}
    plain.remember(CHECK, order["check"])
    exec(compile(order["check"], CHECK, "exec"), check)
    attempt = None
    try:
        told = line.ask({"do": "run", "source": source, "seed": 0})
        if isinstance(told, Trouble):
            return verdict("failed", told.sentence(), told.line, told.story())
        attempt = Attempt(source, line.ask)
        check["check"](attempt)
    except Wrong as found:
        says = found.says
        if attempt is not None and "diagnose" in check and not isinstance(found, Missing):
            says = _diagnosis(check["diagnose"], attempt) or says
        return verdict("failed", says, found.line, found.story)
    except Gone as found:
        return verdict("failed", str(found)) | {"gone": True}
    except ValueError as error:
        if "inhomogeneous" not in str(error):  # what numpy says of rows of different lengths
            raise
        return verdict("failed", RAGGED)
    return verdict("passed", str(check.get("PRAISE", "Right.")))


def _diagnosis(diagnose: Any, attempt: Attempt) -> str:
    try:
        return str(diagnose(attempt) or "")
    except (Wrong, Gone):
        return ""  # what was found first is said


def _same(tree: ast.AST, starter: str) -> bool:
    try:
        return ast.dump(tree) == ast.dump(ast.parse(starter))
    except SyntaxError:
        return False  # a starter may have gaps that do not parse


def verdict(outcome: str, says: str, line: int | None = None, story: str = "") -> dict[str, Any]:
    """As it is sent."""
    return {"type": "verdict", "outcome": outcome, "says": says, "line": line, "story": story}


def main() -> None:
    """Judge one attempt."""
    channel = Channel(3, 3)
    order = channel.receive()
    try:
        said = judge(order, Line())
    except Exception as error:  # a mistake in the check, for its author
        told = plain.trouble(error, [CHECK])
        said = {"type": "broken", "text": told.sentence(), "line": told.line}
    channel.send(wire.encode(said))
