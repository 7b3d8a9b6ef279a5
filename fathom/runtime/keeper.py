"""One warm process that learners' code is forked from: each child is shut in and watched.

Run as `python -m fathom.runtime.keeper WARM FD`. WARM says what is imported before the first
fork: nothing, numpy or torch. FD is a SOCK_SEQPACKET socket to the server, as for the zygote:

    server -> keeper   {"fork": n, "main": name, "limits": {...}, "at": [3, 1, 2]} with the
                       descriptors that are to stand at these numbers in the child
    server -> keeper   {"mark": pid, "running": true}: its time counts anew from here, or stops
    keeper -> server   {"ready": seconds, "mode": ..., "missing": [sentences]}
                       {"forked": n, "pid": p} with a pidfd;
                       {"ended": pid, "code": ..., "why": memory, cpu, wall, processes or null}

Nobody else's code runs in this process, and there is nothing in it that a learner may not read.
"""

import fcntl
import gc
import importlib
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from fathom.errors import SandboxError
from fathom.lab import wire
from fathom.runtime import zygote
from fathom.runtime.channel import LENGTH
from fathom.runtime.sandbox.guard import Guard
from fathom.runtime.sandbox.limits import Limits
from fathom.runtime.sandbox.watch import Reason, Watch, resident

MAINS = {
    "attempt": "fathom.runtime.attempt",
    "judging": "fathom.runtime.judging",
    "driving": "fathom.runtime.driving",
    "cells": "fathom.runtime.cells",
    "script": "fathom.runtime.script",
}
CHANNEL = 3
ASIDE = 100  # descriptors are first put here and above
WARM = {
    "nothing": (),
    "numpy": ("numpy", "numpy.random"),
    "torch": (
        *("pandas", "matplotlib.pyplot", "sklearn.linear_model"),
        "fathom.runtime.figures",
    ),
}


def place(descriptors: list[int], at: list[int]) -> None:
    """Put the descriptors where the child looks for them, and close all others."""
    aside = [fcntl.fcntl(one, fcntl.F_DUPFD, ASIDE) for one in descriptors]
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard not in at and (standard == 0 or sys.platform != "linux"):
            os.dup2(nothing, standard)
    for one, number in zip(aside, at, strict=True):
        os.dup2(one, number)
    taken = sorted({0, 1, 2, *at})
    for low, high in zip(taken, [*taken[1:], 65536], strict=True):
        os.closerange(low + 1, high)


def reseed() -> None:
    """Random numbers of its own: all children are copies of one process."""
    random.seed()
    if numpy := sys.modules.get("numpy.random"):
        numpy.seed(int.from_bytes(os.urandom(4), "little"))
    if torch := sys.modules.get("torch"):
        torch.seed()


# What lessons do most. Whatever is made on the way for the first time (caches, tables of
# operations, code that Python has made faster) is made here, once for all children: else each of
# them makes it anew, in memory of its own.
REHEARSAL = """
import io
import matplotlib.figure, pandas, torch
x = torch.linspace(-1, 1, 64)[:, None]
layers = torch.nn.Linear(1, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2), torch.nn.Tanh()
net = torch.nn.Sequential(*layers)
for kind in (torch.optim.SGD, torch.optim.Adam):
    optimizer = kind(net.parameters(), lr=0.01)
    for step in range(20):
        out = net(x)
        loss = ((out[:, :1] - x**3) ** 2).mean()
        loss = loss + torch.nn.functional.cross_entropy(out, (x[:, 0] > 0).long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
loss.item(), repr(out[:2]), out.detach().numpy().mean()
torch.nn.Conv2d(1, 2, 3)(torch.rand(2, 1, 8, 8)).relu().sum().backward()
figure = matplotlib.figure.Figure()
figure.add_subplot().plot([1, 2], label="one")
figure.axes[0].legend()
figure.savefig(io.BytesIO(), format="png")
table = pandas.DataFrame({"one": [1, 2], "two": [0.5, 1.5]})
table.describe()._repr_html_(), repr(table)
"""


class Ward:
    """A child that is watched."""

    def __init__(self, watch: Watch, slot: int, home: str) -> None:
        self.watch, self.slot, self.home = watch, slot, home
        self.why: Reason | None = None


