"""Many networks at once are each what they would be alone; their error has three parts."""

import pytest
import torch
from torch import Generator, nn

from fathom.lab.config import configure, turn
from fathom.zoo import overfitting
from fathom.zoo.overfitting import HELD_OUT, SETS, WIDTHS, Config, Networks, decompose, make


def begun(**raw):
    """The data and the first weights of a run."""
    config = configure(Config, raw)
    chance = Generator().manual_seed(config.seed)
    return make(config, chance), Networks(chance)


def ended(**raw):
    *_, last = overfitting.run(configure(Config, raw))
    return last


def inside(frame):
    """What the look of a frame is given: config, data, networks, the best ones, the history."""
    return frame.seen["views"].args


@pytest.mark.parametrize(("k", "d"), [(0, 0), (2, 7), (5, 19)])
@pytest.mark.parametrize("weight_decay", [0.0, 2.0])
def test_each_of_the_networks_learns_what_it_would_learn_alone(k, d, weight_decay):
    data, nets = begun(seed=3)
    width = WIDTHS[k]
    alone = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))
    with torch.no_grad():
        alone[0].weight.copy_(nets.w1[k, d, 0, :width, None])
        alone[0].bias.copy_(nets.b1[k, d, 0, :width])
        alone[2].weight.copy_(nets.w2[k, d, :width].T)
        alone[2].bias.copy_(nets.b2[k, d, 0])
    decayed = [p for p in alone.parameters() if p.ndim == 2]
    rest = [p for p in alone.parameters() if p.ndim == 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": weight_decay}, {"params": rest, "weight_decay": 0.0}],
        lr=0.03,
    )
    for _ in range(25):
        loss = (alone(data.x[d, : data.n])[:, 0] - data.y[d, : data.n]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    _, _, together, *_ = inside(ended(seed=3, steps=25, weight_decay=weight_decay))
    with torch.no_grad():
        assert together(data.places)[k, d].numpy() == pytest.approx(
            alone(data.places)[:, 0].numpy(), abs=1e-4
        )


@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("truth", ["wave", "step"])
def test_bias_variance_and_noise_add_up_to_the_error_that_is_measured(noise, truth):
    _, data, nets, *_ = inside(ended(noise=noise, truth=truth, steps=20))
    with torch.no_grad():
        parts = decompose(nets(data.places), data, noise)
    total = parts["bias²"] + parts["variance"] + parts["noise"]
    assert parts["error"].numpy() == pytest.approx(total.numpy(), rel=0.05 if noise else 1e-4)
    assert (parts["variance"] > 0).all()


def test_fits_that_are_all_the_truth_have_an_error_of_noise_alone():
    data, _ = begun(noise=0.5)
    perfect = data.clean.expand(len(WIDTHS), SETS, -1)
    parts = decompose(perfect, data, 0.5)
    assert parts["bias²"].abs().max() < 1e-12
    assert parts["variance"].abs().max() < 1e-12
    assert parts["error"].numpy() == pytest.approx(0.25, rel=0.05)


def test_early_stopping_keeps_the_weights_of_the_best_step_of_each_network():
    _, data, nets, best, history = inside(ended(steps=120))
    val = torch.stack(history)[:, 1]  # (steps + 1, K, D)
    held_x, held_y = data.x[:, data.n :], data.y[:, data.n :]
    assert held_x.shape == (SETS, HELD_OUT, 1)
    with torch.no_grad():
        kept = (best(held_x) - held_y).square().mean(-1)
        now = (nets(held_x) - held_y).square().mean(-1)
    assert kept.numpy() == pytest.approx(val.min(dim=0).values.numpy(), rel=1e-4)
    assert now.numpy() == pytest.approx(val[-1].numpy(), rel=1e-4)
    assert (kept < now).any()


def test_what_is_held_out_is_never_learned():
    data, _ = begun(seed=0)
    config = configure(Config, {"steps": 10})
    run = overfitting.run(config)
    first = next(run)
    _, inner, *_ = inside(first)
    assert torch.equal(inner.y, data.y)
    inner.y[:, data.n :] += 100  # other answers to what is held out change no weight
    *_, last = run
    _, _, changed, *_ = inside(last)
    _, _, plain, *_ = inside(ended(steps=10))
    for one, other in zip(changed.parameters(), plain.parameters(), strict=True):
        assert torch.equal(one, other)


@pytest.fixture(scope="module")
def untamed():
    frame = ended()
    _, data, nets, *_ = inside(frame)
    with torch.no_grad():
        return frame.draw()[0], decompose(nets(data.places), data, 0.3)


def test_the_narrow_network_is_wrong_and_the_wide_one_is_unsteady(untamed):
    _, parts = untamed
    bias, variance = parts["bias²"], parts["variance"]
    assert bias[0] > variance[0]  # one neuron cannot draw a wave
    assert variance[-1] > 5 * bias[-1]
    assert bias[0] > 10 * bias[-1]
    assert 0 < parts["error"].argmin() < len(WIDTHS) - 1  # the best width lies between


@pytest.mark.parametrize(
    "tamed",
    [
        pytest.param({"examples": 60}, marks=pytest.mark.slow),
        {"weight_decay": 0.2},
        pytest.param({"dropout": 0.1}, marks=pytest.mark.slow),
        pytest.param({"early_stopping": "on"}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_more_data_and_every_regulariser_lower_the_error_of_the_wide_network(untamed, tamed):
    numbers, _ = untamed
    better, _ = ended(**tamed).draw()
    assert better["variance"] < 0.8 * numbers["variance"]
    assert better["error"] < 0.95 * numbers["error"]


def test_the_width_that_is_looked_at_can_be_turned_without_learning_anew():
    config = configure(Config, {"steps": 6})
    for frame in overfitting.run(config):
        if frame.step == 5:
            turn(config, "width", "2")
    assert frame.draw()[0] == ended(steps=6, width="2").draw()[0]
