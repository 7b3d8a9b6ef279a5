"""The process of a run: forked by the zygote, or one of its own.

`python -m fathom.runtime.worker` takes commands on standard input and writes messages to
standard output.
"""

import os
import signal
import sys

from fathom.lab import tell, wire
from fathom.runtime.channel import Channel
from fathom.runtime.loading import catalog
from fathom.runtime.loop import Loop


def main(read: int, write: int) -> None:
    """Do the one thing that the first message on the channel asks for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the server's
    channel = Channel(read, write)
    order = channel.receive()
    channel.listen()
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    tell.listen(lambda message: channel.send(wire.encode(message)))
    if order["do"] == "describe":
        channel.send(wire.encode({"type": "described", "experiments": catalog()}))
    else:
        Loop(channel, order).go()


def alone() -> None:
    """A process of its own: the channel is standard input and output; prints go to the log."""
    write = os.dup(1)
    os.dup2(2, 1)
    main(0, write)


if __name__ == "__main__":
    alone()
