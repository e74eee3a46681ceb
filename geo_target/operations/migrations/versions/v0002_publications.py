"""Proposals to show a run to the public, and their approval by a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(40), nullable=False, index=True),
        sa.Column("proposed_by", sa.String(40), nullable=False),
        sa.Column("proposed_at", _AT, nullable=False),
        sa.Column("approved_by", sa.String(40)),
        sa.Column("approved_at", _AT),
    )
