"""Only plain data travels between an attempt and its judge."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, strategies as st

from fathom.errors import WireError
from fathom.runtime.expect import Wrong, expect
from fathom.runtime.values import Thing, pack, unpack

SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_plain_data_comes_back_as_it_was(value):
    assert repr(unpack(pack(value))) == repr(value)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16", "float32"])
@pytest.mark.parametrize("shape", [(0,), (3,), (2, 3), (2, 1, 3)])
def test_arrays_keep_dtype_and_shape(dtype, shape):
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    back = unpack(pack({"a": [array.T]}))["a"][0]
    assert (back.dtype, back.shape) == (array.dtype, array.T.shape)
    assert np.array_equal(back, array.T)


def test_a_scalar_of_numpy_keeps_its_kind():
    back = unpack(pack(np.float32(0.5)))
    assert (back, back.dtype) == (0.5, np.float32)


def test_what_is_not_plain_arrives_as_a_thing():
    class Loud:
        def __repr__(self):
            raise RuntimeError

    assert unpack(pack(print)).kind == "builtin_function_or_method"
    assert unpack(pack(Loud())) == Thing("Loud", "something that cannot be shown")
    assert isinstance(unpack(pack(np.array([print]))), Thing)


def test_an_endless_list_is_cut():
    endless = []
    endless.append(endless)
    assert "nested too deeply" in repr(unpack(pack(endless)))


@given(st.binary(max_size=80))
def test_nonsense_is_refused(data):
    with pytest.raises(WireError):
        unpack(data)


@pytest.mark.parametrize(
    "head",
    [
        b'{"tree":{"array":9},"arrays":[]}',
        b'{"tree":{"array":0},"arrays":[{"dtype":"object","shape":[1]}]}',
        b'{"tree":{"array":0},"arrays":[{"dtype":"float64","shape":[99999999999]}]}',
        b'{"tree":{"array":0},"arrays":[{"dtype":"float64","shape":[-1]}]}',
        b'{"tree":{"what":0},"arrays":[]}',
        b'{"tree":{"dict":[[{"list":[]},1]]},"arrays":[]}',
        b'{"tree":' + b"[" * 9999 + b',"arrays":[]}',
        b'{"tree":null}',
        b"[]",
    ],
)
def test_a_forged_head_is_refused(head):
    with pytest.raises(WireError):
        unpack(len(head).to_bytes(4, "little") + head)


NUMBERS = np.array([1.0, 2.0, 3.0])
ALIKE = {
    "list": [1, 2, 3],
    "tuple of scalars": (np.float32(1), np.int64(2), 3.0),
    "float32": NUMBERS.astype(np.float32),
    "order in memory": np.asfortranarray(np.stack([NUMBERS, -NUMBERS]))[0],
    "tensor": torch.tensor([1.0, 2.0, 3.0], requires_grad=True),
    "list of tensors": list(torch.tensor([1.0, 2.0, 3.0])),
    "column of a table": pd.Series([1, 2, 3]),
}


@pytest.mark.parametrize("name", ALIKE)
def test_a_right_answer_is_right_in_every_type_that_holds_it(name):
    expect(unpack(pack(ALIKE[name])), name).array().shape(3).near(NUMBERS).equal([1, 2, 3])


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (np.True_, True),
        (torch.tensor(True), True),
        (np.array(["b", "a"]), ["b", "a"]),
        (pd.Series(["b", "a"]), ["b", "a"]),
        (np.str_("a"), "a"),
        (np.array([True, False]), [True, False]),
    ],
)
def test_truths_and_words_are_equal_in_every_type_that_holds_them(value, right):
    expect(unpack(pack(value)), "it").equal(right)
    with pytest.raises(Wrong):
        expect(unpack(pack(value)), "it").equal([right])


@pytest.mark.parametrize("value", [np.float32(0.1), torch.tensor(0.1), np.array(0.1), 0.1])
def test_a_number_is_one_in_every_type_that_holds_it(value):
    expect(unpack(pack(value)), "it").number().near(0.1)
