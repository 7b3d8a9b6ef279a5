"""Runs and recordings on the command line, mostly as a person or a script meets it."""

import json
import os
import pty
import re
import signal
import subprocess
import sys

import pytest

from fathom.cli.ending import way_on
from fathom.cli.output import FAILED, GOOD, INTERRUPTED, WRONG_INPUT
from fathom.cli.story import Story
from fathom.lab import recording
from tests.cli.conftest import lines
from tests.conftest import PATIENCE, ROOT

ESCAPE = "\x1b"
BOASTS = '''"""A promise that is not kept.

Watch:   nothing
Promise: loss <= 1
Source:  made for the tests
"""

from dataclasses import dataclass

from fathom.lab import Frame, knob


@dataclass
class Config:
    loss: float = knob(2.0, 0.0, 9.0, "what comes out")


def run(config):
    yield Frame(0, of=0, loss=config.loss)
'''


# ---- a run


def test_json_has_every_step_that_is_asked_for_and_a_last_line_that_can_be_checked(run):
    code, out, err = run("run", "steady", "--steps", "12", "--seed", "3", "--json", "--every", "1")
    *steps, last = lines(out)
    assert (code, err) == (GOOD, "")
    assert [one["step"] for one in steps] == list(range(13))
    assert [one["values"]["total"] for one in steps] == list(range(13))
    assert steps[-1]["values"]["double"] == 24
    assert {name: last[name] for name in ("final", "experiment", "state", "step")} == {
        "final": True,
        "experiment": "steady",
        "state": "finished",
        "step": 12,
    }
    assert last["promise"] == {"text": None, "kept": None}  # nothing for so many steps
    assert last["values"]["double"] == 24
    assert (last["config"]["steps"], last["config"]["seed"], last["config"]["gain"]) == (12, 3, 1.0)
    assert last["seconds"] > 0
    assert "reason" not in last


def test_json_has_the_last_step_and_those_before_for_which_there_is_time(run):
    code, out, _ = run("run", "steady", "--json")
    *steps, last = lines(out)
    assert code == GOOD
    assert steps[-1]["step"] == 10
    assert [one["step"] for one in steps] == sorted({one["step"] for one in steps})
    assert last["promise"] == {"text": "double >= 20", "kept": True}
    assert [one["step"] for one in lines(run("run", "steady", "--json", "--every", "4")[1])] == [
        *(0, 4, 8, 10, 10)
    ]


def test_numbers_that_only_a_frame_has_are_not_those_of_the_first_until_the_end(run):
    _, out, _ = run("run", "steady", "--steps", "40", "--pace", "40")
    assert len(set(re.findall(r"^step .* double (\d+)", out, re.MULTILINE))) > 2


def test_a_kept_promise_is_said(run):
    code, out, _ = run("run", "steady")
    assert code == GOOD
    assert "Finished after 10 steps" in out
    assert "Promise kept: double >= 20; it is 20." in out
    assert "place: values from 10 to 10" in out
    assert ESCAPE not in out


def test_a_broken_promise_is_said_and_still_a_finished_run(run, environment, tmp_path):
    zoo = tmp_path / "boastful"
    zoo.mkdir()
    (zoo / "__init__.py").write_text('EXPERIMENTS = ("boasts",)\nWARM = ()\n')
    (zoo / "boasts.py").write_text(BOASTS)
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    own = environment | {"FATHOM_ZOO": "boastful", "PYTHONPATH": path}
    own["FATHOM_CACHE"] = str(tmp_path / "cache")
    code, out, _ = run("run", "boasts", env=own)
    assert (code, "Promise broken: loss <= 1; it is 2." in out) == (GOOD, True)
    code, out, _ = run("run", "boasts", "--json", env=own)
    assert (code, lines(out)[-1]["promise"]) == (GOOD, {"text": "loss <= 1", "kept": False})


def test_a_run_that_diverges_is_a_result_and_what_is_not_finite_is_null(run):
    code, out, err = run("run", "diverges", "--nan", "--json", "--every", "1")
    *steps, last = lines(out)
    assert code == GOOD
    assert [one["values"]["loss"] for one in steps] == [1.0, 3.0, 9.0]
    assert (last["state"], last["step"], last["values"]["loss"]) == ("failed", 3, None)
    assert "not a number any more at step 3" in last["reason"]
    assert last["promise"] == {"text": None, "kept": None}
    assert err == f"{last['reason']}\nTry:  fathom run diverges --nan on --lr 0.3\n"


