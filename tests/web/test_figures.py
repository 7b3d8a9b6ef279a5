"""What a lesson shows in place of words and runs: choices that are pictures, and recordings."""

import re

import pytest

from fathom.lab import wire
from fathom.lab.recording import MAGIC, RECORD, Recorder
from tests.web.conftest import COURSE, DOT, lay, post

LESSON = """---
title: One
minutes: 5
objectives:
  - see
---

## Start {#start minutes=5}

:::{predict} guess
:::

:::{run} steady
:id: walk
:after: guess
:::

:::{quiz} all
:::

:::{run} steady
:id: taped
:recording: walk.fathom
:::

:::{run} steady
:id: lost
:recording: lost.fathom
:::
"""
CHOICES = """
[[question]]
id = "{id}"
kind = "{kind}"
text = "Which?"
choice = [
  {{ id = "a", text = "A", right = true, why = "because A", picture = "a.svg", alt = "an <A>" }},
  {{ id = "b", text = "B", why = "because not B", picture = "a.svg", alt = "a B" }},
]
"""
PICTURE = '<img class="choice-picture" src="/lesson/01-one/a.svg" alt="an &lt;A&gt;">'
KNOBS = {"gain": "2", "steps": "10"}  # the second stands at its default
HEAD = {"type": "run", "experiment": "steady", "version": "", "knobs": KNOBS, "pace": 0.0}
PLACE = {"kind": "points", "knob": "gain", "drag": ["gain", ""], "title": ""}
TAPED = [
    HEAD | {"made": "2026-03-01"},
    {"type": "frame", "step": 30, "numbers": {"total": 1.0}, "views": {"place": PLACE}},
    {"type": "state", "state": "finished", "step": 30},
]

pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture(scope="module", autouse=True)
def folder(client):
    """The folder of the only lesson of the course that this file's application serves."""
    asked = {"guess": "single", "all": "multiple"}
    quiz = "".join(CHOICES.format(id=id, kind=kind) for id, kind in asked.items())
    files = {"lesson.md": LESSON, "quiz.toml": quiz, "a.svg": DOT}
    course = lay(client, {"course.toml": COURSE} | {f"en/01-one/{n}": t for n, t in files.items()})
    made = course / "en" / "01-one"
    for path in (made / "walk.fathom", made.parent / "outside.fathom"):
        with Recorder(path) as recorder:
            for message in TAPED:
                recorder.add(wire.encode(message))
    return made


def page(client):
    return client.get("/lesson/01-one").text


def part(text, question):
    """The HTML of one question."""
    return text.partition(f'id="q-{question}"')[2].partition('id="q-')[0]


def test_a_recording_says_what_it_is_and_nothing_in_it_can_be_turned(client):
    text = page(client)
    assert "no recording &#39;lost.fathom&#39; in this lesson" in text
    figure = text.partition('id="run-taped"')[2]
    words = re.sub(r"<[^>]*>", "", figure.partition("</p>\n<script")[0])
    assert "It was made with steady (gain is 2) on 2026-03-01." in words
    assert "The recording needs JavaScript" in figure
    (address,) = re.findall(r'recording="([^"]*)"', text)
    data = client.get(address).content
    heard, at = [], len(MAGIC)
    while at < len(data):
        length, _ = RECORD.unpack_from(data, at)
        heard.append(wire.decode(data[at + RECORD.size : at + RECORD.size + length]))
        at += RECORD.size + length
    assert [one["type"] for one in heard] == ["run", "frame", "state"]
    assert heard[0]["pace"] == 2.0, "thirty steps last fifteen seconds"
    place = heard[1]["views"]["place"]
    assert (place["knob"], place["drag"]) == ("", ["", ""])


@pytest.mark.parametrize("name", ["a.svg", "lost.fathom", "..%2Foutside.fathom"])
def test_only_recordings_of_the_lesson_are_played(client, name):
    assert client.get(f"/lesson/01-one/recording/{name}").status_code == 404


def test_a_choice_that_is_a_picture_shows_it_before_and_after_answering(client):
    assert PICTURE in part(page(client), "all")
    said = part(post(client, "/lesson/01-one/answer/all", answer=["a"]).text, "all")
    assert PICTURE in said.partition("Answer again")[0]


def test_who_has_no_idea_predicts_nothing_and_sees_the_figure_and_the_reasons(client):
    before = page(client)
    assert ' gate="guess"' in before
    assert "I have no idea" in part(before, "guess")
    assert "I have no idea" not in part(before, "all")
    said = post(client, "/lesson/01-one/answer/guess", answer="no-idea").text
    asked = part(said, "guess")
    assert "none that is kept here" in asked
    assert "because not B" in asked
    assert "your answer" not in asked
    assert ' gate="guess"' not in said
