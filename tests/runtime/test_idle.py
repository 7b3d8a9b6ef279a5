"""How many threads a run may take where other programs use the cores."""

import sys
from types import SimpleNamespace

import pytest

from fathom.runtime import idle as module, loop as loops
from fathom.runtime.idle import idle
from fathom.runtime.loading import load
from fathom.runtime.loop import Loop


class Machine:
    """Two cores that idle so from look to look; time only passes in sleep."""

    def __init__(self, *idle):
        self.left, self.slept, self.idled = [*idle], 0.0, 0.0

    def sleep(self, seconds):
        self.slept += seconds
        self.idled += 100 * seconds * (self.left.pop(0) if len(self.left) > 1 else self.left[0])

    def ticks(self):
        return self.idled, 200 * self.slept

    def idle(self, enough):
        return idle(enough, sleep=self.sleep, ticks=self.ticks, cores=2)


def test_a_busy_core_is_not_counted():
    assert Machine(1.0).idle(2) == 1
    assert Machine(0.1).idle(2) == 0


def test_where_enough_are_idle_one_look_is_enough():
    machine = Machine(1.8)
    assert machine.idle(2) == 2
    assert machine.slept == module.PAUSE


def test_what_is_busy_for_a_moment_does_not_count():
    assert Machine(0.3, 0.9, 1.9).idle(2) == 2


def test_where_nobody_knows_the_cores_are_taken_as_idle():
    assert idle(4, ticks=lambda: None) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="Linux counts what its cores do")
def test_linux_counts_what_was_idle_among_all_that_was():
    first, later = module._ticks(), module._ticks()
    assert 0 < first[0] < first[1]
    assert later[1] >= first[1]


@pytest.fixture
def beginning(planted_zoo, monkeypatch):
    """A run before its first step, and how often it has looked for idle cores: all are busy."""
    looks = []
    monkeypatch.setattr(loops, "idle", lambda enough: looks.append(enough) or 0)
    monkeypatch.setattr(loops.tell, "notice", lambda text: looks.append(text))

    def make(**order):
        loop = Loop(SimpleNamespace(send=lambda data: None), {"cores": 2, **order})
        loop.module = load("steady")
        loop.experiment = loops.describe(loop.module)
        loop.values = {"threads": 2}
        loop.begin()
        return loop, looks

    return make


def test_a_run_looks_for_idle_cores_once_and_keeps_what_was_asked_for(beginning):
    loop, looks = beginning()
    told = "The run asked for 2 threads and got 1: the other cores are busy."
    assert (loop.config.threads, loop.values["threads"], looks) == (1, 2, [2, told])
    loop.turn("pause", 0.1)
    loop.begin()
    assert (loop.config.threads, looks) == (1, [2, told])
    loop.turn("threads", 2)  # asked for again: perhaps they are idle now
    loop.begin()
    assert (loop.config.threads, looks) == (1, [2, told, 2])


@pytest.mark.parametrize("had", [1, 2])
def test_a_run_that_goes_back_has_as_many_threads_as_before_without_a_look(beginning, had):
    loop, looks = beginning(threads=had)
    assert (loop.config.threads, loop.threads, looks) == (had, had, [])
