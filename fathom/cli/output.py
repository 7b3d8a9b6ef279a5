"""Where words go: standard output for results, standard error for everything else."""

import errno
import json
import math
import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

GOOD, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130  # exit codes
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # a disk that takes no more


class Paper(Console):
    """A console for plain words: no markup, no guessed colours, quiet when nobody reads."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, highlight=False, emoji=False)

    @property
    def moving(self) -> bool:
        """Whether lines that were written may be drawn over: a real terminal, not a pipe."""
        return self.file.isatty() and self.is_terminal and not self.is_dumb_terminal

    @property
    def coloured(self) -> bool:
        """Whether colours reach the reader."""
        return self.color_system is not None and not self.no_color

    @property
    def plain(self) -> bool:
        """Whether only the signs of ASCII can be written."""
        return not self.encoding.startswith("utf")

    def tell(self, text: str | Text) -> None:
        """A sentence: wrapped between words in a terminal, one line in a pipe."""
        self.print(text, soft_wrap=not self.is_terminal)

    def on_broken_pipe(self) -> None:
        """Whoever read this has gone."""
        end_quietly()


def quiet_output() -> None:
    """What Python still holds for standard output goes nowhere, so that the end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def end_quietly() -> NoReturn:
    """Nobody reads any more (`| head -1`): end as other programs do, without a word."""
    quiet_output()
    raise typer.Exit(GOOD)


def complain(sentence: str) -> None:
    """Say on standard error what was wrong."""
    Paper(stderr=True).print(f"Error: {sentence}", soft_wrap=True)


def note(sentence: str) -> None:
    """Say something on standard error that is no error."""
    Paper(stderr=True).print(sentence, soft_wrap=True)


def write_json(value: Mapping[str, Any]) -> None:
    """One JSON object as one line, at once; numbers that are not finite become null."""
    try:
        print(json.dumps(finite(value), allow_nan=False), flush=True)
    except BrokenPipeError:
        end_quietly()


def finite(value: Any) -> Any:
    """The value as strict JSON takes it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return value
