"""A learner goes on where they stopped, and meets again what they got wrong."""

import json
import re
import time

import pytest

from fathom.classroom import progress, transfer
from fathom.web import recall, speech
from tests.web.conftest import lay, post

COURSE = """minutes = 10
languages = ["en"]
lessons = ["01-one", "02-two"]
[[plan]]
name = "01-one"
title = "One"
minutes = 5
[[plan]]
name = "02-two"
title = "Two"
minutes = 5
"""
LESSON = """---
title: {title}
minutes: 5
objectives:
  - see
---

Hello.

## Start {{#start minutes=3}}

:::{{quiz}} {first}
:::

## End {{#end minutes=2}}

:::{{quiz}} {last}
:::
"""
QUESTION = """
[[question]]
id = "{id}"
kind = "single"
text = "Which {id}?"
[[question.choice]]
id = "a"
text = "A"
right = true
why = "because A"
[[question.choice]]
id = "b"
text = "B"
why = "because not B"
belief = "straight"
"""
BELIEF = """
[straight]
believes.en = "A line bends."
resolves.en = "A line is straight."
"""


def write(client):
    """The course as it is before a test changes it."""
    files = {"course.toml": COURSE, "misconceptions.toml": BELIEF}
    for name, title, ids in (("01-one", "One", "abcd"), ("02-two", "Two", "wxyz")):
        lesson = LESSON.format(title=title, first=" ".join(ids[:2]), last=" ".join(ids[2:]))
        files[f"en/{name}/lesson.md"] = lesson
        files[f"en/{name}/quiz.toml"] = "".join(QUESTION.format(id=one) for one in ids)
    return lay(client, files)


@pytest.fixture(autouse=True)
def course(client, built):
    """Two lessons of four questions each; nothing read, nothing answered."""
    folder = write(client)
    post(client, "/progress/reset", sure="1")
    return folder


def answer(client, question, said, lesson="01-one"):
    assert post(client, f"/lesson/{lesson}/answer/{question}", answer=said).status_code == 200


def visit(client, *sections, lesson="01-one", seconds=60, read=0):
    sent = {
        "section": sections,
        "seconds": [seconds] * len(sections),
        "read": [read] * len(sections),
    }
    assert post(client, f"/lesson/{lesson}/seen", **sent).status_code == 204


def kept(client):
    return client.get("/progress.json").json()


def change(folder, file, old, new):
    path = folder / "en" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_the_start_page_leads_to_the_section_that_was_in_sight_last(client):
    visit(client, "start", read=1)
    visit(client, "end", "start")  # one report: the last of it is in sight
    assert 'href="/lesson/01-one#start" aria-label="Continue' in client.get("/").text
    visit(client, "start", "end", seconds=0)
    assert 'href="/lesson/01-one#end" aria-label="Continue' in client.get("/").text


def test_minutes_stand_beside_those_that_were_planned(client):
    visit(client, "start", seconds=120, read=1)
    visit(client, "questions.back", lesson="02-two", seconds=300)  # counted apart
    visit(client, "end", lesson="02-two", seconds=60)
    page = client.get("/lesson/01-one").text
    assert '<span class="took">2 of 3 min</span>' in page
    assert "2 of 5 minutes<br>1 of 2 read" in page
    page = client.get("/").text
    assert "You stopped in Lesson 2, after 1 of 5 minutes" in page
    assert "1 section to read" in page  # of Lesson 1, which was begun


def test_how_a_section_was_is_kept_changed_and_comes_back_on_the_start_page(client):
    def pressed():
        return re.findall(
            r'value="([\w-]+)" aria-pressed="true"', client.get("/lesson/01-one").text
        )

    said = post(client, "/lesson/01-one/pace", section="end", pace="not-yet")
    assert said.history[0].headers["location"] == "/lesson/01-one#end.end"  # without JavaScript
    assert pressed() == ["not-yet"]
    page = client.get("/").text
    assert "Look again at" in page
    assert '<a href="/lesson/01-one#end">End</a>' in page
    quietly = post(
        client, "/lesson/01-one/pace", {"accept": "text/x-fragment"}, section="end", pace="got"
    )
    assert (quietly.status_code, pressed()) == (204, ["got"])
    assert "Look again at" not in client.get("/").text
    assert [(one["section"], one["pace"]) for one in kept(client)["paces"]] == [("end", "got")]
    for section, pace, status in (("end", "so", 400), ("none", "got", 404)):
        sent = post(client, "/lesson/01-one/pace", section=section, pace=pace)
        assert sent.status_code == status


