"""A list that lies in PostgreSQL, from the configuration to the snapshot and what keeps it.

Runs on a server where GEO_TARGET_POSTGRES names one; the rest needs none.
"""

import csv
import gzip
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import make_url

from geo_target.cli import main
from geo_target.keeping.backup import back_up
from geo_target.keeping.purging import look
from geo_target.publishing.archive import Archive, read_key
from geo_target.publishing.manifest import relative_settings
from geo_target.settings import read_settings
from tests.demo.worlds import district

#: The list of this file goes into the database.
LISTED = "siks_pkh"


@dataclass(frozen=True)
class Office:
    """A demo whose list of recipients of PKH lies in a table, too."""

    folder: Path
    table: str
    address: str
    """Of the database, with a password."""

    @property
    def password(self) -> str:
        return make_url(self.address).password or ""

    @property
    def by_file(self) -> Path:
        return self.folder / "geo-target.toml"

    def by_query(self, query: str = "", *more: str, as_of: str = "2025-10-05") -> Path:
        """The same configuration with queries in place of the file, each called by its number."""
        queries = (query or self.table, *more)
        path = self.folder / "by-query.toml"
        text = self.by_file.read_text("utf-8").replace('"archive"', '"archive-of-query"')
        first, rest = text.split(f'file = "lists/{LISTED}.csv"')
        source, others = rest.split("[[source]]", 1)
        source = source.replace("2025-10-05", as_of)
        sources = [f'query = """{q}"""\nname = "pkh-{n}"{source}' for n, q in enumerate(queries)]
        where = f'[database]\nurl_file = "{self.url_file.name}"\n'
        text = first + "[[source]]\n".join(sources) + f"[[source]]{others}\n{where}"
        path.write_text(text, "utf-8")
        return path

    @property
    def url_file(self) -> Path:
        return self.folder / "lists-address"


def run(config: Path) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", "run", str(config), "--json"])


def manifest(config: Path) -> dict[str, Any]:
    archive = Archive(read_settings(config).archive.folder)
    text = (archive.folder / str(archive.current()) / "manifest.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def demo(folder: Path, address: str, table: str) -> Office:
    shutil.copytree(district(families=1_500), folder, dirs_exist_ok=True)
    office = Office(folder, table, address)
    office.url_file.touch(mode=0o600)
    office.url_file.write_text(address + "\n")
    return office


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = os.environ.get("GEO_TARGET_POSTGRES")
    if not server:
        pytest.skip("GEO_TARGET_POSTGRES names no PostgreSQL database to test on")
    psycopg = pytest.importorskip("psycopg")
    url = make_url(server)
    # A server that trusts this machine asks for no password, and gets one all the same.
    url = url.set(password=url.password or f"canary{secrets.token_hex(12)}")
    schema = f"test_{secrets.token_hex(6)}"
    made = demo(
        tmp_path_factory.mktemp("office"), url.render_as_string(hide_password=False),
        f"{schema}.{LISTED}",
    )  # fmt: skip
    with (made.folder / "lists" / f"{LISTED}.csv").open(encoding="utf-8", newline="") as file:
        names, *rows = list(csv.reader(file))
    columns = ", ".join(f'"{name}" text' for name in names)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        connection.execute(f"create table {made.table} ({columns})")
        places = ", ".join(["%s"] * len(names))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"insert into {made.table} values ({places})",
                [[cell or None for cell in row] for row in rows],
            )
        yield made
        connection.execute(f"drop schema {schema} cascade")


@pytest.fixture(scope="module")
def first(filled: Office) -> Result:
    """What the first run by query says; `office` has its archive."""
    shutil.rmtree(filled.folder / "archive-of-query", ignore_errors=True)
    done = run(filled.by_query())
    (filled.folder / "archive-of-query").rename(filled.folder / "archive-of-first")
    return done


@pytest.fixture
def empty(filled: Office) -> Office:
    """Without a result of an earlier test, which the guard would look at."""
    shutil.rmtree(filled.folder / "archive-of-query", ignore_errors=True)
    return filled


@pytest.fixture
def office(first: Result, empty: Office) -> Office:
    """With the result of the first run alone."""
    assert first.exit_code == 0, first.output
    shutil.copytree(empty.folder / "archive-of-first", empty.folder / "archive-of-query")
    return empty


def test_a_table_gives_the_same_as_its_file(first: Result, office: Office) -> None:
    of_file, of_query = (json.loads(done.stdout) for done in (run(office.by_file), first))
    (rows,) = (one for one in of_query["intake"] if one["file"] == "pkh-0")
    assert rows["accepted"] > 100
    assert of_query["families"]["covered"] > 10
    for part in ("families", "hygiene", "clusters", "priority"):
        assert of_query[part] == of_file[part]
    assert [sorted(one.items()) for one in of_query["intake"] if one is not rows] == [
        sorted(one.items()) for one in of_file["intake"] if one["file"] != f"{LISTED}.csv"
    ]


def test_the_manifest_names_the_query_and_the_sum_of_its_rows(office: Office) -> None:
    told = manifest(office.by_query())
    (source,) = (s for s in told["config"]["settings"]["source"] if s["query"])
    assert (source["file"], source["name"], source["query"]) == (None, "pkh-0", office.table)
    assert f"lists/{LISTED}.csv" not in told["sources"]
    assert "pkh-0" in {paper["file"] for paper in told["papers"]}
    assert len(told["sources"]["pkh-0"]) == 64


