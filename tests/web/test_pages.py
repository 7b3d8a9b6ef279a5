"""Pages can be read without JavaScript, and take any address with a sentence."""

import importlib
import json
import re

import pytest

from fathom.lab.experiment import describe
from fathom.web import pages
from fathom.web.study import Study
from fathom.zoo import EXPERIMENTS
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("built")


def described(page):
    """The data in the page for its figure."""
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_a_page_lists_every_experiment_and_names_the_broken_one(client):
    page = client.get("/lab").text
    assert 'href="/lab/steady"' in page
    assert "A number grows by one each step" in page
    assert "unreadable.py, line 3 cannot be loaded" in page


def test_an_experiment_can_be_read_without_javascript(client):
    page = client.get("/lab/steady").text
    for said in ("the number, which is the step", "double &gt;= 20", "made for the tests", "<form"):
        assert said in page
    assert 'id="line-20"' in page
    assert re.search(r'name="gain"[^>]*value="1"|value="1"[^>]*name="gain"', page)


def test_the_page_asks_what_its_figure_answers_as_it_opens():
    steady = describe(importlib.import_module("tests.runtime.planted.steady"))
    other, far, near = {"noisy": "on"}, {"gain": "3", "steps": "5"}, {"steps": "5", "noisy": "off"}
    asked = [("Loud?", other), ("Far?", far), ("Near?", near), ("What?", {"gone": "1"})]
    assert pages.fitting(steady, asked) == "Near?"
    assert pages.fitting(steady, asked[:1]) == ""


def test_the_page_of_every_experiment_asks():
    study = Study(ROOT / "lessons", form_key="")
    zoo = [describe(importlib.import_module(f"fathom.zoo.{name}")) for name in EXPERIMENTS]
    asked = {one.name: pages.fitting(one, study.questions(one.name)) for one in zoo}
    silent = [name for name, said in asked.items() if not said.endswith("?")]
    assert silent == [], "their docstrings need a line 'Asks:'"


def test_an_address_sets_the_knobs_and_the_turns(client):
    page = client.get("/lab/steady?gain=2.5&steps=30&turns=5.gain.0.5~9.gain.3&pace=20").text
    data = described(page)
    assert data["values"] == {"gain": "2.5", "steps": "30"}
    assert data["turns"] == [[5, "gain", "0.5"], [9, "gain", "3"]]
    assert data["pace"] == 20.0


def test_what_is_wrong_in_an_address_is_said_and_the_default_used(client):
    answer = client.get("/lab/steady?gain=1e9&turns=x.gain.1~3.speed.2&nonsense=1&pace=fast&gian=2")
    assert answer.status_code == 200
    assert "gain cannot be &#39;1e9&#39;: it must be a number from 0 to 100." in answer.text
    assert "There is no knob &#39;gian&#39;. Did you mean gain?" in answer.text
    data = described(answer.text)
    assert data["values"] == {}
    assert data["turns"] == []
    assert len(data["bad"]) == 2


def test_an_address_cannot_bring_in_html(client):
    page = client.get("/lab/steady?gain=</script><script>alert(1)</script>").text
    assert "<script>alert(1)" not in page
    page = client.get("/lab/steady?turns=1.gain.</script><script>alert(1)</script>").text
    assert "<script>alert(1)" not in page


def test_what_is_not_there_is_said_with_a_way_on(client):
    for path, said in (
        ("/lab/stedy", "There is no experiment &#39;stedy&#39;. Did you mean steady?"),
        ("/nowhere", "Nothing is at /nowhere."),
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert said in answer.text
        assert 'href="/"' in answer.text


def test_a_broken_experiment_is_a_page_with_the_line(client):
    answer = client.get("/lab/unreadable")
    assert answer.status_code == 500
    assert "unreadable.py, line 3 cannot be loaded" in answer.text


def test_a_page_complains_in_its_own_language(client):
    german = {"accept-language": "de"}
    shown = client.get("/lab/steady?gain=1e9", headers=german).text
    assert "möglich ist eine Zahl von 0 bis 100. Stattdessen gilt der Anfangswert." in shown
    assert "Unter /nowhere ist nichts." in client.get("/nowhere", headers=german).text
