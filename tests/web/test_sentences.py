"""Sentences of the server are recognised and said in the language of their reader."""

import ast
import re
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from fathom.errors import KnobError
from fathom.lab import config, wire
from fathom.lab.experiment import sections
from fathom.runtime import plain
from fathom.runtime.expect import Attempt, Wrong, expect
from fathom.runtime.kernel import GONE
from fathom.runtime.values import Thing
from fathom.web import exercises, sentences, speech

PACKAGE = Path(sentences.__file__).parents[1]
SPEAKING = {  # modules whose sentences a learner may read
    "lab": ["config"],
    "course": ["catalog", "quiz", "sketch"],
    "runtime": [
        "cells",
        "drive",
        "driving",
        "expect",
        "judging",
        "kernel",
        "launch",
        "plain",
        "runner",
        "loop",
    ],
    "runtime/sandbox": ["watch"],
    "classroom": ["db", "transfer"],
    "web": [
        "desks",
        "exercises",
        "keeping",
        "lessons",
        "live",
        "pages",
        "recordings",
        "sheet",
        "study",
    ],
}
SHOWN = ["linear_regression", "gradient_descent", "mlp", "cifar10"]  # by German lessons
CAPTIONS = ["mlp"]  # of the start page
AUTHORS = {"ExperimentError", "ExerciseError", "Problem", "ValueError"}  # who write lessons
AUTHORS |= {"self.wrong", "CourseError"}
SENTENCE = re.compile(r"(?:[A-Z]|\{\}).* .*\.", re.DOTALL)
OTHERS = [one for one in speech.LANGUAGES if one != speech.FIRST]
PARTS = [sentences.SERVER, sentences.EXPERIMENTS]


@contextmanager
def reading(code):
    token = speech._language.set(code)
    try:
        yield
    finally:
        speech._language.reset(token)


@pytest.fixture
def german():
    with reading("de"):
        yield


def shape(text):
    """A text with its places as f-strings have them, without names."""
    return re.sub(r"\{[^{}]*\}", "{}", text)


def strings(path):
    """What a module says: its texts and f-strings, without what only an author reads."""
    tree = ast.parse(path.read_text("utf-8"))
    documents = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }

    def look(node):
        if node in documents or (isinstance(node, ast.Call) and ast.unparse(node.func) in AUTHORS):
            return
        match node:
            case ast.Constant(value=str(text)):
                yield shape(text)
            case ast.JoinedStr(values=values):
                yield "".join(str(getattr(one, "value", "")) if isinstance(one, ast.Constant)
                              else "{}" for one in values)  # fmt: skip
                for one in values:
                    yield from look(one)
            case _:
                for inner in ast.iter_child_nodes(node):
                    yield from look(inner)

    yield from look(tree)


def apart(text):
    """The sentences of a text; a place before one stands for others."""
    return sentences.NEXT.split(
        re.sub(r"(?:^|(?<=\. ))\{\} (?=[A-Z])", "", text).removesuffix(" {}")
    )


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", [f"{at}/{one}.py" for at in SPEAKING for one in SPEAKING[at]])
def test_every_sentence_that_a_learner_may_read_has_a_form(name, code):
    made = {shape(one) for part in ["", sentences.SERVER] for one in speech.texts(code, part)}
    said = {one for one in strings(PACKAGE / name) if SENTENCE.fullmatch(one)}
    alone = [one for one in said if one not in made and not one.startswith("{}:")]  # FILE: why
    assert [one for one in alone if not set(apart(one)) <= made] == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_form_outlives_its_sentence(code):
    said = {one for path in PACKAGE.rglob("*.py") for one in strings(path)}
    said |= {one for text in said for one in apart(text)}
    said |= {f"{one}{{}}" for one in said if one.endswith(": ")}  # a list is put behind it
    for name in SHOWN:
        found = documented(name)
        said |= {
            found["title"],
            found["Watch"],
            found.get("Asks", ""),
            *re.findall(r"\(([^()]*)\)", found["Promise"]),
        }
    said |= set(SHOWN_NAMES) | {documented(name)["Watch"] for name in CAPTIONS}
    for part in PARTS:
        assert {one for one in speech.texts(code, part) if shape(one) not in said} == set()


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", CAPTIONS)
def test_the_caption_of_the_start_page_has_a_form(name, code):
    assert documented(name)["Watch"] in speech.texts(code, sentences.EXPERIMENTS)