def test_rows_under_a_new_date_or_twice_are_told(first: Result, office: Office) -> None:
    again = run(office.by_query(as_of="2025-10-06"))
    ordered = f'select * from {office.table} order by "NIK KTP"'
    twice = run(office.by_query("", ordered))
    assert [done.exit_code for done in (again, twice)] == [0, 0]
    assert "[W-FILE" not in first.stderr
    assert "pkh-0: it is byte by byte the one of run" in again.stderr
    assert "[W-FILE-AGAIN]" in again.stderr
    # The same rows in another order are the same rows, and the query is told as it was asked.
    assert "pkh-1: it is byte by byte pkh-0" in twice.stderr
    assert "[W-FILE-TWICE]" in twice.stderr
    told = manifest(office.by_query("", ordered))
    queries = [s["query"] for s in told["config"]["settings"]["source"] if s["query"]]
    assert queries == [office.table, ordered]
    assert told["sources"]["pkh-0"] == told["sources"]["pkh-1"]


def test_the_password_is_nowhere_but_in_its_own_file(
    empty: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office = empty
    caplog.set_level("DEBUG")
    config, kept = office.by_query(), office.folder / "b.gz"
    commands = (["run", str(config)], ["papers", str(config)], ["purge", str(config), "--dry-run"],
                ["backup", str(config), str(kept), "--with-sources"])  # fmt: skip
    outputs = [CliRunner().invoke(main, command) for command in commands]
    refused = run(office.by_query("no_such_table"))
    said = caplog.text + "".join(done.output for done in [*outputs, refused])
    files = {p: p.read_bytes() for p in office.folder.rglob("*") if p.is_file()}
    files[kept] = gzip.decompress(files[kept])
    assert [done.exit_code for done in outputs] == [0, 0, 0, 0]
    assert refused.exit_code == 1
    assert "pkh-0: the database refused the query" in refused.stderr
    assert [p for p, b in files.items() if office.password.encode() in b] == [office.url_file]
    assert office.password not in said
    assert str(office.folder) not in json.dumps(manifest(config))  # nor a path of the machine


# --------------------------------------------------------------------- without a server


@pytest.fixture
def away(tmp_path: Path) -> Office:
    return demo(tmp_path, "postgresql://me:secretword@127.0.0.1:1/lists", "dinsos.pkh")


def test_a_database_that_is_away_stops_the_run_and_nothing_else(away: Office) -> None:
    pytest.importorskip("psycopg")
    config = away.by_query("", "dinsos.other")
    folder = read_settings(config).archive.folder
    with Archive(folder).open_run(datetime(2025, 9, 30, tzinfo=UTC)) as draft:
        draft.publish({})
    read_key(config.parent)
    before = Archive(folder).current()
    done = run(config)
    (line,) = [line for line in done.stderr.splitlines() if "[E-" in line]
    assert done.exit_code == 1
    assert line.startswith("pkh-0: the database cannot be reached")
    assert "url_file" in line
    assert "secretword" not in done.output
    assert (Archive(folder).current(), Archive(folder).run_ids()) == (before, [before])


def test_without_a_private_address_no_list_is_read(away: Office) -> None:
    away.url_file.chmod(0o644)
    assert os.name == "nt" or "[E-DATABASE-URL-OPEN]" in run(away.by_query()).stderr
    away.url_file.unlink()
    assert "[E-DATABASE-URL]" in run(away.by_query()).stderr


def test_what_keeps_files_passes_over_a_query(away: Office) -> None:
    config, now = away.by_query(), datetime(2035, 1, 1, tzinfo=UTC)
    old = {source.file.name for source in look(
        read_settings(config), now, database=None, with_sources=True).plan.sources}  # fmt: skip
    assert "siks_sembako.csv" in old
    assert old.isdisjoint({"pkh-0", f"{LISTED}.csv"})
    made = back_up(config, away.folder / "b.gz", now=now, with_sources=True)
    assert "folder/lists/siks_sembako.csv" in made.contents.files
    assert f"folder/lists/{LISTED}.csv" not in made.contents.files
    assert [(w.code, w.file) for w in made.warnings] == [("W-BACKUP-QUERY", "pkh-0")]
    assert back_up(config, away.folder / "c.gz", now=now).warnings == ()


def test_the_record_of_processing_calls_it_by_its_name(away: Office) -> None:
    done = CliRunner().invoke(main, ["papers", str(away.by_query()), "--json"])
    record = json.loads(done.stdout)
    assert record["papers"]["pkh-0"] == "valid"
    assert "pkh-0" in {source["file"] for source in record["sources"]}


def test_settings_in_the_manifest_hold_no_path_of_the_machine(away: Office) -> None:
    config = away.by_query()
    with config.open("a", encoding="utf-8") as file:
        file.write(
            '[oidc]\nissuer = "https://issuer.example"\nclient_id = "x"\n'
            'client_secret_file = "secret"\n'
        )
    told = relative_settings(read_settings(config), away.folder)
    assert told["database"] == {"url_file": "lists-address"}
    assert told["oidc"]["client_secret_file"] == "secret"
    assert str(away.folder) not in json.dumps(told)
