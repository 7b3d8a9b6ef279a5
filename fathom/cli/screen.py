"""A run in a real terminal: a bar, the numbers and the curves, drawn over as the run goes on."""

import time
from collections import deque

from rich.console import Group
from rich.live import Live
from rich.text import Text

from fathom.cli.displays import said
from fathom.cli.output import Paper
from fathom.cli.story import Story
from fathom.lab.mosaic import pictures
from fathom.lab.terminal import plot
from fathom.lab.wire import Message

EVERY = 0.12  # seconds between two drawings
SPEED = 3.0  # seconds over which the speed is measured
MOST = 24  # lines for curves
VIEW = 14  # lines for a picture

clock = time.monotonic


class Screen:
    """Draws the latest state of a run a few times a second."""

    def __init__(self, paper: Paper, *, views: bool = False) -> None:
        self.paper, self.views = paper, views
        self._live = Live(console=paper, auto_refresh=False, transient=True)
        self._live.start()
        self._began = clock()
        self._drawn = 0.0
        self._past: deque[tuple[float, int]] = deque()  # when which step was reached
        self._progress: Message | None = None

    def hear(self, message: Message, story: Story) -> None:
        """Sentences stay above what moves."""
        match message["type"]:
            case "notice" | "error":
                self.say(message["text"])
            case "progress":
                self._progress = message
            case "scalars" | "state":
                self._progress = None

    def say(self, sentence: str) -> None:
        """Above what moves."""
        self._live.console.print(sentence)

    def tick(self, story: Story) -> None:
        """Draw, if it is time."""
        now = clock()
        if now - self._drawn >= EVERY:
            self._drawn = now
            self._live.update(Group(*self.lines(story)), refresh=True)

    def close(self) -> None:
        """Wipe what moved and show the cursor again."""
        if self._live.is_started:
            self._live.update(Text(), refresh=True)
            self._live.stop()

    def lines(self, story: Story) -> list[Text]:
        """Everything that fits on the screen, the most important first."""
        width, height = self.paper.size
        if self._progress:
            return [loading(self._progress, width, self.paper.plain)]
        if not story.numbers:
            return [self._waiting(story)]
        lines = [self._bar(story, width), *wrapped(story.numbers, width)]
        left = height - len(lines) - 2
        block = story.history.joined()
        if self.views and story.frame and left > VIEW + 6:
            lines += self._picture(story.frame, width)
            left = height - len(lines) - 2
        space = {"width": width - 1, "height": min(MOST, left), "last": story.of or None}
        return [*lines, Text(), *plot(block, **space, plain=self.paper.plain)]  # type: ignore[arg-type]

    def _picture(self, frame: Message, width: int) -> list[Text]:
        views = frame["views"]
        first = next((name for name, view in views.items() if not view.get("on")), "")
        shown = {name: one for name, one in views.items() if first in (name, one.get("on"))}
        made = pictures(
            shown,
            width=width,
            height=VIEW - 3,
            coloured=self.paper.coloured,
            plain=self.paper.plain,
        )
        return [part for line in made for part in line.wrap(self.paper, width)]

    def _waiting(self, story: Story) -> Text:
        seconds = clock() - self._began
        if story.state["state"] == "queued" and story.state.get("place"):
            return Text(f"Waiting for a free core, {seconds:.0f} s")
        return Text(f"Starting: PyTorch is loading, {seconds:.0f} s")

    def _bar(self, story: Story, width: int) -> Text:
        now = clock()
        if not self._past or self._past[-1][1] != story.step:
            self._past.append((now, story.step))
        while len(self._past) > 2 and self._past[0][0] < now - SPEED:
            self._past.popleft()
        (first, low), (last, high) = self._past[0], self._past[-1]
        speed = (high - low) / (last - first) if last > first else 0.0
        step = f"step {story.step:,} of {story.of:,} " if story.of else f"step {story.step:,} "
        words = f" {speed:,.0f} steps/s" if speed >= 10 else f" {speed:.1f} steps/s"
        if speed and story.of:
            words += f", {duration((story.of - story.step) / speed)} left"
        if story.state["state"] == "paused":
            words = " paused"
        if len(step) + len(words) + 8 > width:
            words = words.partition(",")[0] if len(step) + 24 < width else ""
        share = story.step / story.of if story.of else 0.0
        bar = stripe(share, max(4, width - len(step) - len(words) - 1), self.paper.plain)
        return Text(step).append_text(bar).append(words)


def stripe(share: float, width: int, plain: bool) -> Text:
    """A progress bar."""
    full = round(min(1.0, max(0.0, share)) * width)
    done, rest = ("#", "-") if plain else ("━", "─")
    return Text(done * full, "#56b4e9").append(rest * (width - full), "dim")


def duration(seconds: float) -> str:
    """Seconds as people say them: 0:08, 12:40, 1:02:03."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def size(amount: float) -> str:
    """Bytes as people say them, in powers of 1000 as downloads are counted."""
    for unit, one in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if amount >= one:
            return f"{amount / one:.3g} {unit}"
    return f"{amount:.0f} bytes"


def loading(message: Message, width: int, plain: bool) -> Text:
    """A download or a preparation."""
    what, done, total = message["what"], message["done"], message["total"]
    if not total:
        return Text(f"{what}, {size(done)}")
    words = f" {size(done)} of {size(total)}"
    room = width - len(what) - len(words) - 2
    bar = stripe(done / total, room, plain) if room >= 6 else Text()
    return Text(f"{what} ").append_text(bar).append(words)


def wrapped(numbers: dict[str, float], width: int) -> list[Text]:
    """Numbers in as few lines as they need; a name and its value stay together."""
    lines: list[str] = []
    for name, value in numbers.items():
        word = said({name: value})
        if lines and len(lines[-1]) + len(word) + 3 <= width:
            lines[-1] += "   " + word
        else:
            lines.append(word)
    return [Text(line) for line in lines]
