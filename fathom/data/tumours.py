"""Breast tumours from scikit-learn: 30 measurements of each; always there."""

import torch
from sklearn.datasets import load_breast_cancer
from torch import Tensor


def load() -> tuple[Tensor, Tensor]:
    """Measurements (569, 30) of cells under a microscope, and labels (569,): 1 is malignant.

    scikit-learn counts the benign tumours as class 1; here the ill are, as in medicine.
    """
    loaded = load_breast_cancer()
    measured = torch.from_numpy(loaded.data).float()
    return measured, torch.from_numpy(1 - loaded.target).long()
