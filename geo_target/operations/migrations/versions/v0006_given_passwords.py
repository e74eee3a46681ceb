"""Passwords that somebody else has set, and meetings that two people write down."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
#: A hash of no password: nothing that is typed has a hash of zeros.
_NOBODYS = f"scrypt$32768$8$1${'A' * 22}==${'A' * 43}="


def upgrade() -> None:
    """Add the columns: a password from before counts as its owner's own."""
    op.add_column("users", sa.Column("password_good_until", _AT))
    op.add_column("users", sa.Column("password_used_at", _AT))
    op.add_column("users", sa.Column("reset_by", sa.String(40)))
    op.add_column("users", sa.Column("reset_at", _AT))
    op.add_column("sessions", _flag("is_for_password"))
    for table in ("meetings", "meeting_decisions"):
        op.add_column(
            table, sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1"))
        )
    op.add_column("meetings", sa.Column("withdrawn_by", sa.String(40)))
    op.add_column("meetings", sa.Column("withdrawn_at", _AT))


def downgrade() -> None:
    """Take them away again; whoever has not chosen a password yet is closed out.

    Without the columns a password for one use would be good for ever, and a session that
    opens nothing but the choice of one would open everything.
    """
    given = "UPDATE users SET password_hash = :none WHERE password_good_until IS NOT NULL"
    op.execute(sa.text(given).bindparams(none=_NOBODYS))
    op.execute(sa.text("DELETE FROM sessions WHERE is_for_password"))
    op.drop_column("meetings", "withdrawn_at")
    op.drop_column("meetings", "withdrawn_by")
    for table in ("meeting_decisions", "meetings"):
        op.drop_column(table, "version")
    op.drop_column("sessions", "is_for_password")
    for column in ("reset_at", "reset_by", "password_used_at", "password_good_until"):
        op.drop_column("users", column)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
