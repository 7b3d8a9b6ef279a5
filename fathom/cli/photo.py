"""A picture for a knob, out of a file: cut and shrunk, as the page does it before it sends one."""

import base64
from io import BytesIO
from pathlib import Path

from fathom.errors import KnobError
from fathom.lab.config import MOST_PICTURE

SIDE = 64  # places each way
QUALITIES = range(85, 4, -10)  # of the JPEG, until it is small enough


def encode(knob: str, file: Path) -> str:
    """The middle of a picture as the letters that the knob of this name takes. Raises KnobError.

    Its own rotation is followed, and what can be seen through stands on white.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # here: few commands need it

    try:
        with Image.open(file) as opened:
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))  # a large JPEG is decoded small, and fast
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
            middle = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.BICUBIC)
    except FileNotFoundError:
        raise KnobError(f"{knob}: there is no file {file}.") from None
    except UnidentifiedImageError:
        raise KnobError(
            f"{knob}: {file} is no picture that can be read; give a JPEG, PNG, WebP or BMP."
        ) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise KnobError(
            f"{knob}: the picture {file} cannot be read ({why.rstrip('.')})."
        ) from error
    paper = Image.new("RGBA", middle.size, "white")
    flat = Image.alpha_composite(paper, middle).convert("RGB")
    letters = ""
    for quality in QUALITIES:
        written = BytesIO()
        flat.save(written, "JPEG", quality=quality, optimize=True)
        letters = base64.urlsafe_b64encode(written.getvalue()).decode().rstrip("=")
        if len(letters) <= MOST_PICTURE:
            break
    return letters
