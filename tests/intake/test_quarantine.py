import csv
import io
from datetime import date
from pathlib import Path

from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.quarantine import COLUMNS, quarantine_csv
from geo_target.workbench import Workbench
from tests.builders import nik

HEADERS = "ID KELUARGA;NIK;KECAMATAN;DESA;PENGHASILAN"


def lines_of(bench: Workbench, folder: Path, *texts: str) -> tuple[int, list[dict[str, str]]]:
    lists = []
    for number, text in enumerate(texts):
        file = folder / f"list{number}.csv"
        file.write_text(f"{HEADERS}\n{text}", encoding="utf-8")
        lists.append(
            read_list(bench, file, profile=profile_named("families"), as_of=date(2025, 10, 1))
        )
    count, content = quarantine_csv(lists)
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
    assert content.count(b"\r\n") == count + 1
    read = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(read) == count
    return count, read


def test_each_line_names_file_row_and_the_own_header(tmp_path: Path, bench: Workbench) -> None:
    count, lines = lines_of(
        bench, tmp_path,
        f"K1;{nik(1)[:-1]};Kasemen;Banten;400.5\nK2;x\n",
        f"K3;{nik(3)};Kasemen;Banten;1\nJUMLAH;;;;1\n",
    )  # fmt: skip
    assert count == 4
    assert [(e["file"], e["row"], e["column"], e["code"]) for e in lines] == [
        ("list0.csv", "2", "NIK", "E-NIK-LEN"), ("list0.csv", "2", "PENGHASILAN", "E-MONEY"),
        ("list0.csv", "3", "", "E-RAGGED"), ("list1.csv", "3", "", "E-TOTALROW")]  # fmt: skip
    assert tuple(lines[0]) == COLUMNS
    assert all(line["message"] for line in lines)


def test_no_number_of_a_person_is_written_out(tmp_path: Path, bench: Workbench) -> None:
    bad = [nik(1)[:-1], nik(2) + "7", nik(3)[:-1] + "O", "3673" + "99" * 6]
    text = "".join(f"K{i};{number};Kasemen;Banten;{number}\n" for i, number in enumerate(bad))
    _, lines = lines_of(bench, tmp_path, text)
    assert len(lines) == 8
    for line in lines:
        for number in bad:
            assert number[:8] not in ";".join(line.values())
    assert lines[0]["value_masked"].endswith(bad[0][-4:])


def test_no_cell_starts_a_formula(tmp_path: Path, bench: Workbench) -> None:
    text = "".join(
        f"K{i};{nik(i + 1)};Kasemen;Banten;{cell}\n"
        for i, cell in enumerate(["=1+1", "+62 812", "-5", "@SUM(A1)", "=HYPERLINK(a)"])
    )
    _, lines = lines_of(bench, tmp_path, text)
    assert len(lines) == 5
    for line in lines:
        assert not line["value_masked"].startswith(("=", "+", "-", "@"))


def test_a_short_value_is_not_given_away_by_its_mask(tmp_path: Path, bench: Workbench) -> None:
    _, (line,) = lines_of(bench, tmp_path, "K1;BUDI;Kasemen;Banten;1\n")
    assert "BUDI" not in line["value_masked"]


def test_nothing_to_mend_is_a_header_alone(tmp_path: Path, bench: Workbench) -> None:
    assert lines_of(bench, tmp_path, f"K1;{nik(1)};Kasemen;Banten;1\n") == (0, [])