def test_what_was_believed_is_worth_another_look_until_it_is_resolved(client):
    assert "Open from before" not in client.get("/").text
    answer(client, "c", "b")
    page = client.get("/").text
    assert "Worth another look" in page
    assert "A line is straight." in page
    assert '<a href="/lesson/01-one#end">End</a>' in page
    assert [one["belief"] for one in kept(client)["beliefs"]] == ["straight"]
    answer(client, "a", "a")
    assert "A line is straight." not in client.get("/").text
    assert kept(client)["beliefs"] == []


# ---- three questions back


def back(client):
    """What Lesson 2 opens with, and how many of them are answered."""
    page = client.get("/lesson/02-two").text
    opening = page.partition('id="questions.back"')[2].partition("</section>")[0]
    return re.findall(r'id="q-01-one-(\w)"', opening), opening.count("because A")


def test_a_page_reads_what_was_answered_once(client, monkeypatch):
    answer(client, "c", "b")
    read, asked = progress.all_answers, []
    monkeypatch.setattr(progress, "all_answers", lambda *who: asked.append(who) or read(*who))
    for address in ("/", "/lesson/02-two"):  # with beliefs and standings, with questions back
        asked.clear()
        assert client.get(address).status_code == 200
        assert len(asked) == 1


def test_the_first_lesson_has_no_questions_back(client):
    assert "questions.back" not in client.get("/lesson/01-one").text


def test_a_lesson_opens_with_what_was_missed_and_a_reload_or_an_answer_changes_nothing(client):
    answer(client, "d", "b")
    answer(client, "b", "a")
    assert back(client) == (["d", "a", "c"], 0)  # d was answered before, and is asked anew
    assert back(client) == (["d", "a", "c"], 0)
    said = post(client, "/lesson/02-two/recall/01-one/d", answer="a")
    assert said.history[0].headers["location"] == "/lesson/02-two#q-01-one-d"
    assert back(client) == (["d", "a", "c"], 1)
    (last,) = [one for one in kept(client)["answers"] if one["kind"] == "recall"]
    assert (last["lesson"], last["question"], last["right"]) == ("01-one", "d", 1)
    answer(client, "a", "a")  # in the other tab
    assert back(client) == (["d", "a", "c"], 1)


def test_the_next_day_other_questions_come_back(client, monkeypatch):
    answer(client, "d", "b")
    post(client, "/lesson/02-two/recall/01-one/d", answer="a")
    assert back(client)[0] == ["d", "a", "b"]
    post(client, "/lesson/02-two/recall/01-one/a", answer="b")
    tomorrow = time.time() + 86_400
    monkeypatch.setattr(recall.time, "time", lambda: tomorrow)
    assert back(client) == (["a", "d", "b"], 0)


def test_a_choice_that_nobody_began_to_answer_is_made_anew_after_an_hour(client, monkeypatch):
    noon = time.mktime((2026, 5, 5, 12, 0, 0, 0, 0, -1))
    monkeypatch.setattr(recall.time, "time", lambda: noon)
    assert back(client)[0] == ["a", "b", "c"]
    answer(client, "d", "b")
    assert back(client)[0] == ["a", "b", "c"]
    later = noon + recall.STAYS + 1
    monkeypatch.setattr(recall.time, "time", lambda: later)
    assert back(client)[0] == ["d", "a", "b"]
    post(client, "/lesson/02-two/recall/01-one/d", answer="a")
    answer(client, "c", "b")
    monkeypatch.setattr(recall.time, "time", lambda: later + recall.STAYS + 1)
    assert back(client) == (["d", "a", "b"], 1)  # begun: it stays for the day


def test_a_question_back_is_answered_alone_and_says_what_is_no_answer(client):
    back(client)
    address = "/lesson/02-two/recall/01-one/a"
    alone = post(client, address, {"accept": "text/x-fragment"}, answer="b")
    assert alone.text.lstrip().startswith('<div class="question answered" id="q-01-one-a"')
    assert f'action="{address}"' in alone.text
    empty = post(client, address)
    assert empty.status_code == 422
    assert "Choose an answer first." in empty.text.partition('id="q-01-one-b"')[0]
    assert post(client, "/lesson/02-two/recall/01-one/d", answer="a").status_code == 404
    assert post(client, "/lesson/02-two/recall/09-none/d", answer="a").status_code == 404


# ---- a lesson that changes


