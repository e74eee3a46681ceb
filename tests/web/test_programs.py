"""The programs of a run: what is not known is no nought, and no program is paid for twice."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.views.programs import cost_rows, fund_of
from tests.web.test_reasons import number, table, with_coverage, words

Record = dict[str, Any]


def catalogue(page: str) -> dict[str, list[str]]:
    """Cells of the programs of the first strategy, by short name."""
    return {row[0].split()[0]: row for row in table(page, "catalogue")[1:]}


def program(code: str, funding: list[str], cost: int | None = None, **more: object) -> Record:
    return {
        "code": code, "funding": funding, "strategy": 1, "is_carried": True, "is_current": True,
        "is_judged": True, "uncovered_families": cost, "unit_rupiah": 10, "is_once": False,
        "cost_rupiah": cost,
    } | more  # fmt: skip


def test_a_program_is_told_with_its_rule(client: FlaskClient) -> None:
    rows = catalogue(client.get("/program").text)
    cells = rows["Sembako"]
    assert "kantor: Dinas Sosial; dana: APBN" in cells[0]
    assert cells[1].startswith("desil paling tinggi 4 dan (ada lansia atau anak di bawah 7 tahun)")
    assert "Yang tidak dapat diputuskan dari data: tidak menerima bantuan sejenis." in cells[1]
    assert "Aturan: dibaca di sumbernya keputusan menteri" in cells[1]
    least, rupiah = cells[5].split()[:2]
    assert least == "sedikitnya"
    assert number(rupiah.removeprefix("Rp")) == 2_400_000 * number(cells[3].split()[0])
    assert "Rp2.400.000 per KK setahun; besarannya: menurut ingatan, belum diperiksa" in cells[5]
    assert rows["PKH"][5] == "tidak diketahui"


def test_a_program_without_a_list_has_no_counts(client: FlaskClient) -> None:
    text = words(client.get("/program").text)
    assert "Strategi 2: Meningkatkan pendapatan" in text
    assert "APBD kabupaten/kota tidak diketahui tidak ada daftar tidak diketahui" in text


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ({"unit": "house", "is_once": True, "amount_confidence": "seen"},
         "Rp10 per rumah, sekali"),
        ({"unit": "family", "is_once": False, "amount_confidence": "secondary"},
         "Rp10 per KK setahun; besarannya: dari sumber kedua"),
    ],
    ids=["house", "family"],
)  # fmt: skip
def test_an_amount_says_for_what_and_how_sure(tmp_path: Path, amount: Record, said: str) -> None:
    def pay(told: Any) -> None:
        told["programs"][0] |= {"unit_rupiah": 10, "cost_rupiah": 50} | amount

    cells = catalogue(with_coverage(tmp_path, pay).get("/program").text)["PKH"]
    assert cells[5] == f"sedikitnya Rp50 {said}"


def test_a_rule_has_its_source_in_both_languages(archive: Path) -> None:
    client = create_app(archive, doors=None, language_default="en").test_client()
    assert "a decree" in words(client.get("/program").text)


def test_a_program_that_nobody_judges_has_no_counts_of_the_eligible(tmp_path: Path) -> None:
    def forget(told: Any) -> None:
        lost = {"is_judged": False, "uncovered_families": None, "excluded_families": None,
                "other_families": None, "all_excluded_families": None}  # fmt: skip
        told["programs"][0] |= lost
        kube = told["programs"][4]
        kube |= {"rule": told["programs"][0]["rule"], "eligible_families": 0}

    page = with_coverage(tmp_path, forget).get("/program").text
    cells = catalogue(page)["PKH"]
    assert number(cells[2]) > 0
    assert cells[3:] == ["tidak diketahui"] * 3
    assert "layak menurut aturan: tidak diketahui" in words(page)


def test_a_list_of_other_days_has_no_counts(tmp_path: Path) -> None:
    def outdate(told: Any) -> None:
        told["programs"][1] |= {"is_current": False, "enrolled_families": 0,
                                "uncovered_families": None, "excluded_families": None,
                                "cost_rupiah": None}  # fmt: skip

    cells = catalogue(with_coverage(tmp_path, outdate).get("/program").text)["Sembako"]
    assert cells[2] == "daftarnya tidak berlaku pada 1 Oktober 2025"
    assert cells[3].startswith("tidak diketahui Rp2.400.000 per KK setahun")


def test_the_rest_of_the_families_stands_below_the_uncovered(client: FlaskClient) -> None:
    cells = catalogue(client.get("/program").text)["PKH"]
    enrolled, uncovered = number(cells[2]), number(cells[3].split()[0])
    others = re.search(r"lainnya: ([\d.]+) belum padan, tidak layak, atau belum", cells[3])
    assert others
    assert enrolled + uncovered + number(others[1]) == 9384


@pytest.mark.parametrize(
    ("wrong", "enrolled", "said"),
    [
        (2000, 8000, "semua keluarga: 2.000 dari 8.000 terdaftar, 25 %"),
        (7, 19, "semua keluarga: 7 dari 19 terdaftar"),
        (None, 8000, "semua keluarga: tidak ditampilkan"),
    ],
    ids=["share", "few", "withheld"],
)
def test_the_wrongly_enrolled_are_of_all_families(
    tmp_path: Path, wrong: int | None, enrolled: int, said: str
) -> None:
    def count(told: Any) -> None:
        told["programs"][0] |= {"all_excluded_families": wrong, "all_enrolled_families": enrolled}

    cells = catalogue(with_coverage(tmp_path, count).get("/program").text)["PKH"]
    assert cells[4].endswith(said)


def test_withheld_counts_are_not_nought(tmp_path: Path) -> None:
    def withhold(told: Any) -> None:
        told["programs"][1] |= {"uncovered_families": None, "cost_rupiah": None}
        told["convergence"]["programs"] = dict.fromkeys("0123")
        told["double_aid"] = None

    page = with_coverage(tmp_path, withhold).get("/program").text
    cells = catalogue(page)["Sembako"]
    assert cells[3].startswith("tidak ditampilkan lainnya:")
    assert cells[5].startswith("tidak ditampilkan")
    assert "dijangkau dua program atau lebih" not in words(page)
    assert "yang dibayar dua kali tidak ditampilkan" in words(page)


@pytest.mark.parametrize(
    ("funding", "fund"),
    [([], "unknown"), (["apbn"], "apbn"), (["apbd-province", "apbd-regency"], "shared")],
    ids=["none", "one", "two"],
)
def test_a_program_has_one_fund(funding: list[str], fund: str) -> None:
    assert fund_of(program("A", funding)) == fund


def test_costs_count_each_program_once() -> None:
    catalogue = [
        program("A", ["apbn"], 100),
        program("B", ["apbn", "village-fund"], 20),
        program("C", ["village-fund"], 3),
        program("D", ["apbn"], 7, is_carried=False),
    ]
    rows = cost_rows(catalogue, fund_of)
    assert [(row.kind, row.programs, row.carried, row.yearly.rupiah) for row in rows] == [
        ("apbn", 2, 1, 100), ("shared", 1, 1, 20), ("village-fund", 1, 1, 3),
    ]  # fmt: skip


def test_what_is_paid_once_is_not_added_to_what_is_paid_yearly() -> None:
    catalogue = [program("A", ["apbn"], 100), program("B", ["apbn"], 20, is_once=True)]
    (row,) = cost_rows([*catalogue, program("C", ["apbn"], 3)], fund_of)
    assert (row.yearly.rupiah, row.once.rupiah) == (103, 20)
    (row,) = cost_rows(catalogue[:1], fund_of)
    assert (row.yearly.rupiah, row.once.state) == (100, "none")


def test_a_sum_of_costs_needs_every_part() -> None:
    known, hidden = program("A", ["apbn"], 100), program("B", ["apbn"])
    nobody_knows = program("C", ["apbn"], unit_rupiah=None, is_once=None)
    some_unmatched = program("E", ["apbn"], uncovered_families=0)
    outdated = program("F", ["apbn"], is_current=False)
    (row,) = cost_rows([known, hidden], fund_of)
    assert (row.yearly.rupiah, row.yearly.state) == (None, "withheld")
    for other in (nobody_knows, some_unmatched, outdated):
        (row,) = cost_rows([known, other], fund_of)
        assert (row.yearly.rupiah, row.yearly.state) == (None, "unknown")
    (row,) = cost_rows([known, nobody_knows], fund_of)
    assert row.once.state == "unknown"  # it may be one that is paid once
    (row,) = cost_rows([program("D", ["apbn"], is_carried=False)], fund_of)
    assert (row.yearly.rupiah, row.carried) == (None, 0)


def test_strategies_and_numbers_of_programs_add_up(client: FlaskClient) -> None:
    page = client.get("/program").text
    for name in ("meeting", "numbers"):
        counts = [row[1] for row in table(page, name)[1:] if row[1] != "tidak ada daftar"]
        *parts, whole = map(number, counts)
        assert sum(parts) == whole
    two, more, everybody = (row[1] for row in table(page, "numbers")[-3:])
    several = f"{number(two) + number(more):,}".replace(",", ".")
    assert f"{several} dari {everybody} KK dijangkau dua program atau lebih." in words(page)


def test_families_of_no_program_are_those_of_whom_none_is_known(client: FlaskClient) -> None:
    page = client.get("/program").text
    rows = table(page, "meeting")[1:]
    assert rows[0][0] == table(page, "numbers")[1][0] == "belum ada program yang diketahui"
    assert "Keluarga yang belum padan termasuk" in words(page)
    assert rows[-2] == ["3: mengurangi kantong kemiskinan", "tidak ada daftar"]
    assert [row[0] for row in rows[1:-2]] == ["1: mengurangi beban pengeluaran", "1 + 2"]


def test_errors_of_visits_stand_with_their_interval_and_sample(client: FlaskClient) -> None:
    page = client.get("/program").text
    assert table(page, "verified")[1][1:] == ["40 % (30 %–51 %)", "80"]
    assert table(page, "verified")[2][1:] == ["tidak ditampilkan", "tidak ditampilkan"]
    assert "tidak dipilih secara acak" in words(page)


def test_few_visits_are_no_errors(tmp_path: Path) -> None:
    def forget(told: Any) -> None:
        told["verified"] = None

    text = words(with_coverage(tmp_path, forget).get("/program").text)
    assert "sedikitnya 20 KK mendapat putusan" in text
