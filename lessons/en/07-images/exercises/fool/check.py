"""The fast gradient sign on pictures of four pixels, against the gradient of a softmax by hand."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 30, "wall": 90}
PRAISE = "Right: one step, and no weight was touched. Whoever can look inside can fool it."
weight = np.array([[0.5, -1.0, 2.0, 0.0], [-0.5, 1.0, 1.0, 0.5]])


def slope(x: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Of the mean cross entropy for x (N, 4): (p - truth) W / N."""
    logits = x @ weight.T
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return (p - np.eye(2)[label]) @ weight / len(x)


def check(attempt: Attempt) -> None:
    """One picture, then some, of which a few pixels reach the end of the range."""
    rng = np.random.default_rng(9)
    for x, label, epsilon in (
        (np.array([[0.7, 0.3, 0.5, 0.4]]), np.array([0]), 0.1),
        (rng.random((5, 4)).round(2), np.array([0, 1, 1, 0, 1]), 0.2),
    ):
        g = slope(x, label)
        right = (x + epsilon * np.sign(g)).clip(0, 1)
        found = attempt.call("attack", x, label, epsilon)
        expect(found, f"fool of {len(x)} pictures").array().shape(pictures=len(x), pixels=4).near(
            right,
            within=1e-3,
            causes=[
                (x, "The pictures have not changed at all."),
                (
                    (x - epsilon * np.sign(g)).clip(0, 1),
                    "The loss falls, so the network is surer of the truth: go with the slope, not against it.",
                ),
                (
                    (x + epsilon * g).clip(0, 1),
                    "The sign is missing: each pixel moves by the whole of epsilon, however small "
                    "its slope is.",
                ),
                (
                    (x + np.sign(g)).clip(0, 1),
                    "Each pixel moves by 1, from black to white: multiply by epsilon.",
                ),
                (
                    x + epsilon * np.sign(g),
                    "Some pixels have left the range from 0 to 1: keep the line with clamp.",
                ),
            ],
        )


def diagnose(attempt: Attempt) -> str | None:
    """What cannot be seen in the pictures."""
    if attempt.uses("randn_like") or attempt.uses("rand_like") or attempt.uses("randn"):
        return "These pixels move by chance; x.grad tells in which direction the loss grows."
    if not attempt.uses("backward") and not attempt.uses("grad"):
        return "Nobody has asked for the slopes yet: loss.backward() brings them into x.grad."
    return None
