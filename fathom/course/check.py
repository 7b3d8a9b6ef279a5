"""Proofs about the course that need no running: every sentence has its file and line.

What experiments can do comes in as plain data, as `Experiment.to_json` writes it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from fathom.course import (
    beliefs,
    catalog,
    driven,
    glossary,
    recorded,
    renames,
    symbols,
    translations,
)
from fathom.course.catalog import Course, Unit
from fathom.course.exercise import parsed
from fathom.course.languages import FIRST
from fathom.course.lesson import WIDTHS, Directive, Prose
from fathom.course.place import Problem, read_text
from fathom.course.quiz import Question
from fathom.errors import KnobError
from fathom.lab.experiment import Experiment

Experiments = Mapping[str, Mapping[str, Any]]


def check(folder: Path, experiments: Experiments, only: Path | None = None) -> list[Problem]:
    """All that is wrong in a course, in the order of files and lines; `only` names a part of it.

    Raises LessonError where there is no course to read.
    """
    course = catalog.load(folder)
    known = {name: Experiment.from_json(data) for name, data in experiments.items()}
    found = list(_plan(course)) + list(translations.glossaries(course))
    found += [*renames.problems(course), *beliefs.problems(course), *symbols.problems(course)]
    for unit in course.units.values():
        found += unit.problems
        found += _minutes(unit, course)
        found += _questions(unit)
        found += _exercises(unit)
        found += _driven(unit, known)
        found += _runs(unit, known)
        found += _linked(unit, known)
        found += recorded.problems(unit, course.units[FIRST, unit.name], known)
        found += _addresses(unit, course)
        found += _code(unit)
        found += _cells(unit)
        found += _terms(unit, course)
        found += _identities(unit)
        if unit.language != FIRST:
            found += translations.same(course.units[FIRST, unit.name], unit)
    if only is not None:
        inside = only.resolve()
        found = [one for one in found if one.file.resolve().is_relative_to(inside)]
    return sorted(set(found))


def _plan(course: Course) -> Iterator[Problem]:
    file = course.folder / catalog.COURSE
    text = read_text(file)
    total = sum(one.minutes for one in course.plan if one.counts)
    if total != course.minutes:
        said = f"The plan adds up to {total} minutes; the course has {course.minutes}."
        yield Problem(file, _line_of(text, "minutes"), said)
    planned = [one.name for one in course.plan]
    for name, times in Counter(planned).items():
        if times > 1:
            yield Problem(file, _line_of(text, f'name = "{name}"'), f"{name} is planned twice.")
    for name in course.lessons:
        if name not in planned:
            yield Problem(
                file, _line_of(text, f'"{name}"'), f"The lesson {name} is not in the plan."
            )
    order = [name for name in planned if name in course.lessons]
    if order != [name for name in course.lessons if name in planned]:
        yield Problem(
            file, _line_of(text, "lessons"), "The lessons stand in another order than the plan."
        )
    for language in course.languages:
        inside = course.folder / language
        for path in sorted(inside.iterdir()) if inside.is_dir() else ():
            if path.is_dir() and path.name not in course.lessons:
                said = f"The lesson {path.name} is not among the lessons of {catalog.COURSE}."
                yield Problem(path / "lesson.md", 1, said)


def _line_of(text: str, said: str) -> int:
    at = text.find(said)
    return text[:at].count("\n") + 1 if at >= 0 else 1


def _minutes(unit: Unit, course: Course) -> Iterator[Problem]:
    lesson = unit.lesson
    line = lesson.lines.get("minutes", 1)
    planned = {one.name: one.minutes for one in course.plan}.get(unit.name)
    if planned is not None and lesson.minutes != planned:
        said = f"The lesson takes {lesson.minutes} minutes; the plan gives it {planned}."
        yield Problem(lesson.file, line, said)
    total = sum(section.minutes for section in lesson.sections)
    if total != lesson.minutes:
        said = f"The sections add up to {total} minutes; the lesson takes {lesson.minutes}."
        yield Problem(lesson.file, line, said)
    for section in lesson.sections:
        if not section.minutes:
            said = f"The section {section.title!r} needs its minutes: {{#{section.id} minutes=5}}."
            yield Problem(lesson.file, section.line, said)


def _questions(unit: Unit) -> Iterator[Problem]:
    used: list[str] = []
    broken = bool(unit.quiz.problems)  # a question that cannot be read is no missing one
    for kind in ("quiz", "predict"):
        for one in unit.lesson.directives(kind):
            used += one.names
            for name in one.names:
                if name not in unit.quiz.questions and not broken:
                    said = f"There is no question {name!r} in {unit.quiz.file.name}."
                    yield Problem(one.file, one.line, said)
                asked = unit.quiz.questions.get(name)
                if kind == "predict" and asked and asked.kind == "survey":
                    said = f"{name!r} asks about the learner, not about the figure: use {{quiz}}."
                    yield Problem(one.file, one.line, said)
                if asked and asked.canvas:
                    yield from _drawing(one, asked, unit)
            if kind == "predict" and len(one.names) > 1:
                yield Problem(one.file, one.line, "{predict} takes one question.")
    for name, times in Counter(used).items():
        if times > 1:
            line = [d.line for d in unit.lesson.directives() if name in d.names][1]
            yield Problem(unit.lesson.file, line, f"The question {name!r} is asked twice.")
    for name, question in unit.quiz.questions.items():
        if name not in used:
            yield Problem(unit.quiz.file, question.line, f"No lesson asks the question {name!r}.")
        yield from _pictured(question, unit)


def _pictured(question: Question, unit: Unit) -> Iterator[Problem]:
    """Choices that are pictures: all of a question or none, each there and told in words."""
    with_one = [part for part in question.parts if part.picture or part.alt]
    for part in with_one:
        if not _inside(unit.folder, part.picture):
            said = f"{question.id}: there is no file {part.picture!r} in this lesson."
            yield Problem(unit.quiz.file, part.line, said)
        if not part.alt:
            said = f"{question.id}: a picture needs a sentence for those who do not see it, 'alt'."
            yield Problem(unit.quiz.file, part.line, said)
    if with_one and len(with_one) < len(question.parts):
        missing = next(part for part in question.parts if part not in with_one)
        said = f"{question.id}: the other choices have a picture, {missing.key!r} has none."
        yield Problem(unit.quiz.file, missing.line, said)


def _drawing(one: Directive, asked: Question, unit: Unit) -> Iterator[Problem]:
    """What is drawn before a figure may run is something that this figure shows."""
    if one.kind != "predict":
        said = f"{asked.id!r} is drawn before a figure runs: use {{predict}}."
        yield Problem(one.file, one.line, said)
        return
    waiting = [run for run in unit.lesson.directives("run") if run.options.get("after") == asked.id]
    if not waiting:
        said = f"No figure waits for the drawing {asked.id!r}: a {{run}} below needs ':after:'."
        yield Problem(one.file, one.line, said)
    for run in waiting:
        views = run.options.get("views", "").split()
        if views and asked.canvas and asked.canvas.of not in views:
            said = f"{asked.canvas.of!r} is drawn for this figure, which does not show it."
            yield Problem(run.file, run.option_lines["views"], said)


def _exercises(unit: Unit) -> Iterator[Problem]:
    used = {name: one for one in unit.lesson.directives("exercise") for name in one.names}
    for name, one in used.items():
        if name not in unit.exercises:
            yield Problem(one.file, one.line, f"There is no folder exercises/{name}.")
    for name, there in unit.exercises.items():
        if name not in used:
            yield Problem(there.folder / "task.md", 1, f"No lesson uses the exercise {name!r}.")


def _driven(unit: Unit, known: Mapping[str, Experiment]) -> Iterator[Problem]:
    for one in unit.exercises.values():
        if one.drive:
            files = {"starter.py": one.starter, "answer.py": one.answer}
            sources = {one.folder / name: text for name, text in files.items()}
            yield from driven.problems(one.drive, sources, known)


def _runs(unit: Unit, known: Mapping[str, Experiment]) -> Iterator[Problem]:
    predictions = {name for one in unit.lesson.directives("predict") for name in one.names}
    seen: set[str] = set()
    for one in unit.lesson.directives():
        if one.kind == "predict":
            seen.update(one.names)
        if one.kind != "run" or not one.argument:
            continue
        if one.argument not in known:
            there = ", ".join(known)
            said = f"There is no experiment {one.argument!r}; there are {there}."
            yield Problem(one.file, one.line, said)
            continue
        yield from _knobs(one, known[one.argument])
        after = one.options.get("after", "")
        if after and after not in seen:
            where = "comes below" if after in predictions else "is not in the lesson"
            said = f"The figure waits for the prediction {after!r}, which {where}."
            yield Problem(one.file, one.option_lines["after"], said)
        if not one.options.get("id"):
            yield Problem(one.file, one.line, "{run} needs an identity: a line ':id: name'.")


def _linked(unit: Unit, known: Mapping[str, Experiment]) -> Iterator[Problem]:
    """Views of a run that stand at another place than its figure."""
    runs: dict[str, str] = {}  # identity -> experiment
    for one in unit.lesson.directives():
        if one.kind == "run" and "id" in one.options:
            runs[one.options["id"]] = one.argument
        if one.kind != "views" or not one.argument:
            continue
        if one.argument not in runs:
            there = ", ".join(runs) or "none"
            said = f"There is no figure {one.argument!r} above; there are {there}."
            yield Problem(one.file, one.line, said)
        elif runs[one.argument] in known:
            yield from _views(one, known[runs[one.argument]])
        if not one.options.get("views"):
            yield Problem(one.file, one.line, "{views} needs views: a line ':views: name'.")


def _knobs(one: Directive, experiment: Experiment) -> Iterator[Problem]:
    there = ", ".join(experiment.knobs)
    for said in one.options.get("with", "").split():
        name, _, value = said.partition("=")
        line = one.option_lines["with"]
        if name not in experiment.knobs:
            text = f"{experiment.name} has no knob {name!r}; there are {there}."
            yield Problem(one.file, line, text)
            continue
        try:
            experiment.knobs[name].read(value)
        except KnobError as error:
            yield Problem(one.file, line, str(error))
    for name in one.options.get("knobs", "").split():
        if name not in experiment.knobs:
            text = f"{experiment.name} has no knob {name!r}; there are {there}."
            yield Problem(one.file, one.option_lines["knobs"], text)
    yield from _views(one, experiment)


def _views(one: Directive, experiment: Experiment) -> Iterator[Problem]:
    for option in ("views", "log"):
        for name in one.options.get(option, "").split():
            if not re.search(rf"\"{re.escape(name)}\"|\b{re.escape(name)}=", experiment.code):
                text = f"{experiment.name} shows no view and no number {name!r}."
                yield Problem(one.file, one.option_lines[option], text)


def _addresses(unit: Unit, course: Course) -> Iterator[Problem]:
    lesson = unit.lesson
    for block in lesson.blocks():
        if isinstance(block, Directive):
            yield from _pictures(block, unit)
            continue
        for line, said, picture in _links(block):
            yield from _address(unit, course, line, said, picture)


def _links(block: Prose) -> Iterator[tuple[int, str, bool]]:
    for token in block.tokens:
        line = token.map[0] + 1 if token.map else block.line
        for child in token.children or ():
            if child.type == "softbreak":
                line += 1
            elif child.type == "link_open":
                yield line, str(child.attrs.get("href", "")), False
            elif child.type == "image":
                yield line, str(child.attrs.get("src", "")), True


def _pictures(one: Directive, unit: Unit) -> Iterator[Problem]:
    if one.kind == "figure":
        if one.options.get("width", "text") not in WIDTHS:
            said = f"The width of a figure is one of {', '.join(WIDTHS)}."
            yield Problem(one.file, one.option_lines["width"], said)
        if not one.options.get("alt"):
            said = "A figure needs a sentence for those who do not see it: ':alt: ...'."
            yield Problem(one.file, one.line, said)
    ours = one.kind == "figure" or (one.kind == "video" and not urlsplit(one.argument).scheme)
    if ours and one.argument and not _inside(unit.folder, one.argument):
        yield Problem(one.file, one.line, f"There is no file {one.argument!r} in this lesson.")


def _address(unit: Unit, course: Course, line: int, said: str, picture: bool) -> Iterator[Problem]:
    file, parts = unit.lesson.file, urlsplit(said)
    if parts.scheme or said.startswith("//"):
        if picture:
            yield Problem(
                file, line, f"The picture {said} is on another server: keep it beside the lesson."
            )
        return
    if parts.path.startswith("/"):
        return  # a page of the server, such as /lab/mlp
    target = unit.lesson
    if parts.path:
        name = re.fullmatch(r"\.\./([\w-]+)/lesson\.md", parts.path)
        if name and name[1] in course.lessons:
            target = course.find(name[1], unit.language).lesson
        elif not _inside(unit.folder, parts.path):
            yield Problem(file, line, f"The link {said!r} leads to no file.")
            return
        elif not parts.path.endswith("lesson.md"):
            return
    if parts.fragment and parts.fragment not in {one.id for one in target.sections}:
        yield Problem(file, line, f"The link {said!r} leads to no section.")


def _inside(folder: Path, said: str) -> bool:
    path = (folder / unquote(said)).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()


def _code(unit: Unit) -> Iterator[Problem]:
    for block in unit.lesson.blocks():
        if isinstance(block, Prose):
            for token in block.tokens:
                if token.type == "fence" and token.info.strip() == "python":
                    yield from parsed(unit.lesson.file, token.content, (token.map or [0])[0] + 1)


def _cells(unit: Unit) -> Iterator[Problem]:
    """Code that a learner may change and run; its text is kept under its name, as an exercise's."""
    taken = set(unit.exercises)
    for one in unit.lesson.directives("cell"):
        yield from parsed(one.file, one.code, one.line)
        if not re.fullmatch(r"[\w-]+", one.argument):
            said = f"The name of a {{cell}} is one word, not {one.argument!r}."
            yield Problem(one.file, one.line, said)
        elif one.argument in taken:
            said = f"The name {one.argument!r} is taken: each {{cell}} and exercise has its own."
            yield Problem(one.file, one.line, said)
        taken.add(one.argument)


