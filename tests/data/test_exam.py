"""The students of the course: a table, and as many more of them as one likes."""

import torch

from fathom.data import exam


def test_twenty_students_with_the_usual_luck_are_the_table_whatever_the_seed():
    for seed in (0, 7):
        hours, points = exam.students(20, 5.0, torch.Generator().manual_seed(seed))
        assert hours[[0, -1]].tolist() == [0.5, 10.0]
        assert tuple(points.tolist()) == exam.POINTS


def test_students_without_luck_lie_on_the_line():
    hours, points = exam.students(30, 0.0)
    assert torch.equal(points, (12 + 8 * hours).round())


def test_students_with_much_luck_stay_between_0_and_100_and_differ_by_seed():
    first, second = (
        exam.students(200, 60.0, torch.Generator().manual_seed(seed))[1] for seed in (0, 1)
    )
    assert (first.min(), first.max()) == (0, 100)
    assert not torch.equal(first, second)
