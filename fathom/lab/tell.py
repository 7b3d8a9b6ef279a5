"""How code that takes long says so: a download, a preparation.

A data loader calls `notice` and `progress`; who shows it is installed with `listen`.
Nobody listens at first, so the same loader works in a plain script.
"""

from collections.abc import Callable
from typing import Any

Listener = Callable[[dict[str, Any]], None]
_listener: list[Listener] = []


def listen(listener: Listener | None) -> None:
    """Install who hears of it in this process; None: nobody."""
    _listener[:] = [listener] if listener else []


def notice(text: str) -> None:
    """Say one sentence."""
    for listener in _listener:
        listener({"type": "notice", "text": text})


def progress(what: str, done: float, total: float) -> None:
    """Say how far something is; `total` is 0 when nobody knows."""
    for listener in _listener:
        listener({"type": "progress", "what": what, "done": done, "total": total})
