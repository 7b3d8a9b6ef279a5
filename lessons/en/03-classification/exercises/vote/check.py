"""Any way of finding the k nearest is right; only the answers are looked at."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: this is the whole method. Nothing was trained; the examples are the model."

rng = np.random.default_rng(5)
PLACES = rng.normal(size=(60, 2))
LABELS = (PLACES.sum(axis=1) > 0).astype(int) + (PLACES[:, 0] > 1)
ASKING = rng.normal(size=(40, 2))
LINE = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [9.0, 0.0]])
KINDS = np.array([1, 0, 0, 2, 2])


def right(here, places, labels, k):
    """The class of the most of the k nearest."""
    order = np.linalg.norm(places - here, axis=1).argsort()
    return int(np.bincount(labels[order[:k]]).argmax())


def asked(attempt: Attempt, k: int) -> list[int]:
    """What the attempt says about each asking point."""
    found = [attempt.call("vote", here, PLACES, LABELS, k) for here in ASKING]
    for one in found:
        expect(one, "what vote gives").number()
    return [int(one) for one in found]


def check(attempt: Attempt) -> None:
    """By hand first, then points that the learner has not seen, with several k."""
    for k, answer in ((1, 1), (3, 0)):
        said = attempt.call("vote", np.array([0.1, 0.0]), LINE, KINDS, k)
        expect(said, f"the answer of the {k} nearest on a line").number().near(
            answer,
            causes=[(2, "The points that are furthest away voted: sort so that the nearest come "
                        "first, and take those.")],
        )  # fmt: skip
    for k in (1, 5, 15):
        truth = [right(here, PLACES, LABELS, k) for here in ASKING]
        found = asked(attempt, k)
        wrong = sum(a != b for a, b in zip(found, truth, strict=True))
        expect(found, f"k={k}").that(
            wrong == 0, f"With k={k}, {wrong} of {len(ASKING)} new points got another class."
        )


def diagnose(attempt: Attempt) -> str | None:
    """Distances instead of numbers of points; everybody voted, or always as many."""
    if attempt.uses("sort") or attempt.uses("sorted"):
        return (
            "Sorting the distances gives distances, and forgets whose they are: "
            "you need the numbers of the points, and argsort gives those."
        )
    by_k = [asked(attempt, k) for k in (1, 5, 15)]
    if len(set(map(tuple, by_k))) > 1:
        return None
    everybody = [right(here, PLACES, LABELS, len(PLACES)) for here in ASKING]
    if by_k[0] == everybody:
        return "All points vote, so every new point gets the same answer: let only k of them vote."
    return "The answer is the same for every k: use k where you choose how many may vote."
