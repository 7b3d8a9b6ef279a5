"""Recordings that a lesson shows: what a figure says about one, and its messages for the page.

The page plays them by itself (frontend/src/lab/player.ts): a hundred learners who watch one cost
this server a hundred answers and no core.
"""

import gzip
import io
import zlib
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from fathom.course import recorded
from fathom.course.catalog import Course, Unit
from fathom.course.languages import FIRST
from fathom.errors import RecordingError
from fathom.lab import recording, wire
from fathom.lab.recording import Contents
from fathom.lab.wire import Message
from fathom.web import sentences, speech
from fathom.web.study import Study, ask

FIXED = {"knob": "", "drag": ["", ""]}  # of a view: what it turns
SECONDS = 15.0  # that one lasts which was made at full speed


def find(course: Course, unit: Unit, name: str) -> Path:
    """The file of a recording of a lesson; RecordingError where there is none."""
    path = recorded.find((unit.folder, course.find(unit.name, FIRST).folder), name)
    if path is None:
        raise RecordingError(f"There is no recording {name!r} in this lesson.")
    return path


def contents(path: Path) -> Contents:
    """What it holds, with the pace at which it is played. Raises RecordingError."""
    return _contents(path, path.stat().st_mtime_ns)


@lru_cache(64)
def _contents(path: Path, changed: int) -> Contents:
    found = recording.contents(path)
    found.pace = found.pace or max(1.0, float(f"{found.step / SECONDS:.1g}"))
    return found


@lru_cache(8)
def _packed(path: Path, changed: int, language: str) -> bytes:
    """All messages in the language of the page, compressed, as Recorder writes them."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=4, mtime=0) as file:
        file.write(recording.MAGIC)
        for message in recording.read(path):
            data = sentences.message(wire.encode(fixed(message, path)))
            file.write(recording.RECORD.pack(len(data), zlib.crc32(data)) + data)
    return packed.getvalue()


def fixed(message: Message, path: Path) -> Message:
    """A message of which nothing can be turned: its pictures have no handle and take no click."""
    if message["type"] == "run":
        return message | {"pace": contents(path).pace}
    if message["type"] != "frame":
        return message
    views = {
        name: view | {key: nothing for key, nothing in FIXED.items() if key in view}
        for name, view in message["views"].items()
    }
    return message | {"views": views}


async def play(request: Request) -> Response:
    """A recording of a lesson, for its figure."""

    def look(study: Study) -> bytes:
        course = study.course()
        try:
            unit = course.find(request.path_params["name"], speech.language())
            path = find(course, unit, request.path_params["file"])
            return _packed(path, path.stat().st_mtime_ns, speech.language())
        except RecordingError as error:
            raise HTTPException(404, str(error)) from error

    data = await ask(request, look)
    headers = {"content-encoding": "gzip", "cache-control": "no-cache"}
    return Response(data, headers=headers, media_type="application/octet-stream")
