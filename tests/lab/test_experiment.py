"""The docstring of an experiment is a contract: it is read, and what is missing is named."""

import json
import sys
from types import ModuleType

import pytest

from fathom.errors import ExperimentError, KnobError
from fathom.lab.experiment import Experiment, describe, fitting, promise, sections

SOURCE = '''"""A line is fitted.

Watch:   the line turns
         until it fits
Promise: gap <= 0.01 when data=far, lr=0.5 with any threads (for every seed)
Source:  Legendre 1805 (https://example.org/page)
Pace:    12.5 steps a second
"""

from dataclasses import dataclass

from fathom.lab import Frame, choice, knob


@dataclass
class Config:
    lr: float = knob(0.1, 0.01, 1.0, "step size", live=True)
    data: str = choice("near", ("near", "far"), "which data")
    threads: int = knob(1, 1, 8, "threads")
    seed: int = knob(0, 0, 9, "seed")


def run(config):
    yield Frame(0, of=0, gap=0.0)
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    def make(source):
        (tmp_path / "planted.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        sys.modules.pop("planted", None)
        made = __import__("planted")
        assert isinstance(made, ModuleType)
        return made

    yield make
    sys.modules.pop("planted", None)


def test_everything_that_the_file_says_is_read(module):
    experiment = describe(module(SOURCE))
    assert experiment.title == "A line is fitted."
    assert experiment.watch == "the line turns until it fits"
    assert experiment.source == "Legendre 1805 (https://example.org/page)"
    assert experiment.pace == 12.5
    assert SOURCE.splitlines()[experiment.lines["data"] - 1].strip().startswith("data:")
    assert str(experiment.promise) == "gap <= 0.01 when data=far, lr=0.5"
    assert Experiment.from_json(experiment.to_json()) == experiment


def test_the_line_of_a_knob_is_its_declaration_and_no_later_one(module):
    source = SOURCE + "\n\ndef look():\n    data: str = 'shown'\n"
    shown = source.splitlines()[describe(module(source)).lines["data"] - 1]
    assert "choice(" in shown


def test_an_experiment_with_points_comes_back_from_its_json(module):
    source = SOURCE.replace('"seed")', '"seed")\n    points: tuple = clicked("yours")')
    experiment = describe(module(source.replace("choice, knob", "choice, clicked, knob")))
    assert Experiment.from_json(json.loads(json.dumps(experiment.to_json()))) == experiment


def test_a_promise_does_not_ask_about_knobs_that_only_look(module):
    source = SOURCE.replace(
        '"seed")', '"seed")\n    image: int = knob(0, 0, 9, "shown", looks=True)'
    )
    experiment = describe(module(source))
    values = {"lr": 0.5, "data": "far", "threads": 2, "seed": 7, "image": 3}
    assert experiment.promises[0].fits(experiment.knobs, values)
    assert Experiment.from_json(experiment.to_json()).knobs["image"].looks


def test_a_promise_speaks_only_of_its_knobs(module):
    experiment = describe(module(SOURCE))
    values = {"lr": 0.5, "data": "far", "threads": 2, "seed": 7}
    assert experiment.promises[0].fits(experiment.knobs, values)
    assert not experiment.promises[0].fits(experiment.knobs, values | {"lr": 0.1})
    assert not experiment.promises[0].fits(experiment.knobs, values | {"data": "near"})


def test_the_first_promise_that_fits_the_knobs_is_the_one(module):
    other = "Promise: gap <= 0.5 and loss <= 1e-2\nSource:"
    experiment = describe(module(SOURCE.replace("Source:", other)))
    known = experiment.knobs
    values = {name: knob.default for name, knob in known.items()}
    assert [str(one) for one in experiment.promises] == [
        "gap <= 0.01 when data=far, lr=0.5",
        "gap <= 0.5 and loss <= 0.01",
    ]
    assert fitting(experiment.promises, known, values) == experiment.promises[1]
    assert fitting(experiment.promises, known, values | {"seed": 3}) == experiment.promise
    assert fitting(experiment.promises, known, values | {"lr": 0.5}) is None
    far = fitting(experiment.promises, known, values | {"lr": 0.5, "data": "far"})
    assert far == experiment.promises[0]
    assert Experiment.from_json(experiment.to_json()) == experiment


def test_a_promise_with_several_parts_is_kept_when_all_are():
    said = promise("val_accuracy >= 0.98 and gap<=-1e-3")
    assert said.holds({"val_accuracy": 0.98, "gap": -0.001})
    assert not said.holds({"val_accuracy": 0.98, "gap": 0.0})
    assert not said.holds({"val_accuracy": 0.9, "gap": -1.0})
    assert not said.holds({"val_accuracy": 0.99})


def test_a_promise_is_kept_at_its_bound_and_broken_beyond():
    said = promise("val_accuracy >= 0.98")
    assert said.holds({"val_accuracy": 0.98})
    assert not said.holds({"val_accuracy": 0.979})
    assert not said.holds({"val_accuracy": float("nan")})
    assert not said.holds({})
    assert not promise("gap <= 0.1").holds({})


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("Watch: ", "See: ", "planted: the docstring needs a line that starts with 'Watch:'"),
        ("Source: ", "From: ", "a line that starts with 'Source:'"),
        ("gap <= 0.01", "a small gap", "The promise 'a small gap when"),
        ("data=far", "date=far", "the promise names 'date', which is no knob"),
        ("any threads", "any cores", "the promise names 'cores', which is no knob"),
        ("12.5 steps", "some steps", "'Pace:' must read like"),
        ('"step size"', '""', "the knob 'lr' has no meaning"),
        ("def run", "def walk", "planted: the file needs run"),
    ],
)
def test_what_is_missing_is_named(module, was, now, sentence):
    assert was in SOURCE
    with pytest.raises(ExperimentError) as raised:
        describe(module(SOURCE.replace(was, now)))
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("was", "now"), [("knob(0.1,", "knob(7.0,"), ("data=far", "data=elsewhere")]
)
def test_a_default_or_a_promise_out_of_range_is_named(module, was, now):
    with pytest.raises(KnobError, match="it must be"):
        describe(module(SOURCE.replace(was, now)))


def test_sections_of_an_indented_docstring_are_found():
    assert sections("T.\n\n    Watch: a\n    Source: b\n")["Source"] == ["b"]
