"""Learners, answers, sections, attempts and the text in editors."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "learners",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        _learner(),
        sa.Column("lesson", sa.String(100), nullable=False),
        sa.Column("question", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("right", sa.Integer),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "sections",
        _learner(key=True),
        sa.Column("lesson", sa.String(100), primary_key=True),
        sa.Column("section", sa.String(100), primary_key=True),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        _learner(),
        sa.Column("lesson", sa.String(100), nullable=False),
        sa.Column("exercise", sa.String(100), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "texts",
        _learner(key=True),
        sa.Column("lesson", sa.String(100), primary_key=True),
        sa.Column("exercise", sa.String(100), primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    for table in ("answers", "attempts"):
        op.create_index(f"ix_{table}_learner", table, ["learner"])


def _learner(*, key: bool = False) -> "sa.Column[int]":
    to = sa.ForeignKey("learners.id", ondelete="CASCADE")
    return sa.Column("learner", sa.Integer, to, nullable=False, primary_key=key)


def downgrade() -> None:
    """Take the tables away, with all that is in them."""
    for table in ("texts", "attempts", "sections", "answers", "learners"):
        op.drop_table(table)
