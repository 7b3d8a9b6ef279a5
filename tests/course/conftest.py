"""A small course without a mistake, and what an experiment says of itself."""

import json
from pathlib import Path

import pytest

EXPERIMENT = {
    "name": "line",
    "title": "A line",
    "watch": "it",
    "promises": [
        {
            "bounds": [{"metric": "gap", "relation": "<=", "value": 1.0}],
            "when": {},
            "free": (),
            "note": "",
        }
    ],
    "source": "tests",
    "pace": 0.0,
    "knobs": {
        "lr": {
            "name": "lr",
            "kind": "number",
            "default": 0.1,
            "help": "the step",
            "live": True,
            "low": 0.0,
            "high": 1.0,
            "log": False,
            "whole": False,
            "options": [],
        }
    },
    "code": 'yield Frame(step, loss=1.0, views=lambda: {"data": points(xy)})',
    "lines": {"lr": 1},
    "version": "0",
}

LESSON = """---
title: Lines
minutes: 5
objectives:
  - draw one
---

Hello, see [the end](#end) and [this](lesson.md#start).

A {term}`curve` is a {term}`bent
line <line>`.

## Start {#start minutes=3}

:::{predict} guess
:::

:::{run} line
:id: walk
:with: lr=0.5
:knobs: lr
:views: data loss
:after: guess
A caption.
:::

:::{figure} line.svg
:alt: a line
Look.
:::

```python
x = 1
```

## End {#end minutes=2}

:::{quiz} one
:::
"""

QUESTION = """
[[question]]
id = "{id}"
kind = "single"
text = "What?"
[[question.choice]]
id = "a"
text = "A"
right = true
why = "yes"
[[question.choice]]
id = "b"
text = "B"
why = "no"
"""

GLOSSARY = """# Glossary

## line {#line}

The shortest way. It is *straight*, and no {term}`curves <curve>` are in it.

## curve {#curve}

A bent {term}`line`
"""

SYMBOLS = """[[symbol]]
tex = 'x'
new = "01-lines/end"
means.en = "the input"
"""

COURSE = """minutes = 5
languages = ["en", "de"]
lessons = ["01-lines"]

[[plan]]
name = "00-before"
title = "Before"
minutes = 9
counts = false

[[plan]]
name = "01-lines"
title = "Lines"
minutes = 5
"""


@pytest.fixture
def experiments():
    """As it comes from the describing process: through JSON."""
    return {"line": json.loads(json.dumps(EXPERIMENT))}


@pytest.fixture
def course(tmp_path):
    """The folder of a course with one lesson in two languages."""
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / "symbols.toml").write_text(SYMBOLS)
    for language in ("en", "de"):
        write_lesson(tmp_path / language / "01-lines")
        (tmp_path / language / "glossary.md").write_text(GLOSSARY)
    return tmp_path


def write_lesson(folder: Path):
    folder.mkdir(parents=True)
    (folder / "lesson.md").write_text(LESSON)
    (folder / "quiz.toml").write_text(QUESTION.format(id="guess") + QUESTION.format(id="one"))
    (folder / "line.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
