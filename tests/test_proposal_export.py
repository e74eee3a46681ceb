"""The file for SIKS-NG: whom visits found, in its order, encrypted, or nothing at all."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_target import proposal_export
from geo_target.civil_registry_export import ExportError
from geo_target.field_desk import Desk, open_desk
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visits import Plan, Target, Visit
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import default_url
from geo_target.operations.migration import migrate
from geo_target.proposal_export import export
from geo_target.publishing.archive import read_key
from geo_target.publishing.civil_registry_book import Letter
from geo_target.publishing.proposal_book import TITLE
from tests.builders import kk, nik
from tests.operations.world import ROOT
from tests.publishing.test_encrypted_workbook import lines, opened
from tests.test_cli import geo_target
from tests.web.named import VILLAGE, add_names
from tests.web.sample import RUN_ID, write_snapshot

RATNA = Actor(name="ratna", role="coordinator")
TODAY = date.today()
LETTER = Letter("Dinas Sosial Kota Serang", "460/7/Bappeda", TODAY, TODAY + timedelta(30), "Siti")
CONFIG = """
[area]
code = "36.73"
[registry]
base = "families"
[coverage]
programs = ["PKH"]
on = 2025-10-01
[[source]]
file = "families.csv"
profile = "families"
as_of = 2025-09-01
[source.basis]
number = "1/2025"
agency = "Dinas Sosial"
kind = "PKS"
purpose = "pemutakhiran"
valid_until = 2099-01-01
"""
#: K1 and K2 are listed; of K2 no NIK is usable.
FAMILIES = f"""family_id;nik;family_card_number;nama;alamat;rt;rw;kecamatan;desa
K1;{nik(1)};{kk(1)};SITI;JL MELATI 1;1;2;Serang;Serang
K2;;{kk(2)};=BUDI;JL MAWAR;3;4;Serang;Serang
"""
NEW = {
    "village_code": VILLAGE, "head_name": "UDIN", "rt": "005", "rw": "001", "address": "JL ANYAR",
    "head_national_id": nik(3), "family_card_number": kk(3), "members": "4",
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "geo-target.toml"
    file.write_text(CONFIG, "utf-8")
    (tmp_path / "families.csv").write_text(FAMILIES, "utf-8")
    snapshot = write_snapshot(tmp_path / "archive")
    add_names(snapshot)
    keys = [
        {"register": "families", "register_family_id": f"K{n}", "family_id": f"F{n}",
         "is_listed": True}
        for n in (1, 2, 3)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(keys), snapshot / "exact" / "family_keys.parquet")
    reasons = {"F1": "not_in_register", "F2": "not_in_register", "F3": "eligible_not_enrolled"}
    monkeypatch.setattr(proposal_export, "reasons_of", lambda _: reasons)
    read_key(tmp_path)  # a run has made it
    migrate(default_url(tmp_path))
    with open_desk(file, None) as desk:
        visits = [Visit(code, Target(f"F{n}", VILLAGE)) for n, code in enumerate("ABC", start=1)]
        desk.plans.add(Plan(RUN_ID, date(2025, 10, 1), visits), title="Oktober", by=RATNA)
    return file


@contextmanager
def after(config: Path, *outcomes: Outcome) -> Iterator[Desk]:
    with open_desk(config, None) as desk:
        desk.outcomes.take(outcomes, by=RATNA)
        yield desk


def _met(code: str, outcome: str = "found_eligible", **corrected: str) -> Outcome:
    return Outcome(f"s-{code}-{outcome}", code, outcome, "odk", corrected=corrected)


def test_families_stand_in_the_order_of_siks_ng(config: Path, tmp_path: Path) -> None:
    new = Outcome("s-9", "", "new_family", "kobo", corrected=NEW)
    with after(config, _met("A", rt="007"), _met("B"), new) as desk:
        made = export(desk, tmp_path / "usulan.xlsx", LETTER)
    assert made is not None
    plain = opened((tmp_path / "usulan.xlsx").read_bytes(), made.passphrase)
    header, *rows = lines(plain, "Usulan")
    assert header[1:12] == [
        "PROVINSI", "KABUPATEN/KOTA", "KECAMATAN", "DESA/KELURAHAN", "RT", "RW", "ALAMAT", "NIK",
        "NOKK", "NAMA", "JUMLAH ANGGOTA",
    ]  # fmt: skip
    told = [(row[5], row[8], row[9], row[10], row[12]) for row in rows]
    listed = "terdaftar, belum ada di register acuan"
    assert told == [
        ("007", nik(1), kk(1), "SITI", listed),
        ("003", "", kk(2), "=BUDI", listed),
        ("005", nik(3), kk(3), "UDIN", "keluarga baru"),
    ]
    assert [row[14] for row in rows] == ["", "NIK", ""]
    said = dict(row[:2] for row in lines(plain, TITLE))
    assert said["Usulan keluarga baru"] == "1 keluarga"
    assert said["Keluarga layak"] == "2 keluarga"
    assert (made.families, made.new, made.lacking) == (3, 1, 1)
    assert said["Keluarga dikunjungi"] == "2 keluarga"


def test_only_the_eligible_whom_the_register_lacks_are_proposed(
    config: Path, tmp_path: Path
) -> None:
    with after(config, _met("A", "moved"), _met("B", "not_found"), _met("C")) as desk:
        assert export(desk, tmp_path / "usulan.xlsx", LETTER) is None
    assert not (tmp_path / "usulan.xlsx").exists()


def test_answers_that_contradict_each_other_propose_nobody(config: Path, tmp_path: Path) -> None:
    with after(config, _met("A"), _met("A", "moved")) as desk:
        assert export(desk, tmp_path / "usulan.xlsx", LETTER) is None


def test_of_two_visits_to_a_family_the_later_one_proposes_it_or_not(
    config: Path, tmp_path: Path
) -> None:
    """A and D are of one family; the second plan found that it has moved."""
    visits = [Visit(code, Target(f"F{n}", VILLAGE)) for n, code in enumerate("DE", start=1)]
    with after(config, _met("A"), _met("B")) as desk:
        desk.plans.add(Plan(RUN_ID, date(2025, 11, 1), visits), title="November", by=RATNA)
        desk.outcomes.take([_met("D", "moved"), _met("E", "not_found")], by=RATNA)
        made = export(desk, tmp_path / "usulan.xlsx", LETTER)
    assert made is not None
    rows = lines(opened((tmp_path / "usulan.xlsx").read_bytes(), made.passphrase), "Usulan")
    assert [row[10] for row in rows[1:]] == ["=BUDI"]


def test_the_file_is_for_its_maker_alone_and_in_the_log(config: Path, tmp_path: Path) -> None:
    with after(config, _met("A")) as desk:
        made = export(desk, tmp_path / "usulan.xlsx", LETTER)
        assert made is not None
        (entry,) = [
            e for e in AuditLog(desk.database).entries(by=ROOT) if e["verb"] == "proposal.export"
        ]
    assert (entry["persons"], entry["object_id"]) == (1, made.sha256)
    assert "460/7/Bappeda" in entry["reason"]
    assert stat.S_IMODE((tmp_path / "usulan.xlsx").stat().st_mode) == 0o600
    assert nik(1).encode() not in (tmp_path / "usulan.xlsx").read_bytes()


def test_a_letter_is_needed(config: Path, tmp_path: Path) -> None:
    nameless = Letter("", "1", TODAY, TODAY, "Siti")
    with after(config, _met("A")) as desk, pytest.raises(ExportError) as caught:
        export(desk, tmp_path / "usulan.xlsx", nameless)
    assert caught.value.faults[0].code == "E-EXPORT-LETTER"


def test_the_command_prints_the_passphrase_once(config: Path, tmp_path: Path) -> None:
    with after(config, _met("A")):
        pass
    done = geo_target(
        "export", "proposals", config, tmp_path / "usulan.xlsx", "--agency", "Dinas Sosial",
        "--letter", "1/2025", "--expires", (TODAY + timedelta(7)).isoformat(), "--by", "Siti",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "1 keluarga" in done.stdout
    assert "sandi: " in done.stdout
