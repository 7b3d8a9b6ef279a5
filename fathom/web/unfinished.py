"""What is open from before, for the start page."""

from collections.abc import Sequence
from dataclasses import dataclass

from fathom.web.history import History
from fathom.web.speech import language
from fathom.web.standing import Standing
from fathom.web.study import Study

MOST = 4  # of each kind that the page names


@dataclass(frozen=True)
class Place:
    """A section to go to, with the sentence that is said about it, if any."""

    href: str
    lesson: str  # its title
    section: str  # its title
    says: str = ""


@dataclass(frozen=True)
class Open:
    """Sections that were not yet understood, misconceptions, and lessons with something left."""

    again: tuple[Place, ...] = ()
    worth: tuple[Place, ...] = ()
    left: tuple[Standing, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.again or self.worth or self.left)


def look(study: Study, made: History, standings: Sequence[Standing]) -> Open:
    """What a learner may want to come back to; the lesson where they are is left out of `left`."""
    here = max(standings, key=lambda one: one.last, default=None)
    left = [
        one
        for one in standings
        if one.last and one is not here and (one.to_read or one.to_answer or one.to_solve)
    ]
    course = study.course()
    again = [
        (one.at, place(study, name, section))
        for name, sections in made.paces.items()
        if name in course.lessons
        for section, one in sections.items()
        if one.pace == "not-yet"
    ]
    worth = [
        place(study, one.lesson, one.section, one.belief.said("resolves", language()))
        for one in study.beliefs(made)
    ]
    found = [one for _, one in sorted(again, key=lambda pair: -pair[0]) if one is not None]
    return Open(
        tuple(found[:MOST]),
        tuple([one for one in worth if one is not None][:MOST]),
        tuple(left[:MOST]),
    )


def place(study: Study, lesson: str, section: str, says: str = "") -> Place | None:
    """A section of a lesson in the language of the page; None where it is there no more."""
    unit = study.course().find(lesson, language())
    titles = {one.id: one.title for one in unit.lesson.sections}
    if section not in titles and not says:
        return None
    href = f"/lesson/{lesson}#{section}" if section in titles else f"/lesson/{lesson}"
    return Place(href, unit.lesson.title, titles.get(section, unit.lesson.title), says)
