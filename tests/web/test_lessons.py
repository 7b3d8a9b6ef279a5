"""A lesson can be read, answered and answered again without JavaScript; nothing is lost."""

import asyncio
import json
import re

import pytest

from fathom import settings
from tests.web.conftest import DOT, lay, post

COURSE = """minutes = 5
languages = ["en"]
lessons = ["01-one"]
[[plan]]
name = "01-one"
title = "One"
minutes = 5
[[plan]]
name = "02-two"
title = "Two"
minutes = 0
"""
LESSON = """---
title: One & only
question: What is one?
minutes: 5
objectives:
  - see
---

Hello $a<b$ and [experiments](/lab).

## Start {#start minutes=3}

:::{predict} guess
:::

:::{run} steady
:id: walk
:with: gain=2
:knobs: gain
:views: double
:after: guess
A *caption*.
:::

:::{figure} a.svg
:alt: a "line"
Look.
:::

## End {#end minutes=2}

:::{quiz} many fill order free level
:::

:::{views} walk
:views: total place
Once *more*.
:::
"""
QUIZ = """
[[question]]
id = "guess"
kind = "single"
text = "Which?"
choice = [
  { id = "a", text = "A", right = true, why = "because A" },
  { id = "b", text = "B", why = "because not B" },
]
[[question]]
id = "many"
kind = "multiple"
text = "All?"
choice = [
  { id = "a", text = "A", right = true, why = "many A" },
  { id = "b", text = "B", right = true, why = "many B" },
]
[[question]]
id = "fill"
kind = "blanks"
text = "The [[word]] is."
blank = [{ id = "word", accept = ["loss"], why = "the word is loss" }]
[[question]]
id = "order"
kind = "order"
text = "Sort."
step = [
  { id = "x", text = "X", why = "first" },
  { id = "y", text = "Y", why = "second" },
  { id = "z", text = "Z", why = "third" },
]
[[question]]
id = "free"
kind = "free"
text = "Say."
why = "a hint"
[[question]]
id = "level"
kind = "survey"
text = "How sure?"
choice = [
  { id = "low", text = "Low", why = "read on" },
  { id = "high", text = "High", why = "skip it" },
]
"""


pytestmark = pytest.mark.usefixtures("fresh")


@pytest.fixture(scope="module", autouse=True)
def course(client):
    """A course of one lesson, which this file's application serves."""
    files = {"lesson.md": LESSON, "quiz.toml": QUIZ, "a.svg": DOT}
    return lay(client, {"course.toml": COURSE} | {f"en/01-one/{n}": t for n, t in files.items()})


@pytest.fixture
def send(client):
    return lambda question, **sent: post(client, f"/lesson/01-one/answer/{question}", **sent)


def part(page, question):
    """The HTML of one question."""
    return page.partition(f'id="q-{question}"')[2].partition('id="q-')[0]


def test_a_figure_has_more_pictures_at_another_place_which_wait_as_it_does(client):
    assert any(client.get("/loaded").text == "yes" for _ in range(20))  # each waits a while
    shown = client.get("/lesson/01-one").text
    assert 'id="run-walk"' in shown
    assert '<figure class="linked-views" data-run="run-walk" data-views="total place">' in shown
    assert "These pictures wait for your prediction" in shown
    assert "Once <em>more</em>." in shown


def test_a_lesson_is_read_without_javascript(client):
    page = client.get("/lesson/01-one").text
    for said in (
        "<h1>One &amp; only</h1>",
        "Lesson 1 · 5 minutes",
        '<span class="math">a&lt;b</span>',
        'href="#start"',
        "A <em>caption</em>.",
        'src="/lesson/01-one/a.svg" alt="a &#34;line&#34;"',
        'action="/lesson/01-one/answer/guess"',
        "I have read this",
    ):
        assert said in page
    assert "because" not in page  # no explanation before an answer


def test_a_figure_has_the_knobs_of_the_lesson_and_waits_for_the_prediction(client, send):
    page = client.get("/lesson/01-one").text
    assert 'knobs="gain" views="double" link="/lab/steady" gate="guess"' in page
    data = json.loads(re.search(r'class="experiment">(.*?)</script>', page, re.DOTALL)[1])
    assert data["values"] == {"gain": "2"}
    page = send("guess", answer="b").text
    assert 'gate="guess"' not in page
    assert "because not B" in part(page, "guess")


def test_one_commits_to_a_prediction_once(client, send):
    send("guess", answer="b")
    send("guess", answer="a")
    kept = client.get("/progress.json").json()["answers"]
    assert [(one["answer"], one["kind"], one["right"]) for one in kept] == [("b", "predict", 0)]


