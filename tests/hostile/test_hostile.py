"""Nothing that a learner types can hurt the machine, the server or another learner."""

import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from fathom.runtime.judge import Exercise, judge
from fathom.runtime.kernel import Kernel, collect
from fathom.runtime.sandbox import Limits
from fathom.runtime.shelter import Shelter
from tests.hostile.bench import ENVIRONMENT, ROOT, SIBLING, SMALL, Bench, Ordinary
from tests.hostile.escapes import ESCAPES
from tests.hostile.snippets import MEMORY, OTHERWISE, SNIPPETS

EVERY = [*SNIPPETS, *ESCAPES]
TOKEN = f"canary-{os.urandom(8).hex()}"


@pytest.fixture(scope="module", params=["root", "ordinary"])
def bench(request):
    if sys.platform != "linux":
        pytest.skip("the sandbox needs Linux")
    root = os.geteuid() == 0
    if request.param == "root" and not root:
        pytest.skip("these tests do not run as root")
    ordinary = request.param == "ordinary" and root
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # so that only the sandbox keeps anybody out
        for name, value in (ENVIRONMENT | {"FATHOM_CANARY": TOKEN}).items():
            patch.setenv(name, value)
        made = Bench(Ordinary("nothing") if ordinary else Shelter("nothing"), Path(folder))
        if made.shelter.mode != {"root": "root", "ordinary": "user"}[request.param]:
            missing = " ".join(made.shelter.missing)
            made.close()
            pytest.skip(f"this kernel does not allow it: {missing}")
        yield made
        made.close()


@pytest.mark.parametrize("snippet", EVERY, ids=lambda snippet: snippet.name)
def test_nothing_escapes_and_the_learner_is_told(bench, snippet):
    if isinstance(bench.shelter, Ordinary) and snippet.name not in OTHERWISE:
        pytest.skip("it is kept in the same way from children of root")
    printed, _code, why = bench.run(snippet.code, **snippet.limits)
    assert "ESCAPED" not in printed
    assert re.search(snippet.told, printed + why), (printed[-500:], why)
    assert why.count("\n") == 0
    assert bench.victim.poll() is None
    assert bench.secret.read_text() == "hush-hush"
    assert bench.sibling_lives()


def test_there_are_forty_snippets_and_more():
    names = {snippet.name for snippet in EVERY}
    assert len(EVERY) == len(names) >= 40
    assert names > OTHERWISE


def test_the_tables_name_every_snippet_and_no_other():
    table = (ROOT / "docs" / "security.md").read_text("utf-8")
    names = {snippet.name for snippet in EVERY}
    said = {name for row in re.findall(r"tested: (.*?) \|", table) for name in row.split("; ")}
    assert said == names


CANARY = re.compile(r"canary-[0-9a-f]{16}")
SEARCH = (
    MEMORY
    + """
import re, sys
own = 'canary-' + 'e' * 16  # to see that it looks well
mark, found, seen = re.compile(rb'canary-[0-9a-f]{16}'), set(), 0
def look(data):
    global seen
    seen += len(data)
    found.update(mark.findall(data))
for data in memory():
    look(data)
system = ('/usr', '/bin', '/sbin', '/lib', '/lib64', '/nix', '/sys', sys.prefix, sys.base_prefix)
for top, folders, names in os.walk('/'):
    folders[:] = [one for one in folders if os.path.join(top, one) not in system]
    if top.startswith('/proc'):
        names = [one for one in names if one in ('environ', 'cmdline', 'stat', 'maps')]
        folders[:] = [one for one in folders if top == '/proc' and one.isdigit()]
    if not top.startswith('/dev'):
        for name in names:
            try: look(open(os.path.join(top, name), 'rb').read(1 << 20))
            except OSError: pass
print(seen, *(one.decode() for one in found))
"""
)


@pytest.mark.parametrize("child", ["a script", "a cell", "an attempt"])
def test_no_canary_of_the_server_is_found_in_a_child(bench, child):
    """Not in its memory, nor in any file or process that it can see."""
    labels, answer = (f"canary-{os.urandom(8).hex()}" for _ in range(2))
    (bench.secret.parent / "labels.json").write_text(labels)
    other = bench.call(bench.start(f"answer = '{answer}'\n{SIBLING}"))
    assert bench.call(other.out.read("stdout"))
    if child == "a script":
        said, _, why = bench.run(SEARCH, memory=512 << 20, cpu=20.0, wall=60.0)
    elif child == "a cell":
        kernel = Kernel(bench.shelter)
        (shown,) = bench.call(collect(kernel.run(SEARCH)))
        bench.call(kernel.close())
        said, why = shown.text, ""
    else:
        loss = Exercise.read(ROOT / "tests" / "runtime" / "exercises" / "loss")
        loss = replace(loss, check=f"{loss.check}\nHIDDEN = '{labels}'\n")
        said, why = bench.call(judge(bench.shelter, loss, SEARCH)).printed, ""
    other.close()
    assert why == ""
    assert int(said.split()[0]) > 1 << 20
    assert CANARY.findall(said) == ["canary-" + "e" * 16]


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


INSIDE = """
import ctypes, os, resource, tempfile
own = int(next(line for line in open("/proc/self/status") if line[:7] == "VmData:").split()[1])
print(oct(os.umask(0)), tempfile.gettempdir(), ctypes.CDLL(None).prctl(27, 0, 0, 0, 0))
print(resource.getrlimit(resource.RLIMIT_DATA)[1] - 1024 * own)
"""


def test_a_child_has_what_the_sandbox_gives_it(bench):
    """Files for itself alone, a scratch folder, no way back to root, memory up to its limit."""
    printed, exit_code, why = bench.run(INSIDE, memory=100 << 20)
    assert (exit_code, why) == (0, "")
    first, room = printed.splitlines()
    assert first == f"0o77 /scratch {0x2F}"
    assert int(room) < 101 << 20


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
