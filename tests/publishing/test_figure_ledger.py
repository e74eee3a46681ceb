"""Published figures: ours are complete, units never mix, and a bad row says where it is."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError
from geo_target.publishing.figure_file import read_ledger
from geo_target.publishing.figure_ledger import Comparison, PublishedFigure, compare, figures_about
from geo_target.publishing.quantities import Quantity, Unit, UnitError, difference, ratio
from tests.builders import kk, nik

LEDGER = {figure.id: figure for figure in read_ledger()}
LISTED = LEDGER["kota-serang-p3ke-2023-08"]
UNCOVERED = LEDGER["kota-serang-belum-tersentuh-2023-12"]
COVERED = replace(UNCOVERED, counts="covered_families")
PEOPLE = LEDGER["kota-serang-miskin-ekstrem-2024"]


def quantity(value: int, unit: Unit) -> Quantity:
    return Quantity(Decimal(value), unit)


def summary(**changed: Any) -> dict[str, Any]:
    """What a run of Kota Serang has shown: 8,799 families = 5,000 + 3,700 + 99 unmatched."""
    counts = {
        "extreme_poor_families": 8799, "covered_families": 5000, "uncovered_families": 3700,
        "unmatched_families": 99,
    }  # fmt: skip
    return {
        "as_of": "2023-12-31",
        "area": {"code": "36.73", "name": "Kota Serang"},
        "base": {"profile": "p3ke-family"},
        "welfare": {"rule": "listed"},
        "definition": {"programs": [{"code": "PKH"}]},
        "totals": counts,
        "districts": [{"district_code": "36.73.02", **counts, "extreme_poor_families": 1700}],
        **changed,
    }


# ------------------------------------------------------------------------------------ ours


@pytest.mark.parametrize(
    ("figure", "value", "unit", "date"),
    [
        (LISTED, 8799, "family", "2023-08"),
        (UNCOVERED, 3784, "family", "2023-12-18"),
        (PEOPLE, 11549, "person", "2024"),
    ],
)
def test_figures_that_are_often_mixed_up(
    figure: PublishedFigure, value: int, unit: Unit, date: str
) -> None:
    assert (figure.quantity, figure.date) == (quantity(value, unit), date)


def test_every_figure_says_what_it_is() -> None:
    assert len(LEDGER) > 100
    for figure in LEDGER.values():
        said = (figure.date, figure.publisher, figure.source, *figure.definition.values())
        assert all(said), figure.id
        assert all(figure.why.values()), figure.id


def test_figures_of_the_articles_are_there() -> None:
    found = {int(each.quantity.value) for each in LEDGER.values() if each.area == "36.73"}
    assert {
        11549, 202406, 202460, 3784, 8799, 8020, 5611, 7205, 7315, 18000, 11319, 2_200_000_000,
    } <= found  # fmt: skip


def test_rows_of_p3ke_are_no_count_of_the_poor() -> None:
    rows = [figure for figure in LEDGER.values() if figure.register == "p3ke"]
    assert len(rows) > 10
    for figure in rows:
        assert "terdaftar P3KE" in figure.definition["id"]
        assert "miskin" not in figure.definition["id"]


def test_regencies_add_up_to_the_province() -> None:
    def poor(period: str, length: int) -> int:
        return sum(
            int(each.quantity.value)
            for each in LEDGER.values()
            if "-penduduk-miskin-" in each.id and each.date == period and len(each.area) == length
        )

    assert poor("2023", len("36.73")) == poor("2023-03", len("36")) == 826_130


def test_surveys_are_held_against_nothing() -> None:
    surveys = [figure for figure in LEDGER.values() if figure.kind == "survey"]
    assert len(surveys) > 60
    assert {compare(each, summary()).status for each in surveys} == {"no_own_count"}
    assert {each.kind for each in LEDGER.values() if each.quantity.unit == "percent"} == {"survey"}


# ----------------------------------------------------------------------------------- units


@pytest.mark.parametrize("refused", [difference, ratio])
@pytest.mark.parametrize("pair", [(PEOPLE, UNCOVERED), (UNCOVERED, PEOPLE)], ids=["of", "to"])
def test_people_and_families_never_mix(
    refused: Any, pair: tuple[PublishedFigure, PublishedFigure]
) -> None:
    with pytest.raises(UnitError, match="E-UNIT") as caught:
        refused(pair[0].quantity, pair[1].quantity)
    assert "beda satuan" in caught.value.text("id")


@pytest.mark.parametrize(
    ("one", "other"), [("package", "rupiah"), ("rupiah", "percent"), ("percent", "family")]
)
def test_only_rupiah_go_by_a_count(one: Unit, other: Unit) -> None:
    with pytest.raises(UnitError):
        ratio(quantity(6, one), quantity(3, other))


def test_a_package_costs_392087_rupiah() -> None:
    budget, packages = (
        LEDGER[f"kota-serang-{name}-2025"].quantity for name in ("anggaran-paket", "paket")
    )
    assert round(ratio(budget, packages)) == 392_087
    with pytest.raises(UnitError):
        difference(budget, packages)


def test_of_one_unit_there_are_both() -> None:
    assert difference(LISTED.quantity, UNCOVERED.quantity) == quantity(5015, "family")
    assert round(ratio(UNCOVERED.quantity, LISTED.quantity), 3) == Decimal("0.430")


@pytest.mark.parametrize(
    ("value", "unit", "indonesian", "english"),
    [
        ("3784", "family", "3.784\u00a0KK", "3,784\u00a0families"),
        ("6.20", "percent", "6,20\u00a0%", "6.20\u00a0%"),
        ("2200000000", "rupiah", "Rp2.200.000.000", "Rp2,200,000,000"),
        ("-12", "person", "−12\u00a0jiwa", "−12\u00a0people"),
    ],
)
def test_numbers_are_written_with_their_unit(
    value: str, unit: Unit, indonesian: str, english: str
) -> None:
    written = Quantity(Decimal(value), unit)
    assert (written.text("id"), written.text("en")) == (indonesian, english)


# -------------------------------------------------------------------------------- compared


def told(compared: Comparison) -> tuple[Any, ...]:
    apart = compared.difference
    return compared.status, compared.reasons, None if apart is None else int(apart.value)


@pytest.mark.parametrize(
    ("figure", "changed", "expected"),
    [
        (LISTED, {}, ("other_date", ("date",), 0)),
        (LISTED, {"as_of": "2023-08-31"}, ("same", (), 0)),
        (LISTED, {"base": {"profile": "dtsen"}}, ("other_definition", ("list", "date"), 0)),
        (LISTED, {"welfare": {"rule": "decile"}}, ("other_definition", ("rule", "date"), 0)),
        (UNCOVERED, {}, ("other_definition", ("programs", "date", "unmatched"), -84)),
        (PEOPLE, {}, ("other_unit", ("unit", "list", "date"), None)),
        (PEOPLE, {"as_of": "2024-01-01"}, ("other_unit", ("unit", "list"), None)),
        (LISTED, {"totals": {"extreme_poor_families": None}}, ("withheld", (), None)),
        (LISTED, {"area": {"code": "36"}}, ("no_own_count", (), None)),
        (LEDGER["kasemen-p3ke-2023-09"], {}, ("other_date", ("date",), 100)),
        (LEDGER["kasemen-p3ke-2023-09"], {"districts": []}, ("no_own_count", (), None)),
        (LEDGER["kota-serang-paket-2025"], {}, ("no_own_count", (), None)),
    ],
    ids=["date", "same", "list", "rule", "programs", "unit", "unit-of-the-year", "withheld",
         "other-area", "district", "unknown-district", "not-counted"],
)  # fmt: skip
def test_what_differs(
    figure: PublishedFigure, changed: Mapping[str, Any], expected: tuple[Any, ...]
) -> None:
    assert told(compare(figure, summary(**changed))) == expected


def test_the_unmatched_make_a_range() -> None:
    compared = compare(UNCOVERED, summary())
    assert (compared.own, compared.most) == (quantity(3700, "family"), quantity(3799, "family"))
    assert compared.most_difference == quantity(15, "family")
    compared = compare(COVERED, summary())
    assert (compared.own, compared.most) == (quantity(5000, "family"), quantity(5099, "family"))
    assert compared.most_difference == quantity(5099 - 3784, "family")


@pytest.mark.parametrize(
    ("figure", "unmatched", "is_reason"),
    [
        (UNCOVERED, 99, True), (COVERED, 99, True), (LISTED, 99, False),
        (UNCOVERED, None, True), (COVERED, None, True), (LISTED, None, False),
        (UNCOVERED, 0, False), (COVERED, 0, False),
    ],
)  # fmt: skip
def test_the_unmatched_may_be_either(
    figure: PublishedFigure, unmatched: int | None, *, is_reason: bool
) -> None:
    totals = {**summary()["totals"], "unmatched_families": unmatched}
    compared = compare(figure, summary(totals=totals))
    assert ("unmatched" in compared.reasons) is is_reason
    assert (compared.most is None) is not (is_reason and unmatched)


def test_withheld_is_not_zero() -> None:
    assert compare(LISTED, summary(totals={"extreme_poor_families": None})).own is None
    compared = compare(LISTED, summary(totals={"extreme_poor_families": 0}))
    assert compared.own == quantity(0, "family")


def test_without_a_run_there_is_nothing_to_compare() -> None:
    assert {compare(each, {}).status for each in LEDGER.values()} == {"no_own_count"}


@pytest.mark.parametrize(
    ("area", "places"),
    [
        ("36.73.02", ["36.73.02", "36.73", "36", "ID"]),
        ("36.02", ["36.02", "36", "ID"]),
        ("12.01", ["ID"]),
    ],
)
def test_an_area_then_what_it_lies_in(area: str, places: list[str]) -> None:
    found = figures_about(area, LEDGER.values())
    assert list(dict.fromkeys(figure.area for figure in found)) == places
    inside = [(figure.area, figure.date) for figure in found if figure.area == area]
    assert inside == sorted(inside)


def test_a_province_then_its_parts() -> None:
    places = list(dict.fromkeys(each.area for each in figures_about("36", LEDGER.values())))
    assert places[:3] == ["36", "36.01", "36.02"]
    assert places[-1] == "ID"


# --------------------------------------------------------------------------------- of one's own

ROW = {
    "id": "camat-2025", "area": "36.73.02", "area_name": "Kasemen", "kind": "count",
    "figure": "1612", "unit": "family", "date": "2025-06", "publisher": "Kecamatan Kasemen",
    "source": "rapat 2025-06-30", "register": "p3ke", "counts": "extreme_poor_families",
    "programs": "", "definition_id": "keluarga terdaftar P3KE", "definition_en": "listed families",
    "why_id": "", "why_en": "",
}  # fmt: skip


def own(folder: Path, *rows: Mapping[str, str], delimiter: str = ",", bom: str = "") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file = folder / "angka.csv"
    file.write_text(bom + out.getvalue(), encoding="utf-8")
    return file


@pytest.mark.parametrize("way", [{}, {"delimiter": ";", "bom": "\ufeff"}], ids=["plain", "excel"])
def test_figures_of_ones_own_stand_beside_ours(tmp_path: Path, way: dict[str, str]) -> None:
    ledger = read_ledger(own(tmp_path, ROW, **way))
    assert len(ledger) == len(LEDGER) + 1
    assert ledger[-1].quantity == quantity(1612, "family")
    assert told(compare(ledger[-1], summary())) == ("other_date", ("date",), 88)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", "Camat 2025"), ("area", "3673"), ("area_name", ""), ("kind", "sensus"),
        ("figure", "1.612"), ("figure", "1612.5"), ("figure", "-3"), ("unit", "orang"),
        ("unit", "percent"), ("date", "Juni 2025"), ("date", "2025-13"), ("date", "2025-02-30"),
        ("publisher", ""),
        ("source", ""), ("register", "P3KE!"), ("counts", "villages"), ("programs", "pkh,pbi"),
        ("definition_id", ""), ("definition_en", ""), ("why_id", "satu\ndua"),
        ("why_en", "x" * 601), ("source", f"dari {nik(1)}"), ("publisher", kk(1)),
        ("source", "\x1b[2J"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_refused_where_it_stands(tmp_path: Path, column: str, cell: str) -> None:
    file = own(tmp_path, ROW, {**ROW, "id": "camat-2026", column: cell})
    at = "figure" if cell == "percent" else column
    with pytest.raises(ConfigError) as caught:
        read_ledger(file)
    (fault,) = caught.value.faults
    assert (fault.code, fault.file, fault.row, fault.column) == (
        "E-FIGURE-ROW", "angka.csv", 3, at,
    )  # fmt: skip


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    survey = {**ROW, "kind": "survey"}
    with pytest.raises(ConfigError) as caught:
        read_ledger(own(tmp_path, survey, ROW, ROW, {**ROW, "id": UNCOVERED.id}))
    places = [(fault.code, fault.row, fault.column) for fault in caught.value.faults]
    assert places == [
        ("E-FIGURE-ROW", 2, "counts"), ("E-FIGURE-TWICE", 4, "id"), ("E-FIGURE-TWICE", 5, "id"),
    ]  # fmt: skip


def test_cells_that_do_not_fit_their_columns(tmp_path: Path) -> None:
    file = own(tmp_path, ROW)
    file.write_text(file.read_text("utf-8") + "\n\na,b\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_ledger(file)
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [("E-FIGURE-ROW", 5)]


@pytest.mark.parametrize(
    "body", [None, b"", b"id,area\nx,36\n", b"\xff\xfe", b"id," * 16 + b"id\n"],
    ids=["missing", "empty", "columns", "bytes", "one-column"],
)  # fmt: skip
def test_a_file_that_is_no_ledger(tmp_path: Path, body: bytes | None) -> None:
    file = tmp_path / "angka.csv"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(ConfigError) as caught:
        read_ledger(file)
    assert [(fault.code, fault.file) for fault in caught.value.faults] == [
        ("E-FIGURE-FILE", "angka.csv")
    ]
