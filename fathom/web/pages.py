"""The pages: readable without JavaScript, made alive by it."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from fathom.errors import FathomError, KnobError, NotKept
from fathom.lab import config
from fathom.lab.experiment import Experiment
from fathom.runtime.runner import LocalRunner
from fathom.web import look, sentences, speech
from fathom.web.study import Study, ask

HERE = Path(__file__).parent
ADDRESS = ("turns", "pace")  # what an address says beside the knobs


def static(name: str) -> str:
    """The address of a built file by the name of its source."""
    try:
        return f"/static/{_built('manifest.json')[name]}"
    except (OSError, KeyError) as error:
        raise FathomError(
            f"The file {name} of the page has not been built: install Fathom again with pip."
        ) from error


def ticked(text: str) -> Markup:
    """A sentence in which names between backticks are set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def needed(name: str) -> list[str]:
    """The addresses of what a built script imports: a browser that knows them loads all at once."""
    try:
        return [f"/static/{one}" for one in _built("imports.json").get(name, ())]
    except OSError:
        return []  # nothing was built: `static` says so


def _built(about: str) -> Any:
    return json.loads((HERE / "static" / about).read_text("utf-8"))


environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
environment.globals |= {
    "static": static,
    "needed": needed,
    "language": speech.language,
    "address": speech.address,
    "other_languages": speech.other_languages,
    "script_texts": speech.script_texts,
    "theme": look.theme,
    "place": look.place,
}
environment.filters |= {
    "told": sentences.told,
    "ticked": ticked,
    "retold": sentences.story,
    "first_sentence": sentences.first,
}
environment.install_gettext_callables(  # type: ignore[attr-defined]
    speech.gettext, speech.ngettext, newstyle=True
)


def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template."""
    return HTMLResponse(environment.get_template(template).render(**values), status)


async def labs(request: Request) -> Response:
    """Every experiment, with the lesson in which it is met first; the rest at the end."""
    runner: LocalRunner = request.app.state.runner
    left = {name: sentences.experiment(one) for name, one in (await runner.describe()).items()}
    groups = []
    for lesson, names in await ask(request, Study.figures):
        met = [left.pop(name) for name in names if name in left]
        groups += [(lesson, met)] if met else []
    return render("labs.html", groups=groups, rest=left.values(), broken=runner.broken)


async def lab(request: Request) -> Response:
    """One experiment: the figure, its knobs, and the code that runs."""
    runner: LocalRunner = request.app.state.runner
    name = request.path_params["name"]
    experiments = await runner.describe()
    if name in runner.broken:
        raise HTTPException(500, runner.broken[name])
    if name not in experiments:
        if near := nearest(name, experiments):
            raise HTTPException(404, f"There is no experiment {name!r}. Did you mean {near}?")
        raise HTTPException(404, f"There is no experiment {name!r}.")
    experiment = experiments[name]
    values, bad = read(experiment, dict(request.query_params))
    asked = await ask(request, lambda study: study.questions(name))
    translated = sentences.experiment(experiment)
    return render(
        "lab.html",
        question=fitting(translated, asked),
        experiment=translated,
        values={name: knob.write(values[name]) for name, knob in experiment.knobs.items()},
        bad=bad,
        code=highlighted(experiment.code),
        data=figure(experiment, values, dict(request.query_params)),
    )


def fitting(experiment: Experiment, asked: list[tuple[str, dict[str, str]]]) -> str:
    """The question that the figure answers as it opens: its own, or one of a lesson; or "".

    Of those that were asked with the experiment's own choices it is the one whose knobs are most
    nearly the defaults.
    """
    if experiment.asks:
        return experiment.asks
    found: list[tuple[int, str]] = []
    for question, said in asked:
        try:
            values = config.read(experiment.knobs, said)
        except KnobError:
            continue  # the page of the lesson says what is wrong
        moved = [one for name, one in experiment.knobs.items() if values[name] != one.default]
        if not any(one.kind in ("choice", "switch") for one in moved):
            found.append((len(moved), question))
    return min(found, key=lambda one: one[0])[1] if found else ""


def read(experiment: Experiment, query: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Values for all knobs from an address, and sentences about those that could not be used."""
    values, bad = config.read(experiment.knobs, {}), []
    for name, said in query.items():
        if name in experiment.knobs:
            try:
                values[name] = experiment.knobs[name].read(said)
            except KnobError as error:
                bad.append(f"{error} The default is used instead.")
        elif name not in ADDRESS and (near := nearest(name, experiment.knobs)):
            bad.append(f"There is no knob {name!r}. Did you mean {near}?")
    return values, bad


def nearest(name: str, known: Iterable[str]) -> str:
    """The most similar of these names; "" where none is near."""
    return next(iter(get_close_matches(name.lower(), list(known), 1, 0.65)), "")


def figure(
    experiment: Experiment, values: dict[str, Any], query: dict[str, str] | None = None
) -> Markup:
    """What the figure in the page must know, as JSON that is safe inside HTML.

    query: the address, where it says how the run goes on (its turns and its pace).
    """
    query = query or {}
    described = sentences.experiment(experiment).to_json()
    del described["code"]
    given = {
        name: experiment.knobs[name].write(value)
        for name, value in values.items()
        if value != experiment.knobs[name].default
    }
    turns, bad = read_turns(experiment, query.get("turns", ""))
    told: dict[str, Any] = {"experiment": described, "values": given, "pace": None}
    told |= {"turns": turns, "bad": bad}
    pace = query.get("pace", "")
    if pace.replace(".", "", 1).isdigit():
        told["pace"] = float(pace)
    text = json.dumps(told)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))


def read_turns(experiment: Experiment, said: str) -> tuple[list[list[Any]], list[str]]:
    """The turns in an address, STEP.knob.VALUE joined by ~, and sentences about wrong ones."""
    turns: list[list[Any]] = []
    bad: list[str] = []
    for part in filter(None, said.split("~")):
        step, _, rest = part.partition(".")
        name, _, value = rest.partition(".")
        try:
            knob = config.find(experiment.knobs, name)
            turns.append([int(step), name, knob.write(knob.read(value))])
        except KnobError as error:
            bad.append(str(error))
        except ValueError:
            bad.append(f"The turn {part!r} in the address cannot be read.")
    return turns, bad


@lru_cache(64)  # a twentieth of a second each time, and every visit of the page would wait for it
def highlighted(code: str) -> Markup:
    """Python with colours, every line with an id that a knob can point to."""
    html = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    lines = html.rstrip("\n").split("\n")  # pygments closes every span at the end of a line
    numbered = (
        f'<span class="line" id="line-{at}">{one}\n</span>' for at, one in enumerate(lines, 1)
    )
    return Markup("".join(numbered))


def problem(request: Request, error: Exception) -> Response:
    """Something went wrong, as a page with a way on."""
    if isinstance(error, HTTPException):
        code, text = error.status_code, error.detail
    elif isinstance(error, NotKept):
        code, text = 507, str(error)
    elif isinstance(error, FathomError):
        code, text = 500, str(error)
    else:
        code, text = 500, "The server made a mistake. What it was stands in the terminal."
    title = HTTPStatus(code).phrase
    if code == 404:
        title = speech.gettext("There is no such page")
        if text == "Not Found":
            text = f"Nothing is at {request.url.path}."
    elif code in (500, 507):
        title = speech.gettext("This did not work")
    text = sentences.told(text)
    if isinstance(error, NotKept) and "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(text, code)  # for a script, which says it beside what was sent
    ways = [(speech.gettext("The course"), "/"), (speech.gettext("All experiments"), "/lab")]
    return render("error.html", code, title=title, text=text, way_on=ways)
