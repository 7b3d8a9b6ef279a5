"""Drawing has a budget: what the eye can use, and a share of the time of the run."""

import pytest

from fathom.runtime.budget import Budget


@pytest.mark.parametrize(
    ("step", "steps", "pace", "drawing", "until_next"),
    [
        (0.001, 1_000_000, 0, 0.1, 0.4),  # a toy's step: a quarter
        (0.1, 200, 0, 0.1, 0.4),  # over within half a minute: a quarter
        (0.1, 400, 0, 0.1, 5.0),  # longer: 2 %
        (0.1, 400, 5, 0.1, 0.4),  # half of the time it sleeps between the steps: half of that
        (0.001, 1000, 0, 0.001, 1 / 60),  # never more frames than the eye sees
    ],
)
def test_a_frame_is_due_when_drawing_has_taken_its_share(step, steps, pace, drawing, until_next):
    budget = Budget(0.0)
    for _ in range(500):
        budget.stepped(step)
    budget.drew(10.0, 10.0 + drawing, steps=steps, pace=pace)
    assert budget.next_frame - 10.0 == pytest.approx(until_next)


def test_one_slow_drawing_does_not_keep_all_later_ones_away():
    budget = Budget(0.0)
    budget.drew(0.0, 1.0, steps=10, pace=0)
    for at in range(1, 40):
        budget.drew(at, at + 0.1, steps=10, pace=0)
    assert budget.next_frame - 39 == pytest.approx(0.4, rel=0.01)
