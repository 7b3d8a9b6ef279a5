"""Every letter of a formula is in the table of symbols, and not before it is introduced."""

import pytest

from fathom.course import catalog, symbols
from fathom.course.check import check

TABLE = r"""indices = ["i"]

[[symbol]]
tex = 'x'
new = "01-lines/start"
means.en = "the input"
means.de = "die Eingabe"

[[symbol]]
tex = '\hat y_i'
new = ["01-lines/end", "01-lines/start"]
read.en = "y-hat"
means.en = "the prediction"
"""


@pytest.fixture
def table(course):
    (course / "symbols.toml").write_text(TABLE)
    return course / "symbols.toml"


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\hat y_i + \hat{y} = x'^2", [r"\hat y", "i", r"\hat y", "x'"]),
        (
            r"\sum_i^n \log \dots \text{mean of }W \cdot \operatorname{sign}(\beta)",
            ["i", "n", "W", r"\beta"],
        ),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \mathrm{ReLU}", []),
        (r"\frac{\partial J}{\partial w}", [r"\partial", "J", r"\partial", "w"]),
        (r"R_t = r_{t+1}", ["R", "t", "r", "t"]),
    ],
)
def test_letters_are_told_from_functions_text_and_tables(tex, said):
    found = [name for name, _, _ in symbols.letters_in(tex)]
    assert found == said


def test_formulas_are_found_with_their_lines_and_code_and_prices_are_none():
    code = "One $a$,\n`$b$`.\n\n```python\n$c$\n```\n\n"
    text = code + "```{aside} More\n$d$ for 5$ and 6$\n```\n$$\ne\n$$\n"
    assert list(symbols.formulas(text)) == [("a", 1), ("d", 9), ("\ne\n", 11)]


def write(course, old, new, name="lesson.md"):
    for language in ("en", "de"):
        path = course / language / "01-lines" / name
        path.write_text(path.read_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "said"),
    [
        ("lesson.md", "A caption.", r"A $\hat y_i$ of $x$ and $i$.", None, ""),
        ("lesson.md", "A caption.", "A\n$x + q$.", 25, "q is not in symbols.toml"),
        ("lesson.md", "A caption.", "$$\nx\n+ y\n$$", 26, "y is not in symbols.toml"),
        ("lesson.md", "Hello", "$x$, hello", 8, "before it is introduced, in 01-lines/start"),
        ("quiz.toml", '"What?"', r'"What is $x \\cdot \\hat y$?"', None, ""),
        ("quiz.toml", '"What?"', r'"What is $\\theta$?"', 5, r"\theta is not in"),
    ],
)
def test_a_letter_is_in_the_table_and_was_introduced(
    course, experiments, table, name, old, new, line, said
):
    write(course, old, new, name)
    found = [one for one in check(course, experiments) if one.file == course / "en/01-lines" / name]
    assert [one.line for one in found] == ([line] if line else [])
    assert all(said in one.text for one in found)


def test_a_text_of_the_glossary_comes_after_all_lessons(course, experiments, table):
    path = course / "en" / "glossary.md"
    path.write_text(path.read_text().replace("A bent", "An $x$, or a $q$, bent"))
    (found,) = check(course, experiments)
    assert found.file == path
    assert "The symbol q is not" in found.text


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('means.en = "the input"', "", 3, "needs 'means'"),
        ("01-lines/start", "01-lines/begin", 3, "there is no '01-lines/begin'"),
        (r"tex = '\hat y_i'", "tex = 'x'", 9, "The letter x is in the table twice: line 3"),
        ("read.en", "read_en", 9, "knows no 'read_en'"),
        ("indices = [", "indices = ", 1, "not TOML"),
    ],
)
def test_a_table_that_is_wrong_says_where(course, experiments, table, old, new, line, said):
    table.write_text(TABLE.replace(old, new, 1))
    found = [one for one in check(course, experiments) if one.file == table]
    assert [one.line for one in found] == [line]
    assert said in found[0].text


def test_a_symbol_is_found_by_its_words_in_the_language_of_the_reader(course, table):
    known = catalog.load(course).symbols
    assert [one.tex for one in known.search(["eingabe"], "de")] == ["x"]
    assert [one.id for one in known.search(["y-hat", "prediction"], "de")] == ["symbol-hat-y-i"]
    assert known.search([], "en") == known.search(["eingabe"], "en") == []


def test_ids_of_the_course_differ(root):
    ids = [one.id for one in symbols.load(root / "lessons").all]
    assert len(set(ids)) == len(ids) > 20
