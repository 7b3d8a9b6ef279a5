"""`python -m benchmarks [NAME ...] [--quick]`: measure, and write docs/benchmarks.md."""

import argparse
import importlib
import sys
from typing import Any

from rich.console import Console

from benchmarks import PARTS, ROOT
from benchmarks.figures import Measured
from benchmarks.machine import Conditions
from benchmarks.report import PAGE, show, write

TOO_LITTLE = "This part needs its time: it is left out with --quick."


def run(name: str, quick: bool) -> tuple[Measured, dict[str, Any]]:
    """One part, and the conditions under which it was measured."""
    part = importlib.import_module(f"benchmarks.{name}")
    conditions = Conditions()
    if quick and part.QUICK is None:
        measured = Measured(skipped=TOO_LITTLE)
    else:
        measured = part.measure(**(part.QUICK if quick else {}))
    return measured, conditions.over()


def main(words: list[str]) -> int:
    """Measure what was named, or everything; 1 when a part could not be measured.

    Each part is written as soon as it is measured, so that one can be cut off, or done again.
    """
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("parts", metavar="NAME", nargs="*", help=", ".join(PARTS))
    reader.add_argument("--quick", action="store_true", help="a rough look; writes nothing")
    asked = reader.parse_args(words)
    unknown = [name for name in asked.parts if name not in PARTS]
    if unknown:
        reader.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    console = Console()
    failed = []
    for name in asked.parts or PARTS:
        with console.status(f"{name} ..."):
            try:
                found = run(name, asked.quick)
            except Exception:  # the other parts can be measured all the same
                console.print_exception()
                failed.append(name)
                continue
        show(console, name, *found)
        if not asked.quick:
            write(PAGE, {name: found})
            console.print(f"Written: {PAGE.relative_to(ROOT)}")
    if failed:
        console.print(f"Not measured: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
