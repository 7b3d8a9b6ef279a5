"""A runner in a thread of its own, so that tests can be ordinary functions."""

import asyncio
import threading
import time

import pytest

from fathom.lab import wire
from fathom.lab.order import ENDS, Order
from fathom.runtime.launch import can_fork
from fathom.runtime.runner import LocalRunner
from tests.conftest import PATIENCE


class Bench:
    """A runner, and what tests want of it."""

    def __init__(self, fork):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.runner = self.call(self.make(fork))

    async def make(self, fork):
        runner = LocalRunner(fork=fork)
        await runner.open()
        return runner

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def close(self):
        self.call(self.runner.close())
        self.call(asyncio.sleep(0.1))  # for the pipes of a process that has just ended
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def start(self, experiment, watched=True, owner="", **order):
        order.setdefault("pace", 0)
        return Seen(self, Order(experiment, **order), owner, watched)


class Seen:
    """A run, and everything that one viewer has seen of it."""

    def __init__(self, bench, order, owner, watched):
        self.bench = bench
        self.messages = []
        self.run = bench.call(bench.runner.start(order, owner))
        self.viewer = bench.call(self.look()) if watched else None

    async def look(self):
        return self.run.watch()

    def next(self):
        data = self.bench.call(self.viewer.next())
        assert data is not None
        self.messages.append(wire.decode(data))
        if self.messages[-1]["type"] == "frame" and self.viewer.leads:
            self.bench.loop.call_soon_threadsafe(self.viewer.ready)
        return self.messages[-1]

    def until(self, kind, **wanted):
        """Read on until such a message."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message = self.next()
            if message["type"] == kind and all(message.get(k) == v for k, v in wanted.items()):
                return message
        raise AssertionError(f"no {kind} {wanted} within {PATIENCE} s")

    def end(self):
        """Read on until the run is over, and what is still on its way."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message = self.next()
            if message["type"] == "state" and message["state"] in ENDS:
                return message
        raise AssertionError("the run does not end")

    def say(self, **command):
        self.bench.loop.call_soon_threadsafe(self.run.command, command)

    def leave(self):
        self.bench.loop.call_soon_threadsafe(self.viewer.leave)

    def numbers(self, name):
        """step -> value of all scalars seen."""
        found = {}
        for message in self.messages:
            if message["type"] == "scalars" and name in message["names"]:
                row = message["values"][message["names"].index(name)]
                found |= dict(zip(message["steps"].tolist(), row.tolist(), strict=True))
        return found

    def pid(self):
        while not self.numbers("pid"):
            self.next()
        return int(next(iter(self.numbers("pid").values())))


@pytest.fixture(scope="package")
def planted_zoo():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FATHOM_ZOO", "tests.runtime.planted")
        patch.setenv("FATHOM_CORES", "2")
        yield


@pytest.fixture(scope="package")
def forking(planted_zoo, tmp_path_factory):
    if not can_fork():
        pytest.skip("processes cannot be forked safely on this system")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FATHOM_CACHE", str(tmp_path_factory.mktemp("cache")))
        made = Bench(fork=True)
    yield made
    made.close()


@pytest.fixture(scope="package")
def spawning(planted_zoo):
    made = Bench(fork=False)
    yield made
    made.close()


@pytest.fixture(params=["forking", "spawning"])
def bench(request):
    """Both ways to start a child must behave the same."""
    return request.getfixturevalue(request.param)
