"""The numbers of a run to the tools that people keep them in: W&B, TensorBoard, JSON lines.

A tracker listens to the messages of a run, as a display does, so every experiment can be tracked
and none knows of it. It gets the config, every number, and now and then a picture of each view.
A tracker that fails says so once, is ended and left out; the training goes on.
"""

import json
import math
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fathom import settings
from fathom.errors import FathomError
from fathom.lab.order import ENDS
from fathom.lab.wire import Message

PICTURES = 60.0  # seconds between two sets of pictures at least: each costs about half of one
EXTRAS = {"wandb": "wandb", "tensorboard": "tensorboard", "jsonl": ""}  # what pip calls them
Image = NDArray[np.uint8]  # (H, W, 3)


class Tool(Protocol):
    """Where the numbers of one run go."""

    place: str  # what the reader is told: where it is, and how to look at it

    def begin(self, name: str, config: dict[str, Any]) -> None:
        """The run starts."""

    def numbers(self, step: int, values: dict[str, float]) -> None:
        """The numbers of one step; all are finite."""

    def pictures(self, step: int, images: dict[str, Image]) -> None:
        """What is seen after one step."""

    def end(self, summary: dict[str, Any]) -> None:
        """The run is over: how it ended."""

    def close(self) -> None:
        """Let go of files and processes, whether or not the run has ended; nothing comes after."""


class Tracker:
    """Hands a run to a tool; what goes wrong there is said once and ends only the tracking."""

    def __init__(self, name: str, say: Callable[[str], None], every: float = PICTURES) -> None:
        """every: seconds between two sets of pictures at least."""
        self.name, self._say, self._every = name, say, every
        self._tool: Tool | None = None
        self._open = False  # whether the tool still holds something
        self._frame: Message | None = None
        self._next = 0.0  # when pictures are due again
        self._shown = -1  # the step of the last pictures

    def hear(self, message: Message, config: dict[str, Any]) -> None:
        """One message of the run; config: its knobs, which only the first message needs."""
        if self._open or (self._tool is None and message["type"] == "run"):
            self._try(lambda: self._hear(message, config))

    def close(self) -> None:
        """End the tool of a run that broke off without saying how it ended."""
        if self._open:
            self._try(self._let_go)

    @property
    def place(self) -> str:
        """Where it was kept, as a sentence; nothing when it failed."""
        return self._tool.place if self._tool else ""

    def _hear(self, message: Message, config: dict[str, Any]) -> None:
        if message["type"] == "run":
            self._tool = TOOLS[self.name](folder(message["experiment"]))
            self._open = True
            self._tool.begin(message["experiment"], finite(config))
        elif self._tool is None:
            return
        elif message["type"] == "scalars":
            for step, values in rows(message):
                self._tool.numbers(step, values)
        elif message["type"] == "frame":
            self._frame = message
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + self._every
                self._show(message)
        elif message["type"] == "state" and message["state"] in ENDS:
            if self._frame and self._frame["step"] != self._shown:
                self._show(self._frame)
            told = {"state": message["state"], "step": message["step"], "kept": message.get("kept")}
            self._tool.end(finite(told | {"reason": message["why"]}))
            self._let_go()

    def _let_go(self) -> None:
        self._open = False
        if self._tool:
            self._tool.close()

    def _show(self, frame: Message) -> None:
        from fathom.lab.picture import panels

        self._shown = frame["step"]
        if self._tool:
            self._tool.pictures(frame["step"], panels(frame))

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # these tools raise whatever they like
            tool, self._tool = self._tool, None
            if tool and self._open:
                self._open = False
                with suppress(Exception):  # the first failure is what is told
                    tool.close()
            why = (str(error).strip().splitlines() or [type(error).__name__])[0]
            self._say(f"Nothing more is sent to {self.name}: {why} The training goes on.")


def check(name: str) -> None:
    """FathomError with what to do, where a tool is not known or not installed."""
    if name not in EXTRAS:
        raise FathomError(f"Runs cannot be tracked with {name!r}: there are {', '.join(EXTRAS)}.")
    package = EXTRAS[name]
    if package and not find_spec(package):
        raise FathomError(
            f"{name} is not installed: python -m pip install {package}, then try again."
        )


def folder(experiment: str) -> Path:
    """A new folder for what is kept of one run."""
    now = datetime.now().strftime("%Y%m%d-%H%M%S")
    tracks = settings.state() / "tracks"
    for number in range(1, 1000):
        made = tracks / f"{experiment}-{now}{f'-{number}' if number > 1 else ''}"
        try:
            made.mkdir(parents=True)
        except FileExistsError:
            continue
        return made
    raise FathomError(f"There are too many runs of this second in {tracks}.")


def rows(block: Message) -> Iterator[tuple[int, dict[str, float]]]:
    """The steps of a block with the numbers that were measured and are finite."""
    columns = block["values"].T.tolist()
    for step, values in zip(block["steps"].tolist(), columns, strict=True):
        named = zip(block["names"], values, strict=True)
        yield step, {name: value for name, value in named if math.isfinite(value)}


