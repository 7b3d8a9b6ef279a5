"""Photographs in folders, one folder for each class: cats and dogs, or one's own.

Looked for in the folder FATHOM_DATA, then in the cache; never downloaded. Two layouts:

    train/CLASS/*.jpg and test/CLASS/*.jpg
    CLASS/*.jpg, of which a quarter is held out for the test

J. Elson, J. R. Douceur, J. Howell, J. Saul, Asirra: a CAPTCHA that exploits interest-aligned
manual image categorization, 2007: whence the well-known cats and dogs are.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fathom import settings
from fathom.errors import DataError
from fathom.lab import tell

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Generator

    from fathom.data.pictures import Pictures

Progress = Callable[[str, float, float], None]
Bytes = NDArray[np.uint8]

TITLE = "Photographs"  # in a progress bar
KNOWN = ("cats_and_dogs", "cats_vs_dogs_kaggle")  # how people call the folder of cats and dogs
ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
HELD_OUT = 4  # one picture in so many is for the test, where no folder says which
LEARNED, TESTED = 6, 2  # pictures of each class at least
VERSION = b"1"  # of what is kept in the cache: another one is made anew


def load(size: int, chance: "Generator", folder: str = "") -> "Pictures":
    """Photographs as squares of size x size, cut from the middle. Raises DataError.

    folder: the name of a folder in FATHOM_DATA; cats and dogs without it.
    chance: chooses what is held out, where the folders do not say.
    """
    import torch  # here, so that listing the data sets does not load it

    from fathom.data.pictures import Pictures

    root = _found(folder)
    names, files = _listed(root)
    images = torch.from_numpy(_squares(root, files, size))  # (N, 3, S, S)
    labels = torch.tensor([names.index(file.parent.name) for file in files])
    if _sorted_by_hand(root):
        tested = torch.tensor([file.parent.parent.name == "test" for file in files])
    else:
        tested = torch.zeros(len(files), dtype=torch.bool)
        for label in range(len(names)):
            of_class = (labels == label).nonzero()[:, 0]
            mixed = of_class[torch.randperm(len(of_class), generator=chance)]
            tested[mixed[: max(TESTED, len(mixed) // HELD_OUT)]] = True
    _enough(root, names, labels[~tested].bincount(minlength=len(names)).tolist(), LEARNED)
    _enough(root, names, labels[tested].bincount(minlength=len(names)).tolist(), TESTED)
    return Pictures(images[~tested], labels[~tested], images[tested], labels[tested], names)


def find(folder: str = "") -> Path | None:
    """The folder of cats and dogs, or the one of that name; None if it is not here."""
    own = settings.data()
    places = [*([own] if own else []), settings.cache() / "data"]
    names = [folder] if folder else KNOWN
    return next((at / name for at in places for name in names if (at / name).is_dir()), None)


def fetch(progress: Progress = tell.progress) -> Path:
    """The folder with cats and dogs, which nobody downloads. Raises DataError."""
    return _found("")


def _found(folder: str) -> Path:
    """The folder, or DataError, which says what to put where."""
    if folder and (Path(folder).name != folder or folder == ".."):
        raise DataError(
            f"The folder of photographs cannot be {folder!r}: "
            "give the name of a folder in FATHOM_DATA, without its path."
        )
    if found := find(folder):
        return found
    own = settings.data()
    where = f"the folder {own}" if own else "a folder that the variable FATHOM_DATA names"
    name = folder or KNOWN[0]
    classes = ("CLASS", "CLASS") if folder else ("cat", "dog")
    raise DataError(
        f"There are no photographs on this machine: put yours into {where}, "
        f"as {name}/{classes[0]}/*.jpg and {name}/{classes[1]}/*.jpg."
    )


def _sorted_by_hand(root: Path) -> bool:
    """Whether the folders say which pictures are for the test."""
    return (root / "train").is_dir() and (root / "test").is_dir()


def _listed(root: Path) -> tuple[tuple[str, ...], list[Path]]:
    """The names of the classes, and every picture in a fixed order."""
    whole = root / "train" if (root / "train").is_dir() else root
    parts = [whole, root / "test"] if _sorted_by_hand(root) else [whole]
    found = [{one.name: _pictures(one) for one in _folders(part)} for part in parts]
    classes = [sorted(name for name, files in part.items() if files) for part in found]
    if classes[0] != classes[-1]:
        odd = sorted(set(classes[0]) ^ set(classes[-1]))[0]
        raise DataError(
            f"The classes in train and test of {root} differ: {odd!r} has pictures in one of "
            "them only. Give both the same folders."
        )
    if len(classes[0]) < 2:
        there = f"only {classes[0][0]!r}" if classes[0] else "none"
        raise DataError(
            f"The photographs in {root} need two classes or more, and there is {there}: "
            "put the pictures of each class into a folder of its own."
        )
    return tuple(classes[0]), [file for part in found for name in classes[0] for file in part[name]]


def _folders(at: Path) -> list[Path]:
    return sorted(one for one in at.iterdir() if one.is_dir())


def _pictures(at: Path) -> list[Path]:
    return sorted(one for one in at.iterdir() if one.suffix.lower() in ENDINGS and one.is_file())


def _enough(root: Path, names: tuple[str, ...], counts: list[int], least: int) -> None:
    what = "to learn from" if least == LEARNED else "for the test"
    for name, count in zip(names, counts, strict=True):
        if count < least:
            raise DataError(
                f"The class {name!r} in {root} has {count} "
                f"{'picture' if count == 1 else 'pictures'} {what}; "
                f"{least} are needed at least. Add some."
            )


def _squares(root: Path, files: list[Path], size: int) -> Bytes:
    """The pictures (N, 3, S, S), out of the cache or decoded now; in the order of the files."""
    key = hashlib.sha256(VERSION + f"{size}".encode())
    sizes = []
    for file in files:
        content = _bytes(file)
        sizes.append(len(content))
        name = file.relative_to(root).as_posix()
        key.update(f"\0{name}\0".encode() + hashlib.sha256(content).digest())
    kept = settings.cache() / "data" / "photographs" / f"{key.hexdigest()[:32]}.npz"
    if (stored := _read(kept, (len(files), 3, size, size))) is not None:
        return stored
    images = np.empty((len(files), 3, size, size), np.uint8)
    done, total = 0, sum(sizes)
    for number, file in enumerate(files):
        images[number] = square(file, size)
        done += sizes[number]
        tell.progress(TITLE, done, total)
    _keep(kept, images)
    return images


def square(file: Path, size: int) -> Bytes:
    """The middle of one picture, scaled to (3, size, size), as it is meant to be held."""
    from PIL import Image, UnidentifiedImageError  # here: listing must not load it

    try:
        with Image.open(file) as opened:
            return cut(opened, size)
    except UnidentifiedImageError:
        raise _damaged(file, "it is no picture") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _damaged(file, str(error)) from error


def cut(opened: "Image", size: int) -> Bytes:
    """The middle of an opened picture, upright and scaled: (3, size, size)."""
    from PIL import Image, ImageOps

    opened.draft("RGB", (2 * size, 2 * size))  # a large JPEG is decoded small, and fast
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    middle = ImageOps.fit(upright, (size, size), Image.Resampling.BICUBIC)
    return np.asarray(middle).transpose(2, 0, 1)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _damaged(file, error.strerror or str(error)) from error


def _damaged(file: Path, why: str) -> DataError:
    return DataError(
        f"The picture {file} cannot be read ({why.rstrip('.')}): replace it, or take it away."
    )


def _read(file: Path, shape: tuple[int, ...]) -> Bytes | None:
    """What was kept, if it is there and whole: what is not can be made again."""
    try:
        with file.open("rb") as opened:
            images: Bytes = np.load(opened)["images"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return images if images.shape == shape else None


def _keep(file: Path, images: Bytes) -> None:
    """Whole or not at all, for a run that is closed meanwhile."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            np.savez(part, images=images)
        Path(part.name).replace(file)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror}.") from error
