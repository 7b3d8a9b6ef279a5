"""What the check of an exercise is written with.

    from fathom.runtime.expect import Attempt, expect

    def check(attempt: Attempt) -> None:
        loss = attempt.call("loss", x, y, 2.0, 1.0)
        expect(loss, "loss(x, y, 2, 1)").near(
            4.5, causes=[(18.0, "You summed the squared errors; the loss is their mean.")]
        )

`check` ends quietly when the attempt is right; the first expectation that is not met ends it with
a sentence. After that, and only then, `diagnose(attempt)`, if the file has one, may look for the
cause and return a better sentence, or None.
"""

import ast
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from fathom.runtime.plain import Trouble
from fathom.runtime.values import Thing

CLOSE = 1e-4  # how far numbers may be apart, relative to what is expected and absolutely
Cause = tuple[Any, str]


class Wrong(Exception):
    """The attempt is not right: a sentence to the learner, and a line of theirs if one is known."""

    def __init__(self, says: str, line: int | None = None, story: str = "") -> None:
        super().__init__(says)
        self.says, self.line, self.story = says, line, story


class Missing(Wrong):
    """What was to be judged is not there, so there is nothing to look for in it."""


def wrong(says: str) -> NoReturn:
    """End the check with this sentence."""
    raise Wrong(says)


class Attempt:
    """What a learner sent in, seen from the judge: it runs in another process.

    `ask` sends a question there and returns the answer; `source` is the text, `tree` its parse.
    """

    def __init__(self, source: str, ask: Callable[[dict[str, Any]], Any]) -> None:
        self.source, self.tree = source, ast.parse(source)
        self._ask = ask

    def __getitem__(self, name: str) -> Any:
        """The value that a name stands for when the code has run."""
        if name not in self:
            raise Missing(f"There is nothing called {name} yet: your code must make it.")
        return self._answer({"do": "get", "name": name}, f"Looking at {name}")

    def __contains__(self, name: str) -> bool:
        """Whether the code has made something of that name."""
        names = self._answer({"do": "names"}, "Looking at your code")
        if not isinstance(names, list):  # the code spoke in the place of the process it runs in
            wrong("Your code disturbs the check: let it only calculate.")
        return name in names

    def call(self, name: str, *words: Any, **named: Any) -> Any:
        """What a function of the learner's returns for these values."""
        if name not in self:
            raise Missing(f"There is no function called {name} yet: write def {name}(...).")
        question = {"do": "call", "name": name, "words": list(words), "named": named}
        value = self._answer(question, f"Calling {name}")
        if value is None and self._prints(name):
            wrong(f"{name} gives nothing back: it needs a return. What print shows is not kept.")
        if value is None:
            wrong(f"{name} gives nothing back: it needs a return.")
        return value

    def again(self, seed: int) -> None:
        """Run the code once more with other random numbers; names keep what is not made anew."""
        self._answer({"do": "run", "source": self.source, "seed": seed}, "Running your code")

    def uses(self, name: str) -> bool:
        """Whether a name or an attribute of that name stands anywhere in the code."""
        return any(
            (isinstance(node, ast.Name) and node.id == name)
            or (isinstance(node, ast.Attribute) and node.attr == name)
            for node in ast.walk(self.tree)
        )

    def loops(self) -> bool:
        """Whether there is a for or a while in the code."""
        return any(isinstance(node, ast.For | ast.While) for node in ast.walk(self.tree))

    def _prints(self, name: str) -> bool:
        """Whether a function of the learner's prints, and returns nothing."""
        inside = [
            node
            for made in ast.walk(self.tree)
            if isinstance(made, ast.FunctionDef) and made.name == name
            for node in ast.walk(made)
        ]
        return not any(isinstance(node, ast.Return) for node in inside) and any(
            isinstance(node, ast.Name) and node.id == "print" for node in inside
        )

    def _answer(self, question: dict[str, Any], doing: str) -> Any:
        answer = self._ask(question)
        if isinstance(answer, Trouble):
            raise Wrong(f"{doing} stopped. {answer.sentence()}", answer.line, answer.story())
        return answer


