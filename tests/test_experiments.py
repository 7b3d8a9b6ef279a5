"""What every experiment keeps, whatever it shows.

`make test` lets each take two steps, and holds those to the whole contract that are not in the
ledger of `make promises` as they are now; `make slow` holds all of them to it.
"""

import ast
import base64
import hashlib
import importlib
import inspect
import itertools
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from PIL import Image

from benchmarks import ledger
from fathom.errors import KnobError
from fathom.lab import Frame, knob, wire
from fathom.lab.config import configure, knobs, turn
from fathom.lab.experiment import describe, fitting
from fathom.web import sentences, speech
from fathom.zoo import EXPERIMENTS

# knobs that make a run short and use every source of chance there is, where steps alone do not
SHORT = {
    "linear_regression": {"steps": 8, "batch": 5},
    "gradient_descent": {"steps": 8, "luck": 0.5},
    "knn": {"steps": 8, "size": 60},
    "spam": {"steps": 8, "size": 60, "vocabulary": 5, "luck": "on"},
    "roc": {"steps": 8, "patients": 60, "rival": "mlp"},
    "kmeans": {"steps": 8, "start": "huddled"},
    "pca": {"steps": 8},
    "mlp": {"steps": 8, "dropout": 0.2, "batch": 300, "points": "0,0,0 1,1,1"},
    "learning_rate_test": {"steps": 8, "batches": 3},
    "overfitting": {"steps": 8, "dropout": 0.2},
    "convolution": {"steps": 8, "pool": "max", "kernel": "own"},
    "drift": {"steps": 8, "begin": 1, "during": 4, "labels_after": 1, "level": 0.05},
    "resnet": {"steps": 8, "blocks": 2, "width": 4, "batch": 16, "batch_norm": "on"},
    "fooling": {"steps": 8, "batch": 16, "defend": "on"},
    "scaling": {"largest": 320, "widths": 1, "updates": 2},
    "cifar10": {"data": "digits", "epochs": 2, "batch": 400, "augment": "on", "threads": 1},
}
SMALL = {"data": "digits", "steps": 8, "threads": 1}
SEEN = (
    np.linspace(0, 255, 3 * 64 * 64).astype(np.uint8).reshape(64, 64, 3)
)  # somebody's own picture
SHORT |= {
    "cifar10_fast": {
        "data": "digits",
        "pictures": 100,
        "batch": 25,
        "epochs": 2,
        "threads": 1,
        "precision": "float32",
        "looks": "off",  # half precision is slow where no core has it
    },
    "augmentation": SMALL | {"pictures": 50, "held_out": 20, "batch": 10},
    "cats_and_dogs": SMALL | {"pictures": 20, "tested": 20, "batch": 4},
}
HEAVY = {"cifar10_fast"}  # minutes of a core: left to `make promises` and `make slow`
PROVED = {name for name in EXPERIMENTS if ledger.proved(name)}
LAST = {"cifar10": 6}  # steps of these runs, where they are not 8
TURNS = [  # another value for a live knob, where any other would not do
    ("linear_regression", "lr", 0.02),
    ("linear_regression", "momentum", 0.5),
    ("linear_regression", "batch", 20),
    ("linear_regression", "steps", 6),
    ("gradient_descent", "lr", 0.01),
    ("gradient_descent", "adaptive_lr", 0.01),
    ("gradient_descent", "momentum", 0.5),
    ("gradient_descent", "luck", 0.1),
    ("gradient_descent", "steps", 6),
    ("knn", "k", 9),
    ("knn", "scaled", "on"),
    ("knn", "across", 0.9),
    ("knn", "up", 0.9),
    ("knn", "points", "0,0,1"),
    ("knn", "steps", 6),
    ("spam", "length", "off"),
    ("spam", "exclamations", "off"),
    ("spam", "capitals", "off"),
    ("spam", "digits", "off"),
    ("spam", "money", "off"),
    ("spam", "link", "off"),
    ("spam", "alarm", "off"),
    ("spam", "friendly", "off"),
    ("spam", "reported", "off"),
    ("spam", "luck", "off"),
    ("spam", "lr", 0.1),
    ("spam", "message", 3),
    ("spam", "steps", 6),
    ("roc", "threshold", 0.3),
    ("roc", "used_on", 0.01),
    ("roc", "lr", 0.5),
    ("roc", "steps", 6),
    ("kmeans", "k", 3),
    ("kmeans", "start", "random"),
    ("kmeans", "seeds", "-1,1,0 1,1,0"),
    ("kmeans", "standardise", "on"),
    ("kmeans", "steps", 6),
    ("pca", "standardise", "on"),
    ("pca", "method", "power"),
    ("pca", "lr", 0.5),
    ("pca", "steps", 6),
    ("neuron", "steps", 6),
    ("linear_stack", "steps", 6),
    ("losses", "steps", 6),
    ("backprop", "steps", 6),
    ("mlp", "lr", 0.5),
    ("mlp", "batch", 40),
    ("mlp", "weight_decay", 0.5),
    ("mlp", "l1", 0.1),
    ("mlp", "dropout", 0.5),
    ("mlp", "activation", "relu"),
    ("mlp", "optimizer", "sgd"),
    ("mlp", "points", "-1,1,1"),
    ("mlp", "steps", 6),
    ("optimizers", "steps", 6),
    ("learning_rate_test", "steps", 6),
    ("overfitting", "steps", 6),
    ("convolution", "kernel", "blur"),
    ("convolution", "pool", "mean"),
    ("convolution", "painted", "0.5,11.5,0"),
    ("convolution", "visited", "5.5,0.5,0"),
    ("convolution", "steps", 6),
    ("resnet", "steps", 6),
    ("fooling", "defend", "off"),
    ("fooling", "steps", 6),
    ("no_free_lunch", "steps", 6),
    ("leakage", "steps", 6),
    ("calibration", "steps", 6),
    ("drift", "steps", 6),
    ("cifar10", "lr", 0.5),
    ("cifar10", "augment", "off"),
    ("cifar10", "image", 7),
]


