"""Run a command so that it always ends, says why, and leaves nothing running.

    guard.py SECONDS -- COMMAND...

- no standard input, whoever started us;
- after SECONDS every process below gets SIGABRT: Python with faulthandler prints all stacks;
- orphans come to us (PR_SET_CHILD_SUBREAPER): at the end they are named and killed. One that
  held our stdout would keep whoever reads it waiting for ever, long after the command's exit.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def below(pid: int) -> list[int]:
    """Every descendant, the nearest first."""
    found = [pid]
    for one in found:
        for thread in Path(f"/proc/{one}/task").glob("*"):
            with contextlib.suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found[1:]


def tell(text: str) -> None:
    """Print at once, marked as ours."""
    print(f"guard: {text}", flush=True)


def describe(pid: int) -> str:
    """What a process is, and where in the kernel it waits."""
    try:
        words = (
            Path(f"/proc/{pid}/cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode(errors="replace")[:160]
        )
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return f"{pid} {state} {words or Path(f'/proc/{pid}/comm').read_text().strip()}"
    except OSError:
        return f"{pid} (gone)"


def signal_all(number: signal.Signals) -> None:
    """Send a signal to every process below."""
    for pid in below(os.getpid()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def reap(codes: dict[int, int]) -> None:
    """Collect what ended: our child, and orphans. A zombie that nobody collects still answers."""
    try:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])
    except ChildProcessError:
        pass


def settle(codes: dict[int, int], patience: float) -> list[int]:
    """Who still runs when everything had time to end by itself."""
    late = time.monotonic() + patience
    while True:
        reap(codes)
        if not (left := below(os.getpid())) or time.monotonic() > late:
            return left
        time.sleep(0.05)


def watch(child: int, codes: dict[int, int], limit: float) -> int:
    """Wait for the command; its exit code, or 124 when it had to be ended."""
    started = time.monotonic()
    while child not in codes:
        time.sleep(0.1)
        reap(codes)
        if time.monotonic() - started > limit:
            tell(f"not over after {limit:.0f} s. What runs:")
            for pid in below(os.getpid()):
                tell("  " + describe(pid))
            signal_all(signal.SIGABRT)
            settle(codes, 10)
            return 124
    tell(f"exit {codes[child]} after {time.monotonic() - started:.0f} s")
    return codes[child]


def main() -> int:
    """The command's exit code, 124 when it did not end."""
    limit, command = float(sys.argv[1]), sys.argv[sys.argv.index("--") + 1 :]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    codes: dict[int, int] = {}
    try:
        # its own process group: a SIGTERM to ours reaches us first, and we end the rest in order
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0).pid
        code = watch(child, codes, limit)
    finally:
        if left := settle(codes, 5):
            tell("left running (a defect), killed: " + "; ".join(map(describe, left)))
            signal_all(signal.SIGKILL)
            settle(codes, 5)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
