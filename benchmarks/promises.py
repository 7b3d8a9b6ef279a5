"""Keep every promise over several seeds, and the contract; write docs/promises.md.

    python -m benchmarks.promises [NAME ...] [--seeds 5]

Only what is not in the ledger (docs/promises.json) for the present state of an experiment's file
is run, so it can be cut off at any time and goes on where it was.
CIFAR-10 is taken from FATHOM_DATA, the cache or the net.
"""

import argparse
import importlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import torch

from benchmarks import ledger
from benchmarks.ledger import ROOT, Entry
from benchmarks.machine import cores, processor
from fathom.data import cifar10, photographs
from fathom.lab.config import configure
from fathom.lab.experiment import Bound, Experiment, Promise, describe
from fathom.zoo import EXPERIMENTS

PAGE = ROOT / "docs" / "promises.md"
TITLE = """# Promises

Every experiment promises something about numbers in its last frame.
This table is written by `make promises` from what it kept in `promises.json`.
Worst and median are over the seeds; a name leads to the tests of the experiment.
The seconds are CPU seconds of one run without a viewer, of all threads together, the median.

"""
HEAD = """| experiment | promise | kept | worst | median | CPU seconds | how it was measured |
|---|---|---|---|---|---|---|
"""


def main(words: list[str]) -> int:
    """Run what the command line names; 1 if a promise or the contract was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(EXPERIMENTS))
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds, from 0")
    asked = parser.parse_args(words)
    unknown = [name for name in asked.names if name not in EXPERIMENTS]
    if unknown or asked.seeds < 1:
        parser.error(f"there is no {unknown[0]}" if unknown else "it takes a seed at least")
    good = True
    for name in asked.names or EXPERIMENTS:
        good &= prove(name, asked.seeds)
        PAGE.write_text(TITLE + HEAD + "".join(table(ledger.read())))
    return int(not good)


def prove(name: str, seeds: int) -> bool:
    """Run what is missing, and keep each result at once; whether all is well."""
    module = importlib.import_module(f"fathom.zoo.{name}")
    said = describe(module)
    if not ledger.proved(name):
        hold_to_contract(name)
    for promise in said.promises:
        for seed in range(seeds):
            found = ledger.entry(ledger.read(), name)["seeds"].get(str(promise), {})
            if str(seed) not in found:
                keep(name, str(promise), seed, measure(module, promise, seed) | {"how": how(said)})
    entry = ledger.entry(ledger.read(), name)
    return entry["contract"] and all(is_kept(promise, entry) for promise in said.promises)


def hold_to_contract(name: str) -> None:
    """The whole contract of all experiments, in a process of its own."""
    tests = [sys.executable, "-m", "pytest", "-q", "tests/test_experiments.py", "-m", "contract"]
    done = subprocess.run([*tests, "--experiment", name], cwd=ROOT, check=False)
    entries = ledger.read()
    ledger.entry(entries, name)["contract"] = done.returncode == 0
    ledger.write(entries)


def measure(module: Any, promise: Promise, seed: int) -> Entry:
    """What comes out for one seed."""
    config = configure(module.Config, promise.when | {"seed": seed})
    started = time.process_time()  # a machine that is busy otherwise does not count
    *_, last = module.run(config)
    seconds = time.process_time() - started
    numbers, _ = last.draw()
    values = {bound.metric: numbers[bound.metric] for bound in promise.bounds}
    return {"values": values, "seconds": round(seconds, 2)}


def keep(name: str, promise: str, seed: int, found: Entry) -> None:
    """Note one result."""
    entries = ledger.read()
    ledger.entry(entries, name)["seeds"].setdefault(promise, {})[str(seed)] = found
    ledger.write(entries)
    print(f"{name} seed {seed}: {found['values']}, {found['seconds']} s", flush=True)


def is_kept(promise: Promise, entry: Entry) -> bool:
    """Whether every seed kept it."""
    found = entry["seeds"].get(str(promise), {}).values()
    return bool(found) and all(promise.holds(one["values"]) for one in found)


def table(entries: dict[str, Entry]) -> Iterator[str]:
    """A row for each bound of each promise that was measured, in the order of the course."""
    for name in EXPERIMENTS:
        for promise in describe(importlib.import_module(f"fathom.zoo.{name}")).promises:
            seeds = entries.get(name, {}).get("seeds", {})
            found = list(seeds.get(str(promise), {}).values())
            for bound in promise.bounds if found else ():
                yield row(name, promise, bound, found)


def row(name: str, promise: Promise, bound: Bound, found: list[Entry]) -> str:
    """One line of the table."""
    values = [one["values"][bound.metric] for one in found]
    kept = sum(bound.holds(one["values"]) for one in found)
    worst = min(values) if bound.relation == ">=" else max(values)
    seconds = statistics.median(one["seconds"] for one in found)
    when = ", ".join(f"{knob}={value}" for knob, value in promise.when.items())
    said = f"{bound} when {when}" if when else str(bound)
    test = Path("tests") / "zoo" / f"test_{name}.py"
    named = f"[`{name}`](../{test.as_posix()})" if (ROOT / test).exists() else f"`{name}`"
    figures = f"{worst:.4g} | {statistics.median(values):.4g} | {seconds:.1f}"
    return f"| {named} | {said} | {kept} of {len(found)} | {figures} | {found[-1]['how']} |\n"


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