def load(name):
    return importlib.import_module(f"fathom.zoo.{name}")


def short(name):
    """The knobs of a short run."""
    return SHORT.get(name, {"steps": 8})


def turns(name):
    """Every live knob of an experiment with another value."""
    given = {turned: value for known, turned, value in TURNS if known == name}
    live = [one for one in knobs(load(name).Config).values() if one.live]
    return [(name, one.name, given.get(one.name, another(one))) for one in live]


def another(knob):
    """A value of a knob that is not its default: halfway to the far end, or another choice."""
    if knob.kind == "number":
        far = max(knob.low, knob.high, key=lambda end: abs(end - knob.default))
        return (round if knob.whole else float)((knob.default + far) / 2)
    if knob.kind == "picture":
        written = BytesIO()
        Image.fromarray(SEEN).save(written, "JPEG")
        return base64.urlsafe_b64encode(written.getvalue()).decode().rstrip("=")
    return next(one for one in knob.options or ("on", "off") if one != knob.write(knob.default))


def contract(values):
    """Parameters of a test that is slow for what was proved; the name comes first in each."""
    marked = []
    for one in values:
        row = (one,) if isinstance(one, str) else one
        known = [pytest.mark.slow] if row[0] in PROVED | HEAVY else []
        known += [pytest.mark.timeout(900)] if row[0] in HEAVY else []
        name = "-".join(str(part) for part in row[:2])
        marked.append(pytest.param(*row, marks=[pytest.mark.contract, *known], id=name))
    return marked


def as_bytes(frame):
    """All that can be seen in a frame."""
    numbers, views = frame.draw()
    shown = {name: view.message() for name, view in views.items()}
    message = {"type": "frame", "step": frame.step, "of": frame.of}
    return wire.encode(message | {"numbers": numbers, "views": shown})


def outcome(experiment, raw, watched):
    """A checksum of the last frame of a run, of which the frames at these steps are drawn too."""
    frame = None
    for frame in experiment.run(configure(experiment.Config, raw)):
        if frame.step in watched:
            frame.draw()
    return hashlib.sha256(as_bytes(frame)).hexdigest()


