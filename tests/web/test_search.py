"""The course can be searched, and its words looked up, without JavaScript."""

import pytest

from fathom.web.search import marked
from tests.web.conftest import lay

COURSE = """minutes = 5
languages = ["en", "de"]
lessons = ["01-one"]
[[plan]]
name = "01-one"
title = "One"
minutes = 5
"""
LESSON = """---
title: One & only
minutes: 5
objectives:
  - see
---

## Start {#start minutes=5}

A gradient points uphill, by {term}`little steps <step>` and {term}`leaps`.
"""
WORDS = {
    "en": '# G\n\n## step {#step}\n\nOne "update". And more.\n',
    "de": "# G\n\n## Schritt {#step}\n\nEine Änderung mit {term}`Schritt`.\n",
}


pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture(scope="module", autouse=True)
def course(client):
    files = {"course.toml": COURSE, "en/01-one/lesson.md": LESSON}
    return lay(client, files | {f"{one}/glossary.md": text for one, text in WORDS.items()})


def test_a_section_is_found_with_a_snippet_and_the_word_marked(client):
    shown = client.get("/search", params={"q": "UPHILL gradient"}).text
    assert (
        '<a href="/lesson/01-one#start">Start</a> <span class="quiet">One &amp; only</span>'
        in shown
    )
    assert "A <mark>gradient</mark> points <mark>uphill</mark>, by little steps" in shown
    assert "Found in one place." in shown
    assert 'value="UPHILL gradient"' in shown


def test_a_term_is_found_in_the_language_of_the_reader(client):
    shown = client.get("/search", params={"q": "update"}).text
    assert '<a href="/glossary#step">step</a>' in shown
    german = client.get("/search", params={"q": "änd"}, headers={"accept-language": "de"}).text
    assert '<a href="/glossary#step">Schritt</a>' in german
    assert "Eine <mark>Änd</mark>erung mit Schritt." in german
    assert "An einer Stelle gefunden." in german


def test_nothing_asked_and_nothing_found_are_said_in_words(client):
    assert "Type one or more words." in client.get("/search").text
    assert "Type one or more words." in client.get("/search", params={"q": "  "}).text
    shown = client.get("/search", params={"q": "<b>zebra</b>"}).text
    assert "Nothing in the course holds all of “&lt;b&gt;zebra&lt;/b&gt;”." in shown
    assert "<b>" not in shown


@pytest.mark.parametrize("path", ["/", "/lab", "/glossary", "/lesson/01-one", "/nowhere"])
def test_every_page_leads_to_the_search(client, path):
    assert 'href="/search"' in client.get(path).text
    assert 'role="search" action="/search"' in client.get("/search").text


def test_a_term_in_a_lesson_leads_to_the_glossary_and_says_its_meaning(client):
    shown = client.get("/lesson/01-one").text
    title = 'title="One &#34;update&#34;."'
    assert f'by <a class="term" href="/glossary#step" {title}>little steps</a> and leaps.' in shown


def test_the_glossary_explains_every_term_and_keeps_the_place_in_another_language(client):
    shown = client.get("/glossary").text
    assert '<dt id="step">step</dt>' in shown
    german = client.get("/glossary", headers={"accept-language": "de"}).text
    assert '<dt id="step">Schritt</dt>' in german
    assert 'mit <a class="term" href="/glossary#step" title="Eine Änderung mit Schritt."' in german


SYMBOL = """[[symbol]]
tex = '\\alpha'
new = ["01-one/start", "02-two/later"]
code = "lr"
read.en = "alpha"
means.en = "the learning rate"
means.de = "die Lernrate"
"""


def test_symbols_stand_at_the_end_of_the_glossary_and_are_found_by_their_words(client, course):
    assert 'id="symbols"' not in client.get("/glossary").text
    (course / "symbols.toml").write_text(SYMBOL)
    shown = client.get("/glossary").text
    assert '<dt id="symbol-alpha"><span class="math">\\alpha</span>' in shown
    assert "the learning rate." in shown
    assert "<code>lr</code>" in shown
    assert '<a href="/lesson/01-one#start" lang="en">Start</a></span>' in shown
    german = client.get("/search", params={"q": "Lernrate"}, headers={"accept-language": "de"}).text
    assert '<a href="/glossary#symbol-alpha">alpha</a>' in german
    (course / "symbols.toml").unlink()


def test_signs_of_a_question_are_no_pattern_and_no_markup():
    assert marked("a+b <i> A+", "a+ <I>") == (
        "<mark>a+</mark>b <mark>&lt;i&gt;</mark> <mark>A+</mark>"
    )
    assert marked("a < b", "") == "a &lt; b"


def test_an_experiment_is_found_by_its_knobs_and_leads_to_its_page(client):
    client.get("/lab/steady")  # the experiments are known from here on
    shown = client.get("/search", params={"q": "gain"}).text
    assert '<a href="/lab/steady">' in shown
    assert '<a href="/lab/steady">' not in client.get("/search", params={"q": "gain xyz"}).text