SHOWN_NAMES = ["data", "surface", "border"]  # views of experiments without a title


def documented(name):
    text = ast.get_docstring(ast.parse((PACKAGE / "zoo" / f"{name}.py").read_text("utf-8")))
    found = {name: " ".join(said) for name, said in sections(text).items()}
    return found | {"title": text.splitlines()[0]}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("part", PARTS)
def test_a_form_keeps_its_places_and_is_recognised(part, code):
    for text, made in speech.texts(code, part).items():
        names = sentences.PLACE.findall(text)
        assert sorted(names) == sorted(set(names)) == sorted(sentences.PLACE.findall(made)), text
        assert "}{" not in text, "nothing tells where the first place ends"
        values = {name: f"V{at}" for at, name in enumerate(names)}
        with reading(code):
            assert sentences.told(text.format_map(values), part) == made.format_map(values)


@pytest.mark.parametrize("name", SHOWN)
def test_an_experiment_of_a_german_lesson_speaks_german(name):
    path = PACKAGE / "zoo" / f"{name}.py"
    made, found = speech.texts("de", sentences.EXPERIMENTS), documented(name)
    assert {found["title"], found["Watch"], found.get("Asks", found["title"])} <= set(made)
    tree = ast.parse(path.read_text("utf-8"))
    kinds = {"knob": 3, "choice": 2, "switch": 1}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if (at := kinds.get(ast.unparse(call.func))) is not None:
            assert call.args[at].value in made
        for word in call.keywords:
            if word.arg in ("x_label", "y_label", "unit", "title"):
                assert word.value.value in made
            elif word.arg == "says" and isinstance(word.value, ast.Constant | ast.JoinedStr):
                said = shape(ast.unparse(word.value).removeprefix("f")[1:-1])
                assert said in map(shape, made)


def test_the_sentence_that_says_more_is_meant(german):
    told = sentences.told
    assert told("Looking at your code") == "Der Blick auf deinen Code"
    assert told("Looking at w") == "Der Blick auf w"


def test_sentences_one_after_another_are_told_one_by_one(german):
    ended = "The kernel was killed, perhaps because memory ran out."
    said = sentences.told(f"Nobody knows. {ended} {GONE}")
    assert said == (
        "Nobody knows. Der Kernel wurde beendet, vielleicht weil der Speicher ausging. "
        "Deine Variablen sind weg: Führ die Zellen darüber noch einmal aus."
    )


@pytest.mark.parametrize("text", ["", "Whatever.", "x" * 5000, "Line ", ". . . .", "{a} {b}"])
def test_what_has_no_form_stays_as_it_is(german, text):
    assert sentences.told(text) == text


def test_english_stays_english():
    assert sentences.told("Choose an answer first.") == "Choose an answer first."
    assert sentences.message(b"whatever") == b"whatever"


def trouble(source):
    plain.remember("your code", source)
    try:
        exec(compile(source, "your code", "exec"), {})
    except Exception as error:
        return plain.trouble(error, ["your code"])
    raise AssertionError


def test_an_error_is_explained_in_german_and_its_code_is_left_alone(german):
    told = trouble("def f():\n    return 'a, line 1' + x\nf()")
    assert sentences.told(told.sentence()) == (
        "Zeile 2: NameError: name 'x' is not defined. Noch trägt nichts diesen Namen: "
        "Such nach einem Tippfehler, oder führ die Zeile aus, die ihn anlegt."
    )
    assert sentences.story(told.story()).splitlines()[:4] == [
        "dein Code, Zeile 3",
        "    f()",
        "dein Code, Zeile 2 in f",
        "    return 'a, line 1' + x",
    ]


