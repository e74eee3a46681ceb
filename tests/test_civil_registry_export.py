"""The file for the civil registry: made on a letter, audited, encrypted, or not at all."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from geo_target import civil_registry_export
from geo_target.civil_registry_export import ExportError, export
from geo_target.deliveries.private_files import write_bytes
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.audit_chain import verify
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.refusals import AuditError
from geo_target.publishing.civil_registry_book import Letter
from tests.builders import kk, nik
from tests.keeping.office import forked, killed_at, names, posix
from tests.publishing.test_encrypted_workbook import lines, opened
from tests.test_cli import geo_target

TODAY = date.today()
LETTER = Letter("Disdukcapil Kota Serang", "470/123/Dinsos", TODAY, TODAY + timedelta(30), "Siti")
PAPER = """
[source.basis]
number = "1/2025"
agency = "Dinas Sosial"
kind = "PKS"
purpose = "pemadanan"
valid_until = {until}
"""
SOURCE = """
[[source]]
file = "{file}"
profile = "{profile}"
as_of = 2025-09-01
"""
CONFIG = """
[area]
code = "36.73"
[registry]
base = "families"
[coverage]
programs = ["PKH"]
on = 2025-10-01
"""
LISTS = {
    # Of three heads one has a usable NIK; one of two members; a recipient is nobody's to mend.
    "families": f"""family_id;nik;nama;kecamatan;desa
K1;{nik(1)};SITI;Kasemen;Banten
K2;{nik(20)[:-1]};=BUDI;Kasemen;Banten
K3;x;WATI;Kasemen;Banten
""",
    "persons": f"""family_id;no kk;nik;nama;tanggal lahir
