"""Where something stands in a file, and what is wrong with it there."""

from dataclasses import dataclass
from pathlib import Path

from fathom.errors import LessonError


@dataclass(frozen=True, order=True)
class Problem:
    """An author's mistake: where it is, what it is and what to do. Lines count from 1."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


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
