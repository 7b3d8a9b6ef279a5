"""A run does what it is told, says what it does, and never ends in silence."""

import asyncio
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from fathom.errors import ExperimentError, KnobError, UnknownExperiment
from fathom.lab import wire
from fathom.lab.experiment import Experiment
from fathom.lab.order import Order
from fathom.runtime import run
from fathom.runtime.slots import Ticket
from tests.conftest import PATIENCE, wait_for


def gone(pid):
    """Whether a process is no more, or soon."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_a_run_says_every_number_and_ends_with_its_promise(bench):
    seen = bench.start("steady")
    last = seen.end()
    assert (last["state"], last["step"], last["of"], last["kept"]) == ("finished", 10, 10, True)
    assert seen.numbers("total") == {step: float(step) for step in range(11)}
    frame = [message for message in seen.messages if message["type"] == "frame"]
    assert frame == [] or frame[-1]["step"] <= 10
    assert seen.numbers("double")[10] == 20.0


def test_a_promise_can_be_broken_and_says_nothing_about_other_knobs(bench):
    assert bench.start("steady", knobs={"seed": 3}).end()["kept"] is True
    assert bench.start("steady", knobs={"gain": 0.5}).end()["kept"] is None
    assert bench.start("steady", turns=((3, "gain", 2),)).end()["kept"] is None


def test_pause_step_play_and_stop(bench):
    seen = bench.start("steady", knobs={"steps": 1_000_000}, paused=True)
    seen.until("state", state="paused")
    assert seen.until("frame")["step"] == 0  # there is something to look at before the first step
    seen.say(type="step", count=2)
    assert seen.until("frame", step=2)["views"]["place"]["values"].tolist() == [[2, 2], [2, 2]]
    seen.say(type="play")
    seen.until("state", state="running")
    while seen.until("frame")["step"] < 50:
        pass
    seen.say(type="pause")
    at = seen.until("state", state="paused")["step"]
    time.sleep(0.2)
    assert seen.run.step <= at + 1
    seen.say(type="stop")
    assert seen.end()["state"] == "stopped"


def test_who_pauses_between_two_pictures_sees_the_step_it_stands_at(bench):
    slow = {"steps": 1_000_000, "pause": 0.002, "drawing": 0.05}  # 2.5 s between two pictures
    seen = bench.start("steady", knobs=slow)
    for _ in range(2):
        seen.until("frame")
    before = len(seen.messages)
    time.sleep(0.3)  # it is ready for the next one, which is not due
    seen.say(type="pause")
    at = seen.until("state", state="paused")["step"]
    assert not [one for one in seen.messages[before:] if one["type"] == "frame"]
    assert seen.until("frame")["step"] == at
    seen.say(type="stop")
    seen.end()


def test_a_knob_that_only_looks_acts_at_once_while_a_run_is_paused(bench):
    seen = bench.start("steady", paused=True)
    seen.until("frame", step=0)
    seen.say(type="turn", knob="tint", value="7")
    seen.until("turned", knob="tint", value="7")
    again = seen.until("frame")
    assert (again["step"], again["views"]["place"]["values"][0, 0]) == (0, 7)
    seen.say(type="play")
    assert seen.end()["kept"] is True  # what is only looked at is not what is promised about


def test_a_run_that_is_over_answers_knobs_that_only_look(bench):
    seen = bench.start("steady", rests=True)
    last = seen.end()
    assert (last["state"], last["kept"], last["rests"]) == ("finished", True, True)
    pid = seen.pid()
    for value in (7, 9):
        seen.say(type="turn", knob="tint", value=str(value))
        seen.say(type="turn", knob="gain", value="2")  # too late
        seen.until("turned", knob="tint")
        while (frame := seen.until("frame"))["views"]["place"]["values"][0, 0] != 10 + value:
            assert frame["step"] == 10
    assert seen.run.turns == [(10, "tint", "9")]
    assert seen.run.state == "finished"
    another = bench.start("steady", knobs={"threads": 2}, owner="somebody else")
    assert another.end()["state"] == "finished"  # it holds no core
    seen.say(type="stop")
    assert seen.until("state")["rests"] is False
    assert gone(pid)
    assert seen.run.state == "finished"


def test_a_run_that_rests_ends_when_nobody_watches_it_any_more(bench, monkeypatch):
    monkeypatch.setattr(bench.runner, "_linger", 0.5)
    seen = bench.start("steady", rests=True)
    seen.end()
    pid = seen.pid()
    seen.leave()
    assert gone(pid)


def test_of_many_runs_that_rest_the_oldest_ends(bench):
    first, *others = [bench.start("steady", rests=True) for _ in range(5)]  # on two cores
    for seen in (*others, first):
        seen.end()
    assert first.until("state")["rests"] is False
    assert gone(first.pid())
    assert [seen.run.resting for seen in others] == [True] * 4
    for seen in others:
        seen.say(type="stop")


def test_a_run_that_nobody_means_to_ask_does_not_rest(bench):
    seen = bench.start("steady")
    assert seen.end()["rests"] is False
    assert gone(seen.pid())


def test_a_still_runs_again_in_the_same_process_for_every_knob(bench):
    seen = bench.start("still", rests=True)
    last = seen.end()
    assert (last["still"], last["kept"], last["rests"]) == (True, True, True)
    pid = seen.pid()
    for name, value, total, kept in (("a", 5, 7, None), ("b", 30, 35, None), ("a", 1, 31, None)):
        seen.say(type="turn", knob=name, value=str(value))
        while seen.until("frame")["numbers"]["sum"] != total:
            pass
        wait_for(lambda kept=kept: seen.run.last_state["kept"] is kept, f"kept: {kept}")
        assert seen.messages[-1]["numbers"]["pid"] == pid
    assert seen.run.order.knobs == {"a": 1.0, "b": 30.0}
    assert seen.run.turns == []
    seen.say(type="stop")
    assert gone(pid)


def test_a_still_that_is_dragged_ends_at_the_newest_value(bench):
    seen = bench.start("still", rests=True)
    seen.end()
    for value in range(3, 300):
        seen.say(type="turn", knob="a", value=str(value))
    while seen.until("frame")["numbers"]["sum"] != 301:
        pass
    frames = [one for one in seen.messages if one["type"] == "frame"]
    assert len(frames) < 100  # not one for every value
    seen.say(type="stop")


def test_a_still_that_cannot_be_run_says_so_and_goes_on(bench):
    seen = bench.start("still", rests=True)
    seen.end()
    seen.say(type="turn", knob="a", value="2")
    assert seen.until("error")["text"] == "a and b cannot be the same: turn one of them."
    seen.say(type="turn", knob="a", value="4")
    while seen.until("frame")["numbers"]["sum"] != 6:
        pass
    seen.say(type="stop")


def test_before_the_first_step_every_knob_can_be_set(bench):
    seen = bench.start("steady", knobs={"steps": 20}, paused=True)
    seen.until("frame", step=0)
    seen.say(type="turn", knob="gain", value="10")  # live: it acts from the first step
    seen.until("turned", knob="gain")
    seen.say(type="turn", knob="pause", value="0.001")  # it begins again, the turn is kept
    seen.until("set", knob="pause")
    assert seen.until("frame")["step"] == 0
    seen.say(type="step", count=2)
    seen.until("frame", step=2)
    seen.say(type="turn", knob="pause", value="0")
    assert "takes effect at a restart" in seen.until("error")["text"]
    seen.say(type="play")
    assert seen.end()["state"] == "finished"
    assert [seen.numbers("total")[step] for step in (0, 1, 2, 20)] == [0, 10, 20, 200]
    assert seen.run.order.knobs["pause"] == 0.001


def test_a_live_knob_acts_from_the_next_step_and_is_told(bench):
    seen = bench.start("steady", knobs={"steps": 20}, paused=True)
    seen.say(type="step", count=5)
    seen.until("frame", step=5)
    seen.say(type="turn", knob="gain", value="10")
    assert seen.until("turned")["step"] == 5
    seen.say(type="play")
    seen.end()
    assert [seen.numbers("total")[step] for step in (5, 6, 7)] == [5.0, 15.0, 25.0]


def test_turns_of_a_link_give_the_same_numbers(bench):
    seen = bench.start("steady", knobs={"steps": 20}, turns=((5, "gain", "10"), (8, "gain", 0)))
    seen.end()
    assert [seen.numbers("total")[step] for step in (5, 6, 8, 9, 20)] == [5, 15, 35, 35, 35]


def test_a_knob_turned_to_nonsense_is_answered_and_the_run_goes_on(bench):
    seen = bench.start("steady", paused=True)
    seen.say(type="step")
    seen.until("frame", step=1)
    for name, value, sentence in (
        ("gain", 1e6, "gain cannot be 1000000.0: it must be a number from 0 to 100."),
        ("threads", 2, "threads takes effect at a restart"),
        ("nothing", 2, "There is no knob 'nothing'"),
    ):
        seen.say(type="turn", knob=name, value=value)
        assert sentence in seen.until("error")["text"]
    seen.say(type="play")
    assert seen.end()["state"] == "finished"


def test_a_run_can_hurry_to_a_step_and_wait_there(bench):
    seen = bench.start("steady", knobs={"steps": 1000}, pace=1, until=400)
    assert seen.until("state", state="paused")["step"] == 400
    seen.say(type="stop")
    seen.end()


def test_the_pace_is_kept(forking):
    seen = forking.start("steady", knobs={"steps": 1000}, pace=50)
    began, first = time.monotonic(), seen.until("frame")["step"]
    while seen.run.step < first + 30:
        seen.next()
    assert time.monotonic() - began > 29 / 60  # a busy machine may be slower, never faster
    seen.say(type="pace", steps=0)
    assert seen.end()["state"] == "finished"


@pytest.mark.parametrize(
    ("name", "knobs", "sentence"),
    [
        ("breaks", {}, "stopped at step 0 in line 21 of breaks.py: IndexError: list index out of"),
        ("diverges", {}, "The loss has grown from 1 to"),
        ("diverges", {"nan": "on", "lr": 1}, "The loss is not a number any more at step 3: the"),
        ("dies", {}, "was killed, perhaps because memory ran out"),
        ("dies", {"signal": 11}, "crashed (signal 11)"),
        ("dies", {"signal": 0}, "ended unexpectedly (exit code 7)"),
        ("lacks", {}, "The data is not here. Use what is near."),
    ],
)
def test_a_run_that_fails_says_why_in_a_sentence(bench, name, knobs, sentence):
    seen = bench.start(name, knobs=knobs)
    last = seen.end()
    assert last["state"] == "failed"
    assert sentence in last["why"]
    assert "Traceback" not in last["why"]


def test_data_that_is_missing_comes_with_a_way_on(bench):
    seen = bench.start("lacks")
    assert seen.end()["instead"] == {"data": "near"}
    kinds = [message["type"] for message in seen.messages]
    assert "notice" in kinds
    assert "progress" in kinds
    assert bench.start("lacks", knobs={"data": "near"}).end()["kept"] is True


def test_prints_of_an_experiment_do_not_break_the_channel(bench):
    assert bench.start("steady", knobs={"noisy": "on"}).end()["state"] == "finished"


def test_wrong_orders_are_refused_before_anything_starts(forking):
    with pytest.raises(UnknownExperiment, match="no experiment 'stedy'; there are steady"):
        forking.start("stedy")
    with pytest.raises(KnobError, match="gain cannot be"):
        forking.start("steady", knobs={"gain": -1})
    with pytest.raises(KnobError, match="There is no knob 'speed'"):
        forking.start("steady", turns=((1, "speed", 1),))
    with pytest.raises(ExperimentError, match=r"unreadable\.py, line 3 cannot be loaded"):
        forking.start("unreadable")


def test_a_step_that_never_ends_can_be_stopped(bench):
    seen = bench.start("stubborn")
    pid = seen.pid()
    seen.say(type="stop")
    assert seen.end()["state"] in ("stopped", "failed")
    assert gone(pid)


def test_a_worker_that_is_killed_leaves_a_sentence_and_the_next_run_works(bench):
    seen = bench.start("steady", knobs={"steps": 1_000_000})
    os.kill(seen.pid(), signal.SIGKILL)
    assert "Start again: the knobs are as you left them." in seen.end()["why"]
    assert bench.start("steady").end()["state"] == "finished"


def test_a_killed_zygote_leaves_runs_alone_and_is_replaced(forking):
    seen = forking.start("steady", knobs={"steps": 1_000_000}, pace=100)
    pid = seen.pid()
    zygote = forking.runner.nursery.pid
    os.kill(zygote, signal.SIGKILL)
    assert gone(zygote)
    before = seen.run.step
    while seen.run.step < before + 20:
        seen.next()
    assert forking.start("steady").end()["state"] == "finished"
    assert forking.runner.nursery.pid != zygote
    os.kill(pid, signal.SIGKILL)
    assert "was ended from outside" in seen.end()["why"]


def also(seen):
    """Another viewer of the same run."""
    other = object.__new__(type(seen))
    other.bench, other.run, other.messages = seen.bench, seen.run, []
    other.viewer = seen.bench.call(other.look())
    return other


def test_of_many_viewers_one_leads_and_another_where_it_draws_no_more(forking):
    """The others need not say that they have drawn: with fifty of them that is half of the work."""
    first = forking.start("steady", knobs={"steps": 1_000_000}, pace=200)
    first.until("frame")
    second = also(first)
    assert second.until("lead")["on"] is False
    first.until("frame")
    assert not [one for one in first.messages if one["type"] == "lead"]
    # the first one is a page in the background from here on: it reads, and draws nothing
    assert second.until("lead")["on"] is True
    before = second.run.step
    assert second.until("frame")["step"] >= before
    second.leave()
    wait_for(lambda: first.viewer.leads, "the one that is left leads again")
    first.say(type="stop")
    first.end()


@pytest.mark.parametrize("seconds", [0, 2 * PATIENCE])
def test_numbers_wait_for_the_picture_of_their_step_and_not_for_ever(monkeypatch, seconds):
    monkeypatch.setattr(run, "TOGETHER", seconds)
    toy = Experiment("toy", "", "", (), "", 0, {}, "", {}, "")
    numbers = {"type": "scalars", "names": ["loss"]}
    numbers |= {"steps": np.array([1], np.int32), "values": np.array([[0.5]])}

    async def seen():
        made = run.Run(toy, Order("toy"), "", Ticket("", 1))
        viewer = made.watch()
        await viewer.all()  # what it must know first
        waiting = asyncio.create_task(viewer.all())
        await asyncio.sleep(0)  # until it waits
        made.say(numbers)
        if seconds:
            await asyncio.sleep(0)
            made.say({"type": "frame", "step": 1, "of": 9, "numbers": {}, "views": {}})
        return [wire.decode(data)["type"] for data in await asyncio.wait_for(waiting, PATIENCE)]

    assert asyncio.run(seen()) == (["scalars", "frame"] if seconds else ["scalars"])


def test_somebody_who_comes_later_sees_all_numbers_and_the_last_picture(forking):
    seen = forking.start("steady")
    seen.end()
    later = also(seen)
    later.end()
    assert later.numbers("total") == seen.numbers("total")
    assert later.until("frame")["step"] == 10


def test_threads_more_than_there_are_get_fewer_and_are_told(forking):
    seen = forking.start("steady", knobs={"threads": 8})
    seen.end()
    (given,) = set(seen.numbers("threads").values())
    assert given in (1.0, 2.0)  # one, if the core of the run before is not free yet
    notices = [message["text"] for message in seen.messages if message["type"] == "notice"]
    asked = f"The run asked for 8 threads and got {given:g}: the other cores are busy."
    assert notices == [asked]
    states = [one for one in seen.messages if one["type"] == "state" and one["state"] != "queued"]
    assert {one["threads"] for one in states} == {given}  # so going back takes as many
    assert "set" not in {one["type"] for one in seen.messages}  # the wish stays as it was


def test_a_run_that_goes_back_has_as_many_threads_as_it_had(forking):
    seen = forking.start("steady", knobs={"threads": 8}, threads=3, until=4)
    seen.until("state", state="paused", threads=3)
    assert set(seen.numbers("threads").values()) == {3.0}
