"""Early stopping on a few curves of which the answer is plain."""

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: a network is worth what it says about examples that it has not seen."
BUMPY = [5.0, 4.0, 3.0, 3.5, 3.2, 2.9, 3.3]
LONG = [5.0, 4.0, 3.0, 3.5, 3.2, 2.9, 3.3, 3.1, 3.4, 3.5, 2.0]  # every mistake stops elsewhere


def check(attempt: Attempt) -> None:
    """Curves with a bump; one that only falls, and one that ends before the patience does."""
    cases = [
        (LONG, 2, 2),
        (BUMPY, 2, 2),
        (BUMPY, 3, 5),
        ([3.0, 2.0, 1.0], 1, 2),
        ([1.0, 3.0, 2.5, 2.0, 0.5], 3, 0),
        ([2.0, 1.0, 1.5], 5, 1),
    ]
    for losses, patience, right in cases:
        found = attempt.call("best_epoch", losses, patience)
        lowest = losses.index(min(losses))
        stopped = min(right + patience, len(losses) - 1)
        falls = next(
            (at - 1 for at in range(1, len(losses)) if losses[at] > losses[at - 1]), len(losses) - 1
        )
        causes = [
            (
                later(losses, patience),
                "You waited one epoch too long: stop as soon as patience epochs have brought "
                "nothing.",
            ),
            (
                stopped,
                "This is where training stops. The weights that are kept are those of the best "
                "epoch before.",
            ),
            (
                against_the_last(losses, patience),
                "Each loss is compared with the one before it. It counts only when it is lower "
                "than the lowest so far.",
            ),
            (
                lowest,
                "This is the lowest of all, but training had stopped before it got there.",
            ),
            (falls, "It stops at the first rise: be patient for as long as patience says."),
        ]
        expect(found, f"best_epoch({losses}, {patience})").number().near(
            right, causes=[(value, says) for value, says in causes if value != right]
        )


def later(losses: list[float], patience: int) -> int:
    """The best epoch, with one epoch more of patience."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best > patience:
            break
    return best


def against_the_last(losses: list[float], patience: int) -> int:
    """The epoch that is kept by somebody who compares with the epoch before."""
    last, best = float("inf"), 0
    for epoch, loss in enumerate(losses):
        if loss < last:
            best = epoch
        elif epoch - best >= patience:
            break
        last = loss
    return best
