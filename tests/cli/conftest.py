"""The command line as a process, with experiments that need no torch."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import PATIENCE, ROOT


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Experiments without torch, so that every process starts quickly."""
    cache = tmp_path_factory.mktemp("cache")
    return {name: one for name, one in os.environ.items() if "COLOR" not in name} | {
        "PYTHONPATH": str(ROOT),
        "FATHOM_CACHE": str(cache),
        "FATHOM_ZOO": "tests.runtime.planted",
        "FATHOM_CORES": "2",
        "COLUMNS": "80",
    }


@pytest.fixture(scope="module")
def start(environment):
    def start(*words, **more):
        return subprocess.Popen(
            [sys.executable, "-m", "fathom.cli", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **{"env": environment} | more,
        )

    return start


@pytest.fixture(scope="module")
def run(start):
    def run(*words, **more):
        process = start(*words, **more)
        out, err = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in err
        return process.returncode, out, err

    return run


def lines(out):
    return [json.loads(line) for line in out.splitlines()]
