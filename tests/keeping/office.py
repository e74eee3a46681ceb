"""A small office of these tests: settings, key, lists, snapshots, database; and a killer."""

import os
import secrets
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import open_database
from geo_target.operations.migration import migrate
from geo_target.operations.passwords import PasswordHasher
from geo_target.publishing.archive import Archive, read_key, sha256
from tests.operations.world import CHEAP, GOOD, ROOT, Clock, read_of

NOW = datetime(2025, 11, 20, 8, 0, tzinfo=UTC)

CONFIG = """
[area]
code = "36.73"
[[source]]
file = "lists/families.csv"
profile = "families"
as_of = 2025-09-01
[[source]]
file = "lists/population.csv"
profile = "population"
as_of = 2025-09-01
[coverage]
programs = ["PKH"]
on = 2025-10-01
"""

#: Files of a run, in the order of their names.
EXACT = ("clusters.parquet", "families.parquet", "identities.parquet", "quarantine.csv",
         "quarantine.xlsx", "released_meeting.parquet", "villages.parquet")  # fmt: skip

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes, signals and limits")


def office(
    folder: Path, *, runs: Mapping[datetime, str] | None = None, more: Sequence[str] = ()
) -> Path:
    """A configuration with everything but a database.

    `runs`: when each was made, its as_of; `more`: files that each holds besides EXACT.
    """
    (folder / "lists").mkdir(parents=True)
    for name in ("families", "population"):
        (folder / "lists" / f"{name}.csv").write_text(f"{name}\n")
    config = folder / "geo-target.toml"
    config.write_text(CONFIG)
    read_key(folder)
    archive = Archive(folder / "archive")
    for made, as_of in (runs or {NOW: "2025-10-01"}).items():
        with archive.open_run(made) as draft:
            for name in (
                *(f"exact/{name}" for name in (*EXACT, *more)),
                "shown/meeting/summary.json",
            ):
                draft.write(name, f"{draft.run_id} {name}".encode(), rows=2)
            draft.publish({"as_of": as_of})
    return config


def fill(url: str) -> None:
    """Accounts, and entries of the log that name people."""
    migrate(url)
    database = open_database(url)
    hasher = PasswordHasher(cost=CHEAP)
    accounts = Accounts(database, hasher=hasher, clock=Clock(), good_for=None)
    for name in ("siti", "wati", "budi"):
        # Words that a careless copy would break.
        accounts.add(name, password=GOOD, by=ROOT, role="viewer", display_name=f"{name} 'Öz\\n'")
    log = AuditLog(database)
    for subjects in (("b", "A", "a"), (), ("B",)):
        log.append(read_of(*subjects))
    database.close()


@contextmanager
def fresh_url(kind: str, folder: Path) -> Iterator[str]:
    """URL of a database without any table."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{secrets.token_hex(4)}.sqlite'}"
        return
    server = os.environ.get("GEO_TARGET_POSTGRES")
    if not server:
        pytest.skip("GEO_TARGET_POSTGRES names no PostgreSQL database to test on")
    schema = f"test_{secrets.token_hex(6)}"
    # No commit waits for the disk, as in conftest.py.
    base = make_url(server).set(drivername="postgresql+psycopg")
    hasty = "-csynchronous_commit=off"
    engine = create_engine(base, connect_args={"options": hasty})
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield base.update_query_dict({"options": f"-csearch_path={schema} {hasty}"}).render_as_string(
        hide_password=False
    )
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def sums(folder: Path) -> dict[str, str]:
    """sha256 of every file below a folder, but of locks and the database."""
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock" and "operations.sqlite" not in path.name
    }


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# ------------------------------------------------------------------------------- killing

_DEEDS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}


def forked(deed: Callable[[], object], *, first: Callable[[], object] = bool) -> int:
    """Do it in a process of its own; gives its exit code, or minus the signal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer Pythons warn of threads
        child = os.fork()
    if not child:
        try:
            first()
            deed()
        except BaseException as error:  # noqa: BLE001
            os._exit(getattr(error, "errno", None) or 1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(number: int, deed: Callable[[], object]) -> bool:
    """Do it in a process that is killed -9 before its `number`th file is touched.

    Returns
    -------
    bool
        False when it ended before that.
    """
    left = number

    def hook(event: str, _: object) -> None:
        nonlocal left
        if event in _DEEDS:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    return forked(deed, first=lambda: sys.addaudithook(hook)) == -signal.SIGKILL
