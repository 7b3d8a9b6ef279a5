"""Who is there. Alone on a laptop that is one learner, who needs no login."""

import random
import time
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select

from fathom.classroom.db import writing
from fathom.classroom.tables import learners

SEEDS = 1_000_000


@dataclass(frozen=True)
class Learner:
    """A person who learns. The seed chooses the values in their questions."""

    id: int
    name: str
    seed: int


def alone(engine: Engine) -> Learner:
    """The learner of a laptop, made on the first call."""
    with writing(engine) as connection:
        found = connection.execute(select(learners).order_by(learners.c.id).limit(1)).first()
        if found is None:
            seed = random.SystemRandom().randrange(SEEDS)
            row = {"name": "", "seed": seed, "created": time.time()}
            made = connection.execute(insert(learners).values(**row)).inserted_primary_key
            assert made is not None  # SQLAlchemy always gives one for a single row
            return Learner(made[0], "", seed)
        return Learner(found.id, found.name, found.seed)
