"""Exercises checked: an attempt runs in one process, its judge sits in another.

An exercise is a folder: task.md, starter.py, answer.py, check.py, hints.md and mistakes/*.py.
Each file in mistakes/ is what a learner might write; its docstring says `Expect: words` that the
verdict on it must contain. `prove` shows that the folder keeps what it promises.
"""

import ast
import asyncio
import contextlib
import re
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from fathom.errors import ExerciseError, SandboxError, WireError
from fathom.lab import wire
from fathom.runtime.sandbox.limits import MEGABYTE, Limits
from fathom.runtime.sandbox.watch import sentence
from fathom.runtime.shelter import Guest, Shelter, Warm, printed

Outcome = Literal["passed", "failed", "not attempted"]
OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "not attempted")
LIMITS = Limits(memory=768 * MEGABYTE, cpu=20.0, wall=30.0, output=256 * 1024)
JUDGE = Limits(memory=1024 * MEGABYTE, cpu=30.0, wall=45.0)  # longer than the attempt has
EXPECT = "Expect:"


@dataclass(frozen=True)
class Verdict:
    """What the judge says of an attempt."""

    outcome: Outcome
    says: str
    line: int | None = None  # of the learner's code
    story: str = ""  # the traceback, cut to the learner's own lines
    printed: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Mistake:
    """Something that learners really do wrong, and words of what they are told then."""

    name: str
    source: str
    expect: str


@dataclass(frozen=True)
class Exercise:
    """One folder, read."""

    folder: Path
    task: str
    starter: str
    answer: str
    check: str
    hints: str
    mistakes: tuple[Mistake, ...]
    limits: Limits = field(default=LIMITS)

    @classmethod
    def read(cls, folder: Path) -> "Exercise":
        """The exercise in this folder. Raises ExerciseError with file and line."""
        texts = {}
        for name in ("task.md", "starter.py", "answer.py", "check.py", "hints.md"):
            try:
                texts[name.partition(".")[0]] = (folder / name).read_text(encoding="utf-8")
            except OSError as error:
                raise ExerciseError(f"{folder / name}: this file is missing.") from error
        tree = _parse(folder / "check.py", texts["check"])
        if not any(isinstance(one, ast.FunctionDef) and one.name == "check" for one in tree.body):
            raise ExerciseError(f"{folder / 'check.py'}:1: it needs a function check(attempt).")
        mistakes = tuple(_mistake(path) for path in sorted((folder / "mistakes").glob("*.py")))
        return cls(folder, **texts, mistakes=mistakes, limits=_limits(folder / "check.py", tree))


