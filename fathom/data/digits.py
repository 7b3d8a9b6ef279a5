"""Written digits from scikit-learn, made as large as CIFAR-10's pictures; always there."""

import torch
from sklearn.datasets import load_digits
from torch import Tensor
from torch.nn.functional import interpolate

from fathom.data.pictures import Pictures

TRAINED = 1500  # the writers of the rest are not among the first 1500


def load() -> Pictures:
    """1797 pictures of 8 x 8, enlarged to (3, 32, 32): 1500 to learn, 297 to be tested on."""
    loaded = load_digits()
    grey = torch.from_numpy(loaded.images).float()[:, None] / 16  # (1797, 1, 8, 8)
    large = interpolate(grey, size=(32, 32), mode="bilinear", align_corners=False)
    images = (255 * large).round().to(torch.uint8).expand(-1, 3, -1, -1).contiguous()
    labels = torch.from_numpy(loaded.target).long()
    return Pictures(
        images=images[:TRAINED],
        labels=labels[:TRAINED],
        test_images=images[TRAINED:],
        test_labels=labels[TRAINED:],
        names=tuple("0123456789"),
    )


def rows() -> tuple[Tensor, Tensor]:
    """The pictures as they are, rows of 64 numbers (1797, 64), and what each shows (1797,).

    All are standardised together, by the mean and the spread of those to learn.
    """
    loaded = load_digits()
    images = torch.from_numpy(loaded.data).float()
    known = images[:TRAINED]
    return (images - known.mean()) / known.std(), torch.from_numpy(loaded.target).long()
