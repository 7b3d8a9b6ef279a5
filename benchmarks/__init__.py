"""What Fathom costs, measured beside the plain ways of doing the same.

`python -m benchmarks [NAME ...] [--quick]` measures and writes docs/benchmarks.md.
Every comparison is a ratio of two things that take turns in short slices, because one
figure taken after the other says more about a noisy machine than about either.

A part is a module with TITLE, QUICK (what `measure` is called with for a quick look) and
`measure(...) -> Measured`. Its docstring says how it was measured, in the generated page too.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    "watching",
    "click",
    "knob",
    "viewers",
    "soak",
    "tracking",
    "cifar10_speed",
    "cifar10_accuracy",
    "cifar10_fast",
    "page",
    "sandbox_setup",
    "kernels",
    "checks",
    "clusters",
)
