"""How far a learner is in the lessons, as the start page and each lesson tell it."""

from dataclasses import dataclass, replace

from fathom.classroom.progress import PASSED
from fathom.course.catalog import Course, Unit
from fathom.web.history import History
from fathom.web.speech import language


@dataclass(frozen=True)
class Standing:
    """How far a learner is in one lesson. Depth goes from 0 to 1."""

    name: str
    title: str
    minutes: int
    written: bool
    number: int = 0  # among the lessons that count
    question: str = ""  # the one it is about
    read: int = 0
    sections: int = 0
    predicted: int = 0
    predictions: int = 0
    answered: int = 0  # without the predictions
    questions: int = 0
    solved: int = 0
    exercises: int = 0
    spent: float = 0.0  # minutes
    last: float = 0.0  # when a section was last seen
    resume: str = ""  # the section where the learner stopped
    unread: str = ""  # the first section that was not read
    section: str = ""  # and its title
    drawing: str = ""  # that stands for it on the start page

    @property
    def done(self) -> bool:
        """Whether every section has been read."""
        return 0 < self.sections == self.read

    @property
    def to_read(self) -> int:
        """Sections that were not read."""
        return self.sections - self.read

    @property
    def to_answer(self) -> int:
        """Questions without an answer, predictions among them."""
        return self.questions + self.predictions - self.answered - self.predicted

    @property
    def to_solve(self) -> int:
        """Exercises that were not solved."""
        return self.exercises - self.solved

    @property
    def depth(self) -> float:
        """The share of sections read, questions answered and exercises solved."""
        total = self.sections + self.predictions + self.questions + self.exercises
        done = self.read + self.predicted + self.answered + self.solved
        return done / total if total else 0.0


def standings(course: Course, made: History) -> list[Standing]:
    """Every lesson of the plan with what the learner has done in it."""
    found = []
    for planned in course.plan:
        if planned.name in course.lessons:
            one = standing(course.find(planned.name, language()), made)
        else:
            one = Standing(planned.name, planned.title, planned.minutes, False)
        number = course.number(planned.name)
        found.append(replace(one, number=number, drawing=planned.drawing))
    return found


def standing(unit: Unit, made: History) -> Standing:
    """How far a learner is in a lesson; what is no longer in it does not count."""
    visits, answers = made.visits.get(unit.name, {}), made.answers.get(unit.name, {})
    attempts = made.attempts.get(unit.name, {})
    predictions = {name for one in unit.lesson.directives("predict") for name in one.names}
    predictions &= unit.quiz.questions.keys()
    asked = unit.quiz.questions.keys() - predictions
    solved = {name for name, said in attempts.items() if any(one.outcome == PASSED for one in said)}
    sections = unit.lesson.sections
    ids = [section.id for section in sections]
    there = {name: visits[name] for name in ids if name in visits}
    last = max(there.values(), key=lambda one: one.at, default=None)
    return Standing(
        name=unit.name,
        title=unit.lesson.title,
        minutes=unit.lesson.minutes,
        written=True,
        question=unit.lesson.question,
        read=sum(one.read for one in there.values()),
        sections=len(ids),
        predicted=len(predictions & answers.keys()),
        predictions=len(predictions),
        answered=len(asked & answers.keys()),
        questions=len(asked),
        solved=len(solved & unit.exercises.keys()),
        exercises=len(unit.exercises),
        spent=sum(one.seconds for one in there.values()) / 60,
        last=last.at if last else 0.0,
        resume=last.section if last else "",
        unread=next((one for one in ids if one not in there or not there[one].read), ""),
        section=next((one.title for one in sections if last and one.id == last.section), ""),
    )
