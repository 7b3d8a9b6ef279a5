"""The questions with which a lesson opens: what this learner missed in the lessons before."""

from collections.abc import Mapping, Sequence

from fathom.course import beliefs
from fathom.course.beliefs import Said
from fathom.course.catalog import Course
from fathom.course.languages import FIRST
from fathom.course.renames import Place

COUNT = 3
MARKED = ("single", "multiple", "number", "blanks", "order", "output")


def choose(
    course: Course, name: str, answers: Mapping[str, Mapping[str, Sequence[Said]]]
) -> tuple[Place, ...]:
    """Up to three questions from the lessons before this one; the same answers, the same choice.

    First come questions whose first answer was wrong: those that are still wrong before the
    others, and of these what was asked longest ago; the twin in place of the question where
    that was not answered yet. Then what the lesson before asks and nobody answered, and at last
    what was answered right there, the longest ago first.
    answers: lesson -> question -> answers in the order of time, under the names of now.
    """
    before = course.lessons[: course.lessons.index(name)]
    pairs = beliefs.twins(course)

    def said(at: Place) -> Sequence[Said]:
        return answers.get(at[0], {}).get(at[1], ())

    def seen(at: Place) -> float:
        return said(at)[-1].at

    asked = [
        (lesson, question.id)
        for lesson in before
        for question in course.units[FIRST, lesson].quiz.questions.values()
        if question.kind in MARKED
    ]
    missed = [at for at in asked if said(at) and said(at)[0].right is False]

    def settled(at: Place) -> bool:
        twin = pairs.get(at)
        latest = [*said(at), *(said(twin) if twin else ())]
        return bool(max(latest, key=lambda one: one.at).right)

    found: list[Place] = []
    for at in sorted(missed, key=lambda at: (settled(at), seen(at))):
        twin = pairs.get(at)
        fresh = (
            twin is not None and twin in asked and not said(twin) and not _predicted(course, twin)
        )
        found.append(twin if twin is not None and fresh else at)
    last = [at for at in asked if before and at[0] == before[-1]]
    found += [at for at in last if not said(at) and not _predicted(course, at)]
    found += sorted((at for at in last if said(at)), key=seen)
    return tuple(dict.fromkeys(found))[:COUNT]


def _predicted(course: Course, at: Place) -> bool:
    """Whether a figure waits for this question: then it is answered there."""
    directives = course.units[FIRST, at[0]].lesson.directives("predict")
    return any(at[1] in one.names for one in directives)
