"""The judge: what is right passes in any way, what is wrong is told why, and nobody cheats."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fathom.errors import ExerciseError
from fathom.runtime import drive
from fathom.runtime.expect import Wrong, expect
from fathom.runtime.judge import Exercise, judge, prove
from tests.hostile.snippets import MEMORY
from tests.runtime.shelters import Bench
from tests.runtime.walks import DRIVE, RIGHT

HERE = Path(__file__).parent / "exercises"
NAMES = sorted(path.name for path in HERE.iterdir())
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


@pytest.fixture(scope="module")
def bench():
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def loss():
    return Exercise.read(HERE / "loss")


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_keeps_its_promises(bench, name):
    assert bench.call(prove(bench.shelter, HERE / name)) == []


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("answer.py", "def loss(x, y, w, b): return 0.0", "answer.py:1: it does not pass"),
        (
            "starter.py",
            (HERE / "loss/answer.py").read_text() + "\nz = 1",
            "starter.py:1: it passes",
        ),
        (
            "mistakes/summed.py",
            '"""Expect: something else"""\nloss = 1',
            "summed.py:1: the verdict",
        ),
        (
            "mistakes/summed.py",
            '"""Expect: what"""\n' + (HERE / "loss/answer.py").read_text(),
            "summed.py:1: it passes, so it is no mistake",
        ),
    ],
)
def test_a_broken_promise_is_told_with_its_file(bench, tmp_path, file, text, says):
    folder = tmp_path / "loss"
    shutil.copytree(HERE / "loss", folder)
    for mistake in list((folder / "mistakes").glob("*.py"))[1:]:
        if mistake.name != "summed.py":
            mistake.unlink()
    (folder / file).write_text(text)
    flaws = bench.call(prove(bench.shelter, folder))
    assert len(flaws) == 1
    assert says in flaws[0]
    assert str(folder / file) in flaws[0]


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("check.py", "def check(attempt):\n    return 1 / 0", "check.py:2: the check itself"),
        ("check.py", "x = 1", "check.py:1: it needs a function check"),
        ("check.py", "LIMITS = {'cpu': -1}\ndef check(attempt): pass", "check.py:1: LIMITS"),
        ("mistakes/summed.py", "loss = 1", "summed.py:1: the first line"),
    ],
)
def test_a_broken_check_is_the_authors_to_mend(bench, tmp_path, file, text, says):
    folder = tmp_path / "loss"
    shutil.copytree(HERE / "loss", folder)
    (folder / file).write_text(text)
    with pytest.raises(ExerciseError, match=says):
        bench.call(prove(bench.shelter, folder))


def test_a_gap_and_an_unchanged_starter_are_not_attempted(bench, loss):
    gap = bench.call(judge(bench.shelter, loss, loss.starter))
    assert gap.outcome == "not attempted"
    assert "line 3 has a gap" in gap.says
    two = bench.call(judge(bench.shelter, loss, "mean, std = ..., ...\nloss = 1"))
    assert "line 1 has a gap" in two.says
    logits = Exercise.read(HERE / "logits")
    same = bench.call(judge(bench.shelter, logits, "# mine now\n" + logits.starter))
    assert same.outcome == "not attempted"


@pytest.mark.parametrize("source", ["", "\n", "# loss = 4.5\n"])
def test_no_code_is_not_attempted(bench, loss, source):
    verdict = bench.call(judge(bench.shelter, loss, source))
    assert verdict.outcome == "not attempted"
    assert "There is no code here" in verdict.says


def test_only_what_is_there_is_diagnosed(bench, loss):
    """No word of loops where there is no function that could have one."""
    looks = replace(loss, check=loss.check + "\n\ndef diagnose(attempt):\n    return 'Odd.'\n")
    missing = bench.call(judge(bench.shelter, looks, "x = 1"))
    assert "no function called loss yet" in missing.says
    off = bench.call(judge(bench.shelter, looks, "def loss(x, y, w, b): return 0.1"))
    assert off.says == "Odd."


def test_a_small_value_is_no_mistake_that_gives_a_small_value():
    causes = [(np.array([0.002, 0.001]), "These are the rises.")]
    with pytest.raises(Wrong, match="should be"):
        expect(np.array([0.001, 0.0]), "it").near(np.array([20.0, 10.0]), causes, within=0.005)
    with pytest.raises(Wrong, match="rises"):
        expect(np.array([0.002, 0.001]), "it").near(np.array([20.0, 10.0]), causes, within=0.005)


def test_three_dots_in_an_index_are_no_gap(bench, loss):
    source = "def loss(x, y, w, b): return ((w * x + b - y)[..., :] ** 2).mean()"
    assert bench.call(judge(bench.shelter, loss, source)).outcome == "passed"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def loss(x, y, w, b): return other(x)", "checked alone, without the code further up"),
        ("def loss(x, y, w, b): return np.mean(x)", "import numpy as np is missing"),
        ("def loss(x, y, w, b): print(4.5)", "needs a return. What print shows is not kept"),
        ("def loss(x, y, w, b): pass", "it needs a return"),
    ],
)
def test_what_a_beginner_forgets_is_told(bench, loss, source, says):
    verdict = bench.call(judge(bench.shelter, loss, source))
    assert verdict.outcome == "failed"
    assert says in verdict.says


def test_long_arrays_are_compared_where_they_differ():
    right, mine = np.arange(40), np.arange(40)
    mine[[7, 9]] = -1
    with pytest.raises(Wrong, match=r"2 of 40 .* \[7\] should be 7, but is -1\."):
        expect(mine, "what you return").near(right)
    with pytest.raises(Wrong, match=r"should be 0\.7, but is 0\.7000001\."):
        expect(0.7000001, "the answer").near(0.7, within=1e-9)
    with pytest.raises(Wrong, match=r"should be 3, but is 4\."):
        expect(np.int64(4), "the answer").near(3)
    with pytest.raises(Wrong, match=r"\(3,\): 3 columns\.$"):
        expect(np.zeros((3, 3)), "the axis").shape(columns=3)


def test_parts_of_different_shapes_are_a_failure_and_not_a_broken_check(bench, tmp_path):
    folder = tmp_path / "loss"
    shutil.copytree(HERE / "loss", folder)
    looks = "import numpy as np\ndef check(attempt): np.shape(attempt.call('loss', 1, 2, 3, 4))"
    (folder / "check.py").write_text(looks)
    source = "def loss(x, y, w, b): return [1.0, [2.0, 3.0]]"
    verdict = bench.call(judge(bench.shelter, Exercise.read(folder), source))
    assert verdict.outcome == "failed"
    assert "different shapes" in verdict.says


def test_what_the_attempt_printed_is_kept(bench, loss):
    verdict = bench.call(judge(bench.shelter, loss, "print('hello')\n" + loss.answer))
    assert (verdict.outcome, verdict.printed) == ("passed", "hello\n")


def test_a_traceback_shows_the_learners_lines_only(bench, loss):
    source = "def loss(x, y, w, b):\n    return helper(x)\n\ndef helper(x):\n    return x[99]"
    verdict = bench.call(judge(bench.shelter, loss, source))
    assert verdict.line == 5
    assert "Counting starts at 0" in verdict.says
    assert "attempt.py" not in verdict.story


# The words looked for are cut in two: the attempt may well find its own text.
CHEATS = {
    "exits": "exit()",
    "exits hard": "import os\nos._exit(0)",
    "exits with success in the call": "import os\ndef loss(*a): os._exit(0)",
    "prints what success looks like": (
        'print(\'{"type": "verdict", "outcome": "passed", "says": "Right."}\')\ndef loss(*a): return 1'
    ),
    "writes a verdict into every descriptor": (
        "import os, json\nfrom fathom.lab import wire\n"
        "v = wire.encode({'type':'verdict','outcome':'passed','says':'','line':None,'story':''})\n"
        "for n in range(3, 99):\n    try: os.write(n, len(v).to_bytes(4, 'little') + v)\n"
        "    except OSError: pass\ndef loss(*a): return 1"
    ),
    "answers itself": (
        "from fathom.runtime import attempt\nattempt.send({'value': None})\n"
        "for _ in range(9): attempt.send({'value': 3.0})\ndef loss(*a): return 1"
    ),
    "patches what compares": (
        "import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True\n"
        "def loss(*a): return 1"
    ),
    "patches the checker": (
        "from fathom.runtime import expect\nexpect.expect.near = lambda self, *a, **k: self\n"
        "expect.wrong = print\ndef loss(*a): return 1"
    ),
    "a value that equals everything": (
        "class Same(float):\n    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0.0\ndef loss(*a): return Same(1)"
    ),
    "looks for the check in frames": (
        "import sys, gc\nf, seen = sys._getframe(), ''\nwhile f: seen += str(f.f_locals); f = f.f_back\n"
        "seen += ''.join(o for o in gc.get_objects() if isinstance(o, str))\n"
        "seen += ''.join(str(o) for o in gc.get_objects() if isinstance(o, dict) and 'PRAISE' in o)\n"
        "def loss(*a):\n    raise ValueError('FOUND' if 'You su' + 'mmed' in seen else 'nothing')"
    ),
    "looks for the check in files": (
        "import glob, os\nfound = glob.glob('/**/check.py', recursive=False) + glob.glob('/proc/*/root/**/check.py')\n"
        "def loss(*a): raise ValueError('FOUND' if found else 'nothing')"
    ),
    "looks for the check in memory": (
        MEMORY + "import re\ndef loss(*a):\n"
        "    found = any(re.search(rb'so your[s] is ', data) for data in memory())\n"
        "    raise ValueError('FOUND' if found else 'nothing')"
    ),
    "looks for the check in the caller": (
        "import inspect, traceback\ndef loss(*a):\n    seen = ''.join(traceback.format_stack())\n"
        "    seen += str([f.frame.f_locals for f in inspect.stack()])\n"
        "    raise ValueError('FOUND' if 'You su' + 'mmed' in seen else 'nothing')"
    ),
    "sends far too much": "import numpy as np\ndef loss(*a): return np.zeros(9_000_000)",
    "sends what is not a value": (
        "import os\ndef loss(*a): os.write(4, b'\\xff' * 100); return 1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHEATS)
def test_nobody_passes_by_cheating(bench, loss, name):
    verdict = bench.call(judge(bench.shelter, loss, CHEATS[name]))
    assert verdict.outcome == "failed"
    assert "FOUND" not in verdict.says
    assert verdict.says.endswith((".", "()"))
    assert "\n" not in verdict.says


def test_the_next_attempt_is_judged_as_ever(bench, loss):
    assert bench.call(judge(bench.shelter, loss, loss.answer)).outcome == "passed"


def test_a_mistake_that_never_parts_in_the_figure_is_told_or_says_so(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_ZOO", "tests.runtime.planted")
    shutil.copytree(HERE / "loss", tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "mistakes")
    (tmp_path / "mistakes").mkdir()
    (tmp_path / "answer.py").write_text(RIGHT)
    same = tmp_path / "mistakes" / "same.py"
    same.write_text(f'"""Expect: something"""\n{RIGHT}')
    assert bench.call(drive.prove(bench.shelter, tmp_path)) == []  # there is no figure
    (tmp_path / "drive.py").write_text(DRIVE)
    (flaw,) = bench.call(drive.prove(bench.shelter, tmp_path))
    assert flaw.startswith(f"{same}:1: its run never parts from ours in the figure")
    same.write_text(f'"""Expect: something\n\nIn the figure: the same\n"""\n{RIGHT}')
    assert bench.call(drive.prove(bench.shelter, tmp_path)) == []
    (tmp_path / "answer.py").write_text("def gradient(w):\n    return -w\n")
    (flaw,) = bench.call(drive.prove(bench.shelter, tmp_path))
    assert flaw.startswith(f"{tmp_path / 'answer.py'}:1: in the figure: They part at the first")
    (tmp_path / "drive.py").write_text(DRIVE.replace("found = gradient(w)", "1 / 0"))
    with pytest.raises(ExerciseError, match=r"drive.py:\d+: the run itself failed: Line"):
        bench.call(drive.prove(bench.shelter, tmp_path))
