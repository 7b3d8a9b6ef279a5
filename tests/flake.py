"""What could fail by chance, twenty times on a busy machine: `make flake`.

Run as `python -m tests.flake [WORDS FOR PYTEST]`. As many processes as there are cores do nothing
but count, so that each test gets half of a core: what rests on being quick shows itself here.
"""

import os
import signal
import subprocess
import sys
import time

from tests.conftest import ROOT

ROUNDS = 20
MOST = 20 * 60  # seconds; where it takes longer, a test has become too slow for this
HOSTILE = "tests/hostile/test_hostile.py"
CHANCE = (  # where processes, sockets, the sandbox and the browser are; a minute of them, so loaded
    "tests/runtime/test_runner.py",
    "tests/runtime/test_queue.py",
    "tests/runtime/test_kernel.py",
    "tests/runtime/test_shelter.py",
    "tests/runtime/test_channel.py",
    "tests/runtime/test_judge.py::test_nobody_passes_by_cheating",
    "tests/web/test_live.py",
    "tests/web/test_exercises.py",
    f"{HOSTILE}::test_nothing_escapes_and_the_learner_is_told[root-fork bomb that swallows errors]",
    f"{HOSTILE}::test_nothing_escapes_and_the_learner_is_told[root-memory in many processes]",
    f"{HOSTILE}::test_nothing_escapes_and_the_learner_is_told[root-kill everybody]",
    f"{HOSTILE}::test_nothing_that_was_started_is_left",
    f"{HOSTILE}::test_a_child_of_a_dead_keeper_ends",
    "tests/browser/test_lab.py::test_the_learning_rate_is_turned_while_it_runs_and_the_loss_reacts",
    "tests/browser/test_lab.py::test_a_killed_worker_is_explained_and_the_run_started_again",
)
COUNT = "while True: pass"


def main() -> int:
    """0 when no test failed in any round."""
    loads = [subprocess.Popen([sys.executable, "-c", COUNT]) for _ in range(os.cpu_count() or 1)]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-k=not spawning",
        f"--rounds={ROUNDS}",
        *CHANCE,
    ]
    began = time.monotonic()
    tests = subprocess.Popen([*command, *sys.argv[1:]], cwd=ROOT)
    try:
        code = tests.wait(MOST)
    except subprocess.TimeoutExpired:
        tests.send_signal(signal.SIGABRT)  # all stacks
        tests.wait()
        print(f"Not {ROUNDS} rounds in {MOST // 60} minutes.")
        code = 1
    finally:
        for one in loads:
            one.kill()
            one.wait()
    print(f"{ROUNDS} rounds took {time.monotonic() - began:.0f} s.")
    return code


if __name__ == "__main__":
    sys.exit(main())
