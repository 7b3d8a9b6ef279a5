"""fathom check speaks like a compiler: file, line, sentence, and an exit code."""

import shutil

import pytest

from fathom.runtime.launch import can_fork

LESSON = """---
title: One
minutes: 2
objectives:
  - see
---

## Start {#start minutes=2}

:::{run} steady
:id: walk
:with: gain=2
:::
"""
COURSE = """minutes = 2
lessons = ["01-one"]
[[plan]]
name = "01-one"
title = "One"
minutes = 2
"""


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "en" / "01-one"
    folder.mkdir(parents=True)
    (tmp_path / "course.toml").write_text(COURSE)
    (folder / "lesson.md").write_text(LESSON)
    return tmp_path


def test_a_course_is_proved_and_a_mistake_has_its_line(run, course):
    code, out, err = run("check", course)
    assert (code, out) == (0, "")
    assert "1 lesson checked, nothing is wrong." in err

    lesson = course / "en" / "01-one" / "lesson.md"
    lesson.write_text(LESSON.replace("gain=2", "gain=1000"))
    code, out, err = run("check", lesson.parent)
    said = "gain cannot be '1000': it must be a number from 0 to 100."
    assert (code, out) == (1, f"{lesson}:12: {said}\n")


@pytest.mark.skipif(not can_fork(), reason="code of lessons runs only on Linux")
def test_the_code_of_a_lesson_is_run_from_its_first_cell_to_its_last(run, course):
    lesson = course / "en" / "01-one" / "lesson.md"
    cells = "\n```{cell} first\na = 1\n```\n\n```{cell} second\nb = 2\na + c\n```\n"
    lesson.write_text(LESSON + cells)
    code, out, err = run("check", course)
    said = "the code 'second' fails: NameError: name 'c' is not defined"
    assert (code, out) == (1, f"{lesson}:{len(LESSON.splitlines()) + 8}: {said}\n")
    assert "running 1 of 1: en/01-one" in err
    assert not (course / "proved.json").exists()  # what fails is not proved
    lesson.write_text(LESSON + cells.replace("a + c", "a + b"))
    code, out, err = run("check", course)
    assert (code, out) == (0, "")
    assert "running 1 of 1" in err
    code, out, err = run("check", course)
    assert (code, out) == (0, "")
    assert "1 of 1 are as they were when they were proved" in err
    assert "running" not in err
    assert "running 1 of 1" in run("check", course, "--all")[2]


def test_what_belongs_to_no_course_is_wrong_input(run, course):
    (course / "course.toml").unlink()
    assert run("check", course)[0] == 2
    shutil.rmtree(course)
    code, out, err = run("check", course)
    assert (code, out) == (2, "")
    assert "There is no file or folder" in err
