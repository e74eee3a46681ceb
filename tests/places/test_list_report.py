"""What `geo-target check` says of a list's places, before anybody runs it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from geo_target.cli import main
from geo_target.errors import ConfigError, Fault
from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.places import list_report
from geo_target.places.list_report import places_report
from geo_target.workbench import Workbench
from tests.builders import nik, write_csv

HEAD = "family_id | village_code | kecamatan | kelurahan | alamat"
LIST = f"""{HEAD}
K1 | 36.73.01.1001 | Serang    | Serang        | Kp. Baru RT 1 RW 2
K2 |               | Serang    | Cipare        | RT 1
K3 |               | Serang    | Cipari        | A
K4 |               | Serang    | Cipari        | A
K5 | 36.73.09.9999 |           |               |
K6 | 36.73.09.9998 | Serang    | Cipare        |
K7 |               | Walantaka | Budi Santoso  |
K8 |               | Kasemen   | {nik(1)}      |
K9 | 36.04.05.2001 |           |               |"""


def report(
    bench: Workbench, folder: Path, text: str, area: str | None = None, **options: Any
) -> list[Fault]:
    profile = options.pop("profile", "families")
    file = write_csv(folder / "list.csv", text)
    listed = read_list(bench, file, profile=profile_named(profile), as_of=date(2025, 9, 1))
    return places_report(listed, area, **options)


def said(faults: list[Fault], code: str) -> list[str]:
    return [fault.en for fault in faults if fault.code == code]


def test_where_every_village_is_known_nothing_is_left_to_mend(
    bench: Workbench, tmp_path: Path
) -> None:
    rows = "\n".join(LIST.strip().splitlines()[:2])
    found = report(bench, tmp_path, rows, "36.73", code_system="kemendagri")
    assert said(found, "W-VILLAGE")[0].endswith("known in all 1 rows: 1 by code, 0 by names")


def test_how_many_rows_have_a_village_and_what_the_others_may_mean(
    bench: Workbench, tmp_path: Path
) -> None:
    found = report(bench, tmp_path, LIST, "36.73", code_system="kemendagri")
    assert [fault.code for fault in found] == [
        "W-VILLAGE", "E-VILLAGE-CODE", "W-VILLAGE-SPELLING", "W-VILLAGE-SPELLING", "W-OUTSIDE",
        "W-ADDRESS",
    ]  # fmt: skip
    (known,) = said(found, "W-VILLAGE")
    assert known.startswith("the village is known in 4 of 9 rows: 2 by code, 2 by names; 5 rows")
    (unknown,) = [fault for fault in found if fault.code == "E-VILLAGE-CODE"]
    assert (unknown.row, unknown.column) == (6, "village_code")
    assert unknown.en.startswith("2 rows, ")
    likely, others = said(found, "W-VILLAGE-SPELLING")
    assert likely.startswith("'Cipari' is unknown (2 rows); perhaps Cipare, Serang, Kota")
    assert "(36.73.01.1002)" in likely
    assert others.startswith("2 more spellings are unknown")
    assert "RT is readable in 50 %, RW in 25 %, lingkungan in 25 %" in said(found, "W-ADDRESS")[0]
    assert "Kabupaten Serang 1" in said(found, "W-OUTSIDE")[0]


def test_what_is_like_no_village_is_not_shown(bench: Workbench, tmp_path: Path) -> None:
    text = " ".join(fault.text() for fault in report(bench, tmp_path, LIST, "36.73",
                                                     code_system="kemendagri"))  # fmt: skip
    assert "Budi" not in text  # a person's name, out of a shifted row
    shifted = (
        f"{HEAD}\nK1 | | Siti Aminah | Cipari |\nK2 | | Siti Aminah | Cipari |\nK3 | | | Sukarna |"
    )
    text = " ".join(fault.text() for fault in report(bench, tmp_path, shifted, "36.73"))
    assert "Siti" not in text
    assert "Sukarna" not in text  # once only, and somewhat like a village
    assert nik(1) not in text
    assert nik(1)[-4:] not in text


def test_ten_spellings_are_shown_and_the_others_counted(bench: Workbench, tmp_path: Path) -> None:
    rows = "\n".join(f"K{i} | | Serang | Cipare{'x' * (i % 7 + 1)} | " for i in range(14))
    more = "\n".join(f"L{i} | | Serang | Kagungan{'y' * (i % 5 + 1)} | " for i in range(10))
    spelled = said(report(bench, tmp_path, f"{HEAD}\n{rows}\n{more}"), "W-VILLAGE-SPELLING")
    assert len(spelled) == 10 + 1
    assert spelled[-1].startswith("2 more spellings")


def test_codes_of_another_system_are_said_and_nothing_else(
    bench: Workbench, tmp_path: Path
) -> None:
    found = report(bench, tmp_path, f"{HEAD}\nK1 | 3673010001 | | |", code_system="kemendagri")
    assert [fault.code for fault in found] == ["E-CODE-SYSTEM"]


@pytest.mark.parametrize("profile", ["enrollments", "persons", "points"])
def test_lists_without_places_get_no_remark(bench: Workbench, tmp_path: Path, profile: str) -> None:
    text = f"nik | family_id | lon | lat\n{nik(1)} | K1 | 106,1 | -6,1"
    assert report(bench, tmp_path, text, profile=profile) == []


def test_the_province_is_the_only_one_that_we_know_else_it_is_asked_for(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [f.code for f in report(bench, tmp_path, f"{HEAD}\nK1 | | Serang | Cipare | ")] == [
        "W-VILLAGE"
    ]
    for code in ("36", "37"):
        place = tmp_path / "geodata" / "places" / code
        place.mkdir(parents=True)
        (place / "villages.csv").touch()
    monkeypatch.setattr(list_report, "resource_dir", lambda name: tmp_path / name)
    assert list_report.only_province() is None
    assert [f.code for f in report(bench, tmp_path, f"{HEAD}\nK1 | | Serang | Cipare | ")] == [
        "W-AREA"
    ]


@pytest.mark.parametrize(("area", "code"), [("36.99", "E-AREA"), ("99", "E-PLACES")])
def test_an_area_that_is_none_is_refused(
    bench: Workbench, tmp_path: Path, area: str, code: str
) -> None:
    with pytest.raises(ConfigError, match=code):
        report(bench, tmp_path, LIST, area)


# --------------------------------------------------------------------------------- the command


def test_the_check_says_it_as_text_and_as_json(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "list.csv", LIST)
    words = ["check", str(file), "--area", "36.73", "--code-system", "kemendagri"]
    text = CliRunner().invoke(main, ["--lang", "en", *words])
    assert text.exit_code == 0, text.output
    assert "list.csv: the village is known in 4 of 9 rows" in text.stdout
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    codes = [message.rpartition("[")[2].rstrip("]") for message in told["messages"]]
    assert codes[:3] == ["W-VILLAGE", "E-VILLAGE-CODE", "W-VILLAGE-SPELLING"]
    assert "W-ADDRESS" in codes
    assert "desa/kelurahan dikenal di 4 dari 9 baris" in told["messages"][0]


def test_an_unknown_area_ends_the_check(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "list.csv", LIST)
    result = CliRunner().invoke(main, ["check", str(file), "--area", "36.99"])
    assert result.exit_code == 1
    assert "[E-AREA]" in result.stderr