def test_every_choice_is_explained_after_answering_and_a_retry_is_kept(client, send):
    page = part(send("many", answer=["a"]).text, "many")
    assert "Not yet." in page
    assert "many A" in page
    assert "many B" in page
    page = part(send("many", answer=["a", "b"]).text, "many")
    assert "Right." in page
    assert "2 attempts" in page
    kept = client.get("/progress.json").json()["answers"]
    assert [(one["attempt"], one["answer"]) for one in kept] == [(1, ["a"]), (2, ["a", "b"])]


@pytest.mark.parametrize(
    ("question", "fields", "said"),
    [
        ("fill", {"blank-word": "Loss"}, "Right."),
        ("fill", {"blank-word": "gain"}, "the word is loss"),
        ("order", {"place-x": "1", "place-y": "2", "place-z": "3"}, "Right."),
        ("order", {"place-x": "2", "place-y": "1", "place-z": "3"}, "another place"),
        ("free", {"answer": "I think"}, "Kept for your team."),
        ("level", {"answer": "low"}, "read on"),
    ],
)
def test_every_kind_of_question_is_answered_by_a_form(send, question, fields, said):
    answer = send(question, **fields)
    assert answer.status_code == 200
    assert said in part(answer.text, question)


def test_the_sentence_stays_in_sight_with_the_words_that_were_put_in(client, send):
    empty = part(client.get("/lesson/01-one").text, "fill")
    assert empty.count("The <input") == 1
    page = part(send("fill", **{"blank-word": "<gain>"}).text, "fill")
    assert 'The <span class="filled">&lt;gain&gt;</span> is.' in page
    assert page.count("The <input") == 1  # to answer again


@pytest.mark.parametrize(
    ("question", "fields", "said"),
    [
        ("many", {}, "Choose an answer first."),
        ("level", {}, "Choose an answer first."),
        ("fill", {"blank-word": " "}, "Fill every blank first."),
        ("order", {"place-x": "1", "place-y": "1", "place-z": "3"}, "each number once"),
    ],
)
def test_what_is_no_answer_is_said_beside_the_question_and_not_kept(
    client, send, question, fields, said
):
    answer = send(question, **fields)
    assert answer.status_code == 422
    assert said in part(answer.text, question)
    assert client.get("/progress.json").json()["answers"] == []


def test_a_survey_calls_no_answer_right_or_wrong(client, send):
    page = part(client.get("/lesson/01-one").text, "level")
    assert 'type="radio" name="answer" value="low"' in page
    page = part(send("level", answer="high").text, "level")
    assert "Kept for your team." in page
    assert "skip it" in page
    assert "read on" not in page  # the reply to another level
    for said in ("✓", "✗", "is-right", "is-wrong", "Not yet."):
        assert said not in page


def test_a_script_gets_the_question_alone(send):
    answer = send("many", headers={"accept": "text/x-fragment"}, answer=["a", "b"])
    assert answer.text.lstrip().startswith('<div class="question answered"')
    assert "<html" not in answer.text


def test_what_a_learner_wrote_comes_back_as_text(send):
    page = send("free", answer="<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("key", ["", "wrong", "ü"])
def test_a_form_of_another_site_changes_nothing(client, send, key):
    answer = send("many", key=key, answer=["a"])
    assert answer.status_code == 403
    for address in ("/progress/reset", "/lesson/01-one/seen"):
        assert client.post(address, data={"key": key, "sure": "1"}).status_code == 403
    assert client.get("/progress.json").json()["answers"] == []


def test_a_form_that_is_too_large_is_refused(send):
    assert send("free", answer="x" * 70_000).status_code == 413


def test_what_has_been_read_and_answered_is_on_the_start_page(client, send):
    assert "Begin with the first lesson" in client.get("/").text
    seen = post(client, "/lesson/01-one/seen", section="end", seconds="90", read="1")
    assert seen.status_code == 204
    send("free", answer="x")
    page = client.get("/").text
    resumed = 'href="/lesson/01-one#end" aria-label="Continue where you stopped: One &amp; only"'
    assert resumed in page
    assert "<b>you are here</b>, 2 of 5 minutes" in page
    assert "1 of 5 answered" in page
    assert "What is one?" in page
    assert "not written yet" in page
    assert "data-read" in client.get("/lesson/01-one").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"section": "none", "seconds": "1"}, 404),
        ({"section": "end", "seconds": "soon"}, 400),
        ({"section": "end", "seconds": "nan"}, 400),
    ],
)
def test_a_wrong_report_is_refused(client, fields, status):
    assert post(client, "/lesson/01-one/seen", **fields).status_code == status


def test_a_lesson_shows_its_author_what_is_wrong_with_file_and_line(client, course):
    path = course / "en" / "01-one" / "lesson.md"
    path.write_text(LESSON.replace("{figure}", "{picture}"))
    try:
        page = client.get("/lesson/01-one").text
    finally:
        path.write_text(LESSON)
    assert "lesson.md:25: There is no directive {picture}" in page


