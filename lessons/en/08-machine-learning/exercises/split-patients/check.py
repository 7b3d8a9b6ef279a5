"""Whole patients, as many as were asked for, and others with another seed."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: scikit-learn calls this GroupShuffleSplit, and the patients the groups."
WHO = np.repeat(np.arange(20, 60), np.arange(40) % 5 + 1)  # 40 patients with 1 to 5 rows each


def check(attempt: Attempt) -> None:
    """A fifth, and half, of 40 patients."""
    for share in (0.2, 0.5):
        rows = []
        for seed in (0, 1, 2):
            found = attempt.call("test_rows", WHO, share, seed)
            called = f"test_rows(who, {share}, {seed})"
            expect(found, called).shape(rows=len(WHO)).that(
                np.asarray(found).dtype == bool,
                f"{called} should hold True or False for each row.",
            )
            rows.append(np.asarray(found))
            look(rows[-1], share)
        expect(rows[0], "what you return").that(
            any((rows[0] != one).any() for one in rows[1:]),
            "Another seed gives the same patients: draw them from rng.",
        )


def look(test: np.ndarray, share: float) -> None:
    """Who stands where."""
    both = sorted(set(WHO[test].tolist()) & set(WHO[~test].tolist()))
    tested, wanted = len(set(WHO[test].tolist())), round(40 * share)
    once = all((WHO[test] == one).sum() == 1 for one in both)
    expect(test, "what you return").that(
        not (both and once and tested == wanted),
        "Only one row of each patient is held out; their other rows stand among the training.",
    ).that(
        not both,
        f"Patient {both[0] if both else ''} stands on both sides: draw patients, not rows.",
    ).that(
        tested != 40 - wanted or tested == wanted,
        "The sides are swapped: True should mean that the row is in the test.",
    ).that(
        tested == wanted,
        f"{tested} of 40 patients are held out, but a share of {share} is {wanted}.",
    )
