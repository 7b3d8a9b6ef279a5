"""Nothing that a learner types can hurt the machine, the server or another learner."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fathom.runtime.sandbox import Limits
from fathom.runtime.shelter import Shelter
from tests.hostile.snippets import SNIPPETS

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "memory": 64 << 20, "cpu": 1.0, "wall": 4.0, "processes": 16,
    "disk": 4 << 20, "files": 200, "output": 1 << 18,
}  # fmt: skip
SIBLING = "import time\nwhile True:\n    print('alive', flush=True)\n    time.sleep(.05)"


class Ordinary(Shelter):
    """A keeper that an ordinary user started."""

    def command(self, descriptor):
        script = str(Path(__file__).with_name("as_ordinary.py"))
        return [sys.executable, script, *super().command(descriptor)]

    def environment(self):
        return super().environment() | {"PYTHONPATH": str(ROOT)}


class Bench:
    """A shelter in a thread of its own, things worth stealing, and a sibling."""

    def __init__(self, shelter, folder):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.shelter = shelter
        self.secret = folder / "secret.txt"
        self.secret.write_text("hush-hush")
        self.secret.chmod(0o644)
        self.victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        self.database = socket.create_server(("127.0.0.1", 0))
        self.abstract = socket.socket(socket.AF_UNIX)
        self.name = f"\0fathom-{os.getpid()}-{id(self)}"
        self.abstract.bind(self.name)
        self.abstract.listen()
        self.call(self.shelter.warm())
        self.sibling = self.call(self.start(SIBLING))

    async def start(self, source, **limits):
        guest = await self.shelter.admit(
            "script", Limits(**{**SMALL, "wall": 600.0, "cpu": 600.0, "output": 1 << 30, **limits})
        )
        guest.link.send({"source": source})
        return guest

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def names(self):
        return (
            f"SECRET, PORT, ABSTRACT = {str(self.secret)!r}, {self.database.getsockname()[1]}, "
            f"{self.name!r}\nVICTIM, SERVER, BUSY = {self.victim.pid}, {os.getpid()}, "
            f"{self.sibling.pid}\n"
        )

    def run(self, code, **limits):
        return self.call(self.shelter.run(self.names() + code, Limits(**{**SMALL, **limits})))

    def sibling_lives(self):
        self.sibling.out.given = 0
        self.sibling.out.waiting("stdout")
        return b"alive" in self.call(asyncio.wait_for(self.sibling.out.read("stdout"), 30))

    def close(self):
        self.sibling.close()
        self.call(self.shelter.close())
        self.victim.kill()
        self.victim.wait()
        self.database.close()
        self.abstract.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture(scope="module", params=["root", "ordinary"])
def bench(request, tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("the sandbox needs Linux")
    root = os.geteuid() == 0
    if request.param == "root" and not root:
        pytest.skip("these tests do not run as root")
    os.environ["FATHOM_TOKEN"] = "hush-hush"
    shelter = Ordinary("nothing") if request.param == "ordinary" and root else Shelter("nothing")
    bench = Bench(shelter, tmp_path_factory.mktemp("server"))
    if shelter.mode != {"root": "root", "ordinary": "user"}[request.param]:
        missing = " ".join(shelter.missing)
        bench.close()
        pytest.skip(f"this kernel does not allow it: {missing}")
    yield bench
    bench.close()
    del os.environ["FATHOM_TOKEN"]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_nothing_escapes_and_the_learner_is_told(bench, snippet):
    printed, _code, why = bench.run(snippet.code, **snippet.limits)
    assert "ESCAPED" not in printed
    assert re.search(snippet.told, printed + why), (printed[-500:], why)
    assert why.count("\n") == 0
    assert bench.victim.poll() is None
    assert bench.secret.read_text() == "hush-hush"
    assert bench.sibling_lives()


def test_there_are_forty_snippets_and_more():
    assert len(SNIPPETS) >= 40
    assert len({snippet.name for snippet in SNIPPETS}) == len(SNIPPETS)


def test_nothing_that_was_started_is_left(bench):
    mark = f"print('{time.time_ns()}')"
    code = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
    bench.run(code + f"        os.execlp('sleep', 'sleep', '4321.5')\n{mark}\ntime.sleep(.3)")
    left = [
        path
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"4321.5" in (path.read_bytes() if path.exists() else b"")
    ]
    assert left == []


def test_ordinary_work_is_not_disturbed(bench):
    code = """
import subprocess, tempfile, threading, sqlite3, json, pathlib
pathlib.Path("a.txt").write_text("x")
with tempfile.TemporaryDirectory() as folder: pathlib.Path(folder, "b").write_text("y")
print(subprocess.run(["echo", "from a program"], capture_output=True, text=True).stdout)
threading.Thread(target=print, args=("from a thread",)).start()
print(sqlite3.connect("a.db").execute("select 42").fetchone())
"""
    printed, exit_code, why = bench.run(code)
    assert (exit_code, why) == (0, "")
    assert "from a program" in printed
    assert "from a thread" in printed
    assert "(42,)" in printed


def test_a_child_of_a_dead_keeper_ends(bench):
    guest = bench.call(bench.start(SIBLING))
    own = bench.shelter.__class__("nothing")
    bench.call(own.warm())
    alone = bench.call(own.admit("script", Limits(**{**SMALL, "wall": 600.0})))
    alone.link.send({"source": SIBLING})
    assert bench.call(alone.out.read("stdout"))
    os.kill(own.pid, signal.SIGKILL)

    async def to_the_end():
        while await asyncio.wait_for(alone.out.read("stdout"), 5):
            pass

    bench.call(to_the_end())
    alone.close()
    bench.call(own.close())
    assert bench.sibling_lives()
    guest.close()
