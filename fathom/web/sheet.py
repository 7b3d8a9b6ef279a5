"""A lesson as one learner sees it: prose, figures, questions and exercises as HTML."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape

from fathom.classroom import progress
from fathom.classroom.progress import Answer, Attempt
from fathom.course import marking, quiz, sketch
from fathom.course.arithmetic import fill
from fathom.course.catalog import Unit
from fathom.course.exercise import Exercise
from fathom.course.glossary import Glossary
from fathom.course.lesson import Directive, Prose
from fathom.course.quiz import Question
from fathom.course.rendering import Hooks, fragment, to_html
from fathom.errors import KnobError, LessonError, RecordingError
from fathom.lab import config
from fathom.lab.experiment import Experiment
from fathom.web import recordings, sentences, speech
from fathom.web.history import History
from fathom.web.pages import environment, figure, highlighted
from fathom.web.study import Study, given

TEMPLATES = {"figure": "picture.html", "video": "video.html", "aside": "aside.html"}
FIGURES = ("run", "views", "figure")  # counted through the lesson
FRAGMENT = "text/x-fragment"  # the page asks for one question, or one verdict, alone
LETTERS = string.ascii_uppercase
DRAWN = {"curve": (240, 140), "border": (160, 160)}  # a drawing that was kept, in pixels
ATTEMPTS = 3  # honest ones, after which the answer is shown


@dataclass(frozen=True)
class Origin:
    """Where a question comes from that is asked again on the page of a later lesson."""

    page: str  # the lesson on whose page it is asked
    since: float  # answers from then on are shown
    title: str  # of the lesson it belongs to
    href: str  # and of the section there
    language: str  # which may be another than that of the page


class Sheet:
    """A lesson as one learner sees it now."""

    def __init__(
        self,
        study: Study,
        made: History,
        unit: Unit,
        experiments: Mapping[str, Experiment] | None,
        complaints: Mapping[str, str],
    ) -> None:
        self.study, self.made, self.unit = study, made, unit
        self.experiments, self.complaints = experiments, complaints
        self.seed = made.learner.seed
        self.answers = made.answers.get(unit.name, {})
        self.glossary = study.course().glossary(unit.language)
        self.hooks = Hooks(self.directive, code, self.address, self.term)
        figures = [one for one in unit.lesson.directives() if one.kind in FIGURES]
        self.numbers = {one.line: number for number, one in enumerate(figures, 1)}

    def html(self, blocks: Any) -> Markup:
        """Prose and everything in it."""
        return Markup(to_html(blocks, self.hooks))

    def words(self, text: str) -> Markup:
        """A question or an explanation; a single paragraph stands without its tags."""
        html = fragment(text, self.hooks).strip()
        alone = html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>")
        return Markup(html[3:-4] if alone else html)

    def address(self, said: str) -> str:
        """Where a link of the lesson's folder leads on the server."""
        if other := re.fullmatch(r"\.\./([\w-]+)/lesson\.md(#.*)?", said):
            return f"/lesson/{other[1]}{other[2] or ''}"
        if re.match(r"[a-z]+:|/|#", said):
            return said
        return re.sub(r"^lesson\.md(?=#|$)", "", said) or f"/lesson/{self.unit.name}"

    def term(self, text: str, said: str) -> str:
        """A word that leads to the glossary."""
        return term_link(self.glossary, text, said)

    def directive(self, one: Directive) -> str:
        """The HTML of what is more than prose."""
        match one.kind:
            case "quiz" | "predict":
                asked = [self.unit.quiz.questions.get(name) for name in one.names]
                return "".join(self.question(question, one.kind) for question in asked if question)
            case "run":
                return self.run(one)
            case "views":
                return self.views(one)
            case "exercise":
                there = self.unit.exercises.get(one.argument)
                return self.exercise(there) if there else ""
            case "cell":
                return self.cell(one)
        path = one.argument if "://" in one.argument else f"/lesson/{self.unit.name}/{one.argument}"
        template = environment.get_template(TEMPLATES[one.kind])
        return template.render(
            one=one,
            path=path,
            body=self.html(one.body),
            number=self.numbers.get(one.line),
            short=all(isinstance(block, Prose) and not has_code(block) for block in one.body),
        )

    def run(self, one: Directive) -> str:
        """A figure with the knobs and views that the lesson chose."""
        if self.experiments is None:
            wait = "PyTorch is being loaded for the first time; then a figure runs here."
            told = escape(speech.gettext(wait))
            return f'<p class="gate-says" role="status" data-loading>{told}</p>'
        experiment = self.experiments.get(one.argument)
        if experiment is None:
            said = f"The experiment {one.argument} cannot be loaded, so its figure is not here."
            return f'<p class="bad-link">{escape(sentences.told(said))}</p>'
        knobs = given(one)
        file, record = one.options.get("recording", ""), None
        try:
            if file:
                path = recordings.find(self.study.course(), self.unit, file)
                record = recordings.contents(path)
                knobs = record.knobs
            values = config.read(experiment.knobs, knobs)
        except (KnobError, RecordingError) as error:
            return f'<p class="bad-link">{escape(sentences.told(str(error)))}</p>'
        gate = one.options.get("after", "")
        asked = self.unit.quiz.questions.get(gate)
        title = sentences.experiment(experiment).title
        known, own = experiment.knobs, config.read(experiment.knobs, {})
        written = {name: known[name].write(values[name]) for name in knobs}
        if record:  # all of its knobs are in the file: those that say nothing are left out
            written = {name: said for name, said in written.items() if values[name] != own[name]}
            experiment = replace(experiment, pace=record.pace)
        return environment.get_template("run.html").render(
            experiment=experiment,
            one=one,
            number=self.numbers.get(one.line),
            question=one.options.get("question") or title.rstrip("."),
            gate="" if gate in self.answers else gate,
            sketch=self.sketch(asked) if asked else None,
            data=figure(experiment, values),
            knobs=one.options.get("knobs", ""),
            views=one.options.get("views"),
            log=one.options.get("log", ""),
            record=record,
            played=f"/lesson/{self.unit.name}/recording/{file}" if file else "",
            written=written,
            query="&".join(f"{name}={value}" for name, value in written.items()),
            body=self.html(one.body),
        )

    def views(self, one: Directive) -> str:
        """More pictures of a figure that stands above, and its gate."""
        runs = {run.options.get("id"): run for run in self.unit.lesson.directives("run")}
        gate = runs[one.argument].options.get("after", "") if one.argument in runs else ""
        waits = bool(gate) and gate not in self.answers
        template = environment.get_template("views.html")
        number = self.numbers.get(one.line)
        return template.render(one=one, waits=waits, number=number, body=self.html(one.body))

    def question(self, question: Question, kind: str, origin: Origin | None = None) -> str:
        """A question, with what was said about the last answer; a prediction is made once."""
        values = quiz.draw(question, self.seed)
        attempts = self.answers.get(question.id, [])
        anchor, address = question.id, f"/lesson/{self.unit.name}/answer/{question.id}"
        if kind == "predict":
            attempts = attempts[:1]
        elif origin:
            attempts = [one for one in attempts if one.kind == kind and one.at >= origin.since]
            anchor = f"{self.unit.name}-{question.id}"
            address = f"/lesson/{origin.page}/recall/{self.unit.name}/{question.id}"
        marked = self.marked(question, attempts)
        parts = quiz.arranged(question, self.seed)
        order = {part.key: at for at, part in enumerate(parts)}  # as the choices were seen
        if question.kind == "order":
            order = {}  # as they belong
        text = fill(question.text, values, comma=question.comma)
        asked = form = self.words(text)
        if question.kind == "blanks":
            asked = self.filled(text, attempts[-1].answer) if marked else Markup("")
            form = self.blanks(text)
        return environment.get_template("question.html").render(
            question=question,
            kind=kind,
            asked=asked,
            form=form,
            parts=parts,
            pictures={part.key: part for part in parts},
            lesson=self.unit.name,
            letters={part.key: letter for part, letter in zip(parts, LETTERS, strict=False)},
            explained=sorted(marked.parts, key=lambda one: order.get(one.key, 0)) if marked else (),
            words=self.words,
            code=Markup(code("python", question.code)) if question.code else "",
            attempts=attempts,
            said=attempts[-1].answer if attempts else None,
            size=DRAWN[question.canvas.draw] if question.canvas else (),
            marked=marked,
            sketch=self.sketch(question),
            outline=outline(question, attempts) if marked else "",
            complaint=self.complaints.get(question.id, ""),
            action=address,
            anchor=anchor,
            origin=origin,
            key=self.study.form_key,
        )

    def sketch(self, question: Question) -> dict[str, Any] | None:
        """What is drawn on, and what was; None where nothing is drawn."""
        attempts = self.answers.get(question.id, [])
        drawn = attempts[-1].answer if self.marked(question, attempts) else None
        return question.canvas.told(drawn) if question.canvas else None

    def cell(self, one: Directive) -> str:
        """Code that can be changed and run."""
        text = self.made.written(self.unit.name, one.argument)
        starter = one.code.rstrip("\n")  # or the editor ends with an empty line
        text = starter if text is None else text
        return environment.get_template("cell.html").render(
            name=one.argument,
            starter=starter,
            text=text,
            shown=Markup(code("python", text)),
            keep=f"/lesson/{self.unit.name}/cell/{one.argument}/text",
        )

    def exercise(self, exercise: Exercise) -> str:
        """A task with its editor, its hints and the last verdict."""
        said = self.made.attempted(self.unit.name, exercise.name)
        text = self.made.written(self.unit.name, exercise.name)
        action = f"/lesson/{self.unit.name}/exercise/{exercise.name}"
        return environment.get_template("exercise.html").render(
            verdict=None,
            quiet=False,
            exercise=exercise,
            task=self.html(exercise.task.opening),
            hints=[self.words(one) for one in exercise.hints],
            text=exercise.starter if text is None else text,
            action=action,
            keep=f"{action}/text",
            key=self.study.form_key,
            **judged(exercise, said),
        )

    def marked(self, question: Question, attempts: list[Answer]) -> marking.Marked | None:
        """The marking of the last answer; None without one that the question still knows."""
        if not attempts:
            return None
        if question.values and attempts[-1].seed not in (None, self.seed):
            return None  # it had other values where it was answered
        try:
            return marking.mark(question, attempts[-1].answer, self.seed)
        except LessonError:
            return None  # the choices have changed since; the attempt stays in the database

    def filled(self, text: str, words: Mapping[str, str]) -> Markup:
        """The text with what was written into its blanks."""

        def word(found: "re.Match[str]") -> str:
            return f'<span class="filled">{escape(str(words[found[1]]))}</span>'

        return Markup(quiz.BLANK.sub(word, fragment(text, self.hooks)))

    def blanks(self, text: str) -> Markup:
        """The text with a field for every blank."""
        html = fragment(text, self.hooks)

        def field(found: "re.Match[str]") -> str:
            name, label = escape(found[1]), escape(sentences.told(f"blank: {found[1]}"))
            return f'<input class="blank" name="blank-{name}" aria-label="{label}" size="12">'

        return Markup(quiz.BLANK.sub(field, html))


