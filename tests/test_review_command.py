"""Pairs settled in a sheet: out, filled in, back, and on to the next run."""

import csv
import errno
import os
import re
import shutil
import stat
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result

from geo_target import review_sheet
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import default_url, open_database
from geo_target.operations.decisions_csv import COLUMNS
from geo_target.operations.migration import migrate
from geo_target.operations.settlements import Settlements
from geo_target.publishing.archive import read_key
from geo_target.resources import resource_dir
from tests.builders import nik
from tests.operations.world import GOOD, ROOT
from tests.test_cli import CONFIG, geo_target
from tests.web.named import add_names
from tests.web.paired import add_pairs
from tests.web.sample import RUN_ID, write_snapshot


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run that has three doubtful pairs, and a coordinator and an officer."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "geo-target.toml").write_text(CONFIG, encoding="utf-8")
    snapshot = write_snapshot(folder / "archive")
    add_names(snapshot)
    add_pairs(snapshot, head_name='=HYPERLINK("http://x")', address="+1", neighborhood="<b>")
    read_key(folder)  # a run has made it
    migrate(default_url(folder))
    database = open_database(default_url(folder))
    accounts = Accounts(database, good_for=None)
    accounts.add("ratna", "Ratna", GOOD, "coordinator", by=ROOT)
    accounts.add("opi", "Opi", GOOD, "operator", by=ROOT)
    database.close()
    return folder


@pytest.fixture
def config(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "office")) / "geo-target.toml"


@pytest.fixture
def sheet(config: Path) -> Path:
    """The pairs, as the command writes them."""
    file = config.parent / "pasangan.xlsx"
    done = geo_target("review", "export", config, file)
    assert (done.exit_code, done.stdout) == (0, "3\n"), done.output
    return file


def cells(file: Path) -> pd.DataFrame:
    return pd.read_excel(file, dtype=str, engine="calamine", keep_default_na=False)


def fill(file: Path, *verdicts: str, **columns: Any) -> None:
    """Write verdicts into the rows of a sheet, from the first on."""
    table = cells(file)
    table["keputusan"] = [*verdicts, *[""] * (len(table) - len(verdicts))]
    for name, values in columns.items():
        table[name] = values
    table.to_excel(file, index=False, engine="xlsxwriter")


def settle(config: Path, file: Path, *, by: str = "ratna") -> Result:
    return geo_target("review", "import", config, file, "--by", by, "--password", GOOD)


def standing(config: Path) -> dict[str, tuple[str, str, str]]:
    """Verdict, who said it and the note, by the P3KE id of the pair."""
    database = open_database(default_url(config.parent))
    found = Settlements(database).standing()
    database.close()
    return {pair[3]: (s.verdict.value, s.decided_by, s.note) for pair, s in found.items()}


def log(config: Path) -> list[dict[str, Any]]:
    database = open_database(default_url(config.parent))
    entries = [dict(row) for row in AuditLog(database).entries(by=ROOT)]
    database.close()
    return entries


def test_out_filled_in_and_back(config: Path, sheet: Path) -> None:
    fill(sheet, "sama", " BEDA ", catatan=["satu rumah", "", ""])
    done = settle(config, sheet)
    assert done.exit_code == 0, done.output
    assert done.stdout == "3 baris = 2 disimpan + 0 sudah sama + 0 ditolak + 1 belum diisi\n"
    assert standing(config) == {
        "P1": ("same", "ratna", "satu rumah"), "P2": ("different", "ratna", ""),
    }  # fmt: skip
    again = settle(config, sheet)
    assert again.stdout == "3 baris = 0 disimpan + 2 sudah sama + 0 ditolak + 1 belum diisi\n"
    left = config.parent / "sisa.xlsx"
    assert geo_target("review", "export", config, left).stdout == "1\n"
    assert list(cells(left)["nama (2)"]) == ["CANARYNAME0009"]


def test_a_row_that_cannot_be_taken_is_told_with_its_number(config: Path, sheet: Path) -> None:
    pairs, data = list(cells(sheet)["pasangan"]), list(cells(sheet)["sidik"])
    pairs[1], data[2] = "0" * 64, "f" * 64
    fill(sheet, "mungkin", "sama", "sama", pasangan=pairs, sidik=data)
    done = settle(config, sheet)
    assert done.exit_code == 1
    assert done.stdout == "3 baris = 0 disimpan + 0 sudah sama + 3 ditolak + 0 belum diisi\n"
    assert re.findall(r"baris (\d).*\[(E-[A-Z-]+)\]", done.stderr) == [
        ("2", "E-PAIR-VERDICT"), ("3", "E-PAIR-UNKNOWN"), ("4", "E-PAIR-CHANGED"),
    ]  # fmt: skip
    assert standing(config) == {}


