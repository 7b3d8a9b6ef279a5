"""Places to look at a run from the command line that do not move: JSON lines, plain lines."""

import math
from typing import Protocol

from fathom.cli.output import Paper, note, write_json
from fathom.cli.story import Story
from fathom.lab.wire import Message

LINES = 20  # plain lines that a run writes, more or less


class Display(Protocol):
    """Shows messages as they come."""

    def hear(self, message: Message, story: Story) -> None:
        """One message; the story has heard it already."""

    def say(self, sentence: str) -> None:
        """A sentence for the reader."""

    def tick(self, story: Story) -> None:
        """A little time has passed."""

    def close(self) -> None:
        """Nothing more will come, or Ctrl-C came twice."""


def said(numbers: dict[str, float]) -> str:
    """Numbers in a row: 'loss 0.0213  accuracy 0.98'."""
    return "  ".join(f"{name} {short(value)}" for name, value in numbers.items())


def short(value: float) -> str:
    """A number with four digits that count; whole numbers as they are."""
    whole = value.is_integer() and abs(value) < 1e9
    return f"{value:.0f}" if whole else f"{value:.4g}"


class JsonLines:
    """One JSON object for every frame that was drawn."""

    def hear(self, message: Message, story: Story) -> None:
        """Write a frame; words that are no numbers go to standard error."""
        match message["type"]:
            case "frame":
                write_json({"step": message["step"], "values": message["numbers"]})
            case "notice" | "error":
                self.say(message["text"])

    def say(self, sentence: str) -> None:
        """Not among the JSON."""
        note(sentence)

    def tick(self, story: Story) -> None:
        """Nothing to do: lines are written at once."""

    def close(self) -> None:
        """Nothing was held back."""


class Lines:
    """For a pipe or a file: a line now and then, no escape codes."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._next = 0.0  # the step of the next line
        self._told = ""  # the download that was told last, and how many tenths of it

    def hear(self, message: Message, story: Story) -> None:
        """Write a line when enough steps have gone by."""
        match message["type"]:
            case "notice" | "error":
                self.say(message["text"])
            case "progress":
                self._progress(message)
            case "scalars" if story.numbers and story.step >= self._next:
                of = f" of {story.of}" if story.of else ""
                self.paper.print(f"step {story.step}{of}  {said(story.numbers)}", soft_wrap=True)
                self._next = story.step + max(1.0, story.of / LINES)

    def say(self, sentence: str) -> None:
        """Among the lines."""
        self.paper.print(sentence, soft_wrap=True)

    def tick(self, story: Story) -> None:
        """Nothing moves here."""

    def close(self) -> None:
        """Nothing was held back."""

    def _progress(self, message: Message) -> None:
        share = message["done"] / message["total"] if message["total"] else 0.0
        told = f"{message['what']}: {math.floor(10 * share) * 10} %"
        if told != self._told:
            self._told = told
            self.paper.print(told, soft_wrap=True)
