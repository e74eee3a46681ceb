"""What people have said of doubtful pairs of families."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "pair_decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("register", sa.Text, nullable=False),
        sa.Column("register_family_id", sa.Text, nullable=False, index=True),
        sa.Column("other_register", sa.Text, nullable=False),
        sa.Column("other_register_family_id", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