def test_the_rest_of_a_sheet_is_taken(config: Path, sheet: Path) -> None:
    fill(sheet, "sama", "sama", "sama", catatan=["", f"NIK {nik(1)}", ""])
    done = settle(config, sheet)
    assert "2 disimpan + 0 sudah sama + 1 ditolak" in done.stdout
    assert "baris 3" in done.stderr
    assert "[E-PAIR-NOTE]" in done.stderr
    assert nik(1) not in done.output
    assert set(standing(config)) == {"P1", "P3"}


def test_what_another_one_said_meanwhile_stands(config: Path, sheet: Path) -> None:
    fill(sheet, "sama")
    settle(config, sheet)
    fill(sheet, "beda")
    done = settle(config, sheet)
    assert "[E-PAIR-SETTLED]" in done.stderr
    assert standing(config)["P1"][0] == "same"


def test_data_that_have_changed_since_the_export(config: Path, sheet: Path) -> None:
    add_pairs(config.parent / "archive" / RUN_ID, data="b")
    fill(sheet, "sama")
    assert "[E-PAIR-CHANGED]" in settle(config, sheet).stderr


def test_only_a_coordinator_settles(config: Path, sheet: Path) -> None:
    fill(sheet, "sama", "beda")
    refused = settle(config, sheet, by="opi")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.count("[E-PAIR-ROLE]") == 1
    wrong = geo_target("review", "import", config, sheet, "--by", "ratna", "--password", "x" * 15)
    assert wrong.exit_code == 1
    assert standing(config) == {}


def test_the_sheet_is_private_masked_and_runs_nothing(sheet: Path) -> None:
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    table = cells(sheet)
    assert list(table["nama (1)"]) == ['=HYPERLINK("http://x")'] * 3
    assert table["alamat (1)"].iloc[0].startswith("+1, <b>, 001/")
    assert table["NIK (1)"].iloc[0] == "•" * 12 + "7001"
    assert table["kelurahan/desa (1)"].iloc[0] == "Serang"
    with zipfile.ZipFile(sheet) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert "<f>" not in text
    assert not re.search(r"(?<![0-9a-f])\d{16}(?![0-9a-f])", text)
    assert "CANARYFAMILY" not in text
    assert ">P1<" not in text


def test_who_took_what_away_is_in_the_log(config: Path, sheet: Path) -> None:
    geo_target("decisions", "export", config, config.parent / "d.csv")
    took = [(e["verb"], e["actor"], e["persons"], e["run_id"]) for e in log(config)]
    assert ("pair.export", "command-line", 6, RUN_ID) in took
    assert ("decision.export", "command-line", 0, "") in took


def test_a_file_that_is_there_stays(config: Path, sheet: Path) -> None:
    before = sheet.read_bytes()
    again = geo_target("review", "export", config, sheet)
    assert again.exit_code == 1
    assert "[E-REPORT-FILE]" in again.stderr
    assert sheet.read_bytes() == before
    assert geo_target("review", "export", config, config.parent / "a.csv").exit_code == 2


