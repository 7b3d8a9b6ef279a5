"""Make the weights anew, or measure those that came with Fathom.

    python -m fathom.pretrained train OUT [--epochs N] [--seed N] [--threads N]
    python -m fathom.pretrained test

CIFAR-10 is taken from FATHOM_DATA, the cache or the net.
"""

import argparse
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from fathom.data import cifar10
from fathom.errors import FathomError
from fathom.pretrained import store, training
from fathom.pretrained.training import Training

SAID = 100  # steps between two lines


def main(words: list[str]) -> int:
    """Do what the command line says; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m fathom.pretrained",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ways = parser.add_subparsers(dest="way", required=True)
    make = ways.add_parser("train", help="make the weights anew")
    make.add_argument("out", type=Path, help="the folder for cifar8.npz and cifar8.json")
    for name in ("epochs", "seed", "threads"):
        make.add_argument(f"--{name}", type=int, default=getattr(Training, name))
    ways.add_parser("test", help="measure the weights that came with Fathom")
    asked = parser.parse_args(words)
    try:
        if asked.way == "test":
            found = training.accuracy(store.load(), training.without(cifar10.load()))
            print(f"accuracy on the test pictures of eight classes: {found:.4f}")
            return 0
        settings = Training(epochs=asked.epochs, seed=asked.seed, threads=asked.threads)
        print(f"accuracy {make_weights(settings, asked.out):.4f}: {asked.out}")
    except FathomError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def make_weights(settings: Training, out: Path) -> float:
    """Train, measure what will be read again, and write; the accuracy."""
    data = training.without(cifar10.load())
    started, cpu = time.perf_counter(), time.process_time()

    def told(done: int, last: int) -> None:
        if done % SAID == 0 or done == last:
            print(f"step {done} of {last}, {time.perf_counter() - started:.0f} s", flush=True)

    net = training.train(settings, data, told)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    record = about(settings, data.names) | {
        "seconds": round(seconds),
        "cpu_seconds": round(cpu_seconds),
    }
    store.save(net, record, out)
    reached = training.accuracy(store.load(out), data)  # after rounding to half precision
    store.save(net, record | {"test_accuracy": round(reached, 4)}, out)
    return reached


def about(settings: Training, names: tuple[str, ...]) -> dict[str, Any]:
    """What the record says of the training."""
    folder = cifar10.find()
    exact = folder is not None and cifar10.untouched(folder)
    return {
        "network": "fathom.pretrained.network.ResNet",
        "classes": list(names),
        "made_with": "python -m fathom.pretrained train OUT",
        "data": "CIFAR-10 without its cats and dogs: 40,000 pictures to learn, 8,000 for the test",
        "pixels": "those of the original"
        if exact
        else "most of them re-encoded by JPEG: not exactly those of the original; the labels are",
        "cite": "Krizhevsky 2009, Learning multiple layers of features from tiny images",
        "training": asdict(settings),
        "torch": torch.__version__,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
