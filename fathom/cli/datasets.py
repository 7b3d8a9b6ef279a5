"""`fathom data`: what there is, and how it comes here. A child process knows and does it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.live import Live
from rich.text import Text

from fathom import settings
from fathom.cli.displays import Lines
from fathom.cli.knobs import nearest
from fathom.cli.output import FAILED, GOOD, Paper, complain, write_json
from fathom.cli.screen import loading
from fathom.cli.story import Story
from fathom.errors import DataError, RunError
from fathom.runtime.launch import log

MEGABYTE = 1e6


@contextmanager
def asked(*words: str) -> Iterator[Iterator[dict[str, Any]]]:
    """What `python -m fathom.data ...` says, line by line; it is ended on the way out."""
    with (
        log() as errors,
        subprocess.Popen(
            [sys.executable, "-m", "fathom.data", *words],
            env=settings.child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is ours
        ) as process,
    ):
        try:
            yield _lines(process)
        finally:
            process.terminate()


def _lines(process: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """The objects that a child prints; RunError if it ends before it said how it ended."""
    for line in process.stdout or ():
        one: dict[str, Any] = json.loads(line)
        yield one
        if one["type"] == "state":
            return
    raise RunError(
        f"The process that looks after data ended with code {process.wait()}; "
        f"the details are in {settings.cache() / 'runs.log'}."
    )


def catalog() -> list[dict[str, Any]]:
    """Every data set, and whether it is on this machine. Raises RunError."""
    with asked("list") as answers:
        return [one for one in answers if one["type"] == "data"]


def show(as_json: bool) -> None:
    """The table."""
    known = catalog()
    paper = Paper()
    wide = max(len(one["name"]) for one in known)
    for one in known:
        if as_json:
            write_json({key: value for key, value in one.items() if key != "type"})
            continue
        amount = f"{one['megabytes']:g} MB to download" if one["megabytes"] else "in the package"
        where = f"here: {one['where']}" if one["present"] else "not here yet"
        if one["own"]:
            amount = "never downloaded, you put them into FATHOM_DATA"
        elif not one["megabytes"]:
            where = "always here"
        paper.print(f"{one['name']:{wide}}  {one['what']}", soft_wrap=True)
        paper.print(f"{'':{wide}}  {amount}; {where}", style="dim", soft_wrap=True)
        paper.print(f"{'':{wide}}  {one['licence']}; {one['cite']}", style="dim", soft_wrap=True)


def fetch(names: Sequence[str], *, every: bool, as_json: bool) -> int:
    """Bring data sets here, one after the other; the exit code. Raises DataError."""
    known = {one["name"]: one for one in catalog()}
    if every:
        names = [name for name, one in known.items() if one["megabytes"]]
    if not names:
        raise DataError("Say which data sets: `fathom data list` names them, --all means all.")
    for name in names:
        if name not in known:
            raise DataError(
                f"There is no data set {name!r}.{nearest(name, known)} "
                "`fathom data list` shows all of them."
            )
    failed = [name for name in names if not _fetch_one(name, as_json)]
    return FAILED if failed else GOOD


def _fetch_one(name: str, as_json: bool) -> bool:
    """Bring one here; False, and a sentence on standard error, when it did not work."""
    paper, state = Paper(), {"state": "failed", "why": ""}
    with asked("fetch", name) as answers:
        if as_json:
            for one in answers:
                write_json(one | {"name": name})
                state = one
        elif paper.moving:
            state = _on_screen(answers, paper)
        else:
            state = _in_lines(answers, paper)
    if state["state"] != "finished":
        complain(f"{name}: {state['why']}")
        return False
    if not as_json:
        paper.print(f"{name} is here: {state['why']}", soft_wrap=True)
    return True


def _on_screen(answers: Iterator[dict[str, Any]], paper: Paper) -> dict[str, Any]:
    """A bar that moves; gives the last answer."""
    last: dict[str, Any] = {}
    with Live(console=paper, auto_refresh=False, transient=True) as live:
        for last in answers:
            if last["type"] == "progress":
                live.update(loading(last, paper.width, paper.plain), refresh=True)
        live.update(Text(), refresh=True)
    return last


def _in_lines(answers: Iterator[dict[str, Any]], paper: Paper) -> dict[str, Any]:
    """A line for every tenth; gives the last answer."""
    lines, last = Lines(paper), {}
    for last in answers:
        lines.hear(last, Story())
    return last
