"""A small residual network: 3 x 3 convolutions in four stages, and a mean over all places.

The mean makes the size of the picture free: twice as wide, and every map is twice as wide.
He, Zhang, Ren and Sun 2016, Deep residual learning for image recognition.
"""

import torch
from torch import Tensor, nn

WIDTHS = (16, 32, 64, 128)  # channels of the stages


class Conv(nn.Sequential):
    """Convolution, batch norm, ReLU. (B, C, H, W) -> (B, D, H / stride, W / stride)."""

    def __init__(self, channels: int, out: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(channels, out, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        )


class Residual(nn.Module):
    """What is there, and what two convolutions add to it. The shape stays."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Conv(channels, channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm.weight)  # at first it adds nothing

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H, W)."""
        return torch.relu(x + self.norm(self.second(self.first(x))))


class Staged(nn.Module):
    """Stages that find things, and a head that names. Pictures (B, 3, H, W) are from -1 to 1.

    stages: (B, 3, H, W) -> (B, D, h, w). head: (B, D) -> (B, K), one number for each class.
    """

    def __init__(self, stages: nn.Sequential, width: int, classes: int) -> None:
        super().__init__()
        self.stages, self.width = stages, width
        self.head: nn.Module = nn.Linear(width, classes)

    def features(self, x: Tensor) -> Tensor:
        """What the head is told: how strongly each of D things is seen, (B, D)."""
        maps: Tensor = self.stages(x)  # (B, D, h, w)
        return maps.mean(dim=(2, 3))

    def forward(self, x: Tensor) -> Tensor:
        """The logits (B, K)."""
        logits: Tensor = self.head(self.features(x))
        return logits


class ResNet(Staged):
    """The small one: 0.5 million weights."""

    def __init__(self, classes: int, widths: tuple[int, ...] = WIDTHS) -> None:
        a, b, c, d = widths
        stages = nn.Sequential(
            Conv(3, a),  # (B, A, H, W)
            nn.Sequential(Conv(a, b, stride=2), Residual(b)),  # (B, B, H / 2, W / 2)
            nn.Sequential(Conv(b, c, stride=2), Residual(c)),  # (B, C, H / 4, W / 4)
            nn.Sequential(Conv(c, d, stride=2), Residual(d)),  # (B, D, H / 8, W / 8)
        )
        super().__init__(stages, d, classes)
