"""What the messages of one run have said so far, from a live run or from a recording."""

import math
from typing import Any

from fathom.lab import config
from fathom.lab.experiment import Experiment, Promise, fitting
from fathom.lab.order import ENDS
from fathom.lab.wire import Message
from fathom.runtime.history import History


class Story:
    """Listens to messages and remembers what a display needs."""

    def __init__(self) -> None:
        self.head: Message = {}
        self.state: Message = {"type": "state", "state": "queued", "step": 0, "of": 0, "why": ""}
        self.history = History()
        self.turns: list[tuple[int, str, Any]] = []
        self.frame: Message | None = None
        self.numbers: dict[str, float] = {}  # the latest of each, also when it is not finite
        self.step, self.of = 0, 0

    def hear(self, message: Message) -> None:
        """Take in one message. A second `run` begins anew: the first one was left for it."""
        match message["type"]:
            case "run":
                self.__init__()  # type: ignore[misc]
                self.head = message
                self.turns = [tuple(turn) for turn in message.get("turns", ())]
            case "state":
                self.state = message
                self.step, self.of = message["step"], message["of"] or self.of
            case "scalars":
                self.history.add(message)
                self._keep(message)
            case "set":  # before the first step: it began again
                self.head["knobs"][message["knob"]] = message["value"]
                self.history = History()
            case "turned":
                self.turns.append((message["step"], message["knob"], message["value"]))
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

    @property
    def failed(self) -> bool:
        """Whether it ended as it should not."""
        return bool(self.state["state"] == "failed")

    def config(self, experiment: Experiment) -> dict[str, Any]:
        """All knobs as they stood at its end, `threads` as many as it got. Raises KnobError."""
        values = config.read(experiment.knobs, self.head.get("knobs", {}))
        if "threads" in values:
            values["threads"] = self.state.get("threads") or values["threads"]
        for _, name, value in self.turns:
            values[name] = config.find(experiment.knobs, name).read(value)
        return values

    def promised(self, experiment: Experiment) -> tuple[Promise | None, bool | None]:
        """What was promised for this run, and whether it was kept; None where it is open."""
        promise = fitting(experiment.promises, experiment.knobs, self.config(experiment))
        turned = {name for _, name, _ in self.turns if not experiment.knobs[name].looks}
        if promise is None or turned - {*promise.free}:
            return None, None
        if self.failed:
            return promise, False
        return promise, self.state.get("kept")

    def final(self, name: str, experiment: Experiment | None) -> dict[str, Any]:
        """The last line of `--json`: how it ended, and what can be checked.

        experiment: None where it is not known any more, as in an old recording.
        """
        knobs = self.config(experiment) if experiment else self.head.get("knobs", {})
        promise, kept = self.promised(experiment) if experiment else (None, None)
        values = self.numbers | self.state.get("numbers", {})
        reason = {"reason": self.state["why"]} if self.failed else {}
        return {
            "final": True,
            "experiment": name,
            "state": self.state["state"] if self.ended else "cut",
            **reason,
            "step": self.state["step"] if self.ended else self.step,
            "config": knobs,
            "values": values,
            "promise": {"text": str(promise) if promise else None, "kept": kept},
            "seconds": self.state.get("seconds"),
        }
