"""Three questions back: what a lesson opens with, from the lessons before it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fathom.classroom import progress
from fathom.classroom.progress import Answer, Recall
from fathom.course import beliefs, recall
from fathom.web.history import History
from fathom.web.sheet import Origin, Sheet
from fathom.web.speech import language
from fathom.web.study import Study

SECTION = "questions.back"  # no section of a lesson can be called so
STAYS = 3600.0  # seconds for which a choice stays that nobody has begun to answer
Answers = Mapping[str, Mapping[str, Sequence[Answer]]]


@dataclass(frozen=True)
class Back:
    """The questions of a lesson's opening as HTML, and how many of them are answered."""

    questions: tuple[str, ...]
    answered: int


def chosen(study: Study, made: History, name: str) -> Recall | None:
    """The questions with which a lesson opens; None where there are none before it.

    A choice stays for the day once one of its questions was answered, and for an hour before
    that: no reload shuffles, and no answer brings another question.
    """
    course = study.course()
    kept = progress.brought_back(*study.kept(), name)
    if kept is not None and stays(kept, made.answers, time.time()):
        places = (study.names().now("question", *one) for one in kept.questions)
        there = tuple(
            at
            for at in places
            if at[0] in course.lessons and at[1] in course.find(at[0]).quiz.questions
        )
        return Recall(there, kept.at) if there else None
    found = recall.choose(course, name, made.answers)
    return progress.bring_back(*study.kept(), name, found) if found else None


def stays(kept: Recall, answers: Answers, now: float) -> bool:
    """Whether this choice is still the one of the visit."""
    if time.localtime(kept.at)[:3] != time.localtime(now)[:3]:
        return False
    begun = any(since(answers.get(at[0], {}).get(at[1], ()), kept.at) for at in kept.questions)
    return begun or now - kept.at < STAYS


def since(said: Sequence[Answer], at: float) -> list[Answer]:
    """The answers that were given in the opening of a lesson, from a time on."""
    return [one for one in said if one.kind == "recall" and one.at >= at]


def opening(study: Study, made: History, name: str, complaints: Mapping[str, str]) -> Back | None:
    """The questions back of a lesson, drawn for this learner."""
    kept = chosen(study, made, name)
    if kept is None:
        return None
    drawn, answered = [], 0
    for lesson, asked in kept.questions:
        sheet, origin = around(study, made, name, (lesson, asked), kept, complaints)
        drawn.append(sheet.question(sheet.unit.quiz.questions[asked], "recall", origin))
        answered += bool(since(sheet.answers.get(asked, ()), kept.at))
    return Back(tuple(drawn), answered)


def around(
    study: Study,
    made: History,
    page: str,
    at: tuple[str, str],
    kept: Recall,
    complaints: Mapping[str, str],
) -> tuple[Sheet, Origin]:
    """What draws a question of another lesson on this page. at: the lesson and the question."""
    lesson, asked = at
    unit = study.course().find(lesson, language())
    complaint = complaints.get(f"{lesson}/{asked}", "")
    section = beliefs.section_of(unit, asked)
    origin = Origin(page, kept.at, unit.lesson.title, f"/lesson/{lesson}#{section}", unit.language)
    return Sheet(study, made, unit, {}, {asked: complaint} if complaint else {}), origin