@pytest.fixture(scope="module")
def unwatched():
    """The last frame of the short run of an experiment that nobody watched."""
    return lru_cache(lambda name: outcome(load(name), short(name), set()))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_says_what_to_watch_what_it_promises_and_where_it_is_from(name):
    said = describe(load(name))  # raises when one is missing, or a knob has no meaning
    assert len(said.watch) > 40
    defaults = {one.name: one.default for one in said.knobs.values()}
    assert fitting(said.promises, said.knobs, defaults), "none speaks of the knobs as they come"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_takes_two_steps_and_draws_them(name):
    run = load(name).run(configure(load(name).Config, short(name)))
    for step in range(2):
        frame = next(run)
        numbers, views = frame.draw()
        assert frame.step == step
        assert numbers
        assert views
        assert all(view.says for view in views.values())
    run.close()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_default_can_be_written_into_a_link_and_read_again(name):
    for one in knobs(load(name).Config).values():
        assert one.read(one.write(one.default)) == one.default


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_imports_no_other_experiment_and_stays_short(name):
    code = inspect.getsource(load(name))
    tree = ast.parse(code)
    imported = [
        named
        for node in ast.walk(tree)
        for named in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    assert imported
    assert not [one for one in imported if one.startswith("fathom.zoo")]
    assert len(code.splitlines()) <= 400
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < (100 if node.name == "run" else 60)


@pytest.mark.parametrize("name", contract(EXPERIMENTS))
def test_the_same_knobs_give_the_same_frames_and_another_seed_gives_others(name):
    def frames(**more):
        config = configure(load(name).Config, short(name) | more)
        return [as_bytes(frame) for frame in load(name).run(config)]

    first = frames()
    assert first == frames()
    assert all(a != b for a, b in zip(first, frames(seed=1), strict=True))


@pytest.mark.parametrize("name", contract(EXPERIMENTS))
def test_every_step_is_a_frame_and_the_last_says_so(name):
    frames = list(load(name).run(configure(load(name).Config, short(name))))
    last = LAST.get(name, 8)
    assert [frame.step for frame in frames] == list(range(last + 1))
    assert [frame.last for frame in frames] == [False] * last + [True]
    assert {frame.of for frame in frames} == {last}
    numbers, _ = frames[-1].draw()
    assert {bound.metric for one in describe(load(name)).promises for bound in one.bounds} <= {
        *numbers
    }


@pytest.mark.parametrize("name", contract(EXPERIMENTS))
def test_its_pictures_reach_a_reader_of_another_language(name):
    first = next(load(name).run(configure(load(name).Config, short(name))))
    sent = wire.decode(as_bytes(first))
    token = speech._language.set("de")
    try:
        read = wire.decode(sentences.message(as_bytes(first)))
    finally:
        speech._language.reset(token)
    assert read["numbers"] == sent["numbers"]
    assert read["views"].keys() == sent["views"].keys()
    for view, shown in sent["views"].items():
        assert read["views"][view].keys() == shown.keys()
        assert read["views"][view]["title"]


@pytest.mark.parametrize("name", contract(EXPERIMENTS))
@settings(max_examples=8)
@given(watched=st.sets(st.integers(0, 8)))
def test_watching_more_closely_changes_nothing(name, unwatched, watched):
    assert outcome(load(name), short(name), watched) == unwatched(name)


@dataclass
class Planted:
    steps: int = knob(5, 1, 5, "steps")


def draws_a_number(config):
    """An experiment with the fault that its look takes a random number."""
    torch.manual_seed(0)
    for step in range(config.steps + 1):
        yield Frame(step, of=config.steps, x=torch.rand(()), seen=lambda: torch.rand(()))


def forgets_training(config):
    """An experiment with the fault that its look leaves the network in eval mode."""
    torch.manual_seed(0)
    net = torch.nn.Dropout()
    for step in range(config.steps + 1):
        x = net(torch.ones(50)).mean()
        yield Frame(step, of=config.steps, x=x, seen=lambda: net.eval()(torch.ones(())))


@pytest.mark.parametrize("faulty", [draws_a_number, forgets_training])
def test_an_experiment_that_watching_changes_would_be_found(faulty):
    planted = SimpleNamespace(Config=Planted, run=faulty)
    assert outcome(planted, {}, {2}) != outcome(planted, {}, set())


@pytest.mark.parametrize("name", contract(EXPERIMENTS))
def test_a_closed_run_is_over(name):
    run = load(name).run(configure(load(name).Config, short(name)))
    next(run)
    run.close()
    with pytest.raises(StopIteration):
        next(run)


def test_what_is_said_of_turns_is_about_live_knobs():
    live = {(name, turned) for name in EXPERIMENTS for name, turned, _ in turns(name)}
    assert {(name, turned) for name, turned, _ in TURNS} <= live


@pytest.mark.parametrize(
    ("name", "turned", "value"), contract(turn for name in EXPERIMENTS for turn in turns(name))
)
def test_a_live_knob_acts_from_the_next_step(name, turned, value):
    def frames(when):
        config = configure(load(name).Config, short(name))
        seen = []
        for frame in load(name).run(config):
            seen.append(as_bytes(frame))
            if frame.step == when:
                turn(config, turned, value)
        return seen

    still, moved = frames(None), frames(3)
    differ = [a != b for a, b in itertools.zip_longest(still, moved)]
    assert not any(differ[:4])
    assert any(differ[4:6])  # a batch size shows in the batch after the one that is under way


LOOKING = [
    (name, turned, value)
    for name in EXPERIMENTS
    for name, turned, value in turns(name)
    if knobs(load(name).Config)[turned].looks
]


@pytest.mark.parametrize(("name", "turned", "value"), contract(LOOKING))
def test_a_knob_that_only_looks_acts_at_once_and_changes_no_step(name, turned, value):
    """Also on the last frame, when the run is over; and who turns it back has never turned it."""

    def frames(raw, moves):
        config = configure(load(name).Config, short(name) | raw)
        first, seen = getattr(config, turned), []
        for frame in load(name).run(config):
            frame.draw()
            if moves:
                turn(config, turned, value if frame.step == 3 else first)
            seen.append(as_bytes(frame))
        if moves:
            turn(config, turned, value)
            seen.append(as_bytes(frame))
        return seen

    still, other, moved = frames({}, False), frames({turned: value}, False), frames({}, True)
    assert moved[3] == other[3] != still[3]
    assert moved[4:-1] == still[4:]
    assert moved[-1] == other[-1] != still[-1]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_knob_out_of_its_range_is_refused(name):
    with pytest.raises(KnobError, match="seed cannot be -1"):
        configure(load(name).Config, {"seed": -1})
