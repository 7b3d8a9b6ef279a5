"""Messages survive the wire; the golden file holds Python and TypeScript to the same bytes."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as some
from hypothesis.extra import numpy as arrays

from fathom.errors import WireError
from fathom.lab import wire

HERE = Path(__file__).parent
GOLDEN = {
    "type": "frame",
    "step": 400,
    "of": 1000,
    "numbers": {"loss": 0.125, "val_accuracy": math.nan, "far": math.inf, "low": -math.inf},
    "views": {
        "border": {
            "kind": "field",
            "says": "blue left of a curve, orange right of it: naïve, 漢字",
            "values": np.arange(15, dtype=np.uint8).reshape(3, 5),
            "lo": -1.0,
            "hi": 1.0,
        },
        "data": {
            "kind": "points",
            "xy": np.array([[0.5, -0.25], [1.0, 2.0]], np.float32),
            "label": np.array([1, 0], np.uint8),
            "on": "border",
        },
        "network": {
            "kind": "graph",
            "source": np.array([0, 1, 70000], np.int32),
            "weight": np.array([0.1, -0.2, 1e30], np.float64),
            "layers": [["x1", "x2"], []],
        },
        "none": {"kind": "tiles", "images": np.zeros((0, 2, 2), np.uint8), "title": None},
    },
}


def as_json(value):
    """The message as golden.json writes it: arrays as lists, numbers that JSON lacks as texts."""
    if isinstance(value, np.ndarray):
        return as_json(value.tolist())
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def test_the_golden_bytes_are_what_is_written_today():
    assert wire.encode(GOLDEN) == (HERE / "golden.bin").read_bytes()


def test_the_golden_bytes_are_read_as_the_golden_message():
    message = wire.decode((HERE / "golden.bin").read_bytes())
    assert as_json(message) == json.loads((HERE / "golden.json").read_text("utf-8"))


plain = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53), 2**53) | some.floats() | some.text(),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.text().filter(lambda name: name != "$"), inner, max_size=3)
    ),
    max_leaves=8,
)
array = some.sampled_from(("u1", "<i4", "<f4", "<f8")).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_side=0, max_side=4))
)


@given(rest=plain, one=array, other=array)
def test_any_message_arrives_as_it_was_sent(rest, one, other):
    sent = {"type": "any", "rest": rest, "inner": [{"one": one}], "other": other}
    got = wire.decode(wire.encode(sent))
    assert as_json(got) == as_json(sent)
    assert (got["other"].dtype, got["other"].shape) == (other.dtype, other.shape)


@given(some.lists(some.tuples(plain, array), min_size=1, max_size=3))
def test_messages_that_follow_one_another_are_read_one_by_one(several):
    sent = [{"rest": rest, "one": one} for rest, one in several]
    got = wire.messages(b"".join(map(wire.encode, sent)))
    assert as_json(list(got)) == as_json(sent)


def test_an_array_before_a_number_that_is_none_travels_once():
    sent = {"values": np.ones(3), "lo": math.nan}
    assert as_json(wire.decode(wire.encode(sent))) == as_json(sent)
    assert len(wire.encode(sent)) == len(wire.encode({"lo": math.nan, "values": np.ones(3)}))


def test_buffers_start_at_multiples_of_eight():
    data = wire.encode({"a": np.zeros(3, np.uint8), "b": np.ones(2)})
    assert data.index(np.ones(2).tobytes()) % 8 == 0


@pytest.mark.parametrize("cut", [0, 3, 8, 20, -1])
def test_bytes_that_were_cut_are_refused_with_a_sentence(cut):
    with pytest.raises(WireError, match="not a message of Fathom"):
        wire.decode(wire.encode(GOLDEN)[:cut])


def test_arrays_that_changed_places_are_refused():
    data = wire.encode({"a": np.zeros(3, np.uint8), "b": np.ones(2)})
    with pytest.raises(WireError, match="array 1 stands where 0 is expected"):
        wire.decode(data.replace(b'"$":0', b'"$":1', 1))


@given(some.binary(max_size=200))
def test_bytes_from_anywhere_are_refused_with_a_sentence(data):
    with pytest.raises(WireError):
        wire.decode(data)


def test_what_cannot_travel_is_refused_with_its_type():
    with pytest.raises(WireError, match="type object"):
        wire.encode({"what": object()})
    with pytest.raises(WireError, match="complex128"):
        wire.encode({"what": np.zeros(1, np.complex128)})
