"""Keep every promise over several seeds, and write docs/promises.md.

    python -m benchmarks.promises [NAME ...] [--seeds 5]

Only the experiments that are named run again; the rows of the others stay as they are.
CIFAR-10 is taken from FATHOM_DATA, the cache or the net.
"""

import argparse
import importlib
import os
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import torch

from benchmarks.machine import cores, processor
from fathom.data import cifar10, photographs
from fathom.lab.config import configure
from fathom.lab.experiment import Experiment, describe
from fathom.zoo import EXPERIMENTS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "promises.md"
TITLE = """# Promises

Every experiment promises something about a number in its last frame.
This table is written by `python -m benchmarks.promises`; `make slow` tests the same promises.
Worst and median are over the seeds.
The seconds are CPU seconds of one run without a viewer, of all threads together, the median.

"""
HEAD = """| experiment | promise | kept | worst | median | CPU seconds | how it was measured |
|---|---|---|---|---|---|---|
"""


def main(words: list[str]) -> int:
    """Run what the command line names; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(EXPERIMENTS))
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds, from 0")
    asked = parser.parse_args(words)
    unknown = [name for name in asked.names if name not in EXPERIMENTS]
    if unknown or asked.seeds < 1:
        parser.error(f"there is no {unknown[0]}" if unknown else "it takes a seed at least")
    rows = read()
    broken = 0
    for name in asked.names or EXPERIMENTS:
        rows[name], kept = measure(name, asked.seeds)
        broken += asked.seeds - kept
        print(rows[name], flush=True)
        PAGE.write_text(TITLE + HEAD + "".join(rows[one] for one in EXPERIMENTS if one in rows))
    return int(broken > 0)


def read() -> dict[str, str]:
    """The rows of the page as it is, by experiment."""
    if not PAGE.exists():
        return {}
    lines = PAGE.read_text().splitlines(keepends=True)
    return {line.split("`")[1]: line for line in lines if line.startswith("| `")}


def measure(name: str, seeds: int) -> tuple[str, int]:
    """The row of an experiment, and for how many seeds it kept its promise."""
    module = importlib.import_module(f"fathom.zoo.{name}")
    said = describe(module)
    values, seconds, kept = [], [], 0
    for seed in range(seeds):
        config = configure(module.Config, said.promise.when | {"seed": seed})
        started = time.process_time()  # a machine that is busy otherwise does not count
        *_, last = module.run(config)
        seconds.append(time.process_time() - started)
        numbers, _ = last.draw()
        values.append(numbers[said.promise.metric])
        kept += said.promise.holds(numbers)
        print(f"{name} seed {seed}: {values[-1]:.4f}, {seconds[-1]:.1f} s", file=sys.stderr)
    worst = min(values) if said.promise.relation == ">=" else max(values)
    figures = f"{worst:.4g} | {statistics.median(values):.4g} | {statistics.median(seconds):.1f}"
    row = f"| `{name}` | {said.promise} | {kept} of {seeds} | {figures} | {how(said)} |\n"
    return row, kept


def how(said: Experiment) -> str:
    """On what, with what, when; and whether the data are the original ones."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    parts = [
        f"{processor()}, {cores()} cores, load {busy:.0f}",
        f"torch {torch.__version__}",
        date.today().isoformat(),
    ]
    if said.name == "cats_and_dogs" and (photos := photographs.find()):
        parts.append(f"photographs of {photos.name}")
    elif said.name in ("cifar10", "cifar10_fast", "augmentation", "cats_and_dogs"):
        folder = cifar10.find()
        if folder and not cifar10.untouched(folder):
            parts.append(
                "labels exact, but most pixels re-encoded by JPEG: not the original CIFAR-10"
            )
    return "; ".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
