"""How much of the time of a run may go into drawing: what the eye can use, and little of the rest.

A toy may spend a quarter of its time on smooth pictures; a run that sleeps between its steps half
of that sleep; anything longer 2 %.
"""

FASTEST = 1 / 60  # seconds between two frames at least
TOY = 0.0015  # a step shorter than this is a toy's,
SOON = 30.0  # and so is a run that would be over within these seconds, on a slow machine too
TOY_SHARE, SHARE = 0.25, 0.02  # of the time may go into drawing,
IDLE_SHARE = 0.5  # and of the time in which nothing else is to be done


class Budget:
    """Measures what steps and drawings take. Seconds of one clock."""

    def __init__(self, now: float) -> None:
        self.next_frame = now  # none is due before
        self._step = 0.0  # what one takes, smoothed; at first every run is a toy
        self._drawing = 0.0

    def stepped(self, seconds: float) -> None:
        """A step took so long."""
        self._step += 0.05 * (seconds - self._step)

    def drew(self, began: float, ended: float, *, steps: int, pace: float) -> None:
        """A frame was drawn. steps: of the whole run; pace: steps a second, 0: full speed."""
        took = ended - began
        self._drawing = 0.8 * self._drawing + 0.2 * took if self._drawing else took
        toy = self._step < TOY or self._step * steps < SOON
        idle = 1 - pace * self._step if pace else 0  # it sleeps between the steps
        share = max(TOY_SHARE if toy else SHARE, IDLE_SHARE * idle)
        self.next_frame = began + max(FASTEST, self._drawing / share)