def outline(question: Question, attempts: list[Answer]) -> str:
    """The drawing that was kept, as the path of a small picture; "" where there is none."""
    drawn = attempts[-1].answer
    if question.canvas is None or not isinstance(drawn, list):
        return ""
    return sketch.outline(drawn, question.canvas, *DRAWN[question.canvas.draw])


def has_code(block: Prose) -> bool:
    """Whether there is a block of code in it."""
    return any(token.type in ("fence", "code_block") for token in block.tokens)


def judged(exercise: Exercise, said: list[Attempt]) -> dict[str, Any]:
    """What a page shows of the attempts so far; the answer after three that were honest, or one
    that passed."""
    solved = any(one.outcome == progress.PASSED for one in said)
    honest = len({one.code.strip() for one in said})
    return {
        "last": said[-1] if said else None,
        "solved": solved,
        "attempts": len(said),
        "to_go": 0 if solved else max(ATTEMPTS - honest, 0),
        "answer": Markup(code("python", exercise.answer)) if solved or honest >= ATTEMPTS else "",
    }


def term_link(glossary: Glossary, text: str, said: str) -> str:
    """A word that leads to the glossary and says its meaning; as it is when it has none there."""
    found = glossary.find(said)
    if found is None:
        return str(escape(text))
    title = escape(found.first_sentence)
    return f'<a class="term" href="/glossary#{found.id}" title="{title}">{escape(text)}</a>'


def code(language: str, text: str) -> str:
    """A block of code; Python has colours."""
    shown = highlighted(text) if language == "python" else escape(text)
    return f'<pre class="code plain" tabindex="0"><code>{shown}</code></pre>'
