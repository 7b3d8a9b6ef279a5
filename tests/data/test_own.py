"""A picture of the learner's own is decoded, cut and scaled, or refused with a sentence."""

import base64
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from fathom.data import own
from fathom.errors import DataError

RED, BLUE = (210, 30, 40), (20, 40, 200)


def letters(image, kind="JPEG", **more):
    written = BytesIO()
    image.save(written, kind, **more)
    return base64.urlsafe_b64encode(written.getvalue()).decode().rstrip("=")


def near(pixels, colour, by=6):
    """Whether pixels (3, h, w) have this colour, but for what a JPEG loses."""
    return bool((pixels.int() - torch.tensor(colour)[:, None, None]).abs().max() <= by)


@pytest.mark.parametrize("size", [32, 48, 64])
def test_a_picture_of_one_colour_is_that_colour(size):
    seen = own.load(letters(Image.new("RGB", (64, 64), RED)), size)
    assert (seen.shape, seen.dtype) == ((1, 3, size, size), torch.uint8)
    assert near(seen[0], RED)


def test_left_is_left_and_the_middle_of_a_wide_one_is_taken():
    wide = Image.new("RGB", (96, 32), (0, 255, 0))
    wide.paste(RED, (32, 0, 48, 32))
    wide.paste(BLUE, (48, 0, 64, 32))
    seen = own.load(letters(wide, quality=95, subsampling=0), 32)[0]
    assert near(seen[:, 4:28, 4:12], RED, by=20)
    assert near(seen[:, 4:28, 20:28], BLUE, by=20)


def test_a_written_one_is_grey_and_light_on_dark():
    paper = Image.new("RGB", (64, 64), (230, 225, 210))
    paper.paste((20, 30, 60), (24, 8, 40, 56))  # a stroke of ink
    turned = own.load(letters(paper), 32, written=True)[0]
    dark = Image.new("RGB", (64, 64), (10, 10, 10))
    dark.paste((240, 240, 240), (24, 8, 40, 56))
    same = own.load(letters(dark), 32, written=True)[0]
    for seen in (turned, same):
        assert torch.equal(seen[0], seen[1])
        assert torch.equal(seen[0], seen[2])
        assert seen[0, 16, 16] > 190
        assert seen[0, 16, 2] < 50
    assert near(own.load(letters(paper), 32)[0][:, :, :8], (230, 225, 210), by=12)


WHOLE = letters(Image.fromarray(np.arange(64 * 64 * 3, dtype=np.uint8).reshape(64, 64, 3)))


@pytest.mark.parametrize(
    "text",
    [
        "_9j_",
        "_9j_4",  # no base64
        WHOLE[: len(WHOLE) // 2 // 4 * 4],  # cut off
        "_9j_" + "A" * 400,
        letters(Image.new("RGB", (64, 64), RED), "PNG"),
        letters(Image.new("L", (4000, 4000)), quality=5),  # few bytes, many places
    ],
)
def test_what_cannot_be_decoded_is_one_sentence(text):
    with pytest.raises(DataError, match=r"^Your picture cannot be decoded: .* Choose it again\.$"):
        own.load(text, 32)
