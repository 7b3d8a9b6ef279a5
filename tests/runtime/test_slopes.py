"""A function that autograd does not see into has slopes all the same."""

import torch

from fathom.runtime.slopes import lent, measured


def test_the_measured_slopes_of_a_loss_are_those_of_autograd():
    x, y = torch.arange(5.0, dtype=torch.float64), torch.tensor([3.0, 1.0, 4.0, 1.0, 5.0]).double()
    weights = torch.tensor([0.7, -12.0], dtype=torch.float64, requires_grad=True)

    def loss(w, b):
        return float(((w * x + b - y) ** 2).mean())

    value = measured(loss, weights)
    (slopes,) = torch.autograd.grad(value, weights)
    (right,) = torch.autograd.grad(((weights[0] * x + weights[1] - y) ** 2).mean(), weights)
    assert value.item() == loss(0.7, -12.0)
    torch.testing.assert_close(slopes, right, rtol=1e-8, atol=1e-8)


def test_a_forward_pass_has_its_own_values_and_the_slopes_of_ours():
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    said = lent([5.0, 6.0], torch.relu(x))
    assert said.tolist() == [5.0, 6.0]
    said.sum().backward()
    assert x.grad.tolist() == [0.0, 1.0]
