"""Errors in plain words."""

import pytest

from fathom.runtime.plain import explain, remember, trouble

FILE = "your code"


def fail(source):
    remember(FILE, source)
    try:
        exec(compile(source, FILE, "exec"), {})
    except BaseException as error:
        return trouble(error, [FILE])
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    ("source", "line", "means"),
    [
        ("x = 1\nif x\n    y = 2", 2, "colon"),
        ("x = “a”", 1, "straight"),
        ("print((1, 2)", 1, "no other half"),
        ("if 1:\nx = 1", 2, "Indent"),
        ("x = 1\nprint(y)", 2, "typing error"),
        ("1 / 0", 1, "divisor"),
        ("[1, 2][2]", 1, "starts at 0"),
        ("{'a': 1}['b']", 1, ".keys()"),
        ("def f(a): pass\nf()", 2, "def"),
        ("'a' + 1", 1, "type()"),
        ("None.x", 1, "return"),
        ("import numpy as np\nnp.ones((2, 3)) @ np.ones((2, 3))", 2, "last size of a"),
        ("import numpy as np\nnp.ones(3) + np.ones(4)", 2, "from the right"),
        ("import numpy as np\nif np.ones(3) > 0: pass", 2, ".any()"),
        ("import nonesuch", 1, "no such package"),
        ("int('a')", 1, "not a number"),
        ("def f(): return f()\nf()", 1, "calls itself"),
        ("x = 2\nx**2.real", 2, "brackets"),
        ("x = 2\nx ^ 0.5", 2, "**"),
        ("def f():\n    x = 1\nreturn x", 3, "indent"),
        ("x = ...\nx + 1", 2, "three dots"),
        ("x = [1, 2]\nx[0, 1]", 2, "np.array"),
        ("[1, 2] * 0.5", 1, "np.array"),
        ("[1, 2].mean()", 1, "np.array"),
        ("len(5)", 1, "several"),
        ("x = ...\nx.mean()", 2, "three dots"),
        ("import numpy as np\nnp.bincount(3)", 2, "only one"),
        ("a, b = 1.5", 1, "commas"),
        ("a, b = 1, 2, 3", 1, "commas"),
        ("f'{[1]:.2f}'", 1, "one number"),
        ("x = mean([1])", 1, "np. before"),
        ("np.mean([1])", 1, "import numpy"),
        ("import numpy as np\nnp.ones(3)[0, 1]", 2, "axes"),
        ("import numpy as np\nnp.ones(3)[1.0]", 2, "whole numbers"),
        ("import numpy as np\nnp.ones(3).sum(axis=1)", 2, "Axes count"),
        ("import numpy as np\nnp.ones(3)(1)", 2, "takes [ ]"),
        ("import numpy as np\nnp.ones(3).mean + 1", 2, "not been called"),
        ("import numpy as np\nfloat(np.ones(3))", 2, "one is needed"),
        ("import numpy as np\nnp.zeros(3, 3)", 2, "brackets of its own"),
    ],
)
def test_frequent_errors_are_explained_at_the_learners_line(source, line, means):
    told = fail(source)
    assert told.line == line
    assert means in told.meaning
    assert told.sentence().startswith(f"Line {line}: {told.kind}")
    assert "\n" not in told.sentence()


def test_a_sentence_ends_once_and_keeps_the_dots_of_python():
    told = fail("print 5")
    assert "Did you mean print(...)? What is printed" in told.sentence()


def test_only_the_learners_own_lines_are_shown():
    told = fail("import json\ndef read(text):\n    return json.loads(text)\nread('{')")
    assert [(place.line, place.function) for place in told.places] == [(4, "<module>"), (3, "read")]
    assert "json/decoder" not in told.story()
    assert "return json.loads(text)" in told.story()


def test_errors_of_torch_are_explained():
    assert "features" in explain("RuntimeError", "mat1 and mat2 shapes cannot be multiplied")
    assert ".float()" in explain("RuntimeError", "expected scalar type Float but found Double")


def test_a_product_with_nothing_is_not_told_as_shapes_that_do_not_fit():
    told = fail("import numpy as np\ndef layer(x):\n    print(x)\nlayer(1) @ np.ones((3, 2))")
    assert told.kind == "ValueError"
    assert "no return" in told.meaning
    told = fail("import numpy as np\nnp.ones((2, 2)) @ np.ones((3, 2))")
    assert "print both shapes" in told.meaning


def test_an_error_that_cannot_be_shown_is_still_told():
    source = "class E(Exception):\n    def __str__(self): raise E\nraise E"
    assert fail(source).text == "it cannot be shown"
