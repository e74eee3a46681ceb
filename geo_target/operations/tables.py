"""Tables of the operations database. What holds them to the migrations is a test."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """A point in time, in UTC.

    SQLite forgets the time zone, so that a time of Jakarta would come back as one of
    London; a time without a zone is refused.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC from the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_HASH = String(64)

USERS = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("districts", JSON, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("password_changed_at", UTCDateTime, nullable=False),
    Column("disabled_at", UTCDateTime),
    # Of a password that somebody else has set; none of these where its owner chose it.
    Column("password_good_until", UTCDateTime),
    Column("password_used_at", UTCDateTime),
    # Who last set it for its owner: stays when the owner has chosen another.
    Column("reset_by", String(40)),
    Column("reset_at", UTCDateTime),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("token_hash", _HASH, nullable=False, unique=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("last_seen_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("revoked_at", UTCDateTime),
    # Opens nothing but the choice of an own password.
    Column("is_for_password", Boolean, nullable=False, server_default=false()),
)

#: Wrong passwords only; the right one deletes those of its account.
LOGIN_ATTEMPTS = Table(
    "login_attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account", String(40), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index("ix_login_attempts_account", "account", "at"),
    Index("ix_login_attempts_address", "address", "at"),
)

#: Append-only by triggers (see the first migration); `seq` has no gaps.
AUDIT_LOG = Table(
    "audit_log",
    METADATA,
    Column(
        "seq",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("offset_minutes", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("object_type", Text, nullable=False),
    Column("object_id", Text, nullable=False, index=True),
    Column("fields", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("prev_hash", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
)

#: Everybody whom one entry's answer held, so that a breach report can name them.
AUDIT_SUBJECTS = Table(
    "audit_subjects",
    METADATA,
    Column("seq", ForeignKey("audit_log.seq"), primary_key=True, autoincrement=False),
    Column("subject_id", String(64), primary_key=True),
    Index("ix_audit_subjects_subject_id", "subject_id"),
)

#: A run that somebody proposed to show to the public, and who approved it.
PUBLICATIONS = Table(
    "publications",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run_id", String(40), nullable=False, index=True),
    Column("proposed_by", String(40), nullable=False),
    Column("proposed_at", UTCDateTime, nullable=False),
    Column("approved_by", String(40)),
    Column("approved_at", UTCDateTime),
)

#: What people have said of doubtful pairs of families; rows are added, the newest of a pair stands.
PAIR_DECISIONS = Table(
    "pair_decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("register", Text, nullable=False),
    Column("register_family_id", Text, nullable=False, index=True),
    Column("other_register", Text, nullable=False),
    Column("other_register_family_id", Text, nullable=False),
    Column("fingerprint", _HASH, nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("decided_by", String(40), nullable=False),
    Column("decided_at", UTCDateTime, nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("note", Text, nullable=False),
)

#: Whoever visits: mostly with an account of the same name, but a name on paper is enough.
FIELD_OFFICERS = Table(
    "field_officers",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("display_name", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("villages", JSON, nullable=False),
    Column("home_village_code", String(20)),
    Column("visits_per_day", Integer, nullable=False),
    Column("days_off", JSON, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Column("changed_by", String(40), nullable=False),
)

#: Days are text, as 2025-11-24.
VISIT_PLANS = Table(
    "visit_plans",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run_id", String(40), nullable=False),
    Column("title", String(120), nullable=False),
    Column("starts_on", String(10), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("notices", JSON, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("closed_at", UTCDateTime),
)

#: `target` holds what a plan knows of the family besides its place, its point among it.
VISITS = Table(
    "visits",
    METADATA,
    Column("code", String(20), primary_key=True),
    Column("plan_id", Integer, ForeignKey("visit_plans.id"), nullable=False, index=True),
    Column("family_id", Text, nullable=False, index=True),
    Column("village_code", String(20), nullable=False, index=True),
    Column("rw", String(10)),
    Column("rt", String(10)),
    Column("neighborhood", Text),
    Column("target", JSON, nullable=False),
    Column("officer", String(40)),
    Column("day", String(10)),
    Column("position", Integer),
    Column("is_locked", Boolean, nullable=False),
    Column("return_of", String(20), index=True),
    Column("status", String(10), nullable=False),
    Column("closed_at", UTCDateTime),
    Index("ix_visits_officer", "officer", "status"),
)

#: Every answer to a visit, and every version of it: rows are added. What changes of a row is
#: that somebody has resolved it, or that it was exported. `answers` may hold a corrected NIK.
VISIT_OUTCOMES = Table(
    "visit_outcomes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("submission_id", String(80), nullable=False),
    Column("content_hash", _HASH, nullable=False),
    Column("visit_code", String(20), index=True),
    Column("code", String(40), nullable=False),
    Column("source", String(20), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("officer", String(40)),
    Column("received_by", String(40), nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("device_at", UTCDateTime),
    Column("is_orphan", Boolean, nullable=False),
    Column("orphan_reason", String(20)),
    Column("resolution", String(10)),
    Column("resolved_by", String(40)),
    Column("resolved_at", UTCDateTime),
    Column("exported_at", UTCDateTime),
    UniqueConstraint("submission_id", "content_hash", name="uq_visit_outcomes_content"),
)

#: Coordination meetings; `agencies` are slugs of geodata/agencies.toml. No person is in them.
MEETINGS = Table(
    "meetings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("held_on", String(10), nullable=False),
    Column("title", String(120), nullable=False),
    Column("place", String(120), nullable=False),
    Column("agencies", JSON, nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("changed_by", String(40), nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    # Rises with every change: a form of an older one is not kept over it.
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("withdrawn_by", String(40)),
    Column("withdrawn_at", UTCDateTime),
)

#: What a meeting decided; `uncovered_then` is the figure that it was shown of the place.
MEETING_DECISIONS = Table(
    "meeting_decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("meeting_id", Integer, ForeignKey("meetings.id"), nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("place_code", String(20), nullable=False),
    Column("agency", String(80), nullable=False),
    Column("due_on", String(10)),
    Column("status", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("uncovered_then", Integer),
    Column("run_id", String(40), nullable=False),
    Column("changed_by", String(40), nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
)
