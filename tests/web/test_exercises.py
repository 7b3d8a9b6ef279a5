"""An exercise can be written, run, checked and found again; nothing is lost."""

import json
import re

import pytest
from sqlalchemy import event

from fathom.lab import wire
from fathom.runtime.launch import can_fork
from fathom.web.desks import REMEMBERED, Desks, Memory
from tests.runtime.walks import DRIVE
from tests.web.conftest import COURSE, lay, serving

SOCKET = "ws://127.0.0.1:8540/lesson/01-one/kernel"
LESSON = """---
title: One
minutes: 5
objectives:
  - double
---

## Start {#start minutes=5}

:::{exercise} twice
:::

:::{exercise} tied
:::

```{cell} first
a = 20 < 21
```
"""
FILES = {
    "task.md": "---\ntitle: Twice\nminutes: 5\n---\n\nDouble `x`.\n",
    "starter.py": "def twice(x):\n    return ...\n",
    "answer.py": "def twice(x):\n    return 2 * x\n",
    "hints.md": "1. What is 2 times 3?\n2. `2 * x`\n",
    "check.py": "from fathom.runtime.expect import Attempt, expect\n\n\n"
    "def check(attempt: Attempt) -> None:\n"
    '    expect(attempt.call("twice", 4.0), "twice(4)").number().near(8.0)\n',
    "mistakes/plus.py": '"""Expect: twice(4)"""\n\n\ndef twice(x):\n    return x + 2\n',
}
DRIVEN = FILES | {
    "drive.py": DRIVE.replace('"gradient"', '"twice"'),
    "check.py": FILES["check.py"] + '\n\nLIMITS = {"cpu": 1}\n',
}

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="code of learners runs only on Linux"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    course = {"course.toml": COURSE, "en/01-one/lesson.md": LESSON}
    for exercise, files in (("twice", FILES), ("tied", DRIVEN)):
        course |= {f"en/01-one/exercises/{exercise}/{name}": text for name, text in files.items()}
    with serving(tmp_path_factory, desks=Desks("numpy")) as made:
        lay(made, course)
        yield made


def key(page):
    return re.search(r'name="key" value="(\w+)"', page.get("/lesson/01-one").text)[1]


def check(page, code, alone=True, **more):
    accept = {"accept": "text/x-fragment"} if alone else {}
    sent = {"key": key(page), "code": code} | more
    return page.post("/lesson/01-one/exercise/twice", data=sent, headers=accept)


def test_an_exercise_shows_its_task_its_starter_and_its_hints_but_not_its_answer(page):
    shown = page.get("/lesson/01-one").text
    assert "Double <code>x</code>." in shown
    assert "return ..." in shown
    assert "1 of 2" in shown
    assert "2 * x</code>" in shown  # the second hint, folded
    assert "One way to do it" not in shown


def test_attempts_are_judged_kept_and_lead_to_the_answer(page):
    assert "Still to do." in check(page, FILES["starter.py"]).text
    wrong = check(page, FILES["mistakes/plus.py"]).text
    assert "Not yet." in wrong
    assert "2 more honest attempts" in wrong
    quiet = check(page, "def twice(x):\n    return x - 2\n", quiet="1").text
    assert "Not yet." in quiet
    assert "2 more honest attempts" in check(page, FILES["mistakes/plus.py"]).text  # no new one
    check(page, "def twice(x):\n    return x\n")
    assert "The answer" in check(page, "def twice(x):\n    return 3 * x\n").text
    right = check(page, "def twice(x):\r\n    return x + x\r\n", alone=False)
    assert right.url.path == "/lesson/01-one"
    assert "Solved." in right.text
    assert "return x + x" in right.text
    kept = page.get("/progress.json").json()
    assert [one["outcome"] for one in kept["attempts"]] == ["failed"] * 4 + ["passed"]
    assert kept["attempts"][-1]["code"] == "def twice(x):\n    return x + x\n"
    assert "1 of 2 solved" in page.get("/").text


def test_what_is_typed_is_kept_and_a_strange_form_is_refused(page):
    sent = {"key": key(page), "code": "# <half> a thought"}
    assert page.post("/lesson/01-one/exercise/twice/text", data=sent).status_code == 204
    assert "# &lt;half&gt; a thought" in page.get("/lesson/01-one").text
    sent["key"] = "another"
    assert page.post("/lesson/01-one/exercise/twice/text", data=sent).status_code == 403
    assert page.post("/lesson/01-one/exercise/thrice", data={"key": key(page)}).status_code == 404


