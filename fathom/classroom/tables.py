"""What the database holds. Times are seconds since 1970, in UTC.

Lessons, sections, questions and exercises are named as the course names them. They are no
tables here, so a lesson that changes orphans nothing: an answer stays under the id of its
question, whether or not the question is still asked.
"""

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _learner(*, key: bool = False) -> Column[int]:
    to = ForeignKey("learners.id", ondelete="CASCADE")
    return Column("learner", Integer, to, nullable=False, primary_key=key, index=not key)


learners = Table(
    "learners",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("seed", Integer, nullable=False),  # chooses the values and the order in questions
    Column("created", Float, nullable=False),
)

# every attempt at a question, predictions among them
answers = Table(
    "answers",
    METADATA,
    Column("id", Integer, primary_key=True),
    _learner(),
    Column("lesson", String(100), nullable=False),
    Column("question", String(100), nullable=False),
    Column("kind", String(20), nullable=False),  # quiz, predict, or recall in a later lesson
    Column("attempt", Integer, nullable=False),  # 1, 2, ... for a learner and a question
    Column("answer", Text, nullable=False),  # JSON
    Column("right", Integer),  # 1, 0, or nothing where nothing is marked
    Column("at", Float, nullable=False),
    Column("seed", Integer),  # which values the question had; nothing in answers of before
)

sections = Table(
    "sections",
    METADATA,
    _learner(key=True),
    Column("lesson", String(100), primary_key=True),
    Column("section", String(100), primary_key=True),
    Column("seconds", Float, nullable=False),  # spent with the section in sight
    Column("read", Integer, nullable=False),  # 1: its end has been seen
    Column("at", Float, nullable=False),
)

attempts = Table(
    "attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    _learner(),
    Column("lesson", String(100), nullable=False),
    Column("exercise", String(100), nullable=False),
    Column("code", Text, nullable=False),
    Column("outcome", String(20), nullable=False),  # passed, failed or not attempted
    Column("message", Text, nullable=False),
    Column("at", Float, nullable=False),
)

texts = Table(
    "texts",
    METADATA,
    _learner(key=True),
    Column("lesson", String(100), primary_key=True),
    Column("exercise", String(100), primary_key=True),
    Column("code", Text, nullable=False),
    Column("at", Float, nullable=False),
)

# how a section was: what its reader said at its end
paces = Table(
    "paces",
    METADATA,
    _learner(key=True),
    Column("lesson", String(100), primary_key=True),
    Column("section", String(100), primary_key=True),
    Column("pace", String(20), nullable=False),  # got, not-yet or skip
    Column("at", Float, nullable=False),
)

# the questions with which a lesson was opened last
recalls = Table(
    "recalls",
    METADATA,
    _learner(key=True),
    Column("lesson", String(100), primary_key=True),
    Column("questions", Text, nullable=False),  # JSON: a list of lesson and question
    Column("at", Float, nullable=False),
)

KEPT = (answers, sections, attempts, texts, paces, recalls)  # what a learner has made
