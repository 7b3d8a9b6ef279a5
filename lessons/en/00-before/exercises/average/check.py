"""The week of the lesson, then a list of another length with a number below zero."""

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: a loop that collects, and a return that comes once, after the loop."

rain = [0, 4, 12, 3, 0, 0, 9]
other = [0.5, 2.5, -1.0, 7.0]


def check(attempt: Attempt) -> None:
    """Both lists; any way to compute it is right."""
    expect(attempt.call("average", rain), "The mean of the rain").number().near(
        4.0,
        causes=[
            (28, "This is the sum. The mean is the sum divided by how many there are."),
            (
                9 / 7,
                "Only the last value is left in total: add each value to what is there already.",
            ),
            (9, "Only the last value is left in total: add each value to what is there already."),
            (
                0.0,
                "average gives back after the first value: the return is indented so far that it "
                "belongs to the loop. Move it left.",
            ),
        ],
    )
    expect(attempt.call("average", other), "The mean of 0.5, 2.5, -1 and 7").number().near(
        2.25,
        causes=[
            (9 / 7, "You divide by 7, but a list may have another length: len(values)."),
            (2.0, "// cuts off what comes after the point; / divides."),
        ],
    )
