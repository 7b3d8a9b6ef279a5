"""`fathom doctor`: what works on this machine, and what to do about what does not."""

import asyncio
import errno
import json
import platform
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import fathom
from fathom import settings
from fathom.cli.datasets import catalog
from fathom.cli.output import FAILED, GOOD, Paper, write_json
from fathom.errors import FathomError, RunError
from fathom.runtime.launch import can_fork, log
from fathom.runtime.nursery import Nursery

OLDEST = (3, 11)
LEAST_MEMORY = 2 << 30  # bytes: torch takes a quarter of a gigabyte in each process
LEAST_DISK = 1 << 30  # bytes: CIFAR-10 takes 170 MB packed and as much again unpacked
SLOW = 5.0  # seconds to load torch
GIGABYTE = 1 << 30
Facts = dict[str, dict[str, Any]]
Verdict = Literal["ok", "note", "problem"]
SOUND_SQLITE = (3, 51, 3)  # before, two connections that checkpoint at once could lose a commit
STYLES = {"ok": "green", "note": "yellow", "problem": "bold red"}


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, what to do."""

    name: str
    verdict: Verdict
    says: str
    todo: str = ""


def ask_child() -> Facts:
    """What a child process finds out; RunError when it cannot even start."""
    with log() as errors:
        done = subprocess.run(
            [sys.executable, "-m", "fathom.runtime.doctor"],
            env=settings.child_environment(),
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
        )
    try:
        found: Facts = json.loads(done.stdout)
    except ValueError as error:
        raise RunError(
            f"A child process ended with code {done.returncode} before it said anything."
        ) from error
    return found


def python() -> Iterator[Finding]:
    """The interpreter."""
    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST:
        yield Finding("Python", "problem", said, "Fathom needs Python 3.11 or newer.")
    else:
        yield Finding("Python", "ok", said)


def torch(facts: Facts) -> Iterator[Finding]:
    """PyTorch, its GPU, its short numbers."""
    found = facts["torch"]
    if "error" in found:
        yield Finding(
            "PyTorch",
            "problem",
            f"it cannot be loaded: {found['error']}",
            "Install it again: pip install --force-reinstall torch",
        )
        return
    threads = f"{found['threads']} thread{'s' if found['threads'] > 1 else ''}"
    said = (
        f"{found['version']}, loads in {found['seconds']:.1f} s, {threads} unless a knob says more"
    )
    if found["seconds"] > SLOW:
        yield Finding("PyTorch", "note", said, "The disk or the processor is slow or busy.")
    else:
        yield Finding("PyTorch", "ok", said)
    if found["gpus"]:
        yield Finding("GPU", "ok", ", ".join(found["gpus"]))
    elif found["built_for_gpu"]:
        yield Finding("GPU", "note", "none can be used", "Every lesson works without one.")
    else:
        yield Finding("GPU", "ok", "none: this PyTorch is for the processor, and that is enough")
    yield Finding("bfloat16", "ok", found["bfloat16"])


def machine(facts: Facts) -> Iterator[Finding]:
    """Cores and memory."""
    cores = settings.cores()
    yield Finding("cores", "ok", f"runs may use {cores} together")
    found = facts["memory"]
    if "error" in found:
        yield Finding("memory", "note", f"unknown: {found['error']}")
        return
    said = f"{found['total'] / GIGABYTE:.1f} GB"
    if found["total"] < LEAST_MEMORY:
        todo = "Run one thing at a time: FATHOM_CORES=1 sees to it."
        yield Finding("memory", "note", said, todo)
    else:
        yield Finding("memory", "ok", said)


def forking(_: Facts) -> Iterator[Finding]:
    """Whether runs start at once, from a warm process: tried, not guessed."""
    if not can_fork():
        said = "runs start as fresh processes, some seconds each"
        yield Finding("quick start", "note", said, "Only Linux can fork; FATHOM_FORK allows it.")
        return
    try:
        seconds = asyncio.run(warm())
    except FathomError as error:
        yield Finding("quick start", "problem", str(error), "FATHOM_FORK=never avoids it.")
        return
    said = f"runs are forked from a warm process, which is ready after {seconds:.1f} s"
    if seconds > 2 * SLOW:
        yield Finding("quick start", "note", said, "Until then the first run waits.")
    else:
        yield Finding("quick start", "ok", said)


async def warm() -> float:
    """Start the process that runs are forked from, fork a child, end both; the seconds."""
    nursery = Nursery()
    try:
        seconds = await nursery.warm()
        child = await nursery.fork()
        child.kill()
        child.link.close()
        await child.ended()
    finally:
        await nursery.close()
    return seconds


def sandbox(facts: Facts) -> Iterator[Finding]:
    """Which layers shut learners' code in: tried, not guessed."""
    found = facts["sandbox"]
    if "error" in found:
        yield Finding("sandbox", "note", found["error"], "See docs/sandbox.md.")
        return
    for layer in found["layers"]:
        if layer["holds"]:
            yield Finding("sandbox", "ok", layer["says"])
        else:
            todo = "Enough for yourself on your own computer, not for a class: see docs/sandbox.md."
            yield Finding("sandbox", "note", layer["says"], todo)