CHECKS = [  # what is wrong, and what is said
    (
        lambda: expect("abc", "w").number(),
        "w sollte eine einzelne Zahl sein, ist aber der Text 'abc'.",
    ),
    (
        lambda: expect(Thing("set", "{1}"), "w").array(),
        "w sollte ein Array sein, ist aber ein Wert der Art set.",
    ),
    (
        lambda: expect([1, 2], "w").number(),
        "w sollte eine einzelne Zahl sein, ist aber ein Wert der Art list mit der Länge 2.",
    ),
    (
        lambda: expect((0, 5), "w").number(),  # return 0,5
        "w sollte eine einzelne Zahl sein, ist aber ein Wert der Art tuple mit der Länge 2. "
        "Ein Komma zwischen zwei Werten macht ein Tupel; eine Zahl hat einen Punkt, wie in 0.5.",
    ),
    (
        lambda: expect(np.zeros((10, 64)), "logits").shape(images=64, classes=10),
        "logits hat die Form (10, 64), sollte aber (64, 10) haben: 64 images, 10 classes. "
        "Deines liegt auf der Seite: Transponiere es.",
    ),
    (
        lambda: expect(np.zeros(64), "logits").shape(images=64, classes=10),
        "logits hat die Form (64,), sollte aber (64, 10) haben: 64 images, 10 classes, "
        "mit einer Zeile für jeden Eintrag von images.",
    ),
    (
        lambda: expect(np.zeros(3), "w").near(2.0),
        "w hat die Form (3,), sollte aber eine einzelne Zahl () haben.",
    ),
    (
        lambda: expect(3.0, "loss(x, 2)").near(2.0),
        "loss(x, 2) sollte 2 sein, ist aber 3.",
    ),
    (
        lambda: expect(np.zeros(2), "w").whole(),
        "w sollte ganze Zahlen enthalten, enthält aber reelle Zahlen (float64).",
    ),
    (
        lambda: expect(7, "w").between(0, 1),
        "w sollte zwischen 0 und 1 liegen: Es ist 7.",
    ),
    (
        lambda: Attempt("", lambda asked: [])["w"],
        "Es gibt noch nichts mit dem Namen w: Dein Code muss es anlegen.",
    ),
]


@pytest.mark.parametrize(("check", "says"), CHECKS)
def test_what_the_judge_expects_is_said_in_german(german, check, says):
    with pytest.raises(Wrong) as found:
        check()
    assert sentences.told(found.value.says) == says


def test_a_knob_complains_in_german(german):
    knob = config.Knob("lr", "number", 0.1, "how far", low=0.0, high=1.0)
    with pytest.raises(KnobError) as found:
        knob.read("a lot")
    said = sentences.told(f"{found.value} The default is used instead.")
    assert said == (
        "lr kann nicht 'a lot' sein: möglich ist eine Zahl von 0 bis 1. "
        "Stattdessen gilt der Anfangswert."
    )


def test_what_code_prints_is_not_translated(german):
    printed = {"type": "output", "kind": "text", "stream": "stdout", "text": "Right."}
    assert exercises.told(printed) == printed
    notice = {"type": "notice", "cell": "a", "text": "The kernel was ended."}
    assert exercises.told(notice)["text"] == "Der Kernel wurde beendet."


def test_a_message_of_a_run_is_said_in_german_and_its_numbers_stay(german):
    view = {"kind": "field", "says": "the loss: a valley, lowest at slope 7, intercept 20"}
    view |= {"title": "", "x_label": "slope", "names": ["least squares"], "values": np.eye(2)}
    frame = {
        "type": "frame",
        "step": 1,
        "of": 2,
        "numbers": {"slope": 7.0},
        "views": {"surface": view},
    }
    made = wire.decode(sentences.message(wire.encode(frame)))
    assert made["numbers"] == {"slope": 7.0}
    shown = made["views"]["surface"]
    assert (shown["title"], shown["x_label"]) == ("Landschaft", "Steigung")
    assert shown["says"] == "der Verlust: ein Tal, am tiefsten bei Steigung 7, Achsenabschnitt 20"
    assert shown["names"] == ["kleinste Quadrate"]
    assert np.array_equal(shown["values"], np.eye(2))
    state = {
        "type": "state",
        "state": "stopped",
        "step": 1,
        "of": 2,
        "why": "The server was closed.",
    }
    told = wire.decode(sentences.message(wire.encode(state)))
    assert told["why"] == "Der Server wurde beendet."
