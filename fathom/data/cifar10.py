"""CIFAR-10: 60,000 colour photographs of 32 x 32 in ten classes.

Looked for in the folder FATHOM_DATA, then in the cache; else downloaded once and verified.
A. Krizhevsky, Learning multiple layers of features from tiny images, 2009.
"""

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fathom.data.download import checksum
from fathom.data.original import Original, Progress
from fathom.errors import DataError
from fathom.lab import tell

if TYPE_CHECKING:
    from fathom.data.pictures import Pictures

FOLDER = "cifar-10-batches-py"
TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST, META = "test_batch", "batches.meta"
TEST_MD5 = "40351d587109b95175f43aff81a1287e"  # of the original
ORIGINAL = Original(
    title="CIFAR-10",
    folder="cifar10",
    address="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    archive="cifar-10-python.tar.gz",
    size=170_498_071,
    known="md5:c58f30108f718f92721af3b95e74349a",
    members=tuple(f"{FOLDER}/{name}" for name in (*TRAIN, TEST, META)),
    holds=FOLDER,
    instead={"data": "shapes"},
)


def load() -> "Pictures":
    """All of CIFAR-10; DataError says what is missing or damaged and what works instead."""
    import torch  # here, so that listing the data sets does not load it

    from fathom.data.pictures import Pictures

    folder = find() or fetch()
    train = [_batch(folder / name) for name in TRAIN]
    test_images, test_labels = _batch(folder / TEST)
    names = _unpickle(folder / META).get("label_names", [])
    if len(names) != 10:
        raise ORIGINAL.damaged(folder / META, "it must name ten classes")
    return Pictures(
        images=torch.from_numpy(np.concatenate([images for images, _ in train])),
        labels=torch.from_numpy(np.concatenate([labels for _, labels in train])),
        test_images=torch.from_numpy(test_images),
        test_labels=torch.from_numpy(test_labels),
        names=tuple(names),
    )


def find() -> Path | None:
    """The folder with the batches on this machine, or None."""
    return ORIGINAL.find()


def untouched(folder: Path) -> bool:
    """Whether the pictures in a folder that was found are the original ones, to the last bit."""
    return checksum(folder / TEST, "md5") == TEST_MD5


def fetch(progress: Progress = tell.progress) -> Path:
    """The folder with the batches: found, unpacked or downloaded. Raises DataError."""
    return ORIGINAL.fetch(progress)


def _batch(file: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images (N, 3, 32, 32) and labels (N,) of one file."""
    stored = _unpickle(file)
    images, labels = stored.get("data"), stored.get("labels")
    if not isinstance(images, np.ndarray) or not isinstance(labels, list):
        raise ORIGINAL.damaged(file, "it holds no images and labels")
    if images.dtype != np.uint8 or images.shape != (len(labels), 3072):
        raise ORIGINAL.damaged(file, f"its images have the shape {images.shape}")
    return images.reshape(-1, 3, 32, 32), np.array(labels, dtype=np.int64)


def _unpickle(file: Path) -> dict[str, Any]:
    """What a file of CIFAR-10 holds. It may name nothing but what an array is made of."""
    try:
        with file.open("rb") as opened:
            stored = _Arrays(opened, encoding="latin1").load()
    except FileNotFoundError:
        raise DataError(
            f"{file.name} is missing in {file.parent}: put it there, or delete the folder "
            "and it is downloaded again.",
            ORIGINAL.instead,
        ) from None
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, OSError) as error:
        raise ORIGINAL.damaged(file, str(error)) from error
    if not isinstance(stored, dict):
        raise ORIGINAL.damaged(file, "it is no dictionary")
    return stored


class _Arrays(pickle.Unpickler):
    """Reads plain values and numpy arrays; a pickle that names anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        known = {"numpy.core.multiarray", "numpy._core.multiarray", "numpy"}
        if module in known and name in ("_reconstruct", "ndarray", "dtype"):
            return super().find_class(module.replace(".core.", "._core."), name)
        if (module, name) == ("_codecs", "encode"):  # how Python 3 writes bytes for Python 2
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"it names {module}.{name}, which no array needs")
