"""Cores are shared fairly, and everybody knows their place."""

import asyncio

from hypothesis import given, strategies as some

from fathom.runtime.slots import Slots

LONG = {"steps": 1_000_000}


def test_the_third_run_waits_and_says_its_place(forking):
    busy = [forking.start("steady", knobs=LONG, pace=50) for _ in range(2)]
    for one in busy:
        one.until("frame")
    third, fourth = (forking.start("steady") for _ in range(2))
    assert third.until("state", state="queued", place=1)
    assert fourth.until("state", state="queued", place=2)
    third.say(type="stop")
    assert third.end()["state"] == "stopped"
    assert fourth.until("state", state="queued", place=1)
    busy[0].say(type="stop")
    assert fourth.end()["state"] == "finished"
    busy[1].say(type="stop")
    for one in busy:
        one.end()


def test_a_paused_run_gives_its_core_away_and_asks_for_it_again(forking):
    busy = [forking.start("steady", knobs=LONG, pace=50) for _ in range(2)]
    for one in busy:
        one.until("frame")
    waiting = forking.start("steady", knobs=LONG, pace=50)
    waiting.until("state", state="queued", place=1)
    busy[0].say(type="pause")
    waiting.until("frame")
    busy[0].say(type="play")
    busy[0].until("state", state="queued", place=1)
    waiting.say(type="stop")
    busy[0].until("state", state="running")
    for one in busy:
        one.say(type="stop")
        one.end()


def test_a_run_that_nobody_watches_makes_room(forking):
    left = forking.start("steady", knobs=LONG, pace=50)
    other = forking.start("steady", knobs=LONG, pace=50)
    for one in (left, other):
        one.until("frame")
    left.leave()
    newcomer = forking.start("steady")
    assert newcomer.end()["state"] == "finished"
    assert left.run.state == "paused"
    for one in (left, other):
        forking.call(forking.runner.stop(one.run))


def test_who_leaves_while_another_waits_makes_room_as_well(forking):
    busy = [forking.start("steady", knobs=LONG, pace=50) for _ in range(2)]
    for one in busy:
        one.until("frame")
    newcomer = forking.start("steady")
    newcomer.until("state", state="queued", place=1)
    busy[0].leave()
    assert newcomer.end()["state"] == "finished"
    for one in busy:
        forking.call(forking.runner.stop(one.run))


def test_a_knob_turned_in_the_queue_acts_from_the_first_step(forking):
    busy = [forking.start("steady", knobs=LONG, pace=50) for _ in range(2)]
    for one in busy:
        one.until("frame")
    waiting = forking.start("steady")
    waiting.until("state", state="queued", place=1)
    waiting.say(type="turn", knob="gain", value=3)
    for one in busy:
        one.say(type="stop")
        one.end()
    last = waiting.end()
    assert last["state"] == "finished", last
    assert [waiting.numbers("total")[step] for step in (0, 1, 10)] == [0.0, 3.0, 30.0]


def test_a_turn_in_the_queue_is_answered_though_the_run_begins_paused(forking):
    busy = [forking.start("steady", knobs=LONG, pace=50) for _ in range(2)]
    for one in busy:
        one.until("frame")
    waiting = forking.start("steady", paused=True)
    waiting.until("state", state="queued", place=1)
    waiting.say(type="turn", knob="gain", value=1e6)
    waiting.say(type="turn", knob="gain", value=7)
    for one in busy:
        one.say(type="stop")
        one.end()
    assert "gain cannot be 1000000.0" in waiting.until("error")["text"]
    assert waiting.until("turned")["step"] == 0
    waiting.say(type="play")
    waiting.end()
    assert waiting.numbers("total")[10] == 70.0


def test_who_presses_play_in_the_queue_is_answered_and_keeps_the_core(forking):
    busy = [forking.start("steady", knobs=LONG, pace=50) for _ in range(2)]
    for one in busy:
        one.until("frame")
    waiting = forking.start("steady", knobs=LONG, pace=50, paused=True)
    waiting.until("state", state="queued", place=1, paused=True)
    waiting.say(type="play")
    waiting.until("state", state="queued", place=1, paused=False)
    after = forking.start("steady")
    after.until("state", state="queued", place=2)
    busy[0].say(type="stop")
    waiting.until("state", state="running")
    waiting.until("scalars")
    assert after.run.state == "queued"
    waiting.say(type="stop")
    assert after.end()["state"] == "finished"
    for one in (busy[1], waiting):
        one.say(type="stop")
        one.end()


@given(
    cores=some.integers(1, 4),
    asked=some.lists(some.tuples(some.sampled_from("abc"), some.integers(1, 3)), max_size=12),
)
def test_no_core_is_given_twice_and_none_lies_idle(cores, asked):
    async def play():
        slots = Slots(cores)
        tickets = [slots.ask(owner, wish) for owner, wish in asked]
        served = 0
        while tickets:
            held = [ticket for ticket in tickets if ticket.granted.is_set()]
            assert sum(ticket.cores for ticket in held) <= cores
            assert slots.free == 0 or len(held) == len(tickets)
            waiting = [ticket for ticket in tickets if ticket not in held]
            places = sorted(slots.place(ticket) for ticket in waiting)
            assert places == list(range(1, len(waiting) + 1))
            slots.release(held[0])
            tickets.remove(held[0])
            served += 1
        assert served == len(asked)

    asyncio.run(play())


def test_an_owner_with_many_runs_does_not_keep_a_newcomer_out():
    async def play():
        slots = Slots(1)
        first = slots.ask("many", 1)
        more = [slots.ask("many", 1) for _ in range(5)]
        newcomer = slots.ask("new", 1)
        assert slots.place(newcomer) == 1
        assert slots.place(more[0]) == 2
        slots.release(first)
        assert newcomer.granted.is_set()

    asyncio.run(play())