def test_a_run_that_failed_kept_no_promise(run):
    code, out, _ = run("run", "diverges", "--json")
    assert (code, lines(out)[-1]["promise"]) == (GOOD, {"text": "loss <= 1", "kept": False})


def test_an_experiment_with_a_mistake_is_a_fault_of_ours(run):
    code, _, err = run("run", "breaks")
    assert (code, "breaks.py: IndexError" in err) == (FAILED, True)


def test_knobs_that_do_not_go_together_are_wrong_input(run):
    code, _, err = run("run", "still", "--a", "2")
    assert (code, err) == (WRONG_INPUT, "Error: a and b cannot be the same: turn one of them.\n")


def test_a_still_ends_after_its_only_frame(run):
    code, out, _ = run("run", "still", "--json")
    assert code == GOOD
    assert [one["step"] for one in lines(out)] == [0, 0]


def test_missing_data_ends_with_the_command_that_works(run):
    code, out, err = run("run", "lacks")
    assert code == WRONG_INPUT
    assert "looking: 50 %" in out
    assert "Error: The data is not here. Use what is near." in err
    assert "fathom run lacks --data near" in err


def test_the_way_on_keeps_the_other_knobs():
    story = Story()
    story.hear({"type": "run", "experiment": "mlp", "knobs": {"widths": "8 4", "data": "far"}})
    state = {"type": "state", "state": "failed", "step": 0, "of": 0, "why": "", "threads": 1}
    story.hear(state | {"instead": {"data": "near"}})
    assert way_on(story) == "fathom run mlp --widths '8 4' --data near"


def test_a_process_that_dies_is_a_failed_run(run):
    code, _, err = run("run", "dies")
    assert (code, err.startswith("Error: The process of this run")) == (FAILED, True)


def test_a_closed_pipe_ends_a_run_quietly(start):
    with start("run", "steady", "--steps", "1000000", "--json") as process:
        assert json.loads(process.stdout.readline())["step"] == 0
        process.stdout.close()
        assert process.wait(PATIENCE) == GOOD
        assert process.stderr.read() == ""


# ---- Ctrl-C


def test_ctrl_c_keeps_the_recording_and_says_how_to_look_at_it(start, tmp_path):
    path, small = tmp_path / "half run.fathom", tmp_path / "small"
    process = start(
        *("run", "steady", "--steps", "1000000", "--pause", "0.01"),
        *("--record", path, "--export", small),
    )
    while "step" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (INTERRUPTED, "")
    assert "Stopped at step" in out
    assert f"fathom replay '{path}'" in out
    messages = list(recording.read(path))
    assert messages[-1]["state"] == "stopped"
    assert [one["type"] for one in recording.read(small)] == [one["type"] for one in messages]


def test_a_second_ctrl_c_ends_at_once_also_when_the_run_hangs(start):
    with start("run", "stubborn") as process:
        while "step 0" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        while "Stopping" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == INTERRUPTED
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""


def test_a_run_that_hangs_is_stopped_by_one_ctrl_c(start):
    with start("run", "stubborn") as process:
        while "step 0" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (INTERRUPTED, "")
        assert "Stopped at step 0" in out


# ---- recordings


