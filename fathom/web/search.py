"""The pages on which one finds things: the search, and the glossary."""

import re

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from fathom.course import lesson as prose
from fathom.course.lesson import Hooks
from fathom.web.pages import render
from fathom.web.sheet import code, term_link
from fathom.web.speech import language
from fathom.web.study import Study, ask

LONGEST = 200  # letters of a question


async def search(request: Request) -> Response:
    """Where the lessons and the glossary speak of something; a form and links, no script."""
    said = " ".join(request.query_params.get("q", "").split())[:LONGEST]

    def look(study: Study) -> Response:
        course = study.course()
        return render(
            "search.html",
            said=said,
            terms=course.terms(said, language()),
            hits=course.search(said, language()),
            marked=lambda text: marked(text, said),
        )

    return await ask(request, look)


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
    """Every term of the course and what it means."""

    def look(study: Study) -> Response:
        found = study.course().glossary(language())
        hooks = Hooks(lambda one: "", code, term=lambda *said: term_link(found, *said))
        terms = [(one, Markup(prose.to_html(one.meaning, hooks))) for one in found.terms.values()]
        return render("glossary.html", terms=terms)

    return await ask(request, look)
