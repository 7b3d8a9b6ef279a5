"""What the tests of experiments share."""

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread():
    """An experiment may take two: what is learned after it would be summed in another order."""
    torch.set_num_threads(1)
