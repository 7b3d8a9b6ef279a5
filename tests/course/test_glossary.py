"""A glossary is read, ordered and searched; a text speaks of its terms."""

from pathlib import Path

from fathom.course import catalog, glossary, rendering

TEXT = """# Words

## step {#step}

One update, as in $w - g$. More of them
follow.

## Änderung {#change}

What a {term}`step` does

## batch {#batch}

Some examples.
"""
FILE = Path("glossary.md")


def test_terms_stand_in_the_order_of_the_alphabet_with_their_first_sentence():
    read = glossary.read(TEXT, FILE)
    assert [one.word for one in read.terms.values()] == ["Änderung", "batch", "step"]
    assert read.problems == ()
    step = read.find("Step")
    assert (step, step.line) == (read.find("step"), 3)
    assert step.first_sentence == "One update, as in w - g."
    assert step.text.endswith("More of them follow.")
    assert read.find("change").first_sentence == "What a step does"
    assert read.find("nothing") is None


def test_an_identity_used_twice_is_told():
    read = glossary.read(TEXT.replace("#batch", "#step"), FILE)
    assert [(one.line, one.text) for one in read.problems] == [
        (12, "The identity 'step' is used twice.")
    ]


def test_a_role_shows_its_text_and_means_its_target():
    seen = []
    hooks = rendering.Hooks(
        lambda one: "", lambda *code: "", term=lambda *said: seen.append(said) or "T"
    )
    html = rendering.fragment(
        "A {term}`step` and {term}`two\nsteps <step>`, `{term}` alone.", hooks
    )
    assert html == "<p>A T and T, <code>{term}</code> alone.</p>\n"
    assert seen == [("step", "step"), ("two steps", "step")]


def test_the_search_finds_sections_and_terms_that_hold_every_word(course):
    found = catalog.load(course)
    assert [one.id for one in found.terms("BENT", "de")] == ["curve"]
    assert [one.id for one in found.terms("shortest straight")] == ["line"]
    assert [one.id for one in found.terms("line")] == ["line", "curve"]
    assert found.terms("shortest bent") == found.terms(" ") == found.search("") == []
    (hit,) = found.search("caption a")
    assert (hit.lesson, hit.section, hit.excerpt) == ("01-lines", "start", "A caption. Look.")
    assert [one.section for one in found.search("bent line")] == [""]
    assert "A curve is a bent line." in found.search("bent")[0].excerpt


def test_a_language_without_a_glossary_has_the_english_one(course):
    (course / "de" / "glossary.md").unlink()
    assert catalog.load(course).glossary("de").find("curve")
    (course / "en" / "glossary.md").unlink()
    assert catalog.load(course).glossary("de").terms == {}