def folders(_: Facts) -> Iterator[Finding]:
    """The places that Fathom writes to."""
    named = settings.data()
    if named is not None:
        if named.is_dir():
            yield Finding("FATHOM_DATA", "ok", str(named))
        else:
            todo = "Make the folder, or unset FATHOM_DATA."
            yield Finding("FATHOM_DATA", "problem", f"{named} is no folder", todo)
    for name, folder in (("cache", settings.cache()), ("kept", settings.state())):
        yield folder_finding(name, folder)


def folder_finding(name: str, folder: Path) -> Finding:
    """Whether a file can be written there, and how much room there is."""
    setting = f"Set {'FATHOM_CACHE' if name == 'cache' else 'FATHOM_HOME'} to a folder of yours."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"fathom")
    except OSError as error:
        said = f"{folder} cannot be written: {error.strerror}"
        return Finding(name, "problem", said, setting)
    free = shutil.disk_usage(folder).free
    said = f"{folder}, {free / GIGABYTE:.1f} GB free"
    if free < LEAST_DISK:
        return Finding(name, "note", said, "Large data sets will not fit: make room.")
    return Finding(name, "ok", said)


def data(_: Facts) -> Iterator[Finding]:
    """Which data sets are on this machine."""
    known = catalog()
    missing = [one["name"] for one in known if not one["present"]]
    there = ", ".join(one["name"] for one in known if one["present"])
    if missing:
        todo = f"Fetch while there is a network: fathom data fetch {' '.join(missing)}"
        said = f"here: {there}; missing: {', '.join(missing)}"
        yield Finding("data", "note", said, todo)
    else:
        yield Finding("data", "ok", there)


def database(_: Facts) -> Iterator[Finding]:
    """What keeps answers and progress."""
    said = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= SOUND_SQLITE:
        yield Finding("SQLite", "ok", said)
    else:
        todo = "Two servers that write at the same moment may lose an answer with it: run one."
        yield Finding("SQLite", "note", said, todo)


def bundle(_: Facts) -> Iterator[Finding]:
    """What the browser gets."""
    manifest = Path(fathom.__file__).parent / "web" / "static" / "manifest.json"
    if manifest.is_file():
        yield Finding("pages", "ok", "the part for the browser is built")
    else:
        todo = "In a checkout: make run. Else install Fathom again."
        yield Finding("pages", "problem", "the part for the browser is missing", todo)


def port(_: Facts) -> Iterator[Finding]:
    """Where the server would listen."""
    host, number = settings.text("FATHOM_HOST"), int(settings.number("FATHOM_PORT", 1, 65535))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, number))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                said = f"{host}:{number}: {error.strerror}"
                yield Finding("port", "problem", said, "Check FATHOM_HOST and FATHOM_PORT.")
                return
            said = f"{number} is taken, perhaps by another Fathom"
            yield Finding("port", "note", said, "fathom serve takes the next free one.")
        else:
            yield Finding("port", "ok", f"{number} is free")


CHECKS: dict[str, Callable[[Facts], Iterator[Finding]]] = {
    "PyTorch": torch,
    "machine": machine,
    "quick start": forking,
    "sandbox": sandbox,
    "folders": folders,
    "data": data,
    "SQLite": database,
    "pages": bundle,
    "port": port,
}


def examine() -> Iterator[Finding]:
    """Every check in turn; one that fails is a finding itself."""
    yield from python()
    try:
        facts = ask_child()
    except FathomError as error:
        yield Finding("processes", "problem", str(error), f"See {settings.cache() / 'runs.log'}.")
        facts = {name: {"error": "no child process"} for name in ("torch", "memory")}
        facts |= {"sandbox": {"error": "no child process"}}
    for name, check in CHECKS.items():
        try:
            yield from check(facts)
        except FathomError as error:
            yield Finding(name, "problem", str(error))


def report(as_json: bool) -> int:
    """Write every finding as it comes; the exit code is 1 if there is a problem."""
    paper, usable = Paper(), True
    if paper.moving and not as_json:
        paper.print("Loading PyTorch twice, which takes some seconds.\n", style="dim")
    for finding in examine():
        usable = usable and finding.verdict != "problem"
        if as_json:
            write_json(asdict(finding))
            continue
        paper.print(f"{finding.verdict:8}", style=STYLES[finding.verdict], end="")
        paper.print(f"{finding.name}: {finding.says}", soft_wrap=True)
        if finding.todo:
            paper.print(f"        {finding.todo}", style="dim", soft_wrap=True)
    if as_json:
        write_json({"final": True, "usable": usable})
    else:
        paper.print("\nFathom works here." if usable else "\nFathom does not work here yet.")
    return GOOD if usable else FAILED
