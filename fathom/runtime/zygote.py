"""One warm process: it imports torch and all the zoo needs once, and forks a child for a run.

Run as `python -m fathom.runtime.zygote FD`, FD being a SOCK_SEQPACKET socket to the server.

    server -> zygote   {"fork": n} with one descriptor: the child's end of a channel
    zygote -> server   {"ready": seconds}; {"forked": n, "pid": p} with a pidfd;
                       {"ended": pid, "code": exit code or minus the signal}

What makes the fork safe was measured: one torch thread before anything runs (a pool of
OpenMP threads in the parent makes every child hang), no other threads, the garbage collector
frozen after the imports, and CUDA never touched. Nothing secret may be in this process:
children can read all of it.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from fathom import settings
from fathom.runtime import worker

SIZE = 4096
MOST_DESCRIPTORS = 8  # that come with one request


def warm_up() -> None:
    """Import what the zoo says its experiments use; with torch, one training step, one thread."""
    zoo = importlib.import_module(settings.text("FATHOM_ZOO"))
    for name in (*zoo.WARM, "fathom.lab"):
        importlib.import_module(name)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
        net = torch.nn.Linear(2, 2)
        optimizer = torch.optim.Adam(net.parameters())
        net(torch.zeros(1, 2)).sum().backward()
        optimizer.step()
    gc.collect()
    gc.freeze()  # the collector never touches, and so never copies, what is shared with children


def child(descriptor: int) -> None:
    """The life of a child; it keeps one descriptor and standard error, nothing else."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    own = os.dup2(descriptor, 3) if descriptor != 3 else 3
    os.closerange(4, 65536)
    os.setsid()
    worker.main(own, own)


def live(life: Callable[[], None]) -> NoReturn:
    """Be a child, and end as one, whatever happens."""
    code = 1
    try:
        life()
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())  # to the log
    finally:
        os._exit(code)


class Zygote:
    """Waits for requests and for the ends of children."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.wake_read, self.wake_write = os.pipe()
        for end in (self.wake_read, self.wake_write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self.wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the poll below

    def serve(self) -> None:
        """Until the server hangs up."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(self.wake_read, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll(self.patience()):
                if descriptor == self.wake_read:
                    self.reap()
                elif not self.hear():
                    return

    def patience(self) -> int | None:
        """Milliseconds until something must be done though nothing happens; None: for ever."""
        return None

    def tell(self, message: dict[str, object], descriptors: tuple[int, ...] = ()) -> None:
        """Tell the server."""
        socket.send_fds(self.control, [json.dumps(message).encode()], descriptors)

    def hear(self) -> bool:
        """Answer one request; False when the server is gone."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self.control, SIZE, MOST_DESCRIPTORS)
        except OSError:
            return False
        if not data:
            return False
        self.answer(json.loads(data), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        return True

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Fork a child that does what its channel says."""
        pid = os.fork()
        if pid == 0:
            live(lambda: child(descriptors[0]))
        self.born(request["fork"], pid)

    def born(self, number: int, pid: int) -> None:
        """Hand the new child to the server."""
        handle = os.pidfd_open(pid)
        self.tell({"forked": number, "pid": pid}, (handle,))
        os.close(handle)

    def buried(self, pid: int, code: int) -> None:
        """A child has ended."""
        self.tell({"ended": pid, "code": code})

    def reap(self) -> None:
        """Say which children ended, and how."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self.wake_read, SIZE):
                pass
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self.buried(pid, os.waitstatus_to_exitcode(status))


def main() -> None:
    """The process."""
    began = time.perf_counter()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the server's
    zygote = Zygote(socket.socket(fileno=int(sys.argv[1])))
    warm_up()
    zygote.tell({"ready": time.perf_counter() - began})
    zygote.serve()


if __name__ == "__main__":
    main()
