"""The values that travel between an attempt and its judge: plain data, never code.

Numbers, text, bools, None, lists, tuples, dicts and NumPy arrays; a PyTorch tensor travels as an
array. A head of JSON, then the bytes of the arrays:

    uint32 little endian   length of the head
    head                   {"tree": ..., "arrays": [{"dtype": "float64", "shape": [2, 3]}, ...]}
    bytes                  of one array after the other

Whoever reads them trusts nothing: bytes that are not such a message raise WireError. Never pickle,
which runs what it reads.
"""

import json
import math
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fathom.errors import WireError

LENGTH = struct.Struct("<I")
DEEPEST = 50  # lists within lists
WHOLE = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
KINDS = frozenset(["bool", *WHOLE, "float16", "float32", "float64"])


@dataclass(frozen=True)
class Thing:
    """Something that does not travel: a function, a model, an object of a class."""

    kind: str  # the name of its class
    text: str  # what it says of itself, cut


def pack(value: Any) -> bytes:
    """The value as bytes. What does not travel becomes a Thing on the other side."""
    arrays: list[NDArray[Any]] = []
    tree = _tree(value, arrays, 0)
    about = [{"dtype": array.dtype.name, "shape": list(array.shape)} for array in arrays]
    head = json.dumps({"tree": tree, "arrays": about}, separators=(",", ":")).encode()
    return b"".join([LENGTH.pack(len(head)), head, *(array.tobytes() for array in arrays)])


def _tree(value: Any, arrays: list[NDArray[Any]], depth: int) -> Any:
    """The value as JSON takes it: everything but text, bools, None and numbers is tagged."""
    if depth > DEEPEST:
        return {"thing": type(value).__name__, "text": "nested too deeply"}
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.generic):
        value = np.asarray(value)  # an array without axes
    elif isinstance(value, int):
        return int(value) if abs(value) < 1 << 1000 else {"thing": "int", "text": "a huge number"}
    elif isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.dtype == torch.bfloat16 else value).numpy()
    elif hasattr(type(value), "to_numpy"):  # a column or a table of pandas
        value = _numbers(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "U":  # text, as np.unique gives it
            return _tree(value.tolist(), arrays, depth)
        if value.dtype.name in KINDS:
            arrays.append(np.ascontiguousarray(value).reshape(value.shape))
            return {"array": len(arrays) - 1}
        return {"thing": f"array of {value.dtype}", "text": _said(value)}
    if isinstance(value, list | tuple):
        name = "list" if isinstance(value, list) else "tuple"
        return {name: [_tree(one, arrays, depth + 1) for one in value]}
    if isinstance(value, Mapping):
        pairs = [
            [_tree(name, arrays, depth + 1), _tree(one, arrays, depth + 1)]
            for name, one in value.items()
        ]
        return {"dict": pairs}
    return {"thing": type(value).__name__, "text": _said(value)}


def _numbers(value: Any) -> Any:
    try:
        found = value.to_numpy()
    except Exception:  # it may be of a class of the learner's, and do anything
        return value
    return found.tolist() if getattr(found, "dtype", None) == "object" else found


def _said(value: Any) -> str:
    try:
        return repr(value)[:200]
    except Exception:  # a __repr__ of the learner's may do anything
        return "something that cannot be shown"


def unpack(data: bytes) -> Any:
    """The value in these bytes. Arrays are copies. Raises WireError."""
    try:
        (length,) = LENGTH.unpack_from(data)
        head = json.loads(data[LENGTH.size : LENGTH.size + length])
        at, arrays = LENGTH.size + length, []
        for about in head["arrays"]:
            if about["dtype"] not in KINDS:
                raise WireError(f"Arrays of {str(about['dtype'])[:50]} do not travel.")
            shape = tuple(int(size) for size in about["shape"])
            if min(shape, default=0) < 0:
                raise WireError("An array with a negative shape does not travel.")
            dtype = np.dtype(about["dtype"])
            array = np.frombuffer(data, dtype, math.prod(shape), at).reshape(shape)
            arrays.append(array.copy())
            at += array.nbytes
        return _value(head["tree"], arrays)
    except WireError:
        raise
    except (ArithmeticError, LookupError, MemoryError, RecursionError) as error:
        raise WireError("These bytes are not a value.") from error
    except (AttributeError, TypeError, ValueError, struct.error) as error:
        raise WireError("These bytes are not a value.") from error


def _value(tree: Any, arrays: list[NDArray[Any]]) -> Any:
    match tree:
        case None | bool() | int() | float() | str():
            return tree
        case {"array": int(number)}:
            array = arrays[number]
            return array[()] if array.ndim == 0 else array
        case {"float": str(text)}:
            return float(text)
        case {"list": list(items)}:
            return [_value(one, arrays) for one in items]
        case {"tuple": list(items)}:
            return tuple(_value(one, arrays) for one in items)
        case {"dict": list(pairs)}:
            return {_value(name, arrays): _value(one, arrays) for name, one in pairs}
        case {"thing": str(kind), "text": str(text)}:
            return Thing(kind[:100], text[:200])
    raise WireError("These bytes are not a value.")
