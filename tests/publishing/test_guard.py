"""What the guard lets through, what it stops, and what an accept leaves behind."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo_target import pipeline
from geo_target.cli import main
from geo_target.errors import ConfigError
from geo_target.publishing.archive import Archive
from geo_target.publishing.guard import Acceptance
from tests.builders import kk, nik

CONFIG = """
[area]
code = "36.73"
[registry]
base = "families"
[[source]]
file = "families.csv"
profile = "families"
as_of = 2025-09-01
code_system = "kemendagri"
[[source]]
file = "recipients.csv"
profile = "enrollments"
as_of = 2025-09-01
[coverage]
programs = ["PKH"]
on = 2025-10-01
[guard]
smallest = 20
"""
RECIPIENTS = f"program;no kk\nPKH;{kk(1)}\n"
#: Families of a run are so many of Kasemen and of Serang; then rows of a wrong width, and notes.
KASEMEN, SERANG = "36.73.02.1001", "36.73.01.1001"


def written(
    folder: Path, kasemen: int, serang: int, ragged: int = 0, notes: int = 0, *, config: str = ""
) -> Path:
    villages = [KASEMEN] * kasemen + [SERANG] * serang
    rows = [f"K{v}{i};{kk(i)};{v}" for i, v in enumerate(villages)] + ["x"] * ragged
    header = "family_id;family_card_number;village_code"
    others = ["JUMLAH;;", header, "Mengetahui,;;Serang, 1 Oktober 2025"]
    rows += [others[i % 3] for i in range(notes)]
    text = "\n".join([header, *rows])
    (folder / "families.csv").write_text(text + "\n", "utf-8")
    (folder / "recipients.csv").write_text(RECIPIENTS, "utf-8")
    path = folder / "geo-target.toml"
    path.write_text(CONFIG + config, "utf-8")
    return path


def run(config: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", "run", str(config), *options])


def manifest(config: Path) -> dict[str, Any]:
    archive = Archive(config.parent / "archive")
    run_id = archive.current()
    assert run_id
    found: dict[str, Any] = json.loads((archive.folder / run_id / "manifest.json").read_text())
    return found


QUARANTINED, FEWER, DISTRICT = "E-GUARD-QUARANTINED", "E-GUARD-FEWER", "E-GUARD-DISTRICT"


class PassedError(Exception):
    """The guard has let a run through."""


@pytest.fixture(scope="module")
def last_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run on 60 families of Kasemen and 60 of Serang."""
    config = written(tmp_path_factory.mktemp("last"), 60, 60)
    assert run(config).exit_code == 0
    return config.parent


@pytest.fixture
def folder(last_month: Path, tmp_path: Path) -> Path:
    """A copy of `last_month` of its own."""
    shutil.copytree(last_month, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(
    ("rows", "codes"),
    [  # after 60 and 60
        ((55, 55), []),  # 8 % fewer
        ((54, 54), [FEWER]),  # 10 %
        ((80, 46), []),  # a district by 23 %
        ((80, 45), [DISTRICT]),  # a district by 25 %
        ((0, 120), [DISTRICT]),  # a district is gone
        ((20, 20), [FEWER, DISTRICT, DISTRICT]),
        ((90, 90), []),  # more is no cause
        ((60, 60, 6), []),  # 6 of 126 rows: 4.8 %
        ((60, 60, 7), [QUARANTINED]),  # 7 of 127: 5.5 %
        ((60, 60, 6, 60), []),  # notes and totals are no records: 6 of 126 still
        ((60, 60, 7, 60), [QUARANTINED]),  # nor do they hide what was lost
    ],
)
def test_what_the_guard_stops(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rows: tuple[int, ...], codes: list[str]
) -> None:
    def passed(*_: object) -> None:
        raise PassedError

    # What is let through goes on to the boundaries: no further here.
    monkeypatch.setattr(pipeline, "read_places", passed)
    before = manifest(folder / "geo-target.toml")["run_id"]
    config = written(folder, *rows)
    done = run(config)
    assert [line.split("[")[-1].rstrip("]") for line in done.stderr.splitlines()
            if "E-GUARD" in line] == codes  # fmt: skip
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit if codes else PassedError)
    assert manifest(config)["run_id"] == before  # the last one stays


@pytest.mark.parametrize(
    ("rows", "said"),
    [  # after 40 of PKH and 40 of Sembako, in one list
        ((36, 80), ["enrollments PKH: the accepted rows fell from 40"]),  # 10 %, and more in all
        ((37, 37), []),
        ((0, 90), ["enrollments PKH: the accepted rows fell from 40",
                   "enrollments PKH: the accepted rows in district kasemen fell from 40"]),
    ],
)  # fmt: skip
def test_a_program_that_falls_does_not_hide_behind_one_that_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: tuple[int, int], said: list[str]
) -> None:
    config = written(tmp_path, 60, 60)
    recipients(tmp_path, 40, 40)
    assert run(config).exit_code == 0
    assert manifest(config)["imports"]["enrollments"]["programs"] == {
        "PKH": {"accepted": 40, "districts": {"kasemen": 40}},
        "SEMBAKO": {"accepted": 40, "districts": {"kasemen": 40}},
    }

    def passed(*_: object) -> None:
        raise PassedError

    monkeypatch.setattr(pipeline, "read_places", passed)
    recipients(tmp_path, *rows)
    lines = [line for line in run(config).stderr.splitlines() if "E-GUARD" in line]
    assert [line.partition(" at the")[0] for line in lines] == said


