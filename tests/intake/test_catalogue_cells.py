"""Bad cells that lists really bring, 41 to 78 of the catalogue of bad inputs.

Each case shows what is read, what is set aside with which code in which row as a spreadsheet
counts it, and that rows = accepted + quarantined + duplicates + blank. A fault sets aside the
smallest thing: the cell, while its row stays and its family is seen.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_target.errors import DataRefusedError
from geo_target.intake.lists import AgencyList
from geo_target.intake.quarantine import quarantine_csv
from geo_target.settings import Welfare
from geo_target.targeting.welfare import classify_welfare
from geo_target.workbench import Workbench, query
from tests.builders import kk, nik
from tests.intake.test_lists import books, column, csv_file, faults, read, xlsx_file

REGION = "3673" + "98"
WOMAN = REGION + "410190" + "0001"
#: Above 2**53 a number cell holds every second number only.
PAPUA = "9203" + "98010190" + "0123"


def families(bench: Workbench, folder: Path, header: str, *cells: object) -> AgencyList:
    """A list of families with one more column; the first cell stands in row 2."""
    rows = [["family_id", "district_name", "village_name", header]]
    rows += [[f"K{i}", "Kasemen", "Banten", str(cell)] for i, cell in enumerate(cells, start=1)]
    text = "\n".join(";".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in rows)
    return read(bench, csv_file(folder, text + "\n"), "families")


def cell(bench: Workbench, folder: Path, header: str, text: object) -> tuple[Any, str | None]:
    """Value and code of a cell in row 3; the row stays whatever the cell holds."""
    listed = families(bench, folder, header, "", text)
    assert books(listed) == (2, 2, 0, 0, 0)
    found = faults(listed)
    assert [(row, name) for row, name, _ in found] in ([], [(3, header)])
    return column(listed, header)[3], found[0][2] if found else None


def remarks(listed: AgencyList) -> list[tuple[str, int | None]]:
    return [(notice.code, notice.row) for notice in listed.report.notices]


# ---------------------------------------------------------------------------------- identity

NIK, KK = "head_national_id", "family_card_number"


@pytest.mark.parametrize(
    ("header", "text", "value", "code"),
    [
        pytest.param(NIK, "3.60401E+15", None, "E-NIK-SCI", id="041"),
        pytest.param(NIK, "3,60401E+15", None, "E-NIK-SCI", id="041-comma"),
        pytest.param(KK, "3.60401E+15", None, "E-KK-SCI", id="041-kk"),
        pytest.param(NIK, f"{nik(1)}.0", nik(1), None, id="044"),
        pytest.param(NIK, f"{PAPUA}.0", None, "E-NIK-LEN", id="044-rounded"),
        pytest.param(NIK, PAPUA, PAPUA, None, id="044-text"),
        pytest.param(NIK, f"'{nik(1)}", nik(1), None, id="045-apostrophe"),
        pytest.param(NIK, f" {nik(1)[:6]} {nik(1)[6:]}", nik(1), None, id="045-blanks"),
        pytest.param(NIK, f"{nik(1)[:6]}.{nik(1)[6:12]}-{nik(1)[12:]}", nik(1), None,
                     id="045-dots"),
        pytest.param(NIK, f"\u00a0{nik(1)}\u200b", nik(1), None, id="045-nbsp"),
        pytest.param(NIK, f'="{nik(1)}"', nik(1), None, id="045-text-of-excel"),
        pytest.param(KK, f'="{kk(1)}"', kk(1), None, id="045-text-of-excel-kk"),
        pytest.param(NIK, f"={nik(1)}", None, "E-NIK-CHAR", id="045-formula"),
        pytest.param(NIK, f'=A1&"{nik(1)}"', None, "E-NIK-CHAR", id="045-other-formula"),
        pytest.param(NIK, nik(1)[1:], None, "E-NIK-LEN", id="046"),
        pytest.param(NIK, "0", None, "E-NIK-LEN", id="047-zero"),
        pytest.param(NIK, "1" * 16, None, "E-NIK-FAKE", id="047-ones"),
        pytest.param(NIK, "9" * 16, None, "E-NIK-FAKE", id="047-nines"),
        pytest.param(NIK, "12345678" + "90123456", None, "E-NIK-FAKE", id="047-sequence"),
        pytest.param(KK, "1" * 16, None, "E-KK-FAKE", id="047-kk"),
        pytest.param(NIK, REGION + "000190" + "0001", None, "E-NIK-DATE", id="048-day-00"),
        pytest.param(NIK, REGION + "320190" + "0001", None, "E-NIK-DATE", id="048-day-32"),
        pytest.param(NIK, REGION + "400190" + "0001", None, "E-NIK-DATE", id="048-day-40"),
        pytest.param(NIK, REGION + "720190" + "0001", None, "E-NIK-DATE", id="048-day-72"),
        pytest.param(NIK, REGION + "011390" + "0001", None, "E-NIK-DATE", id="048-month-13"),
        pytest.param(NIK, REGION + "300290" + "0001", None, "E-NIK-DATE", id="048-30-feb"),
        pytest.param(NIK, WOMAN, WOMAN, None, id="048-woman"),
        pytest.param(NIK, nik(0), None, "E-NIK-SERIAL", id="051"),
        pytest.param(NIK, "KOSONG", None, None, id="057"),
        pytest.param(NIK, "Belum rekam", None, None, id="057-not-recorded"),
        pytest.param(NIK, "3604" + nik(1)[4:], "3604" + nik(1)[4:], None, id="058"),
        pytest.param(NIK, nik(1)[:-1] + "O", None, "E-NIK-CHAR", id="059-O"),
        pytest.param(NIK, nik(1)[:-1] + "l", None, "E-NIK-CHAR", id="059-l"),
        pytest.param(KK, kk(1)[:-1] + "O", None, "E-KK-CHAR", id="059-kk"),
    ],
)  # fmt: skip
def test_041_to_059_numbers_of_persons_and_families(
    bench: Workbench, tmp_path: Path, *, header: str, text: str, value: object, code: str | None
) -> None:
    assert cell(bench, tmp_path, header, text) == (value, code)


@pytest.mark.parametrize(
    ("spoiled", "good", "expected"),
    [(2, 38, {}), (15, 25, {"E-NIK-15D": 15}), (21, 19, "E-NIK-15D"), (11, 0, {})],
    ids=["a-tenth", "over-a-third", "more-than-half", "too-few"],
)
def test_042_zeros_at_the_end_are_proved_over_the_column(
    bench: Workbench, tmp_path: Path, spoiled: int, good: int, expected: Any
) -> None:
    numbers = [nik(10 * i) for i in range(1, spoiled + 1)] + [nik(10 * i + 3) for i in range(good)]
    if isinstance(expected, str):
        with pytest.raises(DataRefusedError, match=expected):
            families(bench, tmp_path, NIK, *numbers)
        return
    listed = families(bench, tmp_path, NIK, *numbers)
    assert books(listed) == (len(numbers), len(numbers), 0, 0, 0)
    assert listed.report.set_aside == expected
    assert [row for row, _, _ in faults(listed)] == list(range(2, 2 + sum(expected.values())))


@pytest.mark.parametrize(
    ("number", "value", "code"),
    [(nik(123), nik(123), None), (nik(120), None, "E-NIK-15D"), (PAPUA, None, "E-NIK-15D")],
)
def test_043_a_number_cell_keeps_15_digits(
    bench: Workbench, tmp_path: Path, number: str, value: str | None, code: str | None
) -> None:
    rows: list[list[Any]] = [
        ["family_id", "district_name", "village_name", NIK],
        ["K1", "Kasemen", "Banten", int(number)],
    ]
    listed = read(bench, xlsx_file(tmp_path / "a.xlsx", {"A": rows}), "families")
    assert books(listed) == (1, 1, 0, 0, 0)
    assert column(listed, NIK) == {2: value}
    assert faults(listed) == ([(2, NIK, code)] if code else [])


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [  # a column of floats keeps whole numbers up to 2**24, or 2**53
        (pa.float64(), int(nik(123)), None), (pa.float32(), int(nik(123)), "E-NIK-SCI"),
        (pa.float64(), int(nik(123)) / 10, "E-NIK-CHAR"),
    ],
)  # fmt: skip
def test_043_a_column_of_floats(
    bench: Workbench, tmp_path: Path, kind: pa.DataType, number: float, code: str | None
) -> None:
    rows = {"family_id": ["K1"], "village_code": ["36.73.02.1001"], "rt": pa.array([5.0], kind)}
    numbers = pa.array([float(number)]).cast(kind, safe=False)
    pq.write_table(pa.table(rows | {NIK: numbers}), tmp_path / "a.parquet")
    listed = read(bench, tmp_path / "a.parquet", "families")
    assert books(listed) == (1, 1, 0, 0, 0)
    assert column(listed, NIK) == {2: None if code else nik(123)}
    assert column(listed, "rt") == {2: "005"}
    assert faults(listed) == ([(2, NIK, code)] if code else [])


PERSONS = "family_id;family_card_number;national_id;birth_date;sex"


def persons(bench: Workbench, folder: Path, *lines: str) -> AgencyList:
    text = "\n".join([PERSONS, *lines]) + "\n"
    listed = read(bench, csv_file(folder, text), "persons")
    assert books(listed) == (len(lines), len(lines), 0, 0, 0)
    return listed


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"K1;{kk(1)};{nik(1)};01/01/1990;L", None),
        (f"K1;{kk(1)};{WOMAN};01/01/1990;Perempuan", None),
        (f"K1;{kk(1)};{nik(1)};01/01/1990;P", "W-NIK-SEX"),
        (f"K1;{kk(1)};{WOMAN};01/01/1990;Laki-laki", "W-NIK-SEX"),
        (f"K1;{kk(1)};{nik(1)};02/01/1990;L", "W-NIK-BIRTH"),
        (f"K1;{kk(1)};{nik(1)};01/01/1991;", "W-NIK-BIRTH"),
        (f"K1;{nik(1)};{nik(1)};01/01/1990;L", "W-KK-IS-NIK"),
        (f"K1;{kk(1)};{nik(1)};;", None),
    ],
    ids=["good", "woman", "049-man", "049-woman", "050-day", "050-year", "055", "blank"],
)
def test_049_050_055_what_may_be_right_is_remarked_and_used(
    bench: Workbench, tmp_path: Path, line: str, code: str | None
) -> None:
    listed = persons(bench, tmp_path, f"K0;{kk(9)};{nik(9)};;", line)
    assert remarks(listed) == ([(code, 3)] if code else [])
    assert column(listed, "national_id")[3] == line.split(";")[2]
    assert not listed.report.set_aside


@pytest.mark.parametrize(
    ("born", "code"),
    [("01/01/1990", None), ("02/01/1990", "W-NIK-BIRTH"), ("", None), ("33000", "W-NIK-BIRTH")],
)
def test_050_the_birth_date_of_a_head_is_read_and_remarked(
    bench: Workbench, tmp_path: Path, born: str, code: str | None
) -> None:
    head = "ID Keluarga P3KE;NIK Kepala Keluarga;Tanggal Lahir Kepala Keluarga;Kode Kemdagri"
    lines = [f"K1;{nik(1)};1990-01-01;3673021001", f"K2;{nik(2)};{born};3673021001"]
    file = csv_file(tmp_path, "\n".join([head, *lines]) + "\n")
    listed = read(bench, file, "p3ke-family")
    assert books(listed) == (2, 2, 0, 0, 0)
    assert remarks(listed) == ([(code, 3)] if code else [])
    assert column(listed, "head_birth_date")[2] == date(1990, 1, 1)
    assert column(listed, "head_national_id") == {2: nik(1), 3: nik(2)}


def test_050_a_birth_date_of_tomorrow_is_nobodys(bench: Workbench, tmp_path: Path) -> None:
    head = "ID Keluarga P3KE;NIK Kepala Keluarga;Tanggal Lahir Kepala Keluarga;Kode Kemdagri"
    text = f"{head}\nK1;{nik(1)};01/01/2035;3673021001\n"
    listed = read(bench, csv_file(tmp_path, text), "p3ke-family")
    assert faults(listed) == [(2, "head_birth_date", "E-DATE-FUTURE")]
    assert column(listed, "head_national_id") == {2: nik(1)}


# 52 and 53: who is on a list twice is for the registry to judge, by all registers together;
# only rows with the same words in every column are copies here.
def test_052_053_056_repeated_numbers_stay_for_the_registry(
    bench: Workbench, tmp_path: Path
) -> None:
    text = f"{PERSONS};nama\nK1;{kk(1)};{nik(1)};;;A\nK1;{kk(1)};{nik(1)};;;A\n"
    text += f"K2;{kk(1)};{nik(1)};;;B\n"
    listed = read(bench, csv_file(tmp_path, text), "persons")
    assert books(listed) == (3, 2, 0, 1, 0)
    assert column(listed, "national_id") == {2: nik(1), 4: nik(1)}
    assert column(listed, "family_card_number") == {2: kk(1), 4: kk(1)}
    assert faults(listed) == []


def test_054_a_number_under_both_headers_is_neither(bench: Workbench, tmp_path: Path) -> None:
    lines = [f"K1;{kk(1)};{nik(1)};;", f"K2;{kk(2)};{kk(1)};;", f"K3;{WOMAN};{nik(3)};;",
             f"K4;{kk(4)};{WOMAN};;"]  # fmt: skip
    listed = persons(bench, tmp_path, *lines)
    # A woman's NIK cannot be a KK number; the other may be either.
    assert faults(listed) == [
        (2, "family_card_number", "E-KK-NIK"), (3, "national_id", "E-NIK-KK"),
        (4, "family_card_number", "E-KK-NIK")]  # fmt: skip
    assert column(listed, "national_id") == {2: nik(1), 3: None, 4: nik(3), 5: WOMAN}


@pytest.mark.parametrize(
    ("line", "code"),
    [("K{i};{card};{card_before};;", "E-NIK-KK"), ("K{i};{card};{card};;", "E-NIK-KK"),
     ("K{i};{person};{card};;", "E-KK-NIK")],
    ids=["kk-of-another", "kk-copied", "swapped"],
)  # fmt: skip
def test_054_mistaken_columns_refuse_the_file(
    bench: Workbench, tmp_path: Path, line: str, code: str
) -> None:
    lines = [
        line.format(i=i, card=kk(i), card_before=kk(i - 1), person=REGION + f"4101900{i:03d}")
        for i in range(1, 31)
    ]
    with pytest.raises(DataRefusedError) as caught:
        persons(bench, tmp_path, *lines)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert caught.value.faults[0].file == "list.csv"


def test_057_who_has_no_number_is_still_seen(bench: Workbench, tmp_path: Path) -> None:
    listed = families(bench, tmp_path, NIK, "", "", "tidak ada")
    assert books(listed) == (3, 3, 0, 0, 0)
    assert column(listed, "family_id") == {2: "K1", 3: "K2", 4: "K3"}
    assert set(column(listed, NIK).values()) == {None}


@pytest.mark.parametrize(
    ("number", "code"),
    [("3604" + "01010190" + "0001", "W-NIK-REGION"), ("3673" + "01010190" + "0001", None),
     ("3604" + "98010190" + "0001", None)],
    ids=["serang-regency", "own", "synthetic"],
)  # fmt: skip
def test_058_a_number_of_another_regency_is_used(
    bench: Workbench, tmp_path: Path, number: str, code: str | None
) -> None:
    text = f"family_id;village_code;{NIK}\nK1;36.73.02.1007;{number}\n"
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert books(listed) == (1, 1, 0, 0, 0)
    assert column(listed, NIK) == {2: number}
    assert remarks(listed) == ([(code, 2)] if code else [])


@pytest.mark.parametrize(
    "name",
    ["O'Neil", "NUR'AINI", "A", "N" * 120, "Siti 🙂", "<img src=x onerror=alert(1)>", "${7*7}",
     "`id`", "</script>", "=HYPERLINK(1)", "+62 812", "-", "@SUM(1)"],
)  # fmt: skip
def test_060_061_062_names_are_text_and_stay_as_they_are(
    bench: Workbench, tmp_path: Path, name: str
) -> None:
    assert cell(bench, tmp_path, "head_name", name) == (name, None)


def test_060_signs_that_turn_the_line_around_are_no_part_of_a_name(
    bench: Workbench, tmp_path: Path
) -> None:
    assert cell(bench, tmp_path, "head_name", "\u202eSITI\u200f") == ("SITI", None)


def test_062_a_formula_is_none_in_what_is_written_out(bench: Workbench, tmp_path: Path) -> None:
    listed = families(bench, tmp_path, "income_rupiah_per_month", "=1+1", "+62", "@a", "-1")
    assert books(listed) == (4, 4, 0, 0, 0)
    _, content = quarantine_csv([listed])
    shown = [line.rsplit(",", 1)[1] for line in content.decode("utf-8-sig").splitlines()[1:]]
    assert shown == ["'=9+9", "'+99", "'@x", "'-9"]


# 63: no list of families says who has died; a list of recipients may, in its status.
def test_063_who_has_died_does_not_count_as_reached(bench: Workbench, tmp_path: Path) -> None:
    text = f"nik;program;status\n{nik(1)};PKH;aktif\n{nik(2)};PKH;meninggal\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments")
    assert books(listed) == (2, 2, 0, 0, 0)
    assert faults(listed) == []
    assert column(listed, "status") == {2: "active", 3: "inactive"}


# -------------------------------------------------------------------- numbers, days, programs

INCOME = "income_rupiah_per_month"


@pytest.mark.parametrize(
    ("header", "text", "value", "code"),
    [
        pytest.param(INCOME, "400.000", 400_000, None, id="064"),
        pytest.param(INCOME, "400.5", None, "E-MONEY", id="064-ambiguous"),
        pytest.param(INCOME, "1.250.000", 1_250_000, None, id="065"),
        pytest.param(INCOME, "400,000.00", 400_000, None, id="066-commas"),
        pytest.param(INCOME, "400.000,00", 400_000, None, id="066-dots"),
        pytest.param(INCOME, "Rp 400.000,-", 400_000, None, id="067-rp"),
        pytest.param(INCOME, "400rb", None, "E-MONEY", id="067-rb"),
        pytest.param(INCOME, "0,4 juta", None, "E-MONEY", id="067-juta"),
        pytest.param(INCOME, "-400000", None, "E-MONEY", id="069-negative"),
        pytest.param(INCOME, "1000000000000", None, "E-MONEY", id="069-huge"),
        pytest.param(INCOME, "-", None, "E-MONEY", id="069-dash"),
        pytest.param(INCOME, "0", 0, None, id="069-zero"),
        pytest.param(INCOME, "", None, None, id="069-blank"),
        pytest.param("members", "0", None, "E-WHOLE", id="071-zero"),
        pytest.param("members", "-1", None, "E-WHOLE", id="071-negative"),
        pytest.param("members", "45", None, "E-WHOLE", id="071-45"),
        pytest.param("members", "2.5", None, "E-WHOLE", id="071-half"),
        pytest.param("members", "empat", None, "E-WHOLE", id="071-word"),
        pytest.param("members", "30", 30, None, id="071-most"),
        pytest.param("members", "4 orang", 4, None, id="071-persons"),
        pytest.param("members", "4 KK", None, "E-WHOLE", id="071-other-unit"),
        pytest.param("as_of", "01/02/2024", date(2024, 2, 1), None, id="073-day-first"),
        pytest.param("as_of", "2024-02-01", date(2024, 2, 1), None, id="073-iso"),
        pytest.param("as_of", "12/31/2024", None, "E-DATE-ORDER", id="073-month-first"),
        pytest.param("as_of", "31/02/2024", None, "E-DATE", id="073-no-day"),
        pytest.param("as_of", "2024-31-12", None, "E-DATE", id="073-iso-turned"),
        pytest.param("as_of", "32874", date(1990, 1, 1), None, id="074-serial"),
        pytest.param("as_of", "90", None, "E-DATE", id="074-year"),
        pytest.param("as_of", "1900-01-00", None, "E-DATE", id="074-day-00"),
        pytest.param("as_of", "31/12/1899", None, "E-DATE", id="074-old"),
        pytest.param("as_of", "2025-10-01", date(2025, 10, 1), None, id="074-same-day"),
        pytest.param("as_of", "2025-10-02", None, "E-DATE-FUTURE", id="074-future"),
        pytest.param("decile", "0", None, "E-DECILE", id="077-0"),
        pytest.param("decile", "11", None, "E-DECILE", id="077-11"),
        pytest.param("decile", "1-2", None, "E-DECILE", id="077-span"),
        pytest.param("decile", "Desil 10", 10, None, id="077-10"),
    ],
)  # fmt: skip
def test_064_to_077_values(
    bench: Workbench, tmp_path: Path, *, header: str, text: str, value: object, code: str | None
) -> None:
    assert cell(bench, tmp_path, header, text) == (value, code)


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (["400.000", "1.250.000,5", "300000"], []),
        (["400,000", "1,250,000.50", "300000"], []),
        (["400.000", "400,000", "300000"], [2, 3]),
        (["400.000"] * 9 + ["400,000"], [11]),
        (["400000,5", "400,000"], [2, 3]),
        (["400000.5", "400,000"], []),
    ],
    ids=["dots", "commas", "mixed", "nearly-all-dots", "decimal-comma", "of-a-program"],
)
def test_066_one_column_one_style(
    bench: Workbench, tmp_path: Path, cells: list[str], rows: list[int]
) -> None:
    listed = families(bench, tmp_path, INCOME, *cells)
    assert books(listed) == (len(cells), len(cells), 0, 0, 0)
    assert faults(listed) == [(row, INCOME, "E-STYLE") for row in rows]


@pytest.mark.parametrize(
    ("amounts", "code"),
    [([400] * 15 + [400_000] * 10, "W-MONEY-THOUSANDS"), ([400] * 10 + [400_000] * 15, None),
     ([0] * 30 + [400_000] * 5, None), ([400] * 5, None)],
    ids=["half", "less", "zeros", "too-few"],
)  # fmt: skip
def test_068_incomes_in_thousands_are_remarked(
    bench: Workbench, tmp_path: Path, amounts: list[int], code: str | None
) -> None:
    listed = families(bench, tmp_path, INCOME, *amounts)
    assert books(listed)[:2] == (len(amounts), len(amounts))
    assert remarks(listed) == ([(code, 2)] if code else [])


def test_070_the_line_itself_is_not_below_it(bench: Workbench, tmp_path: Path) -> None:
    listed = families(bench, tmp_path, INCOME, "399.999,99", "400.000", "Rp 400.000,-", "")
    assert books(listed) == (4, 4, 0, 0, 0)
    rule = Welfare(rule="income", threshold="SERANG_EXTREME", basis="per-family")
    judged = classify_welfare(query("select *, true as in_base from t", t=listed.table), rule)
    classes = query("from c order by family_id", c=judged).frame()["welfare_class"].tolist()
    # Blank is unknown: never 0, never poor.
    assert classes == ["extreme_poor", "other", "other", "unknown"]


# 72: how many persons a family has on another list is for the registry to compare; here the
# stated size stands.
def test_072_a_stated_size_stands(bench: Workbench, tmp_path: Path) -> None:
    assert cell(bench, tmp_path, "members", "7") == (7, None)


@pytest.mark.parametrize(
    ("birth", "value", "code"),
    [("01/02/1990", date(1990, 2, 1), None), ("32874", date(1990, 1, 1), None),
     ("02/10/2025", None, "E-DATE-FUTURE"), ("1850-01-01", None, "E-DATE"),
     ("90", None, "E-DATE")],
)  # fmt: skip
def test_074_nobody_is_born_after_the_list(
    bench: Workbench, tmp_path: Path, birth: str, value: date | None, code: str | None
) -> None:
    listed = persons(bench, tmp_path, f"K1;{kk(1)};;{birth};")
    assert column(listed, "birth_date") == {2: value}
    assert faults(listed) == ([(2, "birth_date", code)] if code else [])


@pytest.mark.parametrize(
    ("word", "status"),
    [("Sudah", "active"), ("sdh", "active"), ("Y", "active"), ("1", "active"), ("✓", "active"),
     ("TIDAK", "inactive"), ("tdk", "inactive"), ("N", "inactive"), ("0", "inactive"),
     ("-", "inactive"), ("mungkin", "unknown"),
     ("Masih Aktif", "active"), ("Non-Aktif", "inactive"), ("Meninggal", "inactive"),
     ("MENINGGAL DUNIA (3/2025)", "inactive"), ("Alm.", "inactive"), ("Pindah", "inactive"),
     ("Pindah ke Cilegon", "inactive"), ("Tidak Ditemukan", "inactive"),
     ("tdk ditemukan", "inactive"), ("Graduasi", "inactive"), ("graduasi mandiri", "inactive"),
     ("Sudah mampu", "inactive"), ("DATA GANDA", "inactive"), ("Tidak layak", "inactive"),
     # neither says that anybody gets less
     ("pindah rekening", "unknown"), ("belum meninggal", "unknown"), ("mampu bayar", "unknown"),
     ("ditemukan", "unknown"), ("layak", "unknown")],
)  # fmt: skip
def test_075_words_of_a_status(bench: Workbench, tmp_path: Path, word: str, status: str) -> None:
    text = f"nik;program;status\n{nik(1)};PKH;{word}\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments")
    assert books(listed) == (1, 1, 0, 0, 0)
    assert column(listed, "status") == {2: status}
    assert faults(listed) == ([(2, "status", "E-STATUS")] if status == "unknown" else [])


@pytest.mark.parametrize(
    ("text", "programs"),
    [("PKH, BPNT", ["PKH", "SEMBAKO"]), ("pkh/bpnt", ["PKH", "SEMBAKO"]),
     ("PKH BPNT", ["PKH", "SEMBAKO"]), ("PKH dan BPNT", ["PKH", "SEMBAKO"]),
     ("BPNT, Sembako", ["SEMBAKO"]), ("PKH", ["PKH"]), ("PKH, entah", [None])],
)  # fmt: skip
def test_076_a_row_of_several_programs_is_one_row(
    bench: Workbench, tmp_path: Path, text: str, programs: list[str | None]
) -> None:
    file = csv_file(tmp_path, f'nik;program\n{nik(1)};"{text}"\n')
    listed = read(bench, file, "enrollments")
    report = listed.report
    # `books` counts the records of the table, of which this row has several.
    counts = (report.accepted, report.quarantined, report.duplicates, report.blank)
    assert (report.rows, *counts) == (1, 1, 0, 0, 0)
    assert [(row["row"], row["program"]) for row in listed.table.rows()] == [
        (2, program) for program in programs
    ]
    assert faults(listed) == ([(2, "program", "E-PROGRAM")] if None in programs else [])


def test_078_a_year_is_no_payment(bench: Workbench, tmp_path: Path) -> None:
    # A tahap is a quarter, unless the list prints its months.
    lines = [f"A;{nik(1)};2025;PKH", f"B;{nik(2)};Tahap 3;PKH", f"C;{nik(3)};JUL-AGU 2025;PKH",
             f"D;{nik(4)};September 2025;PKH"]  # fmt: skip
    text = "\n".join(["NAMA PENERIMA;NIK KTP;TAHAP;BANSOS", *lines]) + "\n"
    listed = read(bench, csv_file(tmp_path, text), "siks-recipients")
    assert books(listed) == (4, 4, 0, 0, 0)
    assert faults(listed) == [(2, "period", "E-PERIOD")]
    assert column(listed, "valid_from") == {
        2: None, 3: date(2025, 7, 1), 4: date(2025, 7, 1), 5: date(2025, 9, 1)}  # fmt: skip
    assert column(listed, "valid_to") == {
        2: None, 3: date(2025, 9, 30), 4: date(2025, 8, 31), 5: date(2025, 9, 30)}  # fmt: skip


# -------------------------------------------------------------------------------- coordinates


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [("", "-6.12,106.15", (106.15, -6.12)), ("106.15 -6.12", "", (106.15, -6.12)),
     ("106,15", "-6,12", (106.15, -6.12)), ("", "-6.12", (None, -6.12)),
     ('106°09\'00" BT', '6°07\'12" LS', (106.15, -6.12))],
    ids=["pair-in-lat", "pair-in-lon", "commas", "half-a-pair", "dms"],
)  # fmt: skip
def test_both_coordinates_in_one_cell(
    bench: Workbench, tmp_path: Path, lon: str, lat: str, expected: tuple[float | None, ...]
) -> None:
    quoted = [cell_.replace('"', '""') for cell_ in (lon, lat)]
    file = csv_file(tmp_path, f'family_id;lon;lat\nK1;"{quoted[0]}";"{quoted[1]}"\n')
    listed = read(bench, file, "points")
    (row,) = listed.table.rows()
    assert (row["lon"], row["lat"]) == pytest.approx(expected)
    assert not listed.report.set_aside


def test_a_code_of_a_statistical_area_is_no_nik(bench: Workbench, tmp_path: Path) -> None:
    # BPS idsubsls has 16 digits too; no layout reads it as a number of a person.
    text = f"family_id;idsubsls;district_name;village_name\nK1;{'36730400' + '01000100'};A;B\n"
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert listed.report.ignored == ["idsubsls"]
    assert NIK not in listed.report.columns
    assert not listed.report.set_aside
