"""The course: which lessons there are, in which order, in which languages.

lessons/course.toml:

    minutes = 540
    languages = ["en", "de"]
    lessons = ["01-regression"]      # those that are written

    [[plan]]
    name = "01-regression"
    title = "Diving into regression"
    minutes = 60
    drawing = "linear_regression"    # beside it on the start page; one of templates/drawn.html
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fathom.course import exercise, glossary, lesson, misconceptions, quiz, symbols
from fathom.course.glossary import Glossary, Term
from fathom.course.languages import FIRST
from fathom.course.misconceptions import Misconception
from fathom.course.place import Problem, not_toml, read_text
from fathom.course.symbols import Symbols
from fathom.errors import LessonError

COURSE = "course.toml"
COMMA = ("de",)  # languages that write 0,5
AROUND = 60  # letters of an excerpt on either side of what was found


@dataclass(frozen=True)
class Planned:
    """A lesson of the plan, written or not. `counts` is false for what is done before."""

    name: str
    title: str
    minutes: int
    counts: bool
    drawing: str = ""


@dataclass(frozen=True)
class Unit:
    """A lesson with all that belongs to it, in one language."""

    name: str
    language: str
    folder: Path
    lesson: lesson.Lesson
    quiz: quiz.Quiz
    exercises: dict[str, exercise.Exercise]

    @property
    def problems(self) -> list[Problem]:
        """What was wrong when its files were read."""
        found = [*self.lesson.problems, *self.quiz.problems]
        return found + [bad for one in self.exercises.values() for bad in one.problems]


@dataclass(frozen=True)
class Hit:
    """Where the search found something."""

    lesson: str
    title: str
    section: str  # "" for the opening
    section_title: str
    excerpt: str


@dataclass(frozen=True)
class Course:
    """The plan and every lesson that is written."""

    folder: Path
    minutes: int
    languages: tuple[str, ...]
    lessons: tuple[str, ...]
    plan: tuple[Planned, ...]
    units: dict[tuple[str, str], Unit]  # (language, name)
    glossaries: dict[str, Glossary]  # language -> its terms
    misconceptions: dict[str, Misconception]
    symbols: Symbols

    def find(self, name: str, language: str = FIRST) -> Unit:
        """A lesson in a language, in English where it is not translated; LessonError if none."""
        for one in (language, FIRST):
            if (one, name) in self.units:
                return self.units[one, name]
        there = ", ".join(self.lessons)
        raise LessonError(f"There is no lesson {name!r}; there are {there}.")

    def neighbours(self, name: str) -> tuple[str | None, str | None]:
        """The names of the lessons before and after."""
        at = self.lessons.index(name)
        before = self.lessons[at - 1] if at else None
        return before, self.lessons[at + 1] if at + 1 < len(self.lessons) else None

    def number(self, name: str) -> int:
        """The place of a lesson among those that count; 0 for what is done before the course."""
        counted = [one.name for one in self.plan if one.counts]
        return counted.index(name) + 1 if name in counted else 0

    def glossary(self, language: str = FIRST) -> Glossary:
        """The terms in a language, in English where they are not translated."""
        nothing = Glossary(self.folder / FIRST / glossary.FILE, {})
        return self.glossaries.get(language) or self.glossaries.get(FIRST) or nothing

    def terms(self, said: str, language: str = FIRST) -> list[Term]:
        """Every term of the glossary that holds all the words."""
        words = said.casefold().split()
        return self.glossary(language).search(words) if words else []

    def search(self, said: str, language: str = FIRST) -> list[Hit]:
        """Every section that holds all the words, in the order of the course."""
        words = said.casefold().split()
        hits: list[Hit] = []
        for name in self.lessons if words else ():
            unit = self.find(name, language)
            parts = [("", unit.lesson.title, lesson.plain(unit.lesson.opening))]
            parts += [(s.id, s.title, lesson.plain(s.blocks)) for s in unit.lesson.sections]
            for section, title, text in parts:
                whole = f"{title}\n{text}"
                if all(word in whole.casefold() for word in words):
                    hits.append(
                        Hit(name, unit.lesson.title, section, title, _excerpt(text, words[0]))
                    )
        return hits


def load(folder: Path) -> Course:
    """Read the course; LessonError where there is none or its plan cannot be read."""
    file = folder / COURSE
    text = read_text(file)
    try:
        data = tomllib.loads(text)
        plan = tuple(_planned(one) for one in data.get("plan", []))
        lessons = tuple(map(str, data["lessons"]))
        languages = tuple(map(str, data.get("languages", [FIRST])))
        minutes = int(data["minutes"])
    except tomllib.TOMLDecodeError as error:
        raise LessonError(str(not_toml(file, text, error))) from error
    except KeyError as error:
        raise LessonError(f"{file}:1: The course needs {error.args[0]!r}.") from error
    except (TypeError, ValueError) as error:
        raise LessonError(f"{file}:1: The course cannot be read: {error}.") from error
    units = {}
    for name in lessons:
        for language in languages:
            inside = folder / language / name
            if inside.is_dir() or language == FIRST:
                units[language, name] = read_unit(inside, language)
    files = {language: folder / language / glossary.FILE for language in languages}
    glossaries = {
        language: glossary.read(read_text(file), file)
        for language, file in files.items()
        if file.is_file()
    }
    known, _ = misconceptions.load(folder)
    table = symbols.load(folder)
    return Course(folder, minutes, languages, lessons, plan, units, glossaries, known, table)


def _planned(data: dict[str, Any]) -> Planned:
    counts = bool(data.get("counts", True))
    drawing = str(data.get("drawing", ""))
    return Planned(str(data["name"]), str(data["title"]), int(data["minutes"]), counts, drawing)


def read_unit(folder: Path, language: str) -> Unit:
    """A lesson's folder; LessonError when it has no lesson.md."""
    questions = quiz.Quiz(folder / "quiz.toml", {}, ())
    if questions.file.is_file():
        questions = quiz.read(read_text(questions.file), questions.file, comma=language in COMMA)
    inside = folder / "exercises"
    folders = sorted(path for path in inside.iterdir() if path.is_dir()) if inside.is_dir() else []
    return Unit(
        name=folder.name,
        language=language,
        folder=folder,
        lesson=lesson.read(read_text(folder / "lesson.md"), folder / "lesson.md"),
        quiz=questions,
        exercises={path.name: exercise.load(path) for path in folders},
    )


def _excerpt(text: str, word: str) -> str:
    flat = " ".join(text.split())
    at = max(flat.casefold().find(word), 0)
    start = flat.rfind(" ", 0, max(at - AROUND, 0)) + 1
    end = flat.find(" ", at + len(word) + AROUND)
    return ("… " if start else "") + (flat[start:] if end < 0 else f"{flat[start:end]} …")
