"""Weights as plain arrays, with their record beside them: written, and read again."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from fathom.errors import DataError
from fathom.pretrained.network import ResNet

HERE = Path(__file__).resolve().parent
NAME = "cifar8"


def save(net: nn.Module, record: dict[str, Any], folder: Path, name: str = NAME) -> None:
    """Write NAME.npz, in half precision, and NAME.json."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        key: value.numpy().astype(np.float16) if value.is_floating_point() else value.numpy()
        for key, value in net.state_dict().items()
    }
    file = folder / f"{name}.npz"
    np.savez_compressed(file, **arrays)
    whole = record | {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (folder / f"{name}.json").write_text(json.dumps(whole, indent=2) + "\n", "utf-8")


@dataclass(frozen=True)
class Weights:
    """What is known of stored weights, and where they lie."""

    file: Path
    record: dict[str, Any]


def find(folder: Path = HERE, name: str = NAME) -> Weights:
    """The weights that came with Fathom. Raises DataError."""
    file, told = folder / f"{name}.npz", folder / f"{name}.json"
    try:
        record = json.loads(told.read_text("utf-8"))
        content = file.read_bytes()
    except (OSError, ValueError) as error:
        raise DataError(
            f"The weights {name} cannot be read: {error}. Install Fathom again."
        ) from error
    if hashlib.sha256(content).hexdigest() != record.get("sha256"):
        raise DataError(f"The weights in {file} are damaged: install Fathom again.")
    return Weights(file, record)


def load(folder: Path = HERE, name: str = NAME) -> ResNet:
    """The network with the weights that came with Fathom, in full precision, for its classes."""
    weights = find(folder, name)
    with np.load(weights.file) as arrays:  # plain arrays: np.load runs nothing
        state = {key: torch.from_numpy(arrays[key]) for key in arrays.files}
    net = ResNet(len(weights.record["classes"]))
    net.load_state_dict(state)  # copies, and so makes float32 of float16
    return net.eval()
