"""How a section was, the questions that come back, and the seed under which one answered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make two tables, and a column in the answers."""
    op.create_table(
        "paces",
        _learner(),
        sa.Column("lesson", sa.String(100), primary_key=True),
        sa.Column("section", sa.String(100), primary_key=True),
        sa.Column("pace", sa.String(20), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "recalls",
        _learner(),
        sa.Column("lesson", sa.String(100), primary_key=True),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.add_column("answers", sa.Column("seed", sa.Integer))


def _learner() -> "sa.Column[int]":
    to = sa.ForeignKey("learners.id", ondelete="CASCADE")
    return sa.Column("learner", sa.Integer, to, nullable=False, primary_key=True)


def downgrade() -> None:
    """Take them away, with all that is in them."""
    op.drop_column("answers", "seed")
    for table in ("recalls", "paces"):
        op.drop_table(table)