def test_an_answer_outlives_a_question_that_changes(client, course, send):
    send("many", answer=["a"])
    path = course / "en" / "01-one" / "quiz.toml"
    path.write_text(
        QUIZ.replace(
            '{ id = "a", text = "A", right = true, why = "many A" }',
            '{ id = "c", text = "C", why = "many C" }',
        )
    )
    try:
        page = client.get("/lesson/01-one")
    finally:
        path.write_text(QUIZ)
    assert page.status_code == 200
    assert client.get("/progress.json").json()["answers"][0]["answer"] == ["a"]


@pytest.mark.parametrize(
    "address",
    ["/lesson/09-none", "/lesson/01-one/quiz.toml", "/lesson/01-one/%2e%2e/%2e%2e/course.toml"],
)
def test_only_lessons_and_their_pictures_are_served(client, address):
    assert client.get(address).status_code == 404
    assert client.get("/lesson/01-one/a.svg").headers["content-type"] == "image/svg+xml"


def test_nothing_is_forgotten_by_accident(client, send):
    send("free", answer="x")
    assert post(client, "/progress/reset").status_code == 400
    assert len(client.get("/progress.json").json()["answers"]) == 1


def test_the_start_page_does_not_wait_for_torch(client, monkeypatch):
    runner = client.app.state.runner
    asked = []

    async def slowly():
        asked.append(True)
        await asyncio.sleep(0.5)
        return {}

    monkeypatch.setattr(runner, "describe", slowly)
    monkeypatch.setattr("fathom.web.lessons.SOON", 0.05)
    shown = client.get("/")
    assert asked
    assert shown.status_code == 200
    assert "PyTorch is being loaded" in shown.text
    assert 'http-equiv="refresh"' in shown.text
    shown = client.get("/lesson/01-one")
    assert shown.status_code == 200
    assert shown.text.count("data-loading") == 1
    assert "because A" not in shown.text
    monkeypatch.setattr("fathom.web.lessons.LATER", 0.05)
    assert client.get("/loaded").text == "not yet"
    monkeypatch.setattr("fathom.web.lessons.LATER", 60)
    assert client.get("/loaded").text == "yes"


def test_an_author_has_another_edition_with_every_save_and_a_shipped_course_has_none(
    client, course, monkeypatch
):
    shown = client.get("/lesson/01-one").text
    first = client.get("/lesson/01-one/edition").text
    assert f'data-edition="{first}"' in shown
    assert client.get("/lesson/01-one/edition").text == first
    (course / "en" / "01-one" / "a.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    )
    second = client.get("/lesson/01-one/edition").text
    (course / "en" / "01-one" / "run.fathom").write_bytes(b"a recording")
    assert len({first, second, client.get("/lesson/01-one/edition").text, ""}) == 4
    monkeypatch.setattr(settings, "SHIPPED", course)
    assert client.get("/lesson/01-one/edition").text == ""
    assert "data-edition" not in client.get("/lesson/01-one").text


def test_the_lab_says_in_which_lesson_an_experiment_is_met_first(client):
    page = client.get("/lab").text
    head, _, rest = page.partition('id="in-none"')
    assert '<a href="/lesson/01-one">One &amp; only</a>' in head
    assert 'href="/lab/steady"' in head
    assert 'href="/lab/steady"' not in rest
    assert rest.count("<svg") > 1  # those without a drawing have the sounding line


def test_figures_are_counted_and_one_that_waits_keeps_its_place_and_its_question(client, send):
    page = client.get("/lesson/01-one").text
    number = re.compile(r"<span>Figure (\d)</span>")
    assert number.findall(page) == ["1", "1", "2", "3"]  # twice: as it waits, and behind that
    assert "<span>Figure 1</span> A number grows by one each step</p>" in page
    assert number.findall(send("guess", answer="b").text) == ["1", "2", "3"]


def test_an_aside_of_words_is_a_note_and_one_with_code_is_folded(client, course):
    path = course / "en" / "01-one" / "lesson.md"
    short = ":::{aside} Short\nA word.\n:::\n"
    long = "::::{aside} Long\n```python\na = 1\n```\n::::\n"
    path.write_text(LESSON + short + long)
    try:
        page = client.get("/lesson/01-one").text
    finally:
        path.write_text(LESSON)
    assert '<aside class="note"><p><b>Short</b></p><p>A word.</p>' in page
    assert "<summary>Long</summary>" in page


def test_a_choice_has_the_same_letter_before_and_after_it_was_explained(client, send):
    before = part(client.get("/lesson/01-one").text, "guess")
    letters = dict(re.findall(r'value="(\w)".*?class="letter".*?>(\w)<', before))
    after = part(send("guess", answer="b").text, "guess")
    shown = re.findall(r'class="letter".*?>(\w)</span><span>(\w)</span>', after)
    assert {text.lower(): letter for letter, text in shown} == letters
