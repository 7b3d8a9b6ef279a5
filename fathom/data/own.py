"""A picture of the learner's own, as the knob of an experiment holds it: a small JPEG in base64url.

The browser, or the command line, cuts and shrinks it before it is sent; `fathom.lab.config` has
seen to its letters and their number. Here it becomes a picture like those of a data set.
"""

import base64
import binascii
from io import BytesIO

import torch
from PIL import Image
from torch import Tensor

from fathom.data import photographs
from fathom.errors import DataError

LARGEST = 512  # places each way: few bytes can claim to be a picture of millions


def load(picture: str, size: int, written: bool = False) -> Tensor:
    """The middle of the picture, scaled: (1, 3, size, size) uint8. Raises DataError.

    written: as the written digits are, grey and light on dark; ink on paper is turned over.
    """
    try:
        data = base64.urlsafe_b64decode(picture + "=" * (-len(picture) % 4))
        with Image.open(BytesIO(data), formats=["JPEG"]) as opened:
            if max(opened.size) > LARGEST:
                raise ValueError("too many places")
            pixels = torch.from_numpy(photographs.cut(opened, size).copy())[None]
    except (binascii.Error, OSError, SyntaxError, ValueError) as error:
        raise DataError(
            "Your picture cannot be decoded: a part of it may be missing. Choose it again."
        ) from error
    if written:
        grey = pixels.float().mean(dim=1, keepdim=True).round().to(torch.uint8)
        pixels = (255 - grey if grey.median() > 127 else grey).expand_as(pixels)
    return pixels