def test_on_a_full_disk_nothing_is_said_to_be_kept_and_the_reason_is_told(page):
    engine, _ = page.app.state.study.kept()
    full = lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1")  # noqa: E731
    event.listen(engine, "begin", full)
    try:
        code = "#" + 50_000 * "x"  # more than has room in the last page
        said = check(page, code)
        assert said.status_code == 507
        assert "database or disk is full. Make room there, then send it again." in said.text
        assert "<" not in said.text
        assert "Make room there" in check(page, code, alone=False).text
    finally:
        event.remove(engine, "begin", full)
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert check(page, "def twice(x):\n    return x + x\n").status_code == 200


def test_code_of_the_lesson_can_be_changed_and_is_kept(page):
    shown = page.get("/lesson/01-one").text
    assert shown.count("a = 20 &lt; 21") == 1  # to be changed; what is to be read has colours
    sent = {"key": key(page), "code": "a = 'mine'"}
    assert page.post("/lesson/01-one/cell/first/text", data=sent).status_code == 204
    assert "a = &#39;mine&#39;" in page.get("/lesson/01-one").text
    assert page.post("/lesson/01-one/cell/second/text", data=sent).status_code == 404


def test_a_table_of_a_thousand_rows_is_kept_and_one_of_three_thousand_refused(page):
    def sent(rows):
        row = ",".join(f"{one}.5" for one in range(10, 90, 10)) + "\n"  # eight numbers
        return {"key": key(page), "code": f'a = r"""{row * rows}"""'}

    kept = page.post("/lesson/01-one/cell/first/text", data=sent(1000))
    assert kept.status_code == 204
    assert page.get("/lesson/01-one").text.count("10.5,20.5") >= 1000
    assert page.post("/lesson/01-one/cell/first/text", data=sent(3000)).status_code == 413


def drive(page, code, exercise="tied"):
    sent = {"key": key(page), "code": code}
    return page.post(f"/lesson/01-one/exercise/{exercise}/drive", data=sent)


def test_a_function_of_the_learners_drives_the_figure_beside_ours(page):
    right = wire.decode(drive(page, "def twice(x):\n    return x + x\n").content)
    assert (right["outcome"], right["says"]) == (
        "passed",
        "Your twice and ours took the same 20 steps.",
    )
    assert {"loss", "path", "your_path"} <= set(right["frames"][-1]["views"])
    page.get("/language/de")
    wrong = wire.decode(drive(page, "def twice(x):\n    return -2 * x\n").content)
    page.get("/language/en")
    assert wrong["parted"] == 1
    assert wrong["says"].startswith("Sie trennen sich beim ersten Schritt: Deins kommt zu w = 6,")
    assert wrong["frames"][0]["views"]["loss"]["names"][1] == "deins"
    assert "return -2 * x" in page.get("/lesson/01-one").text  # it is kept


def test_what_cannot_drive_is_told_and_ends(page):
    assert "has a gap" in wire.decode(drive(page, FILES["starter.py"]).content)["says"]
    endless = "def twice(x):\n    while x < 4.5:\n        pass\n    return 2 * x\n"
    says = wire.decode(drive(page, endless).content)["says"]
    assert says.startswith("The same up to step 1; then yours stopped. Your code")
    assert "1 second" in says
    assert drive(page, "x = 1", "twice").status_code == 404
    shown = page.get("/lesson/01-one").text
    assert shown.count('data-do="drive"') == 1


def until(socket, kind):
    while (message := json.loads(socket.receive_text()))["type"] != kind:
        pass
    return message


def test_cells_share_their_variables_and_show_what_they_make(page):
    with page.websocket_connect(SOCKET) as socket:
        until(socket, "ready")
        socket.send_text(json.dumps({"type": "run", "cell": "twice", "source": "a = 20\na + 1"}))
        shown = until(socket, "output")
        assert (shown["kind"], shown["text"], shown["cell"]) == ("display", "21", "twice")
        until(socket, "done")
        socket.send_text(json.dumps({"type": "run", "cell": "twice", "source": "print(a / 0)"}))
        told = until(socket, "output")
        assert (told["kind"], told["name"]) == ("problem", "ZeroDivisionError")
        assert told["places"][-1]["line"] == 1
        until(socket, "done")


