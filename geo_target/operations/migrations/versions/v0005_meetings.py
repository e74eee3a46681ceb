"""Coordination meetings, and what they decided."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("held_on", sa.String(10), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("agencies", sa.JSON, nullable=False),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("changed_by", sa.String(40), nullable=False),
        sa.Column("changed_at", _AT, nullable=False),
    )
    op.create_table(
        "meeting_decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "meeting_id", sa.Integer, sa.ForeignKey("meetings.id"), nullable=False, index=True
        ),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("place_code", sa.String(20), nullable=False),
        sa.Column("agency", sa.String(80), nullable=False),
        sa.Column("due_on", sa.String(10)),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("uncovered_then", sa.Integer),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("changed_by", sa.String(40), nullable=False),
        sa.Column("changed_at", _AT, nullable=False),
    )
