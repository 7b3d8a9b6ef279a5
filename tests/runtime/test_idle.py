"""How many threads a run may take where other programs use the cores."""

import pytest

from fathom.runtime import idle as module
from fathom.runtime.idle import idle


@pytest.fixture
def machine(monkeypatch):
    """A function that says how many cores idle from look to look; time only passes in sleep."""

    def looks(*cores):
        clock, waited, left = [0.0], [0.0], list(cores)

        def sleep(seconds):
            clock[0] += seconds
            waited[0] += seconds * (left.pop(0) if len(left) > 1 else left[0])

        monkeypatch.setattr(module.time, "sleep", sleep)
        monkeypatch.setattr(module.time, "perf_counter", lambda: clock[0])
        monkeypatch.setattr(module, "_waited", lambda: waited[0])
        return clock

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
    monkeypatch.setattr(module, "_waited", lambda: None)
    assert idle(4) == 4


def test_linux_counts_up():
    first = module._waited()
    assert first is None or module._waited() >= first
