"""A child that runs one text as a script, as `python file.py` would, and ends.

The first message on the channel is {"source": text}. What it prints goes to its standard output
and error; an exception is a traceback there and the exit code 1.
"""

import io
import os
import sys
import threading
import traceback
from typing import Any

from fathom.runtime.channel import Channel

NAME = "<your code>"
CHANNEL = 3


def streams() -> None:
    """Standard streams over the descriptors 1 and 2, which are pipes to the server."""
    out, error = os.fdopen(1, "wb", 0, closefd=False), os.fdopen(2, "wb", 0, closefd=False)
    sys.stdout = io.TextIOWrapper(out, "utf-8", "replace", write_through=True)
    sys.stderr = io.TextIOWrapper(error, "utf-8", "backslashreplace", write_through=True)
    sys.stdin = io.StringIO()  # input() ends with an exception instead of waiting for ever


def main() -> None:
    """Wait for the text, run it, end."""
    order: dict[str, Any] = Channel(CHANNEL, CHANNEL).receive()
    os.close(CHANNEL)
    streams()
    code = 0
    try:
        exec(compile(order["source"], NAME, "exec"), {"__name__": "__main__"})
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 0
    except BaseException:
        traceback.print_exc()
        code = 1
    for thread in threading.enumerate():  # as Python itself does before it ends
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
