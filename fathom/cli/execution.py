"""`fathom run`: start a run, follow it to its end, keep what was asked for."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from fathom.cli import ending
from fathom.cli.displays import Display, JsonLines, Lines
from fathom.cli.knobs import choose, given
from fathom.cli.output import INTERRUPTED, Paper, write_json
from fathom.cli.screen import Screen
from fathom.cli.story import Story
from fathom.errors import RecordingError, RunError
from fathom.lab import recording, wire
from fathom.lab.experiment import Experiment
from fathom.lab.order import ENDS, Order
from fathom.lab.recording import Recorder
from fathom.runtime import track
from fathom.runtime.run import Run, Viewer
from fathom.runtime.runner import LocalRunner

TICK = 0.1  # seconds between two looks at the terminal, and between two frames
SOONEST, SHARE = 0.25, 20  # seconds to the next frame of a long run: a twentieth of what it took


@dataclass(frozen=True)
class Wishes:
    """What `fathom run` was asked for beside the knobs."""

    json: bool = False
    record: Path | None = None
    export: Path | None = None
    png: Path | None = None
    views: bool = False
    pace: float = 0.0
    every: int = 0
    track: str = ""


def check_writable(*paths: Path | None) -> None:
    """RecordingError now rather than after the run, when a file cannot be written."""
    for path in paths:
        if path and not path.parent.is_dir():
            raise RecordingError(f"{path} cannot be written: there is no folder {path.parent}.")
        if path and path.is_dir():
            raise RecordingError(f"{path} cannot be written: it is a folder.")


async def execute(name: str, words: list[str], wishes: Wishes) -> int:
    """The whole command; gives the exit code. Raises FathomError for wrong input."""
    check_writable(wishes.record, wishes.export, wishes.png)
    if wishes.track:
        track.check(wishes.track)
    paper = Paper()
    async with LocalRunner(fork=False) as runner:
        known = await runner.describe()
        experiment = choose(known, runner.broken, name)
        knobs = given(experiment, words)
        with ExitStack() as stack:
            path = where_to_record(wishes, stack)
            recorder = stack.enter_context(Recorder(path)) if path else None
            run = await runner.start(
                Order(experiment.name, knobs, pace=wishes.pace, every=wishes.every)
            )
            display = choose_display(paper, wishes)
            stack.callback(display.close)
            interrupt = stack.enter_context(Interrupt(run, display))
            if not wishes.json:
                texts = {name: experiment.knobs[name].write(one) for name, one in knobs.items()}
                ending.begin(paper, experiment, texts)
            tracker = track.Tracker(wishes.track, display.say) if wishes.track else None
            if tracker:
                stack.callback(tracker.close)  # also when the run breaks off
            eager = wishes.json or recorder or (wishes.views and paper.moving)
            seldom = track.PICTURES + 1 if tracker else None  # it takes none sooner
            wait = 0.0 if wishes.every else TICK if eager else seldom
            listeners = Listeners(display, recorder, tracker)
            story = await follow(run, experiment, listeners, wait)
            display.close()
            if path and wishes.export:
                recording.export(recording.read(path), wishes.export)
    draw(story, experiment, wishes.png)
    if story.frame or (story.ended and not interrupt.pressed):
        finish(paper, story, experiment, wishes)
    if tracker and tracker.place:
        display.say(tracker.place)
    return ending.code(story, interrupted=interrupt.pressed)


def where_to_record(wishes: Wishes, stack: ExitStack) -> Path | None:
    """The file of the recording; one that is thrown away when only the small one is wanted."""
    if wishes.record or not wishes.export:
        return wishes.record
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fathom-"))
    return Path(folder) / "run.fathom"


def choose_display(paper: Paper, wishes: Wishes) -> Display:
    """What fits the place where the words go."""
    if wishes.json:
        return JsonLines()
    return Screen(paper, views=wishes.views) if paper.moving else Lines(paper)


def draw(story: Story, experiment: Experiment | None, path: Path | None) -> None:
    """The picture of a run, if one is wanted."""
    if path:
        from fathom.lab.picture import save

        save(
            path,
            experiment=story.head.get("experiment", ""),
            title=experiment.title if experiment else "",
            knobs=story.head.get("knobs", {}),
            scalars=story.history.joined(),
            frame=story.frame,
        )


def finish(paper: Paper, story: Story, experiment: Experiment, wishes: Wishes) -> None:
    """The last words."""
    if wishes.json:
        write_json(story.final(experiment.name, experiment))
    else:
        ending.show(paper, story, views=wishes.views)
        paper.print()
        paper.tell(ending.result(story, experiment))
        ending.files(paper, wishes.record, wishes.export, wishes.png)
    ending.explain_failure(story)


@dataclass(frozen=True)
class Listeners:
    """Who hears every message of a run."""

    display: Display
    recorder: Recorder | None
    tracker: track.Tracker | None


async def follow(
    run: Run, experiment: Experiment, listeners: Listeners, wait: float | None
) -> Story:
    """Watch a run to its end. wait: seconds from a frame to asking for the next; None: seldom,
    so that the numbers that only a frame has are no older than a twentieth of the run, and
    drawing costs it next to nothing."""
    story, viewer = Story(), run.watch()
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async for data in messages(viewer):
            if data:
                message = wire.decode(data)
                if listeners.recorder:
                    listeners.recorder.add(dated(message) if message["type"] == "run" else data)
                if message["type"] == "frame":
                    rarely = max(SOONEST, (loop.time() - began) / SHARE)
                    loop.call_later(rarely if wait is None else wait, viewer.ready)
                story.hear(message)
                listeners.display.hear(message, story)
                if listeners.tracker:
                    begins = message["type"] == "run"
                    listeners.tracker.hear(message, story.config(experiment) if begins else {})
            listeners.display.tick(story)
    finally:
        viewer.leave()
    return story


def dated(head: wire.Message) -> bytes:
    """The first message of a recording, with the day on which it is made."""
    return wire.encode(head | {"made": datetime.now(UTC).date().isoformat()})


async def messages(viewer: Viewer) -> AsyncIterator[bytes]:
    """Messages to the end, which comes last; b'' when nothing came for a moment."""
    end = b""
    while True:
        data: bytes | None = b""
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK):
                data = await viewer.next()
        if data is None:
            raise RunError("This terminal fell too far behind the run: start it again.")
        if data and not end and is_end(data):
            end = data  # the last frame may still wait behind it
        elif data or not end:
            yield data
        else:
            yield end
            return


def is_end(data: bytes) -> bool:
    """Whether this message says that the run is over."""
    message = wire.decode(data)
    return message["type"] == "state" and message["state"] in ENDS


class Interrupt:
    """The first Ctrl-C asks the run to stop; the second ends this process at once."""

    def __init__(self, run: Run, display: Display) -> None:
        self.pressed = False
        self._run, self._display = run, display
        self._loop = asyncio.get_running_loop()
        self._before: Any = None

    def __enter__(self) -> "Interrupt":
        self._before = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _press(self, number: int, frame: FrameType | None) -> None:
        if self.pressed:
            self._display.close()
            os._exit(INTERRUPTED)  # the child sees the closed pipe and ends itself
        self.pressed = True
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._display.say("Stopping; Ctrl-C once more ends it at once.")
        self._run.command({"type": "stop"})
