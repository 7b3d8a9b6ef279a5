"""A child that runs one attempt, afresh, and answers the judge's questions about it.

The judge sits in another process, at the other end of descriptor 4, and asks with plain values:

    {"do": "run", "source": text, "seed": 0}       -> {"value": None}
    {"do": "call", "name": "loss", "words": [...]} -> {"value": what it returned}
    {"do": "get", "name": "w"}                     -> {"value": what the name stands for}

or {"trouble": ...} if it raised. Whatever the learner's code does to this process, it can only
change its own answers: the check, what it expects and its verdict are never here.
"""

import os
import random
import sys
from typing import Any

from fathom.runtime import plain, values
from fathom.runtime.channel import LENGTH
from fathom.runtime.script import streams

LINK = 4
FILE = "your code"


def receive() -> Any:
    """The next question; the process ends when there is nobody to ask."""

    def exactly(count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = os.read(LINK, count - len(parts))
            if not part:
                os._exit(0)
            parts += part
        return bytes(parts)

    return values.unpack(exactly(LENGTH.unpack(exactly(LENGTH.size))[0]))


def send(answer: dict[str, Any]) -> None:
    """Answer; the process ends when nobody listens any more."""
    data = values.pack(answer)
    rest = memoryview(LENGTH.pack(len(data)) + data)
    try:
        while rest:
            rest = rest[os.write(LINK, rest) :]
    except OSError:
        os._exit(0)


def seed(number: int) -> None:
    """The same random numbers for the same attempt."""
    random.seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(number)


def respond(question: Any, names: dict[str, Any]) -> Any:
    """Do what the judge asks."""
    match question:
        case {"do": "run", "source": source, "seed": number}:
            seed(number)
            plain.remember(FILE, source)
            exec(compile(source, FILE, "exec"), names)
            return None
        case {"do": "call", "name": name, "words": words, "named": named}:
            return names[name](*words, **named)
        case {"do": "get", "name": name}:
            return names[name]
        case {"do": "names"}:
            return [name for name in names if not name.startswith("__")]
    raise ValueError("the judge asked something unknown")


def main() -> None:
    """Answer questions until there are no more."""
    os.close(3)
    streams()
    names: dict[str, Any] = {"__name__": "__main__"}
    while True:
        question = receive()
        try:
            answer = {"value": respond(question, names)}
        except BaseException as error:
            answer = {"trouble": plain.trouble(error, [FILE]).message()}
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        send(answer)
