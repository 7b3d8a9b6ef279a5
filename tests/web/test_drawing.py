"""A drawing is kept like any answer, shown again, and needs JavaScript only to be made."""

import json
import re
from functools import partial
from html import unescape

import pytest

from tests.web.conftest import COURSE, lay, post

LESSON = """---
title: One
minutes: 5
objectives:
  - see
---

## Start {#start minutes=5}

:::{predict} draw
:::

:::{run} steady
:id: drawn
:views: double place
:log: double
:after: draw
:::
"""
QUIZ = """
[[question]]
id = "draw"
kind = "draw"
draw = "curve"
of = "double"
x = [0, 10]
y = [0, 20]
text = "How will it grow?"
why = "By two."
"""


pytestmark = pytest.mark.usefixtures("fresh")


@pytest.fixture(scope="module", autouse=True)
def course(client):
    """A course of one lesson, which this file's application serves."""
    files = {"course.toml": COURSE, "en/01-one/lesson.md": LESSON, "en/01-one/quiz.toml": QUIZ}
    lay(client, files)
    assert any(client.get("/loaded").text == "yes" for _ in range(20))  # each waits a while


@pytest.fixture
def send(client):
    return partial(post, client, "/lesson/01-one/answer/draw")


def question(page):
    """Its HTML, up to the figure that waits for it."""
    return page.partition('id="q-draw"')[2].partition("<fathom-lab")[0]


def test_a_drawing_is_kept_and_shown_again_with_the_figure_that_waited_for_it(client, send):
    page = client.get("/lesson/01-one").text
    assert "Drawing on the page needs JavaScript" in question(page)
    assert 'gate="draw"' in page
    page = send(drawing="0 0, 10 20").text
    assert 'gate="draw"' not in page
    for shown in (page, client.get("/lesson/01-one").text):
        assert 'd="M0.0 140.0L240.0 0.0"' in question(shown)
        assert "By two." in question(shown)
        lab = shown.partition('id="run-drawn"')[2].partition(">")[0]
        assert 'logs="double"' in lab
        sketch = json.loads(unescape(re.search('sketch="(.*?)"', lab)[1]))
        assert (sketch["of"], sketch["points"]) == ("double", [[0, 0], [10, 20]])
    kept = client.get("/progress.json").json()["answers"]
    assert [(one["answer"], one["right"]) for one in kept] == [([[0, 0], [10, 20]], None)]


def test_who_has_no_idea_or_drew_on_paper_goes_on(client, send):
    page = send(answer="none", drawing="").text
    assert 'gate="draw"' not in page
    assert "none that is kept here" in question(page)
    assert "<path" not in question(page)


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("", "Draw first, or say that you have no idea."),
        ("0 0, 99 5", "The drawing leaves its picture"),
        ("<b>", "This is no drawing"),
    ],
)
def test_what_is_no_drawing_is_said_and_not_kept(client, send, drawing, said):
    answer = send(drawing=drawing)
    assert answer.status_code == 422
    assert said in question(answer.text)
    assert client.get("/progress.json").json()["answers"] == []
