"""One file from the net: it goes on where it broke off, and is kept only if it is the right one."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch
import requests

from fathom.errors import DataError

CHUNK = 1 << 18  # bytes
PATIENCE = 30  # seconds without a byte
Progress = Callable[[float, float], None]  # bytes done, bytes in total


def download(address: str, file: Path, known: str, size: int, progress: Progress) -> None:
    """Put what is at the address into the file. Raises DataError.

    What came before a break is kept beside it, as NAME.part. known: the checksum after the
    name of its kind, such as md5:c58f30... size: bytes, if the server does not say.
    """
    part = file.with_name(file.name + ".part")

    def go_on(address: str, output: Any, _: Any) -> None:
        _append(address, part, size, progress)
        part.replace(output)

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        pooch.retrieve(address, known, file.name, file.parent, downloader=go_on)
    except requests.RequestException as error:
        came = part.stat().st_size if part.exists() else 0
        raise DataError(
            f"The download of {address} broke off at {came / 1e6:.0f} of {size / 1e6:.0f} MB "
            f"({type(error).__name__}). Try again: it goes on from there."
        ) from error
    except ValueError as error:  # so says pooch, and has deleted the file
        raise DataError(
            f"What came from {address} is not what was expected: its checksum is wrong. Try again."
        ) from error
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror}.") from error


def _append(address: str, part: Path, size: int, progress: Progress) -> None:
    """Load what is missing of the part."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(address, headers=headers, stream=True, timeout=PATIENCE) as answer:
        if answer.status_code == 416:  # nothing is missing, or the part is longer than the file
            return
        answer.raise_for_status()
        if answer.status_code != 206:  # the server sends all of it
            have = 0
        total = have + int(answer.headers.get("Content-Length", size - have))
        with part.open("ab" if have else "wb") as opened:
            for piece in answer.iter_content(CHUNK):
                opened.write(piece)
                have += len(piece)
                progress(have, total)
    if have < total:
        raise requests.ConnectionError(f"{total - have} bytes are missing")


def checksum(file: Path, kind: str) -> str:
    """The checksum of a file; kind: md5, sha256."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, kind).hexdigest()
