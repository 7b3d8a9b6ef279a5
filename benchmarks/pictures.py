"""CIFAR-10 for the benchmarks: the user's own, or rebuilt from shared data, or random."""

import contextlib
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks import ROOT
from fathom.data import cifar10

KEPT = ROOT / ".cache"  # the tests build theirs here too


@dataclass(frozen=True)
class Source:
    """Where the pictures are, and what they are."""

    folder: Path  # what FATHOM_DATA has to be
    words: str
    real: bool = True


@contextlib.contextmanager
def pictures(count: int = 10_000) -> Iterator[Source]:
    """Have CIFAR-10 where this process and its children find it.

    count: random pictures in each of the six files, where nothing better is there.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source = _found() or _rebuilt() or _random(Path(scratch), count)
        with patch.dict(os.environ, {"FATHOM_DATA": str(source.folder)}):
            yield source


def _found() -> Source | None:
    folder = cifar10.find()
    if folder is None and (KEPT / cifar10.FOLDER / cifar10.META).is_file():
        folder = KEPT / cifar10.FOLDER
    if folder is None:
        return None
    if cifar10.untouched(folder):
        return Source(folder.parent, "The pictures are the untouched ones of CIFAR-10.")
    return Source(
        folder.parent,
        "The pictures are CIFAR-10 with its exact labels, but with pixels that went through JPEG: "
        "an accuracy on the untouched ones may differ a little.",
    )


def _rebuilt() -> Source | None:
    """Built once from the shared data, if that is there."""
    named = os.environ.get("FATHOM_SHARED_DATA")
    shared = Path(named) if named else ROOT.parent / "shared" / "data"
    builder = shared / "cifar10" / "rebuild_cifar10.py"
    if not builder.is_file():
        return None
    KEPT.mkdir(exist_ok=True)
    subprocess.run([sys.executable, builder, KEPT], check=True, stdout=subprocess.DEVNULL)
    return _found()


def _random(scratch: Path, count: int) -> Source:
    """Pictures of the same size without any meaning: good for speed, not for accuracy."""
    folder = scratch / cifar10.FOLDER
    folder.mkdir()
    chance = np.random.default_rng(0)
    for name in (*cifar10.TRAIN, cifar10.TEST):
        labels = chance.integers(0, 10, count).tolist()
        data = chance.integers(0, 256, (count, 3072), dtype=np.uint8)
        (folder / name).write_bytes(pickle.dumps({"data": data, "labels": labels}))
    names = {"label_names": [f"class {number}" for number in range(10)]}
    (folder / cifar10.META).write_bytes(pickle.dumps(names))
    return Source(
        scratch,
        "CIFAR-10 is not on this machine: the pictures are random ones of the same size.",
        real=False,
    )
