"""A child that keeps a learner's variables from one cell to the next.

    server -> child   {"do": "cell", "source": text, "number": n}
    child -> server   {"type": "display", "text", "html" or null, "png" (uint8) or null},
                      answered by {"do": "go on"}
                      {"type": "trouble", ...}; {"type": "done", "number": n}

What is printed goes through the standard output and error, which the server reads beside it.
An interrupt (SIGINT) ends the cell, not the child.
"""

import ast
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from fathom.lab import wire
from fathom.runtime import plain
from fathom.runtime.channel import Channel
from fathom.runtime.script import streams

BACKEND = "module://fathom.runtime.figures"
receivers: list[Callable[[bytes], None]] = []  # who takes the pictures that are drawn
LONGEST = 100_000  # characters of one value that is displayed


class Cells:
    """The names that cells share, and the way to the server."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.names: dict[str, Any] = {"__name__": "__main__", "display": self.display}
        self.files: list[str] = []
        self.showing = threading.Lock()

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message, after everything that was printed before it."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        self.channel.send(wire.encode(message))

    def display(self, *values: Any) -> None:
        """Show values as a notebook does: tables as tables, other things as text."""
        for value in values:
            html = getattr(value, "_repr_html_", lambda: None)()
            text = repr(value)[:LONGEST]
            html = html[:LONGEST] if isinstance(html, str) else None
            self.show({"type": "display", "text": text, "html": html, "png": None})

    def picture(self, png: bytes) -> None:
        """Show a picture."""
        array = np.frombuffer(png, np.uint8)
        self.show({"type": "display", "text": "a picture", "html": None, "png": array})

    def show(self, message: dict[str, Any]) -> None:
        """Send what is displayed, and wait until the server has it.

        So nothing that is printed afterwards, by whatever program, can come before it. An
        interrupt waits meanwhile: it must not cut the answer in two.
        """
        with self.showing:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            try:
                self.tell(message)
                self.channel.receive()
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])

    def run(self, source: str, number: int) -> None:
        """One cell: its statements, then the value of its last line, then its pictures."""
        file = f"cell {number}"
        self.files = [*self.files[-99:], file]
        plain.remember(file, source)
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._execute(source, file)
            self._show_pictures()
        except SystemExit:
            self.tell(_told("SystemExit", "exit() ends nothing here; the kernel goes on."))
        except BaseException as error:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            told = plain.trouble(error, self.files)
            self.tell({"type": "trouble", **told.message()})
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _execute(self, source: str, file: str) -> None:
        tree = ast.parse(source, file)
        last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        if last is not None:
            tree.body.pop()
        exec(compile(tree, file, "exec"), self.names)
        if last is not None and not source.rstrip().endswith(";"):
            expression = ast.Expression(last.value)
            value = eval(compile(expression, file, "eval"), self.names)
            if value is not None:
                self.names["_"] = value
                self.display(value)
        elif last is not None:
            exec(compile(ast.Module([last], []), file, "exec"), self.names)

    def _show_pictures(self) -> None:
        """Figures that are still open at the end of a cell."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot and pyplot.get_fignums():  # without any, show would load what draws, for nothing
            pyplot.show()


def _told(kind: str, meaning: str) -> dict[str, Any]:
    return {"type": "trouble", "kind": kind, "text": "", "places": [], "meaning": meaning}


def draw_into(cells: Cells) -> None:
    """Let matplotlib send its pictures, whether it is imported already or will be."""
    receivers[:] = [cells.picture]
    os.environ["MPLBACKEND"] = BACKEND
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.rcParams["backend"] = BACKEND


def main() -> None:
    """Run cells until the server hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    streams()
    channel = Channel(3, 3)
    cells = Cells(channel)
    draw_into(cells)
    while True:
        order = channel.receive()
        cells.run(str(order["source"]), int(order["number"]))
        cells.tell({"type": "done", "number": order["number"]})