@pytest.fixture(scope="module")
def recorded(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded")
    path, small, png = folder / "run.fathom", folder / "small.fathom", folder / "run.png"
    code, out, _ = run("run", "steady", "--record", path, "--export", small, "--png", png)
    assert code == GOOD
    return path, small, png, out


def test_a_recording_and_its_export_replay_what_was_seen(recorded, run):
    path, small, png, out = recorded
    assert png.read_bytes().startswith(b"\x89PNG")
    assert small.stat().st_size < path.stat().st_size
    for file in (path, small):
        code, again, err = run("replay", file)
        assert (code, err) == (GOOD, "")
        assert "Promise kept: double >= 20; it is 20." in again
        assert again.splitlines()[:3] == out.splitlines()[:3]


def test_replay_gives_the_same_json_as_the_run(recorded, run):
    _, out, _ = run("replay", recorded[0], "--json")
    *steps, last = lines(out)
    assert steps[-1]["step"] == 10
    assert (last["final"], last["promise"]["kept"], last["values"]["double"]) == (True, True, 20)


def test_a_recording_that_was_cut_shows_what_there_is(recorded, run, tmp_path):
    whole = recorded[0].read_bytes()
    for cut in (whole[:-5], whole[: len(whole) // 2]):
        (tmp_path / "cut").write_bytes(cut)
        code, out, err = run("replay", tmp_path / "cut")
        assert code == GOOD
        assert "the end is missing" in out
        assert "before the end of the run" in err


def test_a_damaged_export_shows_what_came_before(recorded, run, tmp_path):
    (tmp_path / "cut").write_bytes(recorded[1].read_bytes()[:-30])
    code, out, err = run("replay", tmp_path / "cut")
    assert (code, "steady" in out) == (GOOD, True)
    assert "is damaged" in err
    (tmp_path / "other").write_bytes(b"no recording")
    code, _, err = run("replay", tmp_path / "other")
    assert (code, "is not a recording of Fathom" in err) == (WRONG_INPUT, True)


# ---- a real terminal


@pytest.mark.parametrize(("columns", "colour"), [(30, True), (80, False)])
def test_a_terminal_shows_what_moves_and_no_line_is_too_long(environment, columns, colour):
    own = environment | {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "30"}
    own |= {} if colour else {"NO_COLOR": "1"}
    ours, theirs = pty.openpty()
    words = ("run", "steady", "--steps", "30", "--pause", "0.05", "--views")
    with subprocess.Popen(
        [sys.executable, "-m", "fathom.cli", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=own,
        close_fds=True,
    ) as process:
        os.close(theirs)
        shown = read_all(ours)
        assert process.wait(PATIENCE) == GOOD
    assert "step 0 of 30" in shown or "step 1" in shown
    assert "━" in shown
    assert ("\x1b[38" in shown) == colour
    assert shown.rstrip().endswith("\x1b[?25h") or "\x1b[?25h" in shown  # the cursor is back
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert max(len(line) for part in plain.splitlines() for line in part.split("\r")) <= columns


def read_all(descriptor):
    parts = []
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # the other side is closed
            part = b""
        if not part:
            os.close(descriptor)
            return b"".join(parts).decode()
        parts.append(part)


def test_a_terminal_that_knows_only_ascii_gets_ascii(run, environment):
    code, out, _ = run("run", "steady", "--views", env=environment | {"PYTHONIOENCODING": "ascii"})
    assert code == GOOD
    assert out.isascii()
    assert "Promise kept" in out


# ---- data and doctor


def test_data_list_says_what_is_here(run):
    code, out, _ = run("data", "list", "--json")
    known = {one["name"]: one for one in lines(out)}
    assert (code, known["digits"]["present"]) == (GOOD, True)
    assert known["cifar10"]["megabytes"] > 100
    plain = run("data", "list")[1]
    assert "always here" in plain
    assert "never downloaded, you put them into FATHOM_DATA" in plain


def test_data_fetch_says_why_it_cannot(run, environment):
    offline = environment | {"FATHOM_OFFLINE": "1"}
    code, _, err = run("data", "fetch", "cifar10", env=offline)
    assert (code, err.startswith("Error: cifar10: CIFAR-10 is not on this machine")) == (1, True)
    nowhere = offline | {"FATHOM_DATA": "", "FATHOM_CACHE": environment["FATHOM_CACHE"]}
    code, _, err = run("data", "fetch", "photographs", env=nowhere)
    assert (code, "There are no photographs on this machine: put yours" in err) == (1, True)
    code, out, _ = run("data", "fetch", "digits", env=offline)
    assert (code, "digits is here" in out) == (GOOD, True)


def test_doctor_looks_at_everything_and_finds_what_is_wrong(run, environment, tmp_path):
    file = tmp_path / "file"
    file.write_text("in the way")
    own = environment | {"FATHOM_FORK": "never", "FATHOM_CACHE": str(file / "cache")}
    code, out, _ = run("doctor", "--json", env=own)
    *found, last = lines(out)
    verdicts = {one["name"]: one["verdict"] for one in found}
    assert (code, last) == (FAILED, {"final": True, "usable": False})
    assert (verdicts["Python"], verdicts["cache"]) == ("ok", "problem")
    assert verdicts["PyTorch"] in ("ok", "note")
    assert verdicts["quick start"] == "note"
    assert {"GPU", "SQLite", "cores", "memory", "sandbox", "kept", "data", "pages", "port"} <= set(
        verdicts
    )
    assert all(one["todo"] for one in found if one["verdict"] == "problem")
