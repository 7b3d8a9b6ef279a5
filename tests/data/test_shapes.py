"""Shapes are made, always the same, and a person can tell what each is."""

import torch

from fathom.data import shapes


def test_they_are_as_large_as_photographs_and_always_the_same():
    images, labels = shapes.make(200, torch.Generator().manual_seed(3))
    again, _ = shapes.make(200, torch.Generator().manual_seed(3))
    assert (images.shape, images.dtype) == ((200, 3, 32, 32), torch.uint8)
    assert torch.equal(images, again)
    assert set(labels.tolist()) == set(range(10))
    assert not torch.equal(images, shapes.make(200, torch.Generator().manual_seed(4))[0])


def test_every_shape_fills_another_share_of_its_square():
    axis = torch.linspace(-1, 1, 201)
    y, x = torch.meshgrid(-axis, axis, indexing="ij")
    filled = {name: inside(x, y) for name, inside in shapes.SHAPES.items()}
    assert list(filled) == list(shapes.NAMES)
    for name, one in filled.items():
        assert 0.1 < one.float().mean() < 0.8, name
        assert not one[0].any(), name  # nothing is cut off
        assert not one[:, 0].any(), name
        for other, two in filled.items():
            assert name == other or (one ^ two).float().mean() > 0.05


def test_a_shape_stands_out_from_its_ground():
    images, _ = shapes.make(300, torch.Generator().manual_seed(0))
    spread = images.float().std(dim=(2, 3)).amax(dim=1)
    assert spread.min() > 12