def test_what_was_kept_is_found_under_the_name_of_now(client, course):
    answer(client, "c", "b")
    visit(client, "end", seconds=60, read=1)
    post(client, "/lesson/01-one/pace", section="end", pace="not-yet")
    change(course, "01-one/quiz.toml", 'id = "c"', 'id = "renamed"\nwas = "c"')
    change(course, "01-one/quiz.toml", 'id = "b"\ntext = "B"', 'id = "e"\nwas = "b"\ntext = "B"')
    change(course, "01-one/lesson.md", "{quiz} c d", "{quiz} renamed d")
    change(course, "01-one/lesson.md", "{#end minutes=2}", "{#close minutes=2 was=end}")
    page = client.get("/lesson/01-one").text
    mine = page.partition('id="q-renamed"')[2].partition('id="q-')[0]
    assert "your answer, not right" in mine
    assert 'id="close" data-section="close" class="prose" data-read' in page
    assert '<span class="took">1 of 2 min</span>' in page
    page = client.get("/").text
    assert 'href="/lesson/01-one#close" aria-label="Continue' in page
    assert "1 of 4 answered" in page
    assert '<a href="/lesson/01-one#close">End</a>' in page
    assert kept(client)["answers"][0]["question"] == "c"  # as it was then


def test_a_question_that_moved_takes_its_answers_along(client, course):
    answer(client, "c", "b")
    change(course, "01-one/lesson.md", "{quiz} c d", "{quiz} d")
    old = QUESTION.format(id="c")
    change(course, "01-one/quiz.toml", old, "")
    moved = old.replace('id = "c"', 'id = "moved"\nwas = "01-one/c"')
    (course / "en/02-two/quiz.toml").write_text(
        (course / "en/02-two/quiz.toml").read_text() + moved
    )
    change(course, "02-two/lesson.md", "{quiz} y z", "{quiz} y z moved")
    page = client.get("/lesson/02-two").text
    assert "your answer, not right" in page.partition('id="q-moved"')[2]
    assert "1 of 5 answered" in client.get("/").text


def test_a_deleted_question_is_not_counted_and_stays_in_the_export(client, course):
    answer(client, "c", "b")
    answer(client, "a", "a")
    change(course, "01-one/lesson.md", "{quiz} c d", "{quiz} d")
    change(course, "01-one/quiz.toml", QUESTION.format(id="c"), "")
    assert "1 of 3 answered" in client.get("/").text
    assert {one["question"] for one in kept(client)["answers"]} == {"a", "c"}


# ---- progress as a file


def send(client, content, key=None):
    key = client.app.state.study.form_key if key is None else key
    files = {"file": ("p.json", content, "application/json")}
    return client.post("/progress/import", data={"key": key}, files=files)


def test_progress_is_saved_forgotten_and_taken_in_again(client):
    answer(client, "c", "b")
    visit(client, "end", seconds=60, read=1)
    post(client, "/lesson/01-one/pace", section="end", pace="got")
    saved = client.get("/progress.json")
    post(client, "/progress/reset", sure="1")
    assert kept(client)["answers"] == []
    for _ in range(2):
        assert send(client, saved.content).history[0].headers["location"] == "/"
        assert kept(client) == saved.json()
    assert "1 of 4 answered" in client.get("/").text


def test_another_file_is_told_in_one_sentence_and_changes_nothing(client, monkeypatch):
    answer(client, "c", "b")
    before = kept(client)
    newer = json.dumps(before | {"version": 99})
    monkeypatch.setattr(transfer, "LARGEST", 10_000)
    for content, said in (
        ("", "no progress of Fathom"),
        ("{}", "not saved by Fathom"),
        (newer, "a newer Fathom"),
        (" " * 30_000, "too large"),
    ):
        told = send(client, content)
        assert told.status_code == 422
        assert said in told.text
        assert "Traceback" not in told.text
    assert send(client, newer, key="other").status_code == 403
    sent = {"content-type": "multipart/form-data"}  # without a boundary
    assert client.post("/progress/import", content=b"x", headers=sent).status_code == 403
    assert kept(client) == before


def test_nothing_is_forgotten_without_the_box(client):
    answer(client, "c", "b")
    assert post(client, "/progress/reset").status_code == 400
    assert len(kept(client)["answers"]) == 1


def test_all_of_it_is_said_in_german(client):
    answer(client, "c", "b")
    post(client, "/lesson/01-one/pace", section="end", pace="not-yet")
    headers = {"accept-language": "de"}
    start, lesson = (client.get(at, headers=headers).text for at in ("/", "/lesson/02-two"))
    for said in ("Offen von früher", "Noch einmal ansehen", "Lohnt einen zweiten Blick"):
        assert said in start
    for said in ("Drei Fragen von früher", "verstanden", "noch nicht", "hätte ich überspringen"):
        assert said in lesson
    assert speech.texts("de", ".scripts")
    told = client.post(
        "/progress/import",
        data={"key": client.app.state.study.form_key},
        files={"file": ("p", b"{}", "text/plain")},
        headers=headers,
    )
    assert "Diese Datei hat nicht Fathom gespeichert" in told.text