K2;{kk(2)};{nik(20)[:-1]};=BUDI;01/02/1980
K2;{kk(20)[:-1]};{nik(4)};ANI;01/02/2010
K1;{kk(1)};{nik(5)};ADI;01/02/2011
""",
    "enrollments": f"program;nik;nama\nPKH;{nik(60)[:-1]};JONO\n",
}


def office(folder: Path, until: object = LETTER.expires, **lists: str) -> Path:
    """A configuration, its lists, each with a paper until a day, and a database."""
    config = CONFIG
    for profile, text in {**LISTS, **lists}.items():
        (folder / f"{profile}.csv").write_text(text, encoding="utf-8")
        config += SOURCE.format(file=f"{profile}.csv", profile=profile)
        config += PAPER.format(until=until) if until else ""
    path = folder / "geo-target.toml"
    path.write_text(config, encoding="utf-8")
    migrate(default_url(folder))
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return office(tmp_path)


@pytest.fixture
def database(config: Path) -> Iterator[Database]:
    with closing(open_database(default_url(config.parent))) as found:
        yield found


def command(config: Path, out: Path, **words: str) -> Result:
    given = {"agency": LETTER.agency, "letter": LETTER.number, "by": LETTER.by,
             "expires": LETTER.expires.isoformat(), **words}  # fmt: skip
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    return geo_target("--lang", "en", "export", "civil-registry", config, out, *options)


def entries(database: Database) -> list[dict[str, Any]]:
    found = AuditLog(database).entries(by=Actor(name="test"))
    return [dict(row) for row in found if row["verb"] != "audit.export"]


def test_the_command(config: Path, database: Database, tmp_path: Path) -> None:
    """Two heads and a member; the head of K2 stands in both lists, and comes once."""
    out = tmp_path / "out.xlsx"
    done = command(config, out)
    assert done.exit_code == 0, done.output
    assert f"{out}: 3 persons" in done.stdout
    assert "list 1: families.csv\nlist 2: persons.csv\n" in done.stdout
    assert "another way than the file" in done.stderr
    content = out.read_bytes()
    assert f"sha256 {sha256(content).hexdigest()}" in done.stdout
    (phrase,) = re.findall(r"passphrase: (\S+)", done.stdout)
    header, *rows = lines(opened(content, phrase))
    assert header[-3:] == ["NIK benar", "No. KK benar", "Keterangan Disdukcapil"]
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(r["Nama"], r["NIK tertulis"], r["Daftar"], r["Baris"]) for r in told] == [
        ("=BUDI", nik(20)[:-1], "1; 2", "3; 2"), ("ANI", nik(4), "2", "3"),
        ("WATI", "x", "1", "4")]  # fmt: skip
    assert phrase not in str(entries(database))
    assert names(tmp_path) - {"operations.sqlite-wal", "operations.sqlite-shm"} == {
        "out.xlsx", "geo-target.toml", "operations.sqlite", *(f"{name}.csv" for name in LISTS),
    }  # fmt: skip


def test_the_log_knows_the_file_and_nobody_on_it(
    config: Path, database: Database, tmp_path: Path
) -> None:
    assert command(config, tmp_path / "out.xlsx", letter=f"470 {nik(7)}").exit_code == 0
    (entry,) = entries(database)
    assert (entry["verb"], entry["persons"], entry["result"]) == ("civil-registry.export", 3, "ok")
    assert entry["object_id"] == sha256((tmp_path / "out.xlsx").read_bytes()).hexdigest()
    assert entry["reason"] == (
        f"Disdukcapil Kota Serang; 470 ••••••••••••{nik(7)[-4:]}; {LETTER.expires}; Siti"
    )
    assert not [word for word in ("BUDI", "WATI", nik(4), nik(20)[:-1]) if word in str(entry)]
    assert verify(database).broken is None


@posix
def test_it_is_for_its_owner_alone(config: Path, tmp_path: Path) -> None:
    assert command(config, tmp_path / "out.xlsx").exit_code == 0
    assert stat.S_IMODE((tmp_path / "out.xlsx").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"agency": " "}, "E-EXPORT-LETTER"),
        ({"letter": ""}, "E-EXPORT-LETTER"),
        ({"by": ""}, "E-EXPORT-LETTER"),
        ({"expires": -1}, "E-EXPORT-EXPIRY"),
        ({"expires": 0}, ""),
        ({"expires": 90}, ""),
        ({"expires": 91}, "E-EXPORT-EXPIRY"),
    ],
    ids=["agency", "letter", "by", "yesterday", "today", "90 days", "91 days"],
)
def test_a_letter_is_whole_and_soon_over(
    config: Path, database: Database, tmp_path: Path, words: dict[str, Any], code: str
) -> None:
    days = {name: (TODAY + timedelta(value)).isoformat() for name, value in words.items()
            if name == "expires"}  # fmt: skip
    done = command(config, tmp_path / "out.xlsx", **{**words, **days})
    assert done.exit_code == bool(code)
    assert code in done.stderr
    assert (tmp_path / "out.xlsx").exists() == (not code)
    assert len(entries(database)) == (not code)


@pytest.mark.parametrize("name", ["there.xlsx", "link.xlsx", "out.csv", "none/out.xlsx"])
def test_it_replaces_nothing(config: Path, database: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / "there.xlsx").write_text("mine")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "nowhere")
    done = command(config, tmp_path / name)
    assert (done.exit_code, "[E-EXPORT-FILE]" in done.stderr) == (1, True)
    assert (tmp_path / "there.xlsx").read_text() == "mine"
    assert entries(database) == []


@pytest.mark.parametrize("until", [None, TODAY - timedelta(1)], ids=["no paper", "run out"])
def test_without_a_valid_paper_nobody_leaves(tmp_path: Path, until: date | None) -> None:
    config = office(tmp_path, until)
    done = command(config, tmp_path / "out.xlsx")
    assert done.exit_code == 1
    assert "enrollments.csv, families.csv, persons.csv: " in done.stderr
    assert "[E-EXPORT-PAPER]" in done.stderr
    assert not (tmp_path / "out.xlsx").exists()


def test_a_single_list_without_a_paper_is_enough(tmp_path: Path) -> None:
    config = office(tmp_path)
    before, _, after = config.read_text().rpartition(PAPER.format(until=LETTER.expires))
    config.write_text(before + after)
    done = command(config, tmp_path / "out.xlsx")
    assert (done.exit_code, "enrollments.csv: " in done.stderr) == (1, True)


def test_nothing_to_mend_is_no_file(tmp_path: Path) -> None:
    families = f"family_id;nik;nama;kecamatan;desa\nK1;{nik(1)};SITI;Kasemen;Banten\n"
    persons = f"family_id;no kk;nik;nama\nK1;{kk(1)};{nik(1)};SITI\n"
    config = office(tmp_path, families=families, persons=persons)
    done = command(config, tmp_path / "out.xlsx")
    assert (done.exit_code, done.stdout) == (0, "no NIK or KK number needs mending; "
                                                "no file was made\n")  # fmt: skip
    assert not (tmp_path / "out.xlsx").exists()


def test_without_a_database_there_is_no_file(config: Path, tmp_path: Path) -> None:
    (tmp_path / "operations.sqlite").unlink()
    done = command(config, tmp_path / "out.xlsx")
    assert (done.exit_code, "[E-DB" in done.stderr) == (1, True)
    assert not (tmp_path / "out.xlsx").exists()


def test_what_cannot_be_logged_is_not_made(
    config: Path, database: Database, tmp_path: Path
) -> None:
    """A trigger in place of a full disk: no entry, no file, and nothing beside it."""
    with sqlite3.connect(tmp_path / "operations.sqlite") as connection:
        connection.execute(
            "create trigger no before insert on audit_log begin select raise(abort, 'no'); end"
        )
    connection.close()
    before = names(tmp_path)
    with pytest.raises(AuditError, match="E-AUDIT-WRITE"):
        export(config, tmp_path / "out.xlsx", LETTER, database=database)
    assert names(tmp_path) == before


def test_the_entry_comes_before_the_file(
    config: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(civil_registry_export, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        export(config, tmp_path / "out.xlsx", LETTER, database=database)
    assert len(entries(database)) == 1


def test_too_many_for_one_file(
    config: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(civil_registry_export, "MOST_PERSONS", 2)
    with pytest.raises(ExportError, match="E-EXPORT-SIZE"):
        export(config, tmp_path / "out.xlsx", LETTER, database=database)
    assert entries(database) == []


@posix
def test_killed_at_any_moment_there_is_no_half_of_it(tmp_path: Path) -> None:
    """What is left beside it, if anything, is encrypted too; the next one puts it in place."""
    out, content = tmp_path / "out.xlsx", os.urandom(10_000)

    def write() -> None:
        write_bytes(out, content)

    kills = 0
    while killed_at(kills + 1, write):
        kills += 1
        assert not out.exists() or out.read_bytes() == content
        out.unlink(missing_ok=True)
    assert kills >= 2
    assert names(tmp_path) == {"out.xlsx"}
    assert forked(write) == 0
