"""A lesson in a browser: what its parts do together."""

import shutil

import numpy as np
import pytest

from fathom.lab import field, wire
from fathom.lab.recording import Recorder
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
COURSE = """minutes = 5
lessons = ["01-one"]
[[plan]]
name = "01-one"
title = "One"
minutes = 5
"""
CROWDED = """---
title: One
minutes: 5
objectives:
  - see
---

## Start {#start minutes=5}

:::{run} steady
:id: first
:with: steps=100000 pause=0.05
:::

PROSE
:::{run} steady
:id: second
:with: pause=0.05
:::
"""
LESSON = """---
title: One
minutes: 5
objectives:
  - see
---

## Start {#start minutes=5}

:::{run} steady
:id: walk
:views: total
:::

Between them.

:::{quiz} say
:::

:::{views} walk
:views: place double
The same again.
:::

:::{run} steady
:id: taped
:recording: walk.fathom
:views: place total
:::
"""


QUIZ = """[[question]]
id = "say"
kind = "free"
text = "What do you see?"
why = "anything"
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    (folder / "en" / "01-one").mkdir(parents=True)
    (folder / "course.toml").write_text(COURSE)
    (folder / "en" / "01-one" / "lesson.md").write_text(LESSON)
    (folder / "en" / "01-one" / "quiz.toml").write_text(QUIZ)
    taped(folder / "en" / "01-one" / "walk.fathom")
    return folder


def taped(path):
    """A recording of 40 steps, of which every second was seen."""
    head = {"type": "run", "id": "x", "experiment": "steady", "version": "", "knobs": {}}
    block = {"type": "scalars", "names": ["total"], "steps": np.arange(41, dtype=np.int32)}
    of = {"of": 40, "why": "", "seconds": 1.0}
    with Recorder(path) as recorder:
        recorder.add(wire.encode(head | {"pace": 0.0, "turns": [], "made": "2026-03-01"}))
        recorder.add(wire.encode(block | {"values": np.arange(41.0).reshape(1, 41)}))
        for step in range(0, 41, 2):
            place = field(np.full((2, 2), float(step)), lo=0.0, hi=255.0, title="Place").message()
            frame = {"type": "frame", "step": step, "of": 40, "numbers": {"total": float(step)}}
            recorder.add(wire.encode(frame | {"views": {"place": place}}))
        recorder.add(wire.encode({"type": "state", "state": "finished", "step": 40} | of))


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    """In place of the server of all tests: experiments without torch, and a course of its own."""
    planted = {"FATHOM_ZOO": "tests.runtime.planted", "FATHOM_LESSONS": course}
    made = Server(tmp_path_factory.mktemp("lesson-server"), **planted)
    yield made
    made.close()


def test_one_run_feeds_two_figures(tabs):
    with tabs() as tab:
        tab.open("/lesson/01-one")
        tab.until(lambda: tab.lab.count() and tab.state == "paused", "a figure that waits")
        tab.press("Step")
        tab.until_step(1)
        linked = tab.page.locator(".linked-views")
        linked.locator("[data-view='place']").wait_for()
        here, there = (one.locator(".strip svg") for one in (tab.lab, linked))
        tab.until(lambda: "double" in there.text_content(), "its number")
        assert "total" not in there.text_content()
        assert "total" in here.text_content()
        assert tab.lab.locator("[data-view='place']").count() == 0


def test_a_figure_out_of_sight_gives_its_core_to_one_that_waits(tabs, course, tmp_path):
    crowded = tmp_path / "course"
    shutil.copytree(course, crowded)
    long = CROWDED.replace("PROSE", "A paragraph.\n\n" * 60)
    (crowded / "en" / "01-one" / "lesson.md").write_text(long)
    planted = {"FATHOM_ZOO": "tests.runtime.planted", "FATHOM_LESSONS": crowded}
    own = Server(tmp_path / "server", FATHOM_CORES=1, **planted)
    try:
        with tabs(own) as tab:
            tab.open("/lesson/01-one")
            tab.until(lambda: tab.lab.count() and tab.state == "paused", "the first figure")
            tab.press("Play")
            tab.until_step(3)
            second = tab.page.locator("#run-second")
            second.scroll_into_view_if_needed()
            second.locator(".do-play").click()
            tab.until(lambda: int(second.get_attribute("data-step") or -1) > 2, "the second runs")
            assert tab.state == "paused"
            assert "another figure of this page" in tab.said()
    finally:
        own.close()


def test_a_saved_lesson_shows_at_once_and_nothing_typed_is_lost(tabs, course):
    with tabs() as tab:
        tab.open("/lesson/01-one")
        typed = tab.page.locator("textarea[name='answer']")
        typed.fill("half a sentence")
        file = course / "en" / "01-one" / "lesson.md"
        file.write_text(file.read_text().replace("Between them.", "Between the two of them."))
        tab.page.get_by_text("Between the two of them.").wait_for()
        tab.until(lambda: typed.input_value() == "half a sentence", "what was typed")


def test_a_recording_is_played_and_dragged_through(tabs):
    with tabs() as tab:
        tab.open("/lesson/01-one")
        one = tab.page.locator("#run-taped")
        one.scroll_into_view_if_needed()
        at = lambda: int(one.get_attribute("data-step") or -1)  # noqa: E731
        tab.until(lambda: one.get_attribute("data-state") == "paused", "the recording waits")
        one.locator(".do-step").click()
        tab.until(lambda: at() == 2, "the next picture that was recorded")
        one.get_by_text("full speed").click()
        one.locator(".do-play").click()
        tab.until(lambda: one.get_attribute("data-state") == "finished", "its end")
        tab.until(lambda: at() == 40, "its last picture")
        scrubber = one.locator("[type='range']").first
        scrubber.fill("11")
        tab.until(lambda: at() == 12, "the first picture at or after the step")
        assert "step 12 of 40" in one.inner_text()
