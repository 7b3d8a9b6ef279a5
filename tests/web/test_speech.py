"""Every word of the pages has a translation, and a reader gets the language that was chosen."""

import json
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from fathom.web import pages, speech

TEMPLATES = Path(pages.__file__).parent / "templates"
OTHERS = [one for one in speech.LANGUAGES if one != speech.FIRST]
FRONTEND = Path(__file__).parents[2] / "frontend" / "src"
SCRIPTS = sorted(path for path in FRONTEND.rglob("*.ts") if path.name != "words.ts")
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
CALL = re.compile(rf"\bphrase\(\s*({LITERAL})\s*[,)]")
SEEN = re.compile(  # words where only a reader sees them
    rf"""(?x)
    (?:"aria-label"|\btitle|\bplaceholder|\blabel|\balt|\btextContent)\ *[:=]\ *({LITERAL})
    | \b(?:make|element)\((?:"\w+",\ *)(?:\{{[^{{}}]*\}}|"[^"]*"),\ *({LITERAL})
    | \bsay\([^()]*?,?\ *({LITERAL})\)
    """
)
WORDS = re.compile(r"[a-z]{2,},? [a-z]{2,}", re.IGNORECASE)
NO_SENTENCES = ("draw/palette.ts", "exercise/editor.ts", "lab/keys.ts", "frames.ts")  # styles, keys


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalog_translates_every_text_and_keeps_its_places(code):
    catalog = speech.catalog(code)
    found = extract_from_dir(TEMPLATES, [("**.html", "jinja2")])
    texts = {message for _, _, message, _, _ in found}
    assert len(texts) > 80
    for text in texts:
        made = catalog.get(text)
        assert made is not None, text
        assert made.string, text
        assert not made.fuzzy, text
        assert not list(made.check(catalog)), text


def phrases(text):
    """The texts of a script that are translated."""
    return [json.loads(found) for found in CALL.findall(text)]


def places(text):
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_phrase_of_the_scripts_can_be_found():
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        assert len(phrases(text)) == len(re.findall(r"\bphrase\(", text)), path


@pytest.mark.parametrize("code", OTHERS)
def test_the_scripts_speak_every_language(code):
    said = {one for path in SCRIPTS for one in phrases(path.read_text("utf-8"))}
    assert len(said) > 100
    made = speech.texts(code, ".scripts")
    assert said - set(made) == set(), "not translated"
    assert set(made) - said == set(), "said no more"
    assert [one for one in said if places(one) != places(made[one])] == []


def bare(text):
    """What a reader would see in English only: literals of a script that are no phrases."""
    text = re.sub(r"/\*.*?\*/|(?<![:\w])//[^\n]*", "", text, flags=re.DOTALL)
    text = re.sub(r"^import[^;]*;|new (?:Wire)?Error\([^\n]*", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bclass: *(?:`[^`]*`|[^,}]*)|`linear-gradient[^`]*`", "0", CALL.sub("0", text))
    seen = [json.loads(one) for groups in SEEN.findall(text) for one in groups if one]
    plain = [json.loads(one) for one in re.findall(LITERAL, text)]
    filled = re.findall(r"`([^`\n]*)`", re.sub(r"\$\{(?:[^{}]|\{[^{}]*\})*\}", "{}", text))
    wordy = [one for one in plain + filled if WORDS.search(one)]
    return [one for one in seen if re.search("[a-z]{2}", one, re.IGNORECASE)] + wordy


def test_a_literal_that_was_forgotten_is_found():
    assert bare('make("p", {}, "Waiting"); x.title = "over"; say(el, "gone");') == [
        "Waiting",
        "over",
        "gone",
    ]
    assert bare("const text = `step ${n} of many`;") == ["step {} of many"]
    assert bare('const text = phrase("step {n} of many", { n }); // a way on') == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_says_english_past_the_catalog(path):
    if path.relative_to(FRONTEND).as_posix() in NO_SENTENCES:
        return
    assert bare(path.read_text("utf-8")) == []


def test_a_page_brings_what_its_scripts_say(client):
    assert 'id="words"' not in client.get("/lab").text
    shown = client.get("/lab", headers={"accept-language": "de"}).text
    brought = re.search(r'<script type="application/json" id="words">(.*?)</script>', shown)
    assert json.loads(brought[1]) == speech.texts("de", ".scripts")


def test_the_browser_chooses_until_the_reader_does(client):
    assert '<html lang="en">' in client.get("/lab").text
    german = {"accept-language": "fr-FR,de-AT;q=0.8,en;q=0.5"}
    shown = client.get("/lab", headers=german).text
    assert '<html lang="de">' in shown
    assert "<h1>Das Labor</h1>" in shown
    assert 'href="/language/en?back=/lab"' in shown
    answer = client.get("/language/en?back=/lab", headers=german)
    assert answer.url.path == "/lab"
    assert "<h1>The lab</h1>" in client.get("/lab", headers=german).text
    client.cookies.delete(speech.COOKIE)


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "/\\example.org", ""])
def test_the_way_back_stays_on_this_server(client, back):
    answer = client.get("/language/de", params={"back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"
    client.cookies.delete(speech.COOKIE)


def test_a_language_that_nobody_speaks_changes_nothing(client):
    answer = client.get("/language/tlh?back=/lab", follow_redirects=False)
    assert "set-cookie" not in answer.headers
