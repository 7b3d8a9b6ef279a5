"""How a child process is started: forked from the zygote, or spawned on its own.

Both give a `Child`: a link, and the means to end it for certain.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Protocol

from fathom import settings
from fathom.errors import RunError
from fathom.runtime.channel import Link


class Child(Protocol):
    """A process that does one thing for us."""

    link: Link
    pid: int

    def kill(self) -> None:
        """End it now, whatever it does. Harmless when it has ended."""

    async def ended(self) -> int | None:
        """Wait for its end: the exit code, minus the signal, or None if nobody knows."""


def can_fork() -> bool:
    """Whether a warm process may be forked here: Linux, and not switched off."""
    said = settings.text("FATHOM_FORK")
    return said != "never" and sys.platform == "linux" and hasattr(os, "pidfd_open")


def log() -> IO[bytes]:
    """Where children write what no learner should read: tracebacks, prints."""
    folder = settings.cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / "runs.log").open("ab")
    except OSError:
        return Path(os.devnull).open("ab")


class SpawnedChild:
    """A fresh Python process, connected by its standard input and output."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None or process.stdin is None:
            raise RunError("A process was started without pipes.")
        self.process, self.pid = process, process.pid
        self.link = Link(process.stdout, process.stdin)

    def kill(self) -> None:
        """End it now. Popen's own kill would collect the exit code before asyncio does."""
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self.process.kill()
            elif self.process.returncode is None:
                os.kill(self.pid, signal.SIGKILL)

    async def ended(self) -> int | None:
        """Wait for its end."""
        return await self.process.wait()


async def spawn() -> Child:
    """Start a process of its own: slower (torch is imported anew), but it works everywhere."""
    with log() as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "fathom.runtime.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=settings.child_environment(),
            start_new_session=os.name == "posix",
        )
    return SpawnedChild(process)


def words(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "was ended from outside"
    if code == -signal.SIGTERM or code == -9:  # SIGKILL does not exist on Windows
        return "was killed, perhaps because memory ran out"
    if code < 0:
        return f"crashed (signal {-code})"
    return f"ended unexpectedly (exit code {code})"
