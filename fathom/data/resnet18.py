"""The published weights of ResNet-18, which has seen 1.28 million photographs of 1,000 things.

Looked for in the folder FATHOM_DATA, then in the cache; else downloaded once and verified. They
are those of torchvision, ResNet18_Weights.IMAGENET1K_V1, in a file that holds nothing but
tensors: 69.76 % of ImageNet's validation pictures are named rightly, as torchvision says.
He, Zhang, Ren and Sun 2016, Deep residual learning for image recognition.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from fathom.data.original import Original, Progress
from fathom.lab import tell

if TYPE_CHECKING:
    from torch import Tensor

FILE = "resnet18.safetensors"
REVISION = "a987fd6b60f845221bfff84b6f0191273ba56ead"
ORIGINAL = Original(
    title="ResNet-18",
    folder="resnet18",
    address=f"https://huggingface.co/timm/resnet18.tv_in1k/resolve/{REVISION}/model.safetensors",
    archive=FILE,
    size=46_807_446,
    known="sha256:694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81",
    members=(),
    holds=FILE,
    instead={"body": "cifar8"},
)


def load(file: Path) -> "dict[str, Tensor]":
    """Every weight in the file by its name; DataError when it is damaged."""
    from safetensors import SafetensorError  # here: listing the data sets does not load torch
    from safetensors.torch import load_file

    try:
        return load_file(file)
    except (SafetensorError, OSError) as error:
        raise ORIGINAL.damaged(file, f"it holds no weights ({error})") from error


def find() -> Path | None:
    """The file on this machine, or None."""
    return ORIGINAL.find()


def fetch(progress: Progress = tell.progress) -> Path:
    """The file: found or downloaded. Raises DataError."""
    return ORIGINAL.fetch(progress)