def recipients(folder: Path, pkh: int, sembako: int) -> None:
    rows = [f"PKH;{kk(i)};Kasemen" for i in range(pkh)]
    rows += [f"SEMBAKO;{kk(i)};Kasemen" for i in range(sembako)]
    text = "\n".join(["program;no kk;kecamatan", *rows]) + "\n"
    (folder / "recipients.csv").write_text(text, "utf-8")


def test_a_list_of_which_nothing_is_left_waits_however_short_it_is(tmp_path: Path) -> None:
    config = written(tmp_path, 60, 60)
    text = "program;no kk;nama;kecamatan;kelurahan\n;;NIHIL;;\n"
    (tmp_path / "recipients.csv").write_text(text, "utf-8")
    assert "recipients.csv: 1 of 1 rows are quarantined (E-NOTE)" in run(config).stderr
    assert not (tmp_path / "archive" / "CURRENT").exists()


def test_few_rows_of_a_district_say_nothing(tmp_path: Path) -> None:
    assert run(written(tmp_path, 60, 19)).exit_code == 0
    assert run(written(tmp_path, 60, 14)).exit_code == 0  # by 26 %


def test_the_first_run_has_nothing_to_compare_with_but_its_quarantine(tmp_path: Path) -> None:
    assert QUARANTINED in run(written(tmp_path, 30, 30, 10)).stderr
    assert not (tmp_path / "archive" / "CURRENT").exists()


def test_the_words_say_where_how_much_and_what_to_do(folder: Path) -> None:
    said = run(written(folder, 80, 30)).stderr
    assert "families: the accepted rows in district 36.73.01 fell from 60 at the last" in said
    assert "to 30 (50% fewer); nothing was published" in said
    assert "--accept NAME --reason TEXT" in said


def test_an_accept_goes_on_and_is_written_down(folder: Path) -> None:
    config = written(folder, 30, 30)
    done = run(config, "--accept", "Siti A.", "--reason", "Dua kelurahan dikirim bulan depan")
    assert done.exit_code == 0
    guard = manifest(config)["guard"]
    assert guard["accepted"] == {"name": "Siti A.", "reason": "Dua kelurahan dikirim bulan depan"}
    assert [finding["code"] for finding in guard["findings"]] == [FEWER, DISTRICT, DISTRICT]
    assert run(config).exit_code == 0  # what was accepted is what the next run is held against
    assert manifest(config)["guard"] == {"findings": [], "accepted": None}


def test_the_bounds_are_settings(folder: Path) -> None:
    bounds = "fewer_share = 0.6\nfewer_in_district_share = 0.6\nquarantined_share = 0.2\n"
    assert run(written(folder, 30, 30, 10, config=bounds)).exit_code == 0


@pytest.mark.parametrize("options", [("--accept", "Siti"), ("--reason", "sebab")])
def test_a_name_needs_a_reason(tmp_path: Path, options: tuple[str, str]) -> None:
    assert run(written(tmp_path, 60, 60), *options).exit_code == 2


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "sebab"), ("Siti", " "), ("Siti", f"NIK {nik(1)}"), ("Siti", " ".join(nik(1)))],
)
def test_an_accept_holds_no_number_of_a_person(name: str, reason: str) -> None:
    with pytest.raises(ConfigError, match="E-GUARD-NAME"):
        Acceptance(name, reason)


def test_036_the_same_file_again_is_said_and_changes_nothing(folder: Path) -> None:
    config = folder / "geo-target.toml"
    assert "W-FILE" not in run(config).stderr  # the same month once more
    config.write_text(CONFIG.replace("2025-09-01", "2025-10-01", 1), "utf-8")
    done = run(config)
    assert done.exit_code == 0
    assert "families.csv: it is byte by byte the one of run 000002-" in done.stderr
    assert "[W-FILE-AGAIN]" in done.stderr
    assert done.stderr.count("[W-FILE") == 1
    assert manifest(config)["balance"]["total"] == 120


def test_036_two_sources_of_one_content_are_said(tmp_path: Path) -> None:
    config = written(tmp_path, 60, 60)
    (tmp_path / "copy.csv").write_bytes((tmp_path / "families.csv").read_bytes())
    source = CONFIG[CONFIG.index("[[source]]") : CONFIG.index("[[source]]", 80)]
    copy = source.replace("families.csv", "copy.csv")
    config.write_text(CONFIG.replace("[coverage]", f"{copy}[coverage]"), "utf-8")
    done = run(config)
    assert "copy.csv: it is byte by byte families.csv" in done.stderr
    balance = manifest(config)["balance"]
    assert (balance["total"], balance["relisted"]) == (120, 120)


def test_037_the_same_rows_in_another_order_and_format_change_nothing(folder: Path) -> None:
    config = folder / "geo-target.toml"
    first = manifest(config)["balance"]
    head, *rows = (folder / "families.csv").read_text("utf-8").splitlines()
    turned = "\n".join([head, *reversed(rows)]).replace(";", ",")
    (folder / "families.csv").write_text(turned + "\n", "utf-16")
    assert run(config).exit_code == 0
    assert manifest(config)["balance"] == first


def test_the_manifest_holds_no_word_of_a_few_rows(tmp_path: Path) -> None:
    config = written(tmp_path, 30, 1)
    names = ["Kasemen"] * 25 + ["BUDI SANTOSO", nik(1)]
    rows = [f"PKH;{kk(i)};{name}" for i, name in enumerate(names)]
    text = "\n".join(["program;no kk;kecamatan", *rows])
    (tmp_path / "recipients.csv").write_text(text + "\n", "utf-8")
    run(config)
    assert manifest(config)["imports"] == {
        "families": {"accepted": 31, "districts": {"36.73.02": 30}},
        "enrollments": {"accepted": 27, "districts": {"kasemen": 25}},
    }
