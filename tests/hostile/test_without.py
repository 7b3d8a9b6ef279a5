"""Every protection is needed: without it, what it keeps out gets through."""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

import pytest

from fathom.runtime.shelter import Shelter
from tests.hostile.bench import ENVIRONMENT, Bench
from tests.hostile.escapes import ESCAPES
from tests.hostile.snippets import SNIPPETS
from tests.hostile.without import WITHOUT

EVERY = {snippet.name: snippet for snippet in (*SNIPPETS, *ESCAPES)}
START = """
import os, sys
from fathom.runtime import keeper
from fathom.runtime.sandbox import guard, landlock, limits, linux, namespaces, seccomp, watch
{}
keeper.main()
"""
PATIENCE = 6  # seconds for a snippet that nobody ends

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="protections are taken away as root"
    ),
]


class Weak(Shelter):
    """A keeper that lacks something."""

    def __init__(self, without):
        super().__init__("nothing")
        self.without = without

    def command(self, descriptor):
        words = super().command(descriptor)
        return [sys.executable, "-c", START.format(self.without.taken), *words[3:]]

    def environment(self):
        return dict(os.environ) if self.without.environment else super().environment()


@pytest.mark.parametrize("without", WITHOUT, ids=lambda one: one.what)
def test_a_snippet_gets_through_where_its_protection_is_missing(without, monkeypatch):
    snippet = EVERY[without.snippet]
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        bench = Bench(Weak(without), Path(folder))
        try:
            work = bench.script(snippet.code, **{**snippet.limits, **without.limits})
            printed, _, why = bench.call(asyncio.wait_for(work, PATIENCE))
            through = "ESCAPED" in printed or not re.search(snippet.told, printed + why)
        except TimeoutError:
            through, printed, why = True, "", "it was not ended"
        finally:
            bench.close()
    assert through, (printed[-500:], why)
