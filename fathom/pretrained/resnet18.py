"""ResNet-18 as it was published: its architecture, and the names of its weights.

    conv1, bn1          7 x 7 convolution with stride 2, then the larger of every 3 x 3 places
    layer1 ... layer4   two blocks each, of 64, 128, 256 and 512 channels; all but the first
                        halve height and width
    fc                  one number for each of 1,000 classes

Weights that others have published for it fit, name by name. He, Zhang, Ren and Sun 2016, Deep
residual learning for image recognition, table 1; the names are those of torchvision.
"""

import torch
from torch import Tensor, nn

from fathom.data import resnet18
from fathom.pretrained.network import Staged

WIDTHS = (64, 128, 256, 512)  # channels of the layers
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's pictures, from 0 to 1


class Block(nn.Module):
    """What is there, and what two convolutions add. (B, C, H, W) -> (B, D, H / stride, ...)."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.downsample: nn.Sequential | None = None  # where the shapes differ
        if stride > 1 or channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out)
            )
        nn.init.zeros_(self.bn2.weight)  # at first it adds nothing

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, D, H / stride, W / stride)."""
        added = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(added + (x if self.downsample is None else self.downsample(x)))


def layer(channels: int, out: int, stride: int) -> nn.Sequential:
    """Two blocks."""
    return nn.Sequential(Block(channels, out, stride), Block(out, out, 1))


class ResNet18(nn.Module):
    """Pictures (B, 3, H, W), of which MEAN was taken and which were divided by STD; 11,689,512
    weights."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        a, b, c, d = WIDTHS
        self.conv1 = nn.Conv2d(3, a, 7, 2, padding=3, bias=False)  # (B, 64, H / 2, W / 2)
        self.bn1 = nn.BatchNorm2d(a)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)  # (B, 64, H / 4, W / 4)
        self.layer1 = layer(a, a, 1)
        self.layer2 = layer(a, b, 2)  # (B, 128, H / 8, W / 8)
        self.layer3 = layer(b, c, 2)  # (B, 256, H / 16, W / 16)
        self.layer4 = layer(c, d, 2)  # (B, 512, H / 32, W / 32)
        self.fc = nn.Linear(d, classes)
        for one in self.modules():
            if isinstance(one, nn.Conv2d):
                nn.init.kaiming_normal_(one.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        """The logits (B, K)."""
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        logits: Tensor = self.fc(x.mean(dim=(2, 3)))
        return logits


class Rescale(nn.Module):
    """Pictures from -1 to 1 as those weights were used to see them."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) -> (B, 3, H, W)."""
        mean, std = (x.new_tensor(one)[:, None, None] for one in (MEAN, STD))
        scaled: Tensor = ((x + 1) / 2 - mean) / std
        return scaled


def load() -> ResNet18:
    """With the published weights. Raises DataError when they are not here and cannot be had."""
    net, file = ResNet18(), resnet18.find() or resnet18.fetch()
    try:
        said = net.load_state_dict(resnet18.load(file), strict=False)
        # how many batches there were is not in the published file, and is used by nobody
        odd = [*said.unexpected_keys, *(one for one in said.missing_keys if one[-8:] != "_tracked")]
    except RuntimeError as error:  # other shapes
        odd = [str(error)]
    if odd:
        raise resnet18.ORIGINAL.damaged(file, "its weights are not those of ResNet-18")
    return net.eval()


def staged(net: ResNet18, classes: int) -> Staged:
    """The same network, with its weights, in four stages and with a new head."""
    stem = (Rescale(), net.conv1, net.bn1, nn.ReLU(), net.maxpool)
    first = nn.Sequential(*stem, net.layer1)
    stages = nn.Sequential(first, net.layer2, net.layer3, net.layer4)
    return Staged(stages, WIDTHS[-1], classes)
