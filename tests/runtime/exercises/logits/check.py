"""Shapes and kinds of numbers, told in the words of the task."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

rng = np.random.default_rng(0)
images, weights, bias = rng.random((64, 784)), rng.normal(size=(784, 10)), rng.normal(size=10)


def check(attempt: Attempt) -> None:
    """The logits, and labels that are whole numbers."""
    logits = attempt.call("classify", images, weights, bias)
    expect(logits, "what classify gives").shape(images=64, classes=10).near(images @ weights + bias)
    expect(attempt["labels"], "labels").array().whole()


def diagnose(attempt: Attempt) -> str | None:
    """A bias that was left out changes nothing but the values."""
    logits = attempt.call("classify", images, weights, bias)
    if np.shape(logits) == (64, 10) and np.allclose(logits, images @ weights):
        return "The bias is missing: add one number for each class."
    return None
