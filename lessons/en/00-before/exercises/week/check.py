"""A week of 28 different numbers, so that every wrong cut can be told from every other."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: rows, columns, a piece, and a question asked of every entry at once."

temps = np.array(
    [
        [4, 17, 12, 1],
        [5, 21, 13, 2],
        [6, 22, 14, 3],
        [7, 23, 15, -1],
        [8, 24, 16, -2],
        [9, 25, 18, -3],
        [10, 26, 20, -4],
    ]
)
FROM_ONE = "Counting starts at 0: the first has the index 0, the second 1, the third 2."


def check(attempt: Attempt) -> None:
    """One cut after the other."""
    expect(attempt.call("wednesday", temps), "wednesday").near(
        temps[2],
        causes=[
            (temps[3], f"This is Thursday. {FROM_ONE}"),
            (
                temps[:, 2],
                "This is a column, the evening of each day. The row comes first in the brackets.",
            ),
            (
                temps[2:3],
                "Nearly: 2:3 keeps the axis, so this is a table of one row. Take temps[2].",
            ),
        ],
    )
    expect(attempt.call("noons", temps), "noons").near(
        temps[:, 1],
        causes=[
            (
                temps[1],
                "This is a row, all of Tuesday. A colon in the first place means all rows: "
                "temps[:, ...].",
            ),
            (temps[:, 2], f"These are the evenings. {FROM_ONE}"),
            (temps[:, 1:2], "Nearly: 1:2 keeps the axis, so this is a table of one column."),
        ],
    )
    expect(attempt.call("weekend", temps), "weekend").near(
        temps[5:, :2],
        causes=[
            (temps[5:], "These are the right days, with all four times. Cut the columns too."),
            (
                temps[5:6, 0:1],
                "The end of a slice is not included: 5:6 is one row, 0:1 one column.",
            ),
            (temps[5:, 0:1], "The end of a slice is not included: 0:1 is one column."),
            (temps[5:6, :2], "The end of a slice is not included: 5:6 is Saturday alone."),
            (temps[6:, :2], "This is Sunday alone. Saturday is the sixth day, with the index 5."),
            (temps[5:, 1:3], f"This is noon and evening. {FROM_ONE}"),
        ],
    )
    hot = temps[temps > 20]
    found = attempt.call("warm", temps)
    expect(found, "warm").that(
        np.shape(found) != hot.shape,
        "warm gives the warm temperatures themselves. How many are they?",
    ).that(
        np.shape(found) != temps.shape,
        "warm gives true or false for every entry. True counts as 1: add them up.",
    ).that(
        np.shape(found) != temps.shape[1:],
        "warm gives a number for each column: sum(...) adds row to row. Of all entries it is "
        "(temps > 20).sum().",
    ).number().near(
        hot.size,
        causes=[
            (hot.sum(), "You added the warm temperatures. Add the truths: (temps > 20).sum()."),
            (hot.size + 1, "You counted the 20 as well: above 20 is >, not >=."),
            (temps.size, "This is how many numbers there are in all: ask which are above 20."),
        ],
    )
