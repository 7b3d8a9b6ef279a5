"""The messages of a run in one file: append-only, readable while it is written.

    "FATHOM1\\n"                           the first eight bytes
    uint32 length, uint32 crc32, bytes     one message after the other, as on the wire

A file cut off at any byte keeps every message before the cut. `export` writes the same
messages small, for sending: gzip, with fields as differences from the picture before.
"""

import gzip
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from fathom.errors import RecordingError, WireError
from fathom.lab import wire
from fathom.lab.order import ENDS

MAGIC = b"FATHOM1\n"
SMALL = b"FATHOMZ\n"  # the first bytes inside an exported recording
RECORD = struct.Struct("<II")
LONGEST = 1 << 28


class Recorder:
    """Writes a recording; a context manager. RecordingError if the file cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file: BinaryIO = path.open("wb")
            self._file.write(MAGIC)
            self._file.flush()
        except OSError as error:
            raise _unwritable(path, error) from error

    def add(self, data: bytes) -> None:
        """Append one message, as it came over the wire."""
        try:
            self._file.write(RECORD.pack(len(data), zlib.crc32(data)) + data)
            self._file.flush()  # so that a reader, and a crash, see whole messages
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _unwritable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(f"The recording {path} cannot be written: {error.strerror}.")


def read(path: Path) -> Iterator[wire.Message]:
    """The messages of a recording, from the first to the last whole one."""
    try:
        with path.open("rb") as start:
            packed = start.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            magic = file.read(len(MAGIC))
            if magic not in (MAGIC, SMALL):
                raise RecordingError(f"{path} is not a recording of Fathom.")
            messages = (wire.decode(data) for data in _records(file))
            yield from _undo(messages) if magic == SMALL else messages
    except OSError as error:
        raise RecordingError(
            f"The recording {path} cannot be read: {error.strerror or error}."
        ) from error
    except (WireError, EOFError, zlib.error) as error:
        raise RecordingError(f"The recording {path} is damaged: {error}") from error


@dataclass
class Contents:
    """What a recording is of, without its pictures."""

    experiment: str = ""
    version: str = ""  # of its code
    made: str = ""  # the day, as 2026-03-01; "" in those that do not say it
    knobs: dict[str, str] = field(default_factory=dict)  # at the start, as texts
    pace: float = 0.0  # steps a second; 0: as fast as it went
    step: int = 0  # the last one
    ended: str = ""  # finished, failed or stopped; "" where the end is missing
    shown: frozenset[str] = frozenset()  # views and numbers
    unpacked: int = 0  # bytes of all messages, as they travel


def contents(path: Path) -> Contents:
    """What a recording holds. Raises RecordingError, also for one that holds no run."""
    found = Contents()
    for message in read(path):
        found.unpacked += len(wire.encode(message))
        found.step = max(found.step, int(message.get("step", 0)))
        match message["type"]:
            case "run":
                found.experiment, found.version = message["experiment"], message["version"]
                found.made, found.knobs = message.get("made", ""), dict(message["knobs"])
                found.pace = float(message["pace"])
            case "frame":
                found.shown |= message["views"].keys() | message["numbers"].keys()
            case "scalars":
                found.shown |= set(message["names"])
            case "state" if message["state"] in ENDS:
                found.ended = message["state"]
    if not found.experiment:
        raise RecordingError(f"The recording {path} holds nothing yet.")
    return found


def _records(file: Any) -> Iterator[bytes]:
    """The whole records of an open file; what was cut off is left out."""
    while len(head := file.read(RECORD.size)) == RECORD.size:
        length, check = RECORD.unpack(head)
        if length > LONGEST:
            return
        data = file.read(length)
        if len(data) < length or zlib.crc32(data) != check:
            return
        yield data


def export(messages: Iterable[wire.Message], path: Path) -> None:
    """Write a recording small: gzip, uint8 arrays as differences from those before them."""
    before: dict[str, Any] = {}
    try:
        with gzip.open(path, "wb", compresslevel=6) as file:
            file.write(SMALL)
            for message in messages:
                data = wire.encode(_difference(message, before, undo=False))
                file.write(RECORD.pack(len(data), zlib.crc32(data)) + data)
    except OSError as error:
        raise _unwritable(path, error) from error


def _undo(messages: Iterable[wire.Message]) -> Iterator[wire.Message]:
    before: dict[str, Any] = {}
    for message in messages:
        yield _difference(message, before, undo=True)


def _difference(message: wire.Message, before: dict[str, Any], *, undo: bool) -> wire.Message:
    """A frame with its bytes as differences (modulo 256), or back; other messages as they are."""
    if message.get("type") != "frame":
        return message
    views: dict[str, Any] = {}
    for name, view in message["views"].items():
        views[name] = dict(view)
        for key, value in view.items():
            if isinstance(value, np.ndarray) and value.dtype == np.uint8:
                last = before.get(f"{name}.{key}")
                known = last is not None and last.shape == value.shape
                change = (value + last if undo else value - last) if known else value
                views[name][key] = change
                before[f"{name}.{key}"] = change if undo else value
    return {**message, "views": views}
