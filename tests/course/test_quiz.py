"""Marking is pure, explains every choice, and never guesses what an author meant."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from fathom.course import marking, quiz, sketch
from fathom.course.arithmetic import evaluate, fill
from fathom.errors import LessonError

FILE = Path("quiz.toml")

QUIZ = """
[[question]]
id = "mean"
kind = "single"
text = "What is the loss?"
choice = [
  { id = "sum", text = "the sum", why = "It grows with the students." },
  { id = "mean", text = "the mean", right = true, why = "It does not." },
]

[[question]]
id = "both"
kind = "multiple"
text = "Which?"
[[question.choice]]
id = "a"
text = "A"
right = true
why = "because A"
[[question.choice]]
id = "b"
text = "B"
right = true
why = "because B"
[[question.choice]]
id = "c"
text = "C"
why = "not C"

[[question]]
id = "step"
kind = "number"
text = "From {w}, slope of the loss {g}, lr 0.1: where next? $\\\\frac{1}{2}$"
values = { w = [1, 5, 1], g = [10, 30, 10] }
answer = "w - 0.1 * g"
tolerance = 0.01
unit = "points"
why = "From {w} by 0.1 times {g}."
[[question.trap]]
value = "w + 0.1 * g"
why = "That is uphill."

[[question]]
id = "words"
kind = "blanks"
text = "The [[loss]] falls, the [[rate]] stays."
[[question.blank]]
id = "loss"
accept = ["loss", "error"]
why = "the number that is made small"
[[question.blank]]
id = "rate"
accept = "learning rate"
why = "a knob"
[[question.trap]]
blank = "rate"
value = "momentum"
why = "Momentum is another knob."

[[question]]
id = "order"
kind = "order"
text = "In which order?"
[[question.step]]
id = "guess"
text = "guess"
why = "first"
[[question.step]]
id = "loss"
text = "loss"
why = "then"
[[question.step]]
id = "step"
text = "step"
why = "last"

[[question]]
id = "out"
kind = "output"
text = "What is printed?"
code = "print([1, 2][0])"
answer = "1"
why = "Counting starts at 0."
[[question.trap]]
value = "2"
why = "That is index 1."

[[question]]
id = "say"
kind = "free"
text = "What would you check first?"
why = "The plot."

[[question]]
id = "sure"
kind = "survey"
text = "How sure are you?"
choice = [
  { id = "not", text = "Not at all", why = "Read the aside." },
  { id = "some", text = "Somewhat", why = "Go on." },
  { id = "well", text = "Quite", why = "Help the others." },
  { id = "very", text = "I teach it", why = "Take the last exercise." },
]