def _terms(unit: Unit, course: Course) -> Iterator[Problem]:
    """Every term that a text of the lesson speaks of is in the glossary."""
    texts = [unit.lesson.file, unit.quiz.file, *unit.folder.glob("exercises/*/*.md")]
    for file in texts:
        if file.is_file():
            yield from glossary.unknown(read_text(file), file, course.glossary(unit.language))


def _identities(unit: Unit) -> Iterator[Problem]:
    """Sections, runs and questions are parts of one page: an identity stands for one thing."""
    ids = [(section.id, section.line) for section in unit.lesson.sections]
    ids += [
        (one.options["id"], one.line)
        for one in unit.lesson.directives("run")
        if "id" in one.options
    ]
    ids += [
        (name, one.line)
        for kind in ("quiz", "predict")
        for one in unit.lesson.directives(kind)
        for name in dict.fromkeys(one.names)
    ]
    seen: set[str] = set()
    asked = Counter(
        name for d in unit.lesson.directives() if d.kind in ("quiz", "predict") for name in d.names
    )
    for name, line in sorted(ids, key=lambda pair: pair[1]):
        if name in seen and asked[name] < 2:  # a question that is asked twice is told as such
            yield Problem(
                unit.lesson.file, line, f"The identity {name!r} is used twice on this page."
            )
        seen.add(name)
