"""Sizes against counting the places one by one, and parameters against arithmetic."""

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right: a convolution costs few parameters. What it costs is time: all places use them."


def places(n: int, kernel: int, stride: int, padding: int) -> int:
    """How many starts there are from which the kernel does not reach over the end."""
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def check(attempt: Attempt) -> None:
    """With and without stride and padding; then kernels of several sizes."""
    for n, kernel, stride, padding in ((32, 5, 1, 0), (8, 5, 1, 2), (10, 3, 2, 0), (11, 3, 2, 2)):
        right = places(n, kernel, stride, padding)
        once = (
            places(n, kernel, stride, padding)
            if not padding
            else ((n + padding - kernel) // stride + 1)
        )
        causes = [
            (right - 1, "One is missing: the first place is there before any stride is taken."),
            (once, "Padding is added at both ends: n + 2 * padding."),
            (
                (n + 2 * padding - kernel) / stride + 1,
                "There are only whole numbers of places: // rounds down, what is left over is not visited.",
            ),
            (
                n + 2 * padding - kernel + 1,
                "This is with stride 1: with a larger one only every so many places are visited.",
            ),
        ]
        expect(
            attempt.call("side", n, kernel, stride, padding),
            f"side({n}, {kernel}, {stride}, {padding})",
        ).number().near(right, causes=[(value, says) for value, says in causes if value != right])
    for inputs, outputs, kernel in ((3, 6, 5), (6, 16, 5), (16, 32, 3)):
        weights = outputs * inputs * kernel**2
        expect(
            attempt.call("parameters", inputs, outputs, kernel),
            f"parameters({inputs}, {outputs}, {kernel})",
        ).number().near(
            weights + outputs,
            causes=[
                (weights, "These are the weights; the biases are missing, one for each output."),
                (
                    outputs * (kernel**2 + 1),
                    "Each output has a square of its own for each input: there are "
                    f"{inputs} of them here.",
                ),
                (
                    outputs * inputs * (kernel**2 + 1),
                    "There is one bias for each output, not one for each square.",
                ),
                (weights + 1, "There is one bias for each output, not one for all."),
            ],
        )
