"""Counts of good, missing and spoiled numbers: by file, agency and village."""

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from geo_target.cli import main
from geo_target.intake import hygiene
from geo_target.intake.lists import AgencyList
from geo_target.workbench import Workbench, query
from tests.builders import kk, nik
from tests.intake.test_lists import csv_file, read

HEAD = "family_id;head_national_id;family_card_number;district_name;village_name"
ROWS = [f"K1;{nik(1)};{kk(1)};Kasemen;Banten", f"K2;;{kk(2)};Kasemen;Banten",
        "K3;3.67E+15;;Kasemen;Bendung", f"K4;{nik(4)[:-1]};{kk(4)};Kasemen;Bendung",
        "K5;3.67E+15;KOSONG;Kasemen;Bendung", "JUMLAH;;;;"]  # fmt: skip
NIK = {"good": 1, "missing": 1, "spoiled": {"E-NIK-LEN": 1, "E-NIK-SCI": 2}}
KK = {"good": 3, "missing": 2, "spoiled": {}}


def listed(bench: Workbench, folder: Path) -> AgencyList:
    return read(bench, csv_file(folder, "\n".join([HEAD, *ROWS]) + "\n"), "families")


def test_counts_of_a_file_without_its_quarantined_rows(bench: Workbench, tmp_path: Path) -> None:
    found = hygiene.of_list(listed(bench, tmp_path))
    assert found == {"head_national_id": NIK, "family_card_number": KK}


def test_counts_of_an_agency_are_those_of_its_files(bench: Workbench, tmp_path: Path) -> None:
    once = listed(bench, tmp_path)
    found = hygiene.by_agency([once, once], hygiene.count_numbers([once, once]))
    assert found["families"]["KK"] == {"good": 6, "missing": 4, "spoiled": {}}
    assert found["families"]["NIK"]["spoiled"] == {"E-NIK-LEN": 2, "E-NIK-SCI": 4}


def test_counts_by_village(bench: Workbench, tmp_path: Path) -> None:
    one = listed(bench, tmp_path)
    code = "case village_name when 'Banten' then '36.73.02.1007' end as stated_village_code"
    placed = replace(one, table=query(f"select *, {code} from t", t=one.table))
    lines = [
        tuple(line.values())
        for line in hygiene.by_village(hygiene.count_numbers([placed])).to_dict("records")
    ]
    place, file = "36.73.02.1007", ("list.csv", "families")
    assert lines == [
        ("", *file, "KK", "good", 1), ("", *file, "KK", "missing", 2),
        ("", *file, "NIK", "E-NIK-LEN", 1), ("", *file, "NIK", "E-NIK-SCI", 2),
        (place, *file, "KK", "good", 2), (place, *file, "NIK", "good", 1),
        (place, *file, "NIK", "missing", 1)]  # fmt: skip


def test_a_row_of_several_programs_counts_once(bench: Workbench, tmp_path: Path) -> None:
    text = f'nik;program\n{nik(1)};"PKH, BPNT"\n1;"PKH, BPNT"\n'
    found = hygiene.of_list(read(bench, csv_file(tmp_path, text), "enrollments"))
    assert found == {"national_id": {"good": 1, "missing": 0, "spoiled": {"E-NIK-LEN": 1}}}


def test_a_row_of_two_programs_beside_a_row_of_none_counts_once(
    bench: Workbench, tmp_path: Path
) -> None:
    # As many records as rows, and not one a row: the first is of nobody who receives anything.
    one = read(
        bench, csv_file(tmp_path, f"nik;program\n{nik(1)};PKH\n{nik(2)};PKH\n"), "enrollments"
    )
    twice = query("select * replace (2 as row) from t", t=one.table)
    found = hygiene.of_list(replace(one, table=twice))
    assert found == {"national_id": {"good": 1, "missing": 0, "spoiled": {}}}


def test_a_list_without_a_row_has_counts_of_none(bench: Workbench, tmp_path: Path) -> None:
    one = listed(bench, tmp_path)
    empty = replace(one, table=query("from t where false", t=one.table))
    none = {"good": 0, "missing": 0, "spoiled": {}}
    assert hygiene.of_list(empty) == {"head_national_id": none, "family_card_number": none}
    counted = hygiene.count_numbers([empty])
    assert hygiene.by_agency([empty], counted) == {"families": {"NIK": none, "KK": none}}
    assert hygiene.by_village(counted).empty
    numberless = replace(one, report=replace(one.report, columns={}))
    assert hygiene.by_agency([numberless], hygiene.count_numbers([numberless])) == {"families": {}}


def test_the_check_tells_it(tmp_path: Path) -> None:
    file = csv_file(tmp_path, "\n".join([HEAD, *ROWS]) + "\n")
    result = CliRunner().invoke(main, ["check", str(file), "--profile", "families", "--json"])
    assert json.loads(result.stdout)["hygiene"] == {
        "head_national_id": NIK, "family_card_number": KK}  # fmt: skip
