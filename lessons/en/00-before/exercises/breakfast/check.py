"""Five friends, two goods, three bakeries, each of which is the cheapest for somebody."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Right: (friends, goods) @ (goods, bakeries) is (friends, bakeries)."

orders = np.array([[1, 0], [0, 3], [2, 2], [4, 1], [1, 5]])
prices = np.array([[3, 2, 1], [1, 2, 4]])
bill = orders @ prices  # (5, 3)


def check(attempt: Attempt) -> None:
    """The bill, then where it is smallest."""
    found = attempt.call("costs", orders, prices)
    expect(found, "What costs gives").array().shape(friends=5, bakeries=3).near(
        bill,
        causes=[
            (orders.sum(axis=1)[:, None] * prices.sum(axis=0), "You added before multiplying."),
        ],
    )
    where = attempt.call("cheapest", orders, prices)
    expect(where, "What cheapest gives").that(
        np.ndim(where) > 0,
        "cheapest gives one number. Without an axis argmin looks through the whole table.",
    ).near(
        bill.argmin(axis=1),
        causes=[
            (
                bill.argmin(axis=0),
                "This says for each bakery which friend pays least. Let the axis of the bakeries "
                "vanish, 1.",
            ),
            (bill.min(axis=1), "These are the prices. argmin says where they are."),
            (bill.argmax(axis=1), "This is the dearest bakery: argmin, not argmax."),
            (bill.argmin(axis=1) + 1, "These count from 1; an index counts from 0."),
        ],
    ).whole()
