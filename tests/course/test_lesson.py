"""Prose becomes sections, directives and HTML; what is wrong has its line."""

from pathlib import Path

import pytest

from fathom.course import lesson, rendering

FILE = Path("lesson.md")
HEAD = "---\ntitle: T\nminutes: 5\nobjectives:\n  - see\n---\n\n"
PLAIN = rendering.Hooks(lambda one: f"<{one.kind}>", lambda language, text: f"<pre>{text}</pre>")


def read(text):
    return lesson.read(HEAD + text, FILE)


def html(text):
    return rendering.to_html(read(text).opening, PLAIN)


def wrong(text):
    return [(one.line, one.text) for one in read(text).problems]


def test_sections_keep_their_identity_and_minutes():
    found = read(
        "Before.\n\n## A title {#first minutes=3}\n\ntext\n\n## Other {#second minutes=2}\n"
    )
    assert [(s.id, s.title, s.minutes, s.line) for s in found.sections] == [
        ("first", "A title", 3, 10),
        ("second", "Other", 2, 14),
    ]
    assert found.problems == ()
    assert lesson.plain(found.opening) == "Before."


def test_a_directive_has_options_a_body_and_the_line_where_it_stands():
    text = ":::{run} mlp\n:id: net\n:with: lr=0.1 hidden=4\nWatch *this*.\n:::\n"
    (one,) = read(text).directives("run")
    assert (one.argument, one.line) == ("mlp", 8)
    assert one.options == {"id": "net", "with": "lr=0.1 hidden=4"}
    assert one.option_lines == {"id": 9, "with": 10}
    assert lesson.plain(one.body) == "Watch this."


def test_a_fence_of_backticks_is_a_directive_too():
    assert [d.names for d in read("```{quiz} one two\n```\n").directives()] == [["one", "two"]]


def test_the_body_of_a_cell_is_code_and_nothing_else():
    lesson = read("## A {#a}\n\n```{cell} rain\n:x: = 1\n# no heading\n```\n\n```{cell}\n1\n```\n")
    (cell, _) = lesson.directives("cell")
    assert (cell.argument, cell.code, cell.line) == ("rain", ":x: = 1\n# no heading\n", 10)
    assert [one.text for one in lesson.problems if one.line > 1] == [
        "{cell} needs a name: :::{cell} NAME."
    ]


def test_lines_inside_nested_directives_count_in_the_file():
    text = "::::{aside} Deeper\nText.\n\n:::{figure} a.png\n:alt: a\n:::\n\n<b>no</b>\n::::\n"
    assert [(one.kind, one.line) for one in read(text).directives()] == [
        ("aside", 8),
        ("figure", 11),
    ]
    assert wrong(text) == [(15, "Raw HTML is not allowed in a lesson: '<b>'.")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (":::{movie} a\n:::\n", 8, "There is no directive {movie}"),
        (":::{run} mlp\n:speed: 3\n:::\n", 9, "{run} has no option 'speed'"),
        (":::{run}\n:::\n", 8, "{run} needs an experiment"),
        ("text\n\n<div>\nx\n</div>\n", 10, "Raw HTML"),
        ("## No identity\n", 8, "needs an identity"),
        ("# Title\n", 8, "A heading of the first level"),
        ("- :::{quiz} a\n  :::\n", 8, "inside a list"),
        ("::: a\n:::\n", 8, "needs a directive"),
    ],
)
def test_what_is_wrong_has_its_line(text, line, said):
    ((at, sentence),) = wrong(text)
    assert at == line
    assert said in sentence


def test_the_front_matter_says_what_it_lacks_and_does_not_know():
    found = lesson.read("---\ntitle: T\nminutes: soon\nauthor: me\n---\n", FILE)
    assert [(one.line, one.text[:36]) for one in found.problems] == [
        (1, "The front matter needs 'objectives:'"),
        (3, "minutes cannot be 'soon': it must be"),
        (4, "The front matter knows no 'author:'."),
    ]


def test_html_of_an_author_comes_out_as_text():
    made = html("a <script>alert(1)</script>\n\n<img src=x onerror=y>\n")
    assert "<script" not in made
    assert "<img" not in made
    assert "&lt;script&gt;" in made


def test_a_line_never_ends_before_a_per_cent_sign():
    made = html("From 74 % to 80 %, 5 < 6 % and `7 % 2`.\n")
    assert "74\N{NO-BREAK SPACE}% to 80\N{NO-BREAK SPACE}%, 5 &lt; 6\N{NO-BREAK SPACE}%" in made
    assert "<code>7 % 2</code>" in made
    titled = lesson.read("## Are 5 % much? {#much minutes=1}\n", Path("lesson.md")).sections[0]
    assert titled.title == "Are 5\N{NO-BREAK SPACE}% much?"


def test_formulas_stay_tex_and_prices_stay_prices():
    made = html("It costs $5. Here $a < b$.\n\n$$\n\\frac{1}{n}\n$$\n")
    assert "costs $5." in made
    assert '<span class="math">a &lt; b</span>' in made
    assert '<div class="math display">\\frac{1}{n}</div>' in made


def test_a_formula_may_begin_a_text_that_ends_in_a_digit():
    made = html("| what | value |\n| --- | --- |\n| $J$ = 4 | $a$ of error² |\n")
    assert made.count('<span class="math">') == 2
    assert "$" not in made


def test_addresses_and_code_are_asked_of_the_page():
    hooks = rendering.Hooks(
        lambda one: "", lambda language, text: f"[{language}]", lambda s: f"/x/{s}"
    )
    found = read('[a](b.md) ![c "q"](d.png)\n\n```python\nx = 1\n```\n')
    made = rendering.to_html(found.opening, hooks)
    assert '<a href="/x/b.md">' in made
    assert '<img src="/x/d.png" alt="c &quot;q&quot;">' in made
    assert "[python]" in made


def test_an_address_that_runs_a_script_is_no_link():
    assert "<a" not in html("[a](javascript:alert(1))\n")
