"""Where something stands in a file, and what is wrong with it there."""

import re
from dataclasses import dataclass
from pathlib import Path
from tomllib import TOMLDecodeError

from fathom.errors import LessonError


@dataclass(frozen=True, order=True)
class Problem:
    """An author's mistake: where it is, what it is and what to do. Lines count from 1."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def not_toml(file: Path, text: str, error: TOMLDecodeError) -> Problem:
    """What is wrong in a text that is no TOML; where it breaks off at its last line."""
    told = re.search(r"line (\d+)", str(error))
    line = int(told[1]) if told else text.count("\n") + 1
    return Problem(file, line, f"This is not TOML: {error}.")


def read_text(file: Path) -> str:
    """The text of a file; LessonError when it is not there or not UTF-8."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise LessonError(
            f"{file}:1: The file is not UTF-8: save it with that encoding."
        ) from error
    except OSError as error:
        raise LessonError(f"{file}:1: The file cannot be read: {error.strerror}.") from error