def test_two_tabs_share_a_kernel_and_know_it(page):
    with page.websocket_connect(SOCKET) as first:
        with page.websocket_connect(SOCKET) as second:
            while until(first, "kernel")["tabs"] < 2:
                pass
            for socket in (first, second):  # before the answer they are shown what ran last
                socket.send_text(json.dumps({"type": "ping"}))
                until(socket, "pong")
            source = json.dumps({"type": "run", "cell": "twice", "source": "a = 20\na"})
            second.send_text(source)
            assert until(first, "output")["text"] == "20"
            assert until(second, "output")["text"] == "20"
        assert until(first, "kernel")["tabs"] >= 1


def test_a_page_that_comes_back_is_shown_what_ran_meanwhile(page):
    with page.websocket_connect(SOCKET) as socket:
        life = until(socket, "kernel")["life"]
        until(socket, "ready")
        source = "import time\nprint('one')\ntime.sleep(0.2)\nprint('two')\n1 / 0"
        socket.send_text(json.dumps({"type": "run", "cell": "first", "source": source}))
        until(socket, "started")
    with page.websocket_connect(SOCKET) as socket:  # the cell runs still, or has ended
        assert until(socket, "kernel")["life"] == life
        said = []
        while not (said and said[-1]["type"] == "done" and said[-1]["cell"] == "first"):
            said.append(json.loads(socket.receive_text()))
        said = [one for one in said if one.get("cell") == "first"]
        assert said[0] == {"type": "started", "cell": "first", "source": source}
        printed = [one["text"] for one in said if one.get("kind") == "text"]
        assert "".join(printed) == "one\ntwo\n"
        assert [one["name"] for one in said if one.get("kind") == "problem"] == [
            "ZeroDivisionError"
        ]
        socket.send_text(json.dumps({"type": "restart"}))
        while until(socket, "kernel")["life"] == life:
            pass
    with page.websocket_connect(SOCKET) as socket:
        socket.send_text(json.dumps({"type": "ping"}))
        said = [json.loads(socket.receive_text())]
        while said[-1]["type"] != "pong":
            said.append(json.loads(socket.receive_text()))
        assert not [one for one in said if one.get("cell")]  # its variables are gone


def test_what_a_desk_remembers_has_an_end():
    memory, half = Memory(), (REMEMBERED + 2) // 2
    for cell in ("one", "two"):
        memory.note({"type": "started", "cell": cell, "source": ""})
        for text in ("a" * (half - 5), "b" * 5):
            output = {"type": "output", "cell": cell, "kind": "text", "stream": "stdout"}
            memory.note(output | {"text": text})
        memory.note({"type": "done", "cell": cell})
    kinds = [(one["cell"], one["type"]) for one in memory.all()]
    assert kinds == [
        *(("one", kind) for kind in ("started", "output", "done")),
        *(("two", kind) for kind in ("started", "notice", "done")),
    ]
    assert memory.all()[1]["text"] == "a" * (half - 5) + "b" * 5
    memory.note(
        {"type": "started", "cell": "one", "source": "again"}
    )  # the run before is forgotten
    assert [one["type"] for one in memory.all() if one["cell"] == "one"] == ["started"]


def test_what_runs_can_be_stopped_what_waits_is_not_run_and_a_restart_forgets(page):
    with page.websocket_connect(SOCKET) as socket:
        until(socket, "ready")
        loop = "print('in')\nwhile True:\n    pass"
        socket.send_text(json.dumps({"type": "run", "cell": "twice", "source": loop}))
        socket.send_text(json.dumps({"type": "run", "cell": "twice", "source": "late = 1"}))
        until(socket, "output")
        socket.send_text(json.dumps({"type": "interrupt"}))
        assert "not run" in until(socket, "notice")["text"]
        assert until(socket, "output")["name"] == "KeyboardInterrupt"
        socket.send_text(json.dumps({"type": "restart"}))
        socket.send_text(json.dumps({"type": "run", "cell": "twice", "source": "a"}))
        assert until(socket, "output")["name"] == "NameError"
        socket.send_text("[1]")
        assert "does not understand" in until(socket, "notice")["text"]
        socket.send_text(json.dumps({"type": "ping"}))
        until(socket, "pong")
