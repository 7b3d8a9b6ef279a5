"""How many threads a run may take where other programs use the cores."""

import sys

import pytest

from fathom.runtime import idle as module
from fathom.runtime.idle import idle


@pytest.fixture
def machine(monkeypatch):
    """A function that says how many cores idle from look to look; time only passes in sleep."""

    def looks(*cores):
        slept, idle_ticks, left = [0.0], [0.0], list(cores)

        def sleep(seconds):
            slept[0] += seconds
            idle_ticks[0] += 100 * seconds * (left.pop(0) if len(left) > 1 else left[0])

        monkeypatch.setattr(module.time, "sleep", sleep)
        monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
        monkeypatch.setattr(module, "_ticks", lambda: (idle_ticks[0], 200 * slept[0]))
        return slept

    return looks


def test_a_busy_core_is_not_counted(machine):
    machine(1.0)
    assert idle(2) == 1
    machine(0.1)
    assert idle(2) == 0


def test_where_enough_are_idle_one_look_is_enough(machine):
    clock = machine(1.8)
    assert idle(2) == 2
    assert clock[0] == module.PAUSE


def test_what_is_busy_for_a_moment_does_not_count(machine):
    machine(0.3, 0.9, 1.9)
    assert idle(2) == 2


def test_where_nobody_knows_the_cores_are_taken_as_idle(monkeypatch):
    monkeypatch.setattr(module, "_ticks", lambda: None)
    assert idle(4) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="Linux counts what its cores do")
def test_linux_counts_what_was_idle_among_all_that_was():
    first, later = module._ticks(), module._ticks()
    assert 0 < first[0] < first[1]
    assert later[1] >= first[1]
