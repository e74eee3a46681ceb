"""Who and when of these tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from geo_target.operations.audit import Actor, Entry
from geo_target.operations.database import Database
from geo_target.operations.passwords import Cost

WIB = timezone(timedelta(hours=7))

#: A hash in a fraction of a millisecond.
CHEAP = Cost(n=2**4, r=8, p=1)

ROOT = Actor(name="cli", role="admin")
SITI = Actor(
    name="siti", role="officer", scope=("36.73.01",), session="ab12cd34ef56", address="10.0.0.7"
)

#: Nobody's words.
GOOD = "kerbau ungu menyeberang"
OTHER = "lampu tidur berlayar"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2025, 10, 1, 9, 0, tzinfo=WIB)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def read_of(*subjects: str, village: str = "36.73.01.1001") -> Entry:
    """An entry that tells of a page with these people on it."""
    return Entry(
        actor=SITI,
        verb="family.read",
        object_type="village",
        object_id=village,
        fields=("name", "address"),
        reason="kunjungan",
        subjects=subjects,
        run_id="000001-20251001T020000Z",
    )


def run_sql(database: Database, *statements: str) -> None:
    """What somebody with the file and a shell could do."""
    with database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def drop_guards(database: Database) -> None:
    """Take away what keeps the log append-only."""
    if database.is_sqlite:
        names = [f"{table}_no_{deed}" for table in ("audit_log", "audit_subjects")
                 for deed in ("update", "delete")]  # fmt: skip
        run_sql(database, *(f"DROP TRIGGER {name}" for name in (*names, "audit_log_in_order")))
    else:
        run_sql(
            database,
            "DROP TRIGGER audit_log_append_only ON audit_log",
            "DROP TRIGGER audit_subjects_append_only ON audit_subjects",
        )


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """No page can be added to the database.

    SQLite fails by itself, with a limit of pages. For PostgreSQL the error that the server
    sends is raised in its place.
    """
    if database.is_sqlite:
        database.close()

        def limit(connection: object, _record: object) -> None:
            connection.execute("PRAGMA max_page_count = 1").close()  # type: ignore[attr-defined]

        event.listen(database.engine, "connect", limit)
        yield
        event.remove(database.engine, "connect", limit)
        database.close()
        return
    import psycopg.errors  # noqa: PLC0415

    def refuse(*context: object) -> None:
        statement = str(context[2])
        if statement.startswith(("INSERT", "UPDATE")):
            raise OperationalError(statement, None, psycopg.errors.DiskFull())

    event.listen(database.engine, "before_cursor_execute", refuse)
    yield
    event.remove(database.engine, "before_cursor_execute", refuse)