def _parse(path: Path, text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise ExerciseError(f"{path}:{error.lineno}: {error.msg}.") from error


def _limits(path: Path, tree: ast.Module) -> Limits:
    """LIMITS = {"cpu": 60, "wall": 90} in check.py, read without running it."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name("LIMITS")], value=value):
                try:
                    return Limits(**{**LIMITS.message(), **ast.literal_eval(value)})
                except (ValueError, TypeError) as error:
                    raise ExerciseError(f"{path}:{node.lineno}: LIMITS: {error}.") from error
    return LIMITS


def _mistake(path: Path) -> Mistake:
    source = path.read_text(encoding="utf-8")
    first = source.strip().partition("\n")[0].strip("\"'# ")
    if not first.startswith(EXPECT) or not first[len(EXPECT) :].strip():
        raise ExerciseError(
            f'{path}:1: the first line must be """{EXPECT} words of what the learner is told""".'
        )
    return Mistake(path.stem, source, first[len(EXPECT) :].strip())


@dataclass(frozen=True)
class Heard:
    """What a process of ours said of an attempt."""

    message: dict[str, Any]
    says: str  # the sentence in it, or a better one: what the attempt was ended for
    printed: str
    seconds: float


async def judge(shelter: Shelter, exercise: Exercise, source: str) -> Verdict:
    """Run the source afresh, and judge it. Raises ExerciseError if the check itself is broken."""
    order = {"check": exercise.check, "starter": exercise.starter, "source": source}
    file = exercise.folder / "check.py"
    heard = await hear(shelter, "judging", order, exercise.limits, file, "the check")
    said = heard.message
    return Verdict(
        said["outcome"], heard.says, said["line"], said["story"], heard.printed, heard.seconds
    )


async def hear(
    shelter: Shelter, main: str, order: dict[str, Any], limits: Limits, file: Path, called: str
) -> Heard:
    """Start an attempt and the process that asks it, and hear what that one says.

    main: the module of the one that asks; order: what it is sent; limits: of the attempt;
    file, called: where its own code is, and what a message calls that. Both have ended on return.
    Raises ExerciseError if that code is broken, SandboxError, RunError.
    """
    ours, theirs = socket.socketpair()
    began = time.monotonic()
    with ours, theirs, contextlib.ExitStack() as ending:
        attempt = await shelter.admit("attempt", limits, theirs.fileno())
        ending.callback(attempt.close)
        wall = max(JUDGE.wall, limits.wall + 15)
        asker = await shelter.admit(main, replace(JUDGE, wall=wall), ours.fileno())
        ending.callback(asker.close)
        ours.close()  # each of the two sees when the other is gone
        theirs.close()
        printing = asyncio.create_task(printed(attempt))
        asker.link.send(order)
        data = await asker.link.receive()
        seconds = time.monotonic() - began
        said = _read(file, called, asker, data)
        if said.get("gone"):  # perhaps it was ended, and then there is a better sentence
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await attempt.ended()
        attempt.kill()
        await attempt.ended()
        output = await printing
        why = attempt.why() if said.get("gone") else ""
        if attempt.out.too_much.is_set() and said["outcome"] != "passed":
            why = sentence("output", limits)
    return Heard(said, why or said["says"], output, seconds)


def _read(file: Path, called: str, asker: Guest, data: bytes | None) -> dict[str, Any]:
    """The message that was sent. Raises ExerciseError, SandboxError."""
    if data is None:
        why = asker.why() or "it ended without a word"
        raise ExerciseError(f"{file}: {called} gave no verdict: {why}")
    try:
        said: dict[str, Any] = wire.decode(data)
    except WireError as error:
        raise ExerciseError(f"{file}: {error}") from error
    if said["type"] == "failed":
        raise SandboxError(said["text"])
    if said["type"] == "broken":
        at = f":{said['line']}" if said["line"] else ""
        raise ExerciseError(f"{file}{at}: {called} itself failed: {said['text']}")
    return said


def needs(sources: Iterable[str]) -> Warm:
    """What a keeper had better import before this code is run in it.

    Only PyTorch and its company where a source imports it: without that each child would import
    it anew, and with it the keeper takes longer to start.
    """
    slow = re.compile(r"^\s*(import|from) (torch|pandas|matplotlib|sklearn)\b", re.M)
    return "torch" if any(map(slow.search, sources)) else "numpy"


async def prove(shelter: Shelter, folder: Path) -> list[str]:
    """What is wrong with an exercise, each with its file; nothing when it keeps its promises."""
    exercise = Exercise.read(folder)
    flaws = []
    answer = await judge(shelter, exercise, exercise.answer)
    if answer.outcome != "passed":
        flaws.append(f"{folder / 'answer.py'}:{answer.line or 1}: it does not pass: {answer.says}")
    blank = replace(exercise, starter="")  # or it would be "not attempted" whatever is in it
    starter = await judge(shelter, blank, exercise.starter)
    if starter.outcome == "passed":
        flaws.append(f"{folder / 'starter.py'}:1: it passes, so there is nothing to do.")
    for mistake in exercise.mistakes:
        path = folder / "mistakes" / f"{mistake.name}.py"
        found = await judge(shelter, exercise, mistake.source)
        if found.outcome == "passed":
            flaws.append(f"{path}:1: it passes, so it is no mistake.")
        elif mistake.expect not in found.says:
            flaws.append(
                f"{path}:1: the verdict should say {mistake.expect!r}, but says {found.says!r}."
            )
    return flaws