class expect:
    """A value of the learner's and what it is called; each word below must hold, and chains."""

    def __init__(self, value: Any, called: str) -> None:
        self.value, self.called = value, called

    def that(self, holds: bool, says: str) -> "expect":
        """A condition of one's own, and what to say when it does not hold."""
        if not holds:
            wrong(says)
        return self

    def number(self) -> "expect":
        """It is one number."""
        if isinstance(self.value, tuple) and [type(one) for one in self.value] == [int, int]:
            wrong(
                f"{self.called} should be one number, but is {describe(self.value)}. "
                "A comma between two values makes a tuple; a number has a point, as in 0.5."
            )
        if isinstance(self.value, bool) or np.ndim(self.value) or not _numeric(self.value):
            wrong(f"{self.called} should be one number, but is {describe(self.value)}.")
        return self

    def array(self) -> "expect":
        """It is an array, or a list that could be one."""
        if not np.ndim(_array(self.value)):
            wrong(f"{self.called} should be an array, but is {describe(self.value)}.")
        return self

    def shape(self, *sizes: int, **axes: int) -> "expect":
        """It has these sizes; named axes tell what they are: shape(images=64, classes=10)."""
        right = (*sizes, *axes.values())
        found = np.shape(_array(self.value))
        if found != right:
            what, mine, wanted = self.called, _shape(found), _shape(right)
            meaning = ", ".join(f"{size} {name}" for name, size in axes.items())
            if axes and len(found) == len(right) and found == right[::-1]:
                wrong(
                    f"{what} has the shape {mine}, but should be {wanted}: {meaning}. "
                    "Yours lies on its side: transpose it."
                )
            if axes:
                if len(right) == 1:
                    wrong(f"{what} has the shape {mine}, but should be {wanted}: {meaning}.")
                wrong(
                    f"{what} has the shape {mine}, but should be {wanted}: {meaning}, "
                    f"one row for each of the {next(iter(axes))}."
                )
            wrong(f"{what} has the shape {mine}, but should be {wanted}.")
        return self

    def whole(self) -> "expect":
        """It holds whole numbers: labels, counts."""
        if _array(self.value).dtype.kind not in "iu":
            wrong(f"{self.called} should hold whole numbers, but holds {_dtype(self.value)}.")
        return self

    def real(self) -> "expect":
        """It holds real numbers."""
        if _array(self.value).dtype.kind != "f":
            wrong(f"{self.called} should hold real numbers, but holds {_dtype(self.value)}.")
        return self

    def near(self, right: Any, causes: Iterable[Cause] = (), within: float = CLOSE) -> "expect":
        """It is this number, or this array, as far as rounding lets it.

        `causes` are values that a known mistake gives, each with the sentence for it.
        """
        mine = _array(self.value)
        if mine.dtype.kind not in "biuf":
            wrong(f"{self.called} should be {show(right)}, but is {describe(self.value)}.")
        if _near(mine, right, within):
            return self
        for value, says in causes:
            # a value much smaller than the right one must be met more closely
            if _near(mine, value, within * min(1, _size(value) / (_size(right) or 1) or 1)):
                wrong(says)
        if mine.shape != np.shape(right):
            wrong(
                f"{self.called} has the shape {_shape(mine.shape)}, "
                f"but should be {_shape(np.shape(right))}."
            )
        if not np.isfinite(mine.astype(float)).all():
            wrong(f"{self.called} is {show(self.value)}: something was divided by zero, or grew.")
        wrong(self._unlike(right, mine, within))

    def _unlike(self, right: Any, mine: Any, within: float) -> str:
        """What should be and what is; of long arrays the first place where they differ."""
        wanted, found = show(right), show(self.value)
        if wanted != found:
            return f"{self.called} should be {wanted}, but is {found}."
        right = _array(right)
        if not right.ndim:  # with all their digits
            return f"{self.called} should be {right.item()}, but is {mine.item()}."
        unlike = ~np.isclose(mine, right, rtol=within, atol=within)
        at = tuple(int(one) for one in np.argwhere(unlike)[0])
        where = ", ".join(map(str, at))
        return (
            f"{self.called}: {int(unlike.sum())} of {right.size} entries are wrong. "
            f"The one at [{where}] should be {show(right[at])}, but is {show(mine[at])}."
        )

    def equal(self, right: Any, causes: Iterable[Cause] = ()) -> "expect":
        """It is exactly this: text, labels, a list of names."""
        for value, says in [(right, ""), *causes]:
            if np.shape(_array(value)) == np.shape(_array(self.value)) and np.array_equal(
                _array(self.value), _array(value)
            ):
                if says:
                    wrong(says)
                return self
        wrong(f"{self.called} should be {show(right)}, but is {show(self.value)}.")

    def between(self, low: float, high: float) -> "expect":
        """It is a number in this range, or an array of such."""
        if not _numeric(self.value):
            wrong(f"{self.called} should hold numbers, but is {describe(self.value)}.")
        if not bool(np.all((_array(self.value) >= low) & (_array(self.value) <= high))):
            wrong(
                f"{self.called} should be between {low:g} and {high:g}: it is {show(self.value)}."
            )
        return self


def describe(value: Any) -> str:
    """What kind of value it is, as a learner would say it."""
    match value:
        case None:
            return "None"
        case Thing(kind=kind):
            return f"a {kind}"
        case bool():
            return f"{value}"
        case np.ndarray():
            return f"an array of the shape {_shape(value.shape)}"
        case str():
            return f"the text {value[:40]!r}"
        case list() | tuple() | dict():
            return f"a {type(value).__name__} of length {len(value)}"
    return show(value)


def show(value: Any) -> str:
    """A value, short."""
    if isinstance(value, Thing):
        return describe(value)
    array = _array(value)
    if array.dtype.kind == "f" and array.ndim == 0:
        return f"{float(array):.6g}"
    if array.dtype.kind in "biu" and array.ndim == 0:
        return str(array.item())  # without the name of its type
    if array.dtype.kind in "biuf" and array.ndim:
        return np.array2string(array, precision=4, threshold=8, edgeitems=2).replace("\n", "")
    return repr(value)[:100]


def _array(value: Any) -> Any:
    try:
        return np.asarray(value)
    except ValueError:  # rows of different lengths
        return np.asarray(value, dtype=object)


def _numeric(value: Any) -> bool:
    return _array(value).dtype.kind in "biuf"


def _near(mine: Any, right: Any, within: float) -> bool:
    right = _array(right)
    if mine.shape != right.shape or right.dtype.kind not in "biuf":
        return False
    return bool(np.allclose(mine, right, rtol=within, atol=within))


def _size(value: Any) -> float:
    """The largest absolute value of numbers; 0 for anything else."""
    numbers = _array(value)
    if numbers.dtype.kind not in "biuf" or not numbers.size:
        return 0.0
    return float(np.abs(numbers.astype(float)).max())


def _shape(sizes: tuple[int, ...]) -> str:
    return "a single number ()" if not sizes else str(tuple(int(size) for size in sizes))


def _dtype(value: Any) -> str:
    dtype = _array(value).dtype
    match dtype.kind:
        case "f":
            return f"real numbers ({dtype})"
        case "i" | "u":
            return f"whole numbers ({dtype})"
        case "b":
            return f"truths ({dtype})"
    return f"other things ({dtype})"
