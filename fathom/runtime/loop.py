"""The loop of a run: take a step, obey commands, draw a frame when one is due."""

import math
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from fathom.errors import DataError, FathomError, KnobError
from fathom.lab import config as configs, tell, wire
from fathom.lab.experiment import Experiment, describe, fitting
from fathom.lab.frame import Frame
from fathom.lab.order import ENDS
from fathom.runtime.budget import Budget
from fathom.runtime.channel import Channel, Command
from fathom.runtime.divergence import Diverged, Sense
from fathom.runtime.idle import idle
from fathom.runtime.loading import explain, load

BLOCK = 0.05  # seconds between two blocks of scalars
NAP = 0.001  # a wait shorter than this is not worth a sleep
REST = 900.0  # seconds that an ended run waits for somebody who asks it something
AGAIN = 1 / 30  # seconds between two beginnings at least, while a knob or a handle is dragged

clock = time.perf_counter


class Stopped(Exception):
    """The learner stopped the run."""


class Loop:
    """One execution of an experiment with one config.

    order: that of `lab.order.Order`, and the "cores" that the runner gave it.
    A state of "failed" says its cause: "diverged", "input" (what the knobs ask for cannot be
    had) or "fault" (ours).
    """

    def __init__(self, channel: Channel, order: Command) -> None:
        self.channel, self.order = channel, order
        self.paused: bool = bool(order.get("paused"))
        self.resting = False  # the last step is over; knobs that only look still turn
        self.anew = False  # a knob was turned with which it has to begin again
        self.still = False  # it has no second step: every knob begins it again
        self.early: list[tuple[str, Any]] = []  # live knobs that were turned at step 0
        self.next_beginning = 0.0
        self.until: int | None = order.get("until")
        self.every: int = order.get("every") or 0  # every so many steps are drawn, however long
        self.most_threads: int = order.get("threads") or 0  # 0: nobody has looked yet
        self.threads = 1
        self.short_of = 0  # threads that were asked for, and not given
        self.turns = deque(tuple(turn) for turn in order.get("turns", ()))
        self.steps_due = 0  # single steps asked for while paused
        self.looked_at = False  # somebody is ready for a frame
        self.urgent = True  # draw the next frame as soon as somebody is ready
        self.frame: Frame | None = None
        self.drawn = -1  # step of the last frame that was drawn
        self.counted = -1  # step whose numbers that are drawn were told
        self.training = 0.0  # seconds spent in steps
        self.budget = Budget(clock())  # of drawing
        self.next_block = clock()
        self.next_step = clock()
        self.rows: list[tuple[int, dict[str, float]]] = []
        self.numbers: dict[str, float] = {}
        self.turned_knobs: list[str] = []
        self.sense = Sense()
        self.experiment: Experiment
        self.module: Any
        self.values: dict[str, Any]  # what the knobs were set to, beside their defaults
        self.config: Any
        self.frames: Iterator[Frame]
        self.pace: float

    # --- telling

    def tell(self, message: dict[str, Any]) -> None:
        """Send one message."""
        self.channel.send(wire.encode(message))

    def state(self, state: str, why: str = "", **more: Any) -> None:
        """Say what the run does now, after everything that happened before."""
        self.flush()
        step, of = (self.frame.step, self.frame.of) if self.frame else (0, 0)
        message = {"type": "state", "state": state, "step": step, "of": of, "why": why}
        if state in ENDS:
            more |= {"numbers": self.numbers}
        self.tell(message | {"seconds": self.training, "threads": self.threads} | more)

    def flush(self) -> None:
        """Send the numbers of the steps since the last block.

        Without any the next block stays due: the first step's are told at once, for the step
        after it may take long, or for ever.
        """
        if not self.rows:
            return
        self.next_block = clock() + BLOCK
        names = list(dict.fromkeys(name for _, row in self.rows for name in row))
        missing = math.nan
        values = [[row.get(name, missing) for _, row in self.rows] for name in names]
        message = {
            "type": "scalars",
            "names": names,
            "steps": np.array([step for step, _ in self.rows], np.int32),
            "values": np.array(values, np.float64).reshape(len(names), len(self.rows)),
        }
        self.rows.clear()
        self.tell(message)

    # --- running

    def go(self) -> None:
        """From the order to the last message. Never raises: what went wrong becomes a sentence."""
        try:
            self.module = load(self.order["experiment"])
            self.experiment = describe(self.module)
            pace = self.order.get("pace")
            self.pace = self.experiment.pace if pace is None else float(pace)
            self.values = dict(self.order.get("knobs", {}))
            self.begin()
            self.state("paused" if self.paused else "running")
            self.steps()
            self.finish()
            self.rest()
        except Stopped:
            self.state("stopped")
        except Diverged as error:
            self.state("failed", str(error), cause="diverged", instead=error.instead)
        except DataError as error:
            self.state("failed", str(error), cause="input", instead=error.instead)
        except KnobError as error:
            self.state("failed", str(error), cause="input")
        except FathomError as error:
            self.state("failed", str(error), cause="fault")
        except Exception as error:
            traceback.print_exc()  # to the log, for the author of the experiment
            why = explain(error, self.order["experiment"], self.frame)
            self.state("failed", why, cause="fault")

    def begin(self) -> None:
        """Make a config of what is known, and a run that has not taken a step."""
        self.config = configs.configure(self.module.Config, self.values)
        self.limit_threads()
        self.frames = self.module.run(self.config)
        self.frame, self.sense, self.drawn, self.counted = None, Sense(), -1, -1
        self.anew, self.next_beginning = False, clock() + AGAIN
        self.rows.clear()

    def limit_threads(self) -> None:
        """Use no more threads than the runner gave and cores are idle, and as many all along.

        Other threads add up in another order: a run that goes back is ordered with as many as it
        had, idle or not.
        """
        wish = getattr(self.config, "threads", 1)
        if wish > 1 and not self.most_threads:
            cores = self.order.get("cores", 1)
            self.most_threads = max(1, idle(cores)) if cores > 1 else 1
        self.threads = min(wish, self.most_threads or 1)
        if self.threads == wish:
            return
        self.config.threads = self.threads
        if self.short_of != wish and not self.order.get("threads"):
            self.short_of = wish
            tell.notice(
                f"The run asked for {wish} threads and got {self.threads}: the other cores are "
                "busy."
            )

    @property
    def beginning(self) -> bool:
        """Whether no step has been taken, so that any knob may still be set."""
        return self.frame is None or self.frame.step == 0

    def wait(self) -> Command | None:
        """The next command; None when it is time to begin again with what was turned."""
        left = max(self.next_beginning - clock(), 0) if self.anew else None
        return self.channel.inbox.take(left)

    def steps(self) -> None:
        """The loop. Commands act while the experiment waits at its `yield`.

        The first frame comes before any command, also of a run that begins paused: there is
        something to look at, and every turn of a knob has a step that it comes after.
        """
        inbox = self.channel.inbox
        while True:
            while self.frame and (inbox.waiting or (self.paused and not self.steps_due)):
                self.obey(self.wait())
                if self.anew and not inbox.waiting and clock() >= self.next_beginning:
                    break
            if self.anew:
                self.begin()
            if self.frame and not self.may_step():
                continue
            began = clock()
            frame = next(self.frames, None)
            now = clock()
            if frame is None:
                return
            self.frame = frame
            self.training += now - began
            self.budget.stepped(now - began)
            self.numbers = frame.numbers()
            self.rows.append((frame.step, self.numbers))
            self.check(self.numbers)
            if frame.step == 0:
                for name, value in self.early:
                    configs.turn(self.config, name, value)
            if self.turns and self.turns[0][0] <= frame.step:
                self.replay()
            if self.steps_due and frame.step:
                self.steps_due -= 1
                self.urgent = True
            if self.until is not None and frame.step >= self.until:
                self.until, self.paused, self.urgent = None, True, True
                self.state("paused")
            if self.every and (frame.step % self.every == 0 or frame.step >= frame.of):
                self.wait_for_viewer()
            due = self.looked_at and (self.urgent or now >= self.budget.next_frame)
            if self.drawn != frame.step and (due or frame.step >= frame.of):
                self.look()
            if clock() >= self.next_block or self.paused:
                self.flush()

    def wait_for_viewer(self) -> None:
        """Go no further until somebody is ready for this frame, which none may miss."""
        while self.frame and self.drawn != self.frame.step:
            if self.looked_at:
                self.look()
            else:
                self.obey(self.channel.inbox.take(None))

    def may_step(self) -> bool:
        """Keep the pace: sleep until the next step is due; False if a command says pause."""
        if self.steps_due or self.until is not None or not self.pace:
            return True  # a single step, a hurry to the step that was asked for, or full speed
        self.next_step = max(self.next_step + 1 / self.pace, clock() - 0.1)
        while not self.paused and (left := self.next_step - clock()) > NAP and self.pace:
            if self.looked_at and self.frame and self.frame.step != self.drawn:
                if clock() >= self.budget.next_frame:
                    self.look()
                    continue
                left = min(left, self.budget.next_frame - clock())
            if self.rows and clock() >= self.next_block:
                self.flush()
            command = self.channel.inbox.take(max(left, 0))
            if command:
                self.obey(command)
        return not self.paused

    def look(self) -> None:
        """Draw the frame at hand and send it."""
        frame = self.frame
        if frame is None:
            return
        began = clock()
        numbers, views = frame.draw()
        self.check(numbers)
        self.numbers.update(numbers)
        told = self.counted == frame.step or (self.rows and self.rows[-1][0] == frame.step)
        if not told:
            self.rows.append((frame.step, self.numbers))
        self.counted = frame.step
        self.flush()
        message = {"type": "frame", "step": frame.step, "of": frame.of, "numbers": numbers}
        self.tell(message | {"views": {name: view.message() for name, view in views.items()}})
        self.budget.drew(began, clock(), steps=frame.of, pace=self.pace)
        self.drawn, self.looked_at, self.urgent = frame.step, False, False

    def catch_up(self) -> None:
        """Who is ready sees the step that it stands at, not the last one that was drawn."""
        if self.looked_at and self.frame and self.frame.step != self.drawn:
            self.look()

    def check(self, numbers: dict[str, float]) -> None:
        """End a run that has diverged."""
        step = self.frame.step if self.frame else 0
        self.sense.check(numbers, step, self.config, self.experiment.knobs)

    def finish(self) -> None:
        """Say whether the promise was kept."""
        known = self.experiment.knobs
        values = {name: getattr(self.config, name) for name in known}
        promise = fitting(self.experiment.promises, known, values)
        turned = {name for name in self.turned_knobs if not known[name].looks}
        if promise and turned - {*promise.free}:
            promise = None  # it had these knobs at the end, but not all the way
        self.still = self.beginning
        asked = self.still or any(one.looks for one in known.values())
        self.resting = bool(self.order.get("rests")) and asked
        kept = promise.holds(self.numbers) if promise else None
        bounds = [asdict(bound) for bound in promise.bounds] if promise else []
        rest, still = self.resting, self.still
        self.state("finished", kept=kept, bounds=bounds, rests=rest, still=still)

    def rest(self) -> None:
        """Stay for knobs that only look, until nobody has asked anything for a while.

        One that takes no step at all, a still, runs again for any knob: the newest value wins.
        """
        while self.resting:
            wait = max(self.next_beginning - clock(), 0) if self.anew else REST
            command = self.channel.inbox.take(wait)
            match command:
                case {"type": "look" | "turn"}:
                    self.obey(command)
                case {"type": "stop"}:
                    self.resting = False
                case None if not self.anew:
                    self.resting = False
            if self.anew and not self.channel.inbox.waiting and clock() >= self.next_beginning:
                self.once_more()

    def once_more(self) -> None:
        """Run a still again; knobs that do not go together are answered, and it stays."""
        try:
            self.begin()
            self.urgent = True
            self.steps()
            self.finish()
        except (DataError, Diverged, KnobError) as error:
            self.tell({"type": "error", "text": str(error)})

    # --- commands

    def obey(self, command: Command | None) -> None:
        """One command of the learner, or of the server on somebody's behalf."""
        match command:
            case None:
                pass
            case {"type": "look"}:
                self.looked_at = True
                if self.paused or self.drawn < 0:  # the first frame is not made to wait
                    self.catch_up()
            case {"type": "again"}:  # somebody new watches: the same frame once more
                self.looked_at = self.urgent = True
                if self.paused:
                    self.look()
            case {"type": "pause"} if not self.paused:
                self.paused = True
                self.state("paused")
                self.catch_up()
            case {"type": "play"} if self.paused:
                self.paused, self.next_step = False, clock()
                self.state("running")
            case {"type": "step"}:
                self.steps_due += max(1, int(command.get("count", 1)))
                if not self.paused:
                    self.paused = True
                    self.state("paused")
            case {"type": "turn", "knob": name, "value": value}:
                if self.turn(str(name), value) and not self.experiment.knobs[name].looks:
                    self.turns.clear()  # those still ahead belong to another future
            case {"type": "pace", "steps": steps}:
                self.pace, self.next_step = float(steps), clock()
            case {"type": "stop"}:
                raise Stopped

    def turn(self, name: str, value: Any) -> bool:
        """Turn a knob; a wrong value is answered with a sentence, and the run goes on.

        Before the first step any knob can be set: the run begins again with it.
        Gives back whether it was turned.
        """
        try:
            knob = configs.find(self.experiment.knobs, name)
            if self.beginning and not knob.looks and (self.still or not knob.live):
                self.values[name] = knob.read(value)
                self.anew = True
                if name == "threads":
                    self.most_threads = 0
                text = knob.write(self.values[name])
                self.tell({"type": "set", "knob": name, "value": text})
                return True
            taken = configs.turn(self.config, name, value)
        except KnobError as error:
            self.tell({"type": "error", "text": str(error)})
            return False
        self.turned_knobs.append(name)
        if self.beginning:
            self.early.append((name, taken))
        step = self.frame.step if self.frame else 0
        text = self.experiment.knobs[name].write(taken)
        self.tell({"type": "turned", "step": step, "knob": name, "value": text})
        self.urgent = True
        if self.experiment.knobs[name].looks:
            self.drawn = -1  # the frame at hand looks different now
            if self.paused or self.resting:
                self.catch_up()
        return True

    def replay(self) -> None:
        """Apply the turns of the order that are due."""
        frame = self.frame
        while self.turns and frame and self.turns[0][0] <= frame.step:
            _, name, value = self.turns.popleft()
            self.turn(name, value)
