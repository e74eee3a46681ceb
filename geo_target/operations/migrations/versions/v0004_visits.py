"""Who visits, plans of visits, the visits, and what they found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _officers()
    _plans()
    _visits()
    _outcomes()


def _officers() -> None:
    op.create_table(
        "field_officers",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("display_name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("villages", sa.JSON, nullable=False),
        sa.Column("home_village_code", sa.String(20)),
        sa.Column("visits_per_day", sa.Integer, nullable=False),
        sa.Column("days_off", sa.JSON, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("created_by", sa.String(40), nullable=False),
        sa.Column("changed_at", _AT, nullable=False),
        sa.Column("changed_by", sa.String(40), nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "visit_plans",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("starts_on", sa.String(10), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("notices", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(40), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("closed_at", _AT),
    )


def _visits() -> None:
    op.create_table(
        "visits",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column(
            "plan_id", sa.Integer, sa.ForeignKey("visit_plans.id"), nullable=False, index=True
        ),
        sa.Column("family_id", sa.Text, nullable=False, index=True),
        sa.Column("village_code", sa.String(20), nullable=False, index=True),
        sa.Column("rw", sa.String(10)),
        sa.Column("rt", sa.String(10)),
        sa.Column("neighborhood", sa.Text),
        sa.Column("target", sa.JSON, nullable=False),
        sa.Column("officer", sa.String(40)),
        sa.Column("day", sa.String(10)),
        sa.Column("position", sa.Integer),
        sa.Column("is_locked", sa.Boolean, nullable=False),
        sa.Column("return_of", sa.String(20), index=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("closed_at", _AT),
    )
    op.create_index("ix_visits_officer", "visits", ["officer", "status"])


def _outcomes() -> None:
    op.create_table(
        "visit_outcomes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_id", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("visit_code", sa.String(20), index=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("officer", sa.String(40)),
        sa.Column("received_by", sa.String(40), nullable=False),
        sa.Column("received_at", _AT, nullable=False),
        sa.Column("device_at", _AT),
        sa.Column("is_orphan", sa.Boolean, nullable=False),
        sa.Column("orphan_reason", sa.String(20)),
        sa.Column("resolution", sa.String(10)),
        sa.Column("resolved_by", sa.String(40)),
        sa.Column("resolved_at", _AT),
        sa.Column("exported_at", _AT),
        sa.UniqueConstraint("submission_id", "content_hash", name="uq_visit_outcomes_content"),
    )