def finite(value: Any) -> Any:
    """The value with None for every number that is not finite: what reads it may be strict."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    return [finite(one) for one in value] if isinstance(value, list | tuple) else value


class JsonLines:
    """One file of JSON lines, and pictures as PNG beside it."""

    def __init__(self, made: Path) -> None:
        self.place = f"Tracked in {made}"
        self._folder = made
        self._file = (made / "run.jsonl").open("w", encoding="utf-8")

    def begin(self, name: str, config: dict[str, Any]) -> None:
        """The first line."""
        self._write({"experiment": name, "config": config})

    def numbers(self, step: int, values: dict[str, float]) -> None:
        """A line for each step."""
        self._write({"step": step, "values": values})

    def pictures(self, step: int, images: dict[str, Image]) -> None:
        """A file for each picture, and a line that names them."""
        from PIL import Image as pillow

        names = {name: f"{re.sub(r'[^a-z0-9]+', '-', name)}-{step}.png" for name in images}
        for name, image in images.items():
            pillow.fromarray(image).save(self._folder / names[name])
        self._write({"step": step, "pictures": names})

    def end(self, summary: dict[str, Any]) -> None:
        """The last line."""
        self._write({"end": summary})

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, allow_nan=False, default=str) + "\n")
        self._file.flush()


class TensorBoard:
    """Event files, written by TensorBoard's own writer: PyTorch's is not needed."""

    def __init__(self, made: Path) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self.place = f"Tracked in {made}\nLook at it:  tensorboard --logdir {made.parent}"
        self._event, self._summary = Event, Summary
        self._writer = EventFileWriter(str(made))

    def begin(self, name: str, config: dict[str, Any]) -> None:
        """The config as a text, in a table."""
        table = "\n".join(f"| {knob} | {value} |" for knob, value in config.items())
        self._text("config", f"{name}\n\n| knob | value |\n|---|---|\n{table}")

    def numbers(self, step: int, values: dict[str, float]) -> None:
        """A scalar for each."""
        made = [self._summary.Value(tag=name, simple_value=one) for name, one in values.items()]
        self._add(step, made)

    def pictures(self, step: int, images: dict[str, Image]) -> None:
        """An image for each."""
        self._add(step, [self._picture(name, one) for name, one in images.items()])

    def end(self, summary: dict[str, Any]) -> None:
        """How it ended, as a text."""
        self._text("end", ", ".join(f"{name}: {value}" for name, value in summary.items()))

    def close(self) -> None:
        """Write what still waits, and end the thread that writes."""
        self._writer.close()

    def _picture(self, name: str, image: Image) -> Any:
        height, width, _ = image.shape
        shown = self._summary.Image(
            height=height, width=width, colorspace=3, encoded_image_string=png(image)
        )
        return self._summary.Value(tag=name, image=shown)

    def _text(self, tag: str, text: str) -> None:
        from tensorboard.plugins.text.summary_v2 import text_pb

        self._writer.add_event(self._event(summary=text_pb(tag, text), wall_time=time.time()))

    def _add(self, step: int, values: list[Any]) -> None:
        summary = self._summary(value=values)
        self._writer.add_event(self._event(summary=summary, step=step, wall_time=time.time()))


class Wandb:
    """A run of Weights & Biases. Offline, unless FATHOM_WANDB says online."""

    def __init__(self, made: Path) -> None:
        os.environ["WANDB_ERROR_REPORTING"] = "false"  # read when it is imported
        import wandb

        self._wandb, self._folder = wandb, made
        self._run: Any = None
        self._code = 1  # what W&B shows as failed, until the run has ended well
        self._online = settings.text("FATHOM_WANDB") == "online"
        self.place = f"Tracked in {made}"
        if not self._online:
            self.place += f"\nSend it to W&B:  wandb sync {made}/wandb/offline-run-*"

    def begin(self, name: str, config: dict[str, Any]) -> None:
        """Start it; its own reports about errors and use are switched off."""
        told = self._wandb.Settings(
            console="off", silent=True, disable_git=True, save_code=False, x_disable_stats=True
        )
        self._run = self._wandb.init(
            project="fathom",
            name=self._folder.name,
            group=name,
            config=config,
            dir=str(self._folder),
            mode="online" if self._online else "offline",
            settings=told,
        )

    def numbers(self, step: int, values: dict[str, float]) -> None:
        """What was measured at this step; a step that is drawn comes twice."""
        self._run.log(values, step=step)

    def pictures(self, step: int, images: dict[str, Image]) -> None:
        """An image for each."""
        made = {name: self._wandb.Image(one) for name, one in images.items()}
        self._run.log(made, step=step)

    def end(self, summary: dict[str, Any]) -> None:
        """How it ended, in the summary."""
        self._run.summary.update(summary)
        self._code = int(summary["state"] == "failed")

    def close(self) -> None:
        """Write what still waits, and end the process that W&B started, whatever happens."""
        try:
            if self._run:
                self._run.finish(exit_code=self._code)
        finally:
            self._wandb.teardown()


TOOLS: dict[str, Callable[[Path], Tool]] = {
    "wandb": Wandb,
    "tensorboard": TensorBoard,
    "jsonl": JsonLines,
}


def png(image: Image) -> bytes:
    """A picture as bytes of PNG."""
    from io import BytesIO

    from PIL import Image as pillow

    made = BytesIO()
    pillow.fromarray(image).save(made, "PNG")
    return made.getvalue()
