"""The pages on which one finds things: the search, and the glossary."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from fathom.course.catalog import Course
from fathom.course.rendering import Hooks, to_html
from fathom.course.symbols import Symbol
from fathom.lab.experiment import Experiment
from fathom.web import sentences
from fathom.web.lessons import SOON, described
from fathom.web.pages import render
from fathom.web.sheet import code, term_link
from fathom.web.speech import language
from fathom.web.study import Study, ask

LONGEST = 200  # letters of a question


async def search(request: Request) -> Response:
    """Where lessons, glossary and experiments speak of something; a form and links, no script."""
    said = " ".join(request.query_params.get("q", "").split())[:LONGEST]
    known = await described(request.app.state.runner, SOON) if said else None

    def look(study: Study) -> Response:
        course = study.course()
        return render(
            "search.html",
            said=said,
            terms=course.terms(said, language()),
            symbols=course.symbols.search(said.casefold().split(), language()),
            hits=course.search(said, language()),
            figures=telling(known.values() if known else (), said),
            marked=lambda text: marked(text, said),
        )

    return await ask(request, look)


def telling(known: Iterable[Experiment], said: str) -> list[Experiment]:
    """The experiments that hold all the words: in their name, what they show, or a knob.

    In the language of the page; those that are called so come first.
    """
    words = said.casefold().split()
    found = []
    for one in map(sentences.experiment, known):
        named = f"{one.name.replace('_', ' ')} {one.name} {one.title}".casefold()
        knobs = " ".join(f"{name} {knob.help}" for name, knob in one.knobs.items()).casefold()
        if words and all(word in f"{named} {one.watch.casefold()} {knobs}" for word in words):
            found.append((words[0] not in named, one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def marked(text: str, said: str) -> Markup:
    """A text with every word of a question marked in it."""
    words = "|".join(re.escape(word) for word in sorted(said.split(), key=len, reverse=True))
    if not words:
        return escape(text)
    parts = re.split(f"({words})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


async def glossary(request: Request) -> Response:
    """Every term of the course and what it means, and every symbol of its formulas."""

    def look(study: Study) -> Response:
        course = study.course()
        found = course.glossary(language())
        hooks = Hooks(lambda one: "", code, term=lambda *said: term_link(found, *said))
        terms = [(one, Markup(to_html(one.meaning, hooks))) for one in found.terms.values()]
        symbols = [(one, introduced(course, one)) for one in course.symbols.all]
        return render("glossary.html", terms=terms, symbols=symbols)

    return await ask(request, look)


def introduced(course: Course, symbol: Symbol) -> list[tuple[str, str, str]]:
    """Where a symbol is new: address, title and language of each section that is written."""
    found = []
    for said in symbol.new:
        name, _, section = said.partition("/")
        if name not in course.lessons:
            continue
        unit = course.find(name, language())
        for one in unit.lesson.sections:
            if one.id == section:
                found.append((f"/lesson/{name}#{section}", one.title, unit.language))
    return found
