"""Arithmetic in a quiz: `2 * (x - 1)` with values that differ from learner to learner,
and such values in its words.

Only numbers, names, the four operations and powers: a question is content, not code.
"""

import ast
import math
import operator
import re
from collections.abc import Mapping

from fathom.errors import LessonError

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def evaluate(said: str, values: Mapping[str, float]) -> float:
    """The value of a formula; LessonError says what in it cannot be read.

    >>> evaluate("(a - 1) ** 2 / 2", {"a": 5.0})
    8.0
    """
    try:
        number = float(_value(ast.parse(said.strip(), mode="eval").body, values))
    except SyntaxError as error:
        raise LessonError(f"The formula {said!r} cannot be read.") from error
    except ZeroDivisionError as error:
        raise LessonError(f"The formula {said!r} divides by zero.") from error
    except OverflowError as error:
        raise LessonError(f"The formula {said!r} is too large.") from error
    if not math.isfinite(number):
        raise LessonError(f"The formula {said!r} is not a finite number.")
    return number


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Name(id=name):
            there = ", ".join(values) or "none"
            raise LessonError(f"The formula names {name!r}, which is no value; there are {there}.")
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            result = OPERATIONS[type(op)](_value(left, values), _value(right, values))
            if isinstance(result, complex):
                raise LessonError("A formula takes the root of a negative number.")
            return float(result)
    raise LessonError("A formula holds numbers, names, + - * / and ** only.")


def fill(text: str, values: Mapping[str, float], *, comma: bool = False) -> str:
    """`{x}` replaced by its value; other braces, as in TeX, stay. comma: 0,5 instead of 0.5."""

    def value(found: "re.Match[str]") -> str:
        if found[1] not in values:
            return found[0]
        said = shown(values[found[1]], comma=comma)
        formula = text[: found.start()].count("$") % 2
        return said.replace(",", "{,}") if formula else said  # or TeX leaves a gap after it

    return re.sub(r"\{(\w+)\}", value, text)


def shown(number: float, *, comma: bool = False) -> str:
    """A number as a person writes it."""
    said = f"{number:.6g}".replace("-", "\N{MINUS SIGN}")
    return said.replace(".", ",") if comma else said