[[question]]
id = "fall"
kind = "draw"
draw = "curve"
of = "loss"
x = [0, 100]
y = [1, 1000]
log = true
text = "How will the loss fall?"
why = "It creeps."
"""


@pytest.fixture(scope="module")
def questions():
    found = quiz.read(QUIZ, FILE)
    assert found.problems == ()
    return found.questions


def test_a_file_that_breaks_off_is_wrong_at_its_end():
    (problem,) = quiz.read("question = [\n\n", FILE).problems
    assert (problem.line, problem.text[:17]) == (3, "This is not TOML:")


def test_every_choice_is_explained_whichever_was_taken(questions):
    for answer, right in (("sum", False), ("mean", True)):
        marked = marking.mark(questions["mean"], answer, 1)
        assert marked.right is right
        assert {part.key: part.chosen for part in marked.parts} == {
            "sum": answer == "sum",
            "mean": answer == "mean",
        }
        assert all(part.why for part in marked.parts)


def test_who_has_no_idea_is_neither_right_nor_wrong_and_reads_why(questions):
    marked = marking.mark(questions["mean"], "no-idea", 1)
    assert marked.right is None
    assert not any(part.chosen for part in marked.parts)
    assert all(part.why for part in marked.parts)


@pytest.mark.parametrize(
    ("answer", "right"),
    [(["a", "b"], True), (["b", "a"], True), (["a"], False), (["a", "b", "c"], False)],
)
def test_a_multiple_choice_is_right_when_all_and_only_the_right_ones_are_taken(
    questions, answer, right
):
    assert marking.mark(questions["both"], answer, 0).right is right


@given(st.integers(0, 10_000))
def test_a_number_has_the_values_of_its_learner(seed):
    question = quiz.read(QUIZ, FILE).questions["step"]
    values = quiz.draw(question, seed)
    assert values == quiz.draw(question, seed)
    assert values["w"] in (1, 2, 3, 4, 5)
    assert values["g"] in (10, 20, 30)
    exact = values["w"] - values["g"] / 10
    assert marking.mark(question, f"{exact:g}", seed).right
    assert marking.mark(question, f" {exact + 0.009:.4f} points ", seed).right
    assert marking.mark(question, f"{exact + 0.02:.4f}", seed).right is False
    uphill = marking.mark(question, f"{values['w'] + values['g'] / 10:g}", seed)
    assert (uphill.right, uphill.why, uphill.expected) == (False, "That is uphill.", "")


def test_values_fill_the_text_and_leave_tex_alone(questions):
    text = fill(questions["step"].text, {"w": 2.0, "g": 0.5})
    assert text == "From 2, slope of the loss 0.5, lr 0.1: where next? $\\frac{1}{2}$"
    assert fill("at {w}", {"w": -3.0}) == "at −3"


def test_a_language_with_a_decimal_comma_has_it_in_values_formulas_and_results():
    assert fill("bei $a = {a}$, also {a}", {"a": 0.15}, comma=True) == "bei $a = 0{,}15$, also 0,15"
    text = QUIZ.replace('answer = "w - 0.1 * g"', 'answer = "w / 100"')
    question = quiz.read(text, FILE, comma=True).questions["step"]
    assert re.fullmatch(r"0,0\d points", marking.mark(question, "99", 1).expected)


def test_where_exactly_nothing_is_right_nothing_is(questions):
    question = replace(questions["step"], answer="w - w", tolerance=0.0)
    assert marking.mark(question, "0", 1).right
    assert marking.mark(question, "0.001", 1).right is False


def test_a_decimal_comma_and_a_minus_sign_are_understood(questions):
    values = quiz.draw(questions["step"], 3)
    said = f"{values['w'] - values['g'] / 10:.2f}".replace(".", ",").replace("-", "−")
    assert marking.mark(questions["step"], said, 3).right
    assert marking.mark(
        questions["step"], f"{said.replace(',', '').replace('−', '-')}/100", 3
    ).right
    with pytest.raises(LessonError, match="is not a number"):
        marking.mark(questions["step"], "5/0", 3)


def test_blanks_accept_synonyms_and_answer_the_mistake_that_was_made(questions):
    marked = marking.mark(questions["words"], {"loss": " Error ", "rate": "momentum"}, 0)
    assert marked.right is False
    assert [(one.right, one.why) for one in marked.parts] == [
        (True, "the number that is made small"),
        (False, "Momentum is another knob."),
    ]


def test_an_order_is_marked_place_by_place(questions):
    assert marking.mark(questions["order"], ["guess", "loss", "step"], 0).right
    marked = marking.mark(questions["order"], ["guess", "step", "loss"], 0)
    assert [part.right for part in marked.parts] == [True, False, False]


@given(st.integers(0, 10_000))
def test_an_order_is_never_shown_solved(seed):
    question = quiz.read(QUIZ, FILE).questions["order"]
    shown = quiz.arranged(question, seed)
    assert shown != question.parts
    assert sorted(part.key for part in shown) == ["guess", "loss", "step"]


def test_an_output_forgives_spaces_and_names_the_trap(questions):
    assert marking.mark(questions["out"], " 1\n", 0).right
    assert marking.mark(questions["out"], "2", 0).why == "That is index 1."


def test_free_text_is_kept_and_not_marked(questions):
    assert marking.mark(questions["say"], "The data.", 0) == marking.Marked(None, why="The plot.")


def test_a_drawing_is_kept_as_numbers_and_not_marked(questions):
    canvas = questions["fall"].canvas
    places = sketch.read("0 1000, 33.33333 100,100 1e1", canvas)
    assert places == [[0.0, 1000.0], [33.33, 100.0], [100.0, 10.0]]
    assert marking.mark(questions["fall"], places, 0).right is None
    assert marking.mark(questions["fall"], sketch.NO_IDEA, 0).why == "It creeps."
    assert sketch.outline(places[::2], canvas, 90, 60) == "M0.0 0.0L90.0 40.0"
    assert canvas.told(places)["points"] == places
    assert canvas.told(sketch.NO_IDEA)["points"] == []


@pytest.mark.parametrize("text", ["", "1 2", "0 10, 5", "0 10, x 5", "0 10, 5 nan", "0 10, 5 ."])
def test_what_was_sent_in_place_of_a_drawing_is_refused(questions, text):
    with pytest.raises(LessonError, match=r"\.$"):
        sketch.read(text, questions["fall"].canvas)


def test_a_survey_has_no_wrong_answer_and_answers_the_one_that_was_given(questions):
    said = {"not": "Read the aside.", "some": "Go on."}
    for level, why in said.items():
        marked = marking.mark(questions["sure"], level, 0)
        assert marked.right is None
        assert [(one.key, one.chosen, one.right, one.why) for one in marked.parts] == [
            (level, True, None, why)
        ]


@given(st.integers(0, 10_000))
def test_the_levels_of_a_survey_keep_their_order(seed):
    question = quiz.read(QUIZ, FILE).questions["sure"]
    assert quiz.arranged(question, seed) == question.parts


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sure", ""),
        ("sure", ["not"]),
        ("sure", "quite"),
        ("mean", "other"),
        ("mean", ""),
        ("both", []),
        ("both", "a"),
        ("step", "two"),
        ("words", {"loss": "loss"}),
        ("words", "loss"),
        ("order", ["guess", "guess", "step"]),
        ("out", " "),
        ("say", ""),
        ("fall", ""),
        ("fall", [[0.0, 10.0]]),
        ("fall", [["a", "b"], ["c", "d"]]),
        ("fall", [[0.0, 10.0], [0.0, 20.0]]),
        ("fall", [[0.0, 10.0], [200.0, 10.0]]),
        ("fall", [[0.0, 10.0], [50.0, -10.0]]),
        ("fall", [[float(x), 10.0] for x in range(100)]),
    ],
)
def test_what_is_no_answer_gets_a_sentence(questions, name, answer):
    with pytest.raises(LessonError, match=r"\.$"):
        marking.mark(questions[name], answer, 0)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('why = "not C"', "", 25, "this choice needs an explanation"),
        ('kind = "free"', 'kind = "essay"', 88, "kind cannot be 'essay'"),
        ('id = "say"', 'id = "out"', 88, "is there twice"),
        ('accept = "learning rate"', "", 51, "this blank needs 'accept'"),
        ("[[loss]] falls", "loss falls", 43, "[[loss]] must be in the text"),
        ('answer = "w - 0.1 * g"', 'answer = "w - v"', 30, "names 'v', which is no value"),
        ('answer = "w - 0.1 * g"', 'answer = "open(1)"', 30, "numbers, names"),
        ('why = "The plot."', "", 88, "needs an explanation"),
        ('text = "Quite", why', 'text = "Quite", right = true, why', 94, "none of them right"),
        (', why = "Go on."', "", 94, "this choice needs an explanation"),
        ('text = "Which?"', 'text = "Which?"\ncolour = 1', 11, "knows no 'colour'"),
        ('text = "Which?"', "text = Which", 14, "This is not TOML"),
        ('text = "Which?"', r'text = "Which $\alpha$?"', 14, "a formula in single quotes"),
        ('text = "Which?"', 'text = "Which "way"?"', 14, "a backslash before each"),
        ('draw = "curve"', 'draw = "cat"', 105, "draw cannot be 'cat'"),
        ('of = "loss"', "", 105, "needs 'of'"),
        ("x = [0, 100]", "x = [5]", 105, "needs x = [low, high]"),
        ("y = [1, 1000]", "y = [0, 1000]", 105, "begins above 0"),
        ('why = "It creeps."', "", 105, "needs an explanation"),
        ("log = true", "log = true\ncolour = 1", 105, "knows no 'colour'"),
    ],
)
def test_a_mistake_of_the_author_has_its_line(old, new, line, said):
    assert QUIZ.count(old) == 1
    problems = quiz.read(QUIZ.replace(old, new), FILE).problems
    assert [one.line for one in problems] == [line]
    assert said in problems[0].text


@pytest.mark.parametrize(
    "said", ["1/0", "__import__('os')", "a", "2 ** 9999.0", "1 if 1 else 2", "(-8) ** 0.5"]
)
def test_arithmetic_refuses_what_it_cannot_be_sure_of(said):
    with pytest.raises(LessonError):
        evaluate(said, {})
