"""The socket of a figure: commands in, messages out, nonsense answered."""

import json
import time

import pytest

from fathom.lab import wire

SOCKET = "ws://127.0.0.1:8540/ws"


class Page:
    """A page with one figure, as the browser plays it."""

    def __init__(self, socket):
        self.socket = socket
        self.shown = None  # the last frame
        self.waiting = []  # messages that came with another

    def say(self, **command):
        self.socket.send_text(json.dumps(command))

    def next(self):
        if not self.waiting:
            self.waiting = list(wire.messages(self.socket.receive_bytes()))
        message = self.waiting.pop(0)
        if message["type"] == "frame":
            self.shown = message
            self.say(type="ack")
        return message

    def until(self, kind, at_step=0, **wanted):
        """The next such message; of frames, the first at or after a step: not every one is sent."""
        for _ in range(10_000):
            message = self.next()
            if message.get("step", 0) < at_step:
                continue
            if message["type"] == kind and all(message.get(k) == v for k, v in wanted.items()):
                return message
        raise AssertionError(f"no {kind} {wanted}")


@pytest.fixture
def page(client):
    with client.websocket_connect(SOCKET) as socket:
        yield Page(socket)


def test_a_run_is_started_watched_and_finished(page):
    page.say(type="start", experiment="steady", knobs={"gain": 2}, pace=0)
    assert page.until("run")["knobs"] == {"gain": "2"}
    assert page.until("state", state="finished")["kept"] is None
    while page.shown is None or page.shown["step"] < 10:  # before or after the last state
        page.next()
    assert page.shown["step"] == 10


def test_a_reload_comes_back_to_the_same_run(client, page):
    page.say(type="start", experiment="steady", knobs={"steps": 100_000}, pace=50)
    name = page.until("run")["id"]
    page.until("frame", at_step=5)
    with client.websocket_connect(SOCKET) as socket:
        again = Page(socket)
        again.say(type="attach", run=name)
        assert again.until("run")["id"] == name
        assert again.until("scalars")["steps"][0] == 0
        again.say(type="stop")
        again.until("state", state="stopped")
    page.until("state", state="stopped")


def test_a_run_that_is_over_and_forgotten_is_said(page):
    page.say(type="attach", run="of yesterday")
    state = page.until("state", state="stopped")
    assert state["gone"] is True
    assert "the server was started again" in state["why"]


def test_a_second_start_stops_the_first(client, page):
    page.say(type="start", experiment="steady", knobs={"steps": 100_000}, pace=50)
    first = page.until("run")["id"]
    page.say(type="start", experiment="steady", pace=0)
    page.until("state", state="finished")
    run = client.app.state.runner.runs[first]
    end = time.monotonic() + 60
    while not run.ended and time.monotonic() < end:
        page.say(type="ping")
        page.until("pong")
        time.sleep(0.05)
    assert run.state == "stopped"


def test_a_knob_out_of_range_at_the_start_fails_with_the_sentence(page):
    page.say(type="start", experiment="steady", knobs={"gain": 1e6})
    why = page.until("state", state="failed")["why"]
    assert why == "gain cannot be 1000000.0: it must be a number from 0 to 100."


def test_a_knob_turned_live_is_told_or_refused(page):
    page.say(type="start", experiment="steady", paused=True)
    page.until("state", state="paused")
    page.say(type="turn", knob="gain", value="7")
    assert page.until("turned")["value"] == "7"
    page.say(type="turn", knob="gain", value="much")
    assert "gain cannot be 'much'" in page.until("error")["text"]
    page.say(type="stop")


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "{}",
        '{"type": "dance"}',
        '{"type": "start"}',
        '{"type": "start", "experiment": "steady", "knobs": 3}',
        '{"type": "start", "experiment": "steady", "turns": [1]}',
        '{"type": "start", "experiment": "steady", "pace": "NaN"}',
        '{"type": "attach"}',
    ],
)
def test_nonsense_is_answered_and_the_socket_stays(page, text):
    page.say(type="start", experiment="steady", paused=True)
    page.until("state", state="paused")
    page.socket.send_text(text)
    assert "does not understand" in page.until("error")["text"]
    page.say(type="ping")
    page.until("pong")


@pytest.mark.parametrize("command", [{"type": "pace", "steps": -1}, {"type": "step", "count": "x"}])
def test_nonsense_in_a_known_command_is_answered_too(page, command):
    page.say(type="start", experiment="steady", paused=True)
    page.until("state", state="paused")
    page.say(**command)
    assert "does not understand" in page.until("error")["text"]
    page.say(type="stop")


def test_what_a_run_says_is_said_in_the_language_of_the_page(client):
    with client.websocket_connect(SOCKET, headers={"accept-language": "de"}) as socket:
        page = Page(socket)
        page.say(type="start", experiment="steady", paused=True)
        page.until("state", state="paused")
        page.say(type="turn", knob="gain", value="much")
        said = page.until("error")["text"]
        assert said == "gain kann nicht 'much' sein: möglich ist eine Zahl von 0 bis 100."
        page.say(type="stop")
        page.until("state", state="stopped")
        page.say(type="attach", run="gone")
        assert page.until("state", gone=True)["why"].startswith(
            "Der Lauf, der hier war, ist vorbei"
        )
