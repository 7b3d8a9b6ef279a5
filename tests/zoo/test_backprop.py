"""Back-propagation over PyTorch's graph, against torch.autograd on graphs made by chance."""

from itertools import islice

import pytest
import torch
from hypothesis import given, settings, strategies as st
from torch.nn import functional as F

from fathom.lab.config import configure, turn
from fathom.zoo import backprop
from fathom.zoo.backprop import BACKWARD, EXPRESSIONS, UPDATE, Config, deal, train, walk

TWO = [torch.add, torch.sub, torch.mul]
ONE = [torch.square, torch.sigmoid, torch.tanh]


def entropy(a, b):
    """A cross entropy of anything: both go through a sigmoid before."""
    return F.binary_cross_entropy(torch.sigmoid(a), torch.sigmoid(b), reduction="none")


@st.composite
def graphs(draw):
    """A random graph of operations over some leaves: the leaves, and its result."""
    numbers = st.floats(-1.5, 1.5)
    shape = draw(st.sampled_from([(), (3,)]))
    size = 3 if shape else 1
    values = [
        torch.tensor(draw(st.lists(numbers, min_size=size, max_size=size)), dtype=torch.double)
        .reshape(shape)
        .requires_grad_(draw(st.booleans()) or number == 0)
        for number in range(draw(st.integers(1, 4)))
    ]
    leaves = [one for one in values if one.requires_grad]
    for _ in range(draw(st.integers(1, 14))):
        old = st.sampled_from(values)
        operation = draw(st.sampled_from([*ONE, *TWO, entropy]))
        values.append(operation(*(draw(old) for _ in range(1 if operation in ONE else 2))))
    result = torch.tanh(torch.mul(values[-1], leaves[0]))  # every graph has something to learn
    return leaves, result


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_going_back_over_a_random_graph_agrees_with_autograd(made):
    leaves, result = made
    ours = {}
    for _, _, gradients, _ in walk(result):
        ours = dict(gradients)
    found = [ours.get(torch.autograd.graph.get_gradient_edge(one).node) for one in leaves]
    theirs = torch.autograd.grad(result, leaves, torch.ones_like(result), allow_unused=True)
    for mine, other in zip(found, theirs, strict=True):
        assert (mine is None) == (other is None)
        if other is not None:
            assert torch.allclose(mine, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("seed", range(2))
def test_every_gradient_agrees_with_autograd_and_with_the_nudge(name, seed):
    config = configure(Config, {"expression": name, "seed": seed})
    states = train(config, *deal(config))
    for state in islice(states, 60):
        assert state.gap() <= 1e-6
        if state.phase == UPDATE:
            assert state.passed == set(state.values) - {"y"}


def test_the_worked_example_is_the_one_that_is_done_by_hand():
    config = configure(Config, {"lr": 0.05})
    weights, examples = deal(config)
    seen = [
        (state.now, state.values.get(state.now), dict(state.gradients))
        for state in islice(train(config, weights, examples), 10)
    ]
    forward = [(name, value.item()) for name, value, _ in seen[1:5]]
    assert forward == [("wx", 2), ("guess", 5), ("error", -2), ("J", 4)]
    assert [name for name, _, _ in seen[5:9]] == ["J", "error", "guess", "wx"]
    assert seen[5][2] == {"J": 1, "error": -4}
    assert seen[8][2] == {
        "J": 1, "error": -4, "guess": -4, "wx": -4, "b": -4, "w": -8, "x": -4
    }  # fmt: skip
    assert [weights[name].item() for name in ("w", "b")] == pytest.approx([1.4, 3.2])


def test_a_value_that_is_used_twice_gets_the_sum_of_both_ways():
    x = torch.tensor(3.0, requires_grad=True)
    *_, (_, _, gradients, _) = walk(torch.mul(x, torch.square(x)))  # x^3
    assert gradients[torch.autograd.graph.get_gradient_edge(x).node] == 3 * 3**2


def test_the_cross_entropy_of_a_sigmoid_has_the_gradient_p_minus_y():
    config = configure(Config, {"expression": "neuron"})
    for state in islice(train(config, *deal(config)), 60):
        if state.phase == UPDATE:
            expected = state.values["p"].item() - state.values["y"].item()
            assert state.gradients["z"] == pytest.approx(expected, abs=1e-12)


def test_the_rounds_make_the_loss_small_and_a_turned_lr_acts_at_the_next_update():
    config = configure(Config, {"steps": 400})
    losses = [frame.numbers()["loss"] for frame in backprop.run(config)]
    assert losses[0] == 4
    assert max(losses[-10:]) < 0.01
    config = configure(Config, {})
    weights, examples = deal(config)
    for state in train(config, weights, examples):
        if state.phase == BACKWARD:
            turn(config, "lr", 0.1)
        if state.phase == UPDATE:
            break
    assert weights["w"].item() == pytest.approx(1 + 0.1 * 8)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_the_graph_shows_every_value_once_and_its_edges_go_to_the_right(name):
    *_, last = backprop.run(configure(Config, {"expression": name, "steps": 3}))
    view = last.draw()[1]["graph"]
    layers = view.words["layers"]
    column = [at for at, layer in enumerate(layers) for _ in layer]
    names = [one for layer in layers for one in layer]
    expression = EXPRESSIONS[name]
    assert sorted(names) == sorted([*expression.leaves, *expression.operations])
    for source, target in zip(*(view.arrays[end] for end in ("source", "target")), strict=True):
        assert column[source] < column[target]
    assert max(len(note.split("\n")[0]) for note in view.words["notes"]) <= 12