@pytest.mark.parametrize(("group", "name"), [("review", "a.xlsx"), ("decisions", "a.csv")])
def test_an_export_that_fails_midway_leaves_nothing_in_the_way(
    config: Path, monkeypatch: pytest.MonkeyPatch, group: str, name: str
) -> None:
    file = config.parent / name
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _refuse)
        assert geo_target(group, "export", config, file).exit_code == 1
    assert [each for each in config.parent.iterdir() if name in each.name] == []
    assert geo_target(group, "export", config, file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def _refuse(_: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_what_does_not_fit_into_a_sheet_is_told(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_sheet, "MOST_PAIRS", 2)
    first, rest = config.parent / "1.xlsx", config.parent / "2.xlsx"
    done = geo_target("review", "export", config, first)
    assert (done.exit_code, done.stdout) == (0, "2\n")
    assert "[W-REVIEW-MORE]" in done.stderr
    assert "1 lagi tidak muat" in done.stderr
    assert list(cells(first)["nama (2)"]) == ["CANARYNAME0007", "CANARYNAME0008"]
    assert [e["persons"] for e in log(config) if e["verb"] == "pair.export"] == [4]
    fill(first, "sama", "sama")
    settle(config, first)
    assert geo_target("review", "export", config, rest).stderr == ""
    assert list(cells(rest)["nama (2)"]) == ["CANARYNAME0009"]


def decided(config: Path, *more: str) -> list[list[str]]:
    """Cells of the lines of `decisions list`."""
    done = geo_target(*more, "decisions", "list", config)
    assert done.exit_code == 0, done.output
    return [line.split("\t") for line in done.stdout.splitlines()]


def withdraw(config: Path, pair: str, *, by: str = "ratna") -> Result:
    return geo_target(
        "decisions", "withdraw", config, pair, "--by", by, "--password", GOOD
    )  # fmt: skip


def test_what_stands_is_listed_without_names_and_ids(config: Path, sheet: Path) -> None:
    fill(sheet, "sama", "beda", catatan=["satu rumah\x1b[2J", "", ""])
    settle(config, sheet)
    today = date.today().isoformat()
    second, first = decided(config)
    assert first[1:] == [today, "ratna", "sama", "dtsen p3ke", "satu rumah [2J"]
    assert second[1:] == [today, "ratna", "beda", "dtsen p3ke", ""]
    assert [len(row[0]) for row in (first, second)] == [64, 64]
    assert [row[3] for row in decided(config, "--lang", "en")] == ["different", "same"]


def test_a_decision_is_taken_back_long_after_its_run(config: Path, sheet: Path) -> None:
    fill(sheet, "sama", "beda")
    settle(config, sheet)
    (second, *_), (first, *_) = decided(config)
    shutil.rmtree(config.parent / "archive")  # no run asks of it any more
    assert "[E-PAIR-ROLE]" in withdraw(config, first, by="opi").stderr
    done = withdraw(config, first[:12])
    assert (done.exit_code, done.stdout) == (0, f"{first}\n")
    assert [row[0] for row in decided(config)] == [second]
    assert ("ratna", "open") in [(e["actor"], e["fields"]) for e in log(config)]
    for pair in (first, second[:11], "", "x" * 64):
        refused = withdraw(config, pair)
        assert refused.exit_code == 1
        assert "[E-DECISION-NONE]" in refused.stderr
    assert len(decided(config)) == 1


def test_what_is_no_sheet_of_pairs_is_refused(config: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain.csv"
    other.write_text("nama;keputusan\nA;sama\n", encoding="utf-8")
    refused = settle(config, other)
    assert refused.exit_code == 1
    assert "[E-REVIEW-SHEET]" in refused.stderr


def test_a_sheet_that_was_saved_as_csv(config: Path, sheet: Path) -> None:
    fill(sheet, "beda")
    table = cells(sheet)
    table.to_csv(config.parent / "p.csv", sep=";", index=False)
    assert "1 disimpan" in settle(config, config.parent / "p.csv").stdout
    assert standing(config)["P1"][0] == "different"


def test_without_pairs_or_papers_nothing_leaves(config: Path, tmp_path: Path) -> None:
    snapshot = config.parent / "archive" / RUN_ID
    add_names(snapshot, until="2025-01-31")
    refused = geo_target("review", "export", config, tmp_path / "a.xlsx")
    assert "[E-PAPER-EXPIRED]" in refused.stderr
    (config.parent / "archive" / "CURRENT").unlink()
    refused = geo_target("review", "export", config, tmp_path / "a.xlsx")
    assert "[E-REVIEW-NONE]" in refused.stderr
    assert not (tmp_path / "a.xlsx").exists()


def test_decisions_go_on_to_the_next_run(config: Path, sheet: Path) -> None:
    fill(sheet, "sama", "beda", catatan=["-1+1", "", ""])
    settle(config, sheet)
    file = config.parent / "lists" / "decisions.csv"
    file.parent.mkdir()
    done = geo_target("decisions", "export", config, file)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "[[source]]", 'file = "lists/decisions.csv"', 'profile = "decisions"',
        f"as_of = {date.today().isoformat()}",
    ]  # fmt: skip
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    told = [(r["register"], r["register_family_id"], r["other_register"],
             r["other_register_family_id"], r["verdict"], r["note"]) for r in rows]  # fmt: skip
    assert told == [
        ("dtsen", "D7", "p3ke", "P1", "same", "'-1+1"),
        ("dtsen", "D8", "p3ke", "P2", "different", ""),
    ]
    assert [len(r["fingerprint"]) for r in rows] == [64, 64]
    assert {r["decided_by"] for r in rows} == {"ratna"}


def test_the_columns_are_those_of_the_profile() -> None:
    text = (resource_dir("geodata") / "profiles" / "decisions.toml").read_text("utf-8")
    columns = text.split("[columns]")[1].split("\n[")[0]
    assert tuple(re.findall(r"^(\w+) =", columns, re.MULTILINE)) == (
        *COLUMNS[:5], "fingerprint", "decided_by", "decided_on", "note",
    )  # fmt: skip
