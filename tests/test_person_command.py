"""Somebody asks who has seen their data: a NIK that is typed, and everything that the log knows."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from geo_target.cli import main
from geo_target.operations.audit import AuditLog, Entry
from geo_target.operations.audit import Result as Ended
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.numbers import keyed_id
from geo_target.publishing.archive import read_key
from tests.builders import nik
from tests.operations.world import SITI, read_of
from tests.test_cli import CONFIG
from tests.web.sample import RUN_ID, write_snapshot

HEAD, MEMBER, OTHER = nik(1), nik(2), nik(3)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A run in which F1 has a head and a member, and F2 somebody else; and who saw what."""
    (tmp_path / "geo-target.toml").write_text(CONFIG, encoding="utf-8")
    key = read_key(tmp_path)
    snapshot = write_snapshot(tmp_path / "archive")
    rows = [
        {"family_id": family, "person_id": person, "national_id_key": keyed_id(number, key)}
        for family, person, number in (
            ("F1", None, HEAD), ("F1", "P2", MEMBER), ("F2", None, OTHER),
        )
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), snapshot / "exact" / "identities.parquet")
    migrate(default_url(tmp_path))
    database = open_database(default_url(tmp_path))
    log = AuditLog(database)
    log.append(read_of("F1", keyed_id(HEAD, key)))  # 1: a page of families
    log.append(read_of("F1"))  # 2: a pair, which is told by its families alone
    log.append(read_of("F2", keyed_id(OTHER, key)))  # 3
    log.append(read_of(keyed_id(HEAD, key)))  # 4: a proposal
    log.append(Entry(actor=SITI, verb="civil-registry.export", object_type="x", persons=7))  # 5
    log.append(  # 6: nobody was shown
        Entry(actor=SITI, verb="x", object_type="x", persons=7, result=Ended.DENIED)
    )
    database.close()
    return tmp_path / "geo-target.toml"


def asked(config: Path, typed: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["audit", "person", str(config), *more], input=f"{typed}\n")


def seqs(result: Result) -> list[int]:
    return [int(row["seq"]) for row in csv.DictReader(io.StringIO(result.stdout))]


@pytest.mark.parametrize(
    ("number", "found"), [(HEAD, [1, 2, 4]), (MEMBER, [1, 2]), (OTHER, [3]), (nik(9), [])]
)
def test_whoever_saw_a_person_or_the_family(config: Path, number: str, found: list[int]) -> None:
    assert seqs(asked(config, number)) == found


def test_a_nik_may_be_typed_in_groups_and_is_nowhere_afterwards(config: Path) -> None:
    result = asked(config, f"{HEAD[:6]} {HEAD[6:12]} {HEAD[12:]}")
    assert seqs(result) == [1, 2, 4]
    assert HEAD not in result.output
    database = open_database(default_url(config.parent))
    kept = json.dumps([dict(e) for e in AuditLog(database).entries(by=SITI)], default=str)
    database.close()
    assert HEAD not in kept
    assert "audit.who-saw" in kept


def test_what_left_without_names_is_said(config: Path) -> None:
    result = asked(config, HEAD)
    assert "1 entri lain hanya mencatat jumlah orang" in result.stderr
    assert "1 nomor keluarga (F1)" in result.stderr
    assert "W-PERSON-UNNAMED" not in asked(config, HEAD, "--until", "2020-01-01").stderr


def test_after_a_purge_the_number_alone_is_looked_for(config: Path) -> None:
    (config.parent / "archive" / RUN_ID / "exact" / "identities.parquet").unlink()
    result = asked(config, HEAD)
    assert seqs(result) == [1, 4]
    assert "0 nomor keluarga" in result.stderr


@pytest.mark.parametrize("typed", ["", "siti", HEAD[:-1], f"{HEAD}1"])
def test_what_is_no_nik_is_refused(config: Path, typed: str) -> None:
    result = asked(config, typed or "-")
    assert result.exit_code == 1
    assert "E-PERSON-NIK" in result.stderr
    assert result.stdout == ""