class Keeper(zygote.Zygote):
    """Forks children into the sandbox, watches them, ends those that take too much."""

    def __init__(self, control: socket.socket, guard: Guard) -> None:
        super().__init__(control)
        self.guard = guard
        self.wards: dict[int, Ward] = {}

    def patience(self) -> int | None:
        """Look at the children that are due, and wait for the next that will be."""
        self.look(time.monotonic())
        alive = [ward.watch.next for ward in self.wards.values() if ward.why is None]
        if not alive:
            return None  # the end of a child wakes the poll by itself
        return max(1, round(1000 * (min(alive) - time.monotonic())))

    def look(self, now: float) -> None:
        """End every child that has used up what it had."""
        for ward in self.wards.values():
            if ward.why is None and (reason := ward.watch.look(now)):
                ward.why = reason
                os.kill(ward.watch.pid, signal.SIGKILL)  # not yet buried, so it is still this one

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Fork a child, or count the time of one anew."""
        if "mark" in request:
            if ward := self.wards.get(request["mark"]):
                ward.watch.mark(time.monotonic(), request["running"])
            return
        limits = Limits.parse(request["limits"])
        taken = {ward.slot for ward in self.wards.values()}
        slot = next(number for number in range(len(taken) + 1) if number not in taken)
        home = self.home(slot)
        pid = self.guard.fork()
        if pid == 0:
            zygote.live(lambda: self.child(request, limits, slot, home, descriptors))
        watch = Watch(pid, limits, resident(os.getpid()), time.monotonic())
        self.wards[pid] = Ward(watch, slot, home)
        self.born(request["fork"], pid)

    def home(self, slot: int) -> str:
        """A folder on the disk, where a child cannot have one of its own in memory."""
        if self.guard.mode != "bare":
            return ""
        folder = tempfile.mkdtemp(prefix="fathom-")
        if os.name == "posix" and os.geteuid() == 0:
            os.chown(folder, self.guard.owner(slot), self.guard.owner(slot))
        return folder

    def child(
        self,
        request: dict[str, Any],
        limits: Limits,
        slot: int,
        home: str,
        descriptors: list[int],
    ) -> None:
        """The life of a child: shut in first, then its main."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        place(descriptors, request["at"])
        os.setsid()
        try:
            self.guard.enter(limits, slot, home)
        except SandboxError as error:
            said = wire.encode({"type": "failed", "text": str(error)})
            os.write(CHANNEL, LENGTH.pack(len(said)) + said)
            return
        reseed()
        importlib.import_module(MAINS[request["main"]]).main()

    def buried(self, pid: int, code: int) -> None:
        """Say how a child ended, and clear up after it."""
        ward = self.wards.pop(pid, None)
        if ward is None:
            return  # an orphan that came to us
        if ward.home:
            self.end_strays()
            shutil.rmtree(ward.home, ignore_errors=True)
        self.tell({"ended": pid, "code": code, "why": ward.why})

    def end_strays(self) -> None:
        """Without a namespace of processes, what a child has started may outlive it."""
        for stray in strays() - set(self.wards):
            os.kill(stray, signal.SIGKILL)


def strays() -> set[int]:
    """The children of this process."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(map(int, listed.read_text().split())) if listed.exists() else set()


def warm_up(what: str) -> None:
    """Import what children will use; all of them share it."""
    if what == "torch":
        zygote.warm_up()
    for name in WARM[what]:
        importlib.import_module(name)
    for module in MAINS.values():
        importlib.import_module(module)
    if what == "torch":
        exec(compile(REHEARSAL, "rehearsal", "exec"), {})
    gc.collect()
    gc.freeze()


def main() -> None:
    """The process."""
    began = time.perf_counter()
    what, descriptor = sys.argv[1], int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_inheritable(descriptor, False)
    guard = Guard.best(sys.argv[3:])  # before anything that could start a thread
    keeper = Keeper(socket.socket(fileno=descriptor), guard)
    warm_up(what)
    seconds = time.perf_counter() - began
    keeper.tell({"ready": seconds, "mode": guard.mode, "missing": guard.missing})
    keeper.serve()


if __name__ == "__main__":
    main()
