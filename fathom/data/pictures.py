"""What every set of labelled pictures looks like to an experiment, and what is mistaken in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from fathom.lab import View, field


@dataclass(frozen=True)
class Pictures:
    """Pictures to learn from and pictures to be tested on, with their classes."""

    images: Tensor  # (N, C, H, W) uint8
    labels: Tensor  # (N,) int64
    test_images: Tensor  # (M, C, H, W) uint8
    test_labels: Tensor  # (M,) int64
    names: tuple[str, ...]  # of the classes

    def only(self, names: Sequence[str]) -> "Pictures":
        """The pictures of these classes, which are numbered anew, in the order of the names."""
        new = torch.full((len(self.names),), -1)
        for number, name in enumerate(names):
            new[self.names.index(name)] = number
        some, some_test = new[self.labels] >= 0, new[self.test_labels] >= 0
        return Pictures(
            images=self.images[some],
            labels=new[self.labels[some]],
            test_images=self.test_images[some_test],
            test_labels=new[self.test_labels[some_test]],
            names=tuple(names),
        )


def mistakes(confusion: Tensor, names: tuple[str, ...]) -> View:
    """What is taken for what, in per cent of the true class, as of the last test."""
    share = 100 * confusion / confusion.sum(dim=1, keepdim=True).clamp(min=1)
    wrong = share - share.diag().diag()
    true, taken = divmod(int(wrong.argmax()), len(names))
    return field(
        share,
        lo=0,
        hi=100,
        colours="sequential",
        rows=names,
        columns=names,
        unit="%",
        title="Mistakes",
        x_label="named as",
        y_label="is",
        says=f"the most frequent mistake: {names[true]} named as {names[taken]}, "
        f"{wrong.max():.0f} of 100",
    )
