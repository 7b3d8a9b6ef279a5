"""What the messages of one run have said so far, from a live run or from a recording."""

import math
from typing import Any

from fathom.lab.wire import Message
from fathom.runtime.history import History
from fathom.runtime.run import ENDS


class Story:
    """Listens to messages and remembers what a display needs."""

    def __init__(self) -> None:
        self.head: Message = {}
        self.state: Message = {"type": "state", "state": "queued", "step": 0, "of": 0, "why": ""}
        self.history = History()
        self.frame: Message | None = None
        self.numbers: dict[str, float] = {}  # the latest of each, also when it is not finite
        self.step, self.of = 0, 0

    def hear(self, message: Message) -> None:
        """Take in one message. A second `run` begins anew: the first one was left for it."""
        match message["type"]:
            case "run":
                self.__init__()  # type: ignore[misc]
                self.head = message
            case "state":
                self.state = message
                self.step, self.of = message["step"], message["of"] or self.of
            case "scalars":
                self.history.add(message)
                self._keep(message)
            case "frame":
                self.frame = message
                self.step, self.of = max(self.step, message["step"]), message["of"]

    def _keep(self, block: Message) -> None:
        if not len(block["steps"]):
            return
        self.step = max(self.step, int(block["steps"][-1]))
        for name, row in zip(block["names"], block["values"], strict=True):
            measured = [float(value) for value in row if not math.isnan(value)]
            if measured:
                self.numbers[name] = measured[-1]

    @property
    def ended(self) -> bool:
        """Whether the run is over."""
        return self.state["state"] in ENDS

    def final(self, experiment: str, promise: str | None, knobs: dict[str, Any]) -> dict[str, Any]:
        """The last line of `--json`: how it ended, and what can be checked."""
        return {
            "final": True,
            "experiment": experiment,
            "version": self.head.get("version"),
            "state": self.state["state"],
            "why": self.state["why"],
            "step": self.state["step"],
            "of": self.of,
            "promise": promise,
            "kept": self.state.get("kept"),
            "numbers": self.numbers,
            "seconds": self.state.get("seconds"),
            "knobs": knobs,
        }
