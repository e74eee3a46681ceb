import pandas as pd
import pytest

from geo_target.errors import DataRefusedError
from geo_target.places.codes import CodeSystem, find_stated_villages
from geo_target.workbench import Workbench

# Sukawana is twice in one city; the Kemendagri code of Angsana without dots is the BPS code
# of Pasirloa, as it is in Banten.
PLACES = pd.DataFrame(
    [
        ("36.73.01.1008", "3673040008", "Sukawana", "Serang", "Kota Serang"),
        ("36.73.04.1007", "3673010007", "Sukawana", "Curug", "Kota Serang"),
        ("36.04.01.2001", "3604010001", "Kelapa Dua", "Curug", "Kabupaten Serang"),
        ("36.01.07.2001", "3601070009", "Angsana", "Angsana", "Kabupaten Pandeglang"),
        ("36.01.31.2005", "3601072001", "Pasirloa", "Sindangresmi", "Kabupaten Pandeglang"),
    ],
    columns=["village_code", "bps_village_code", "village_name", "district_name", "regency_name"],
).set_index("village_code")


def stated(
    bench: Workbench, rows: list[tuple[str | None, ...]], system: CodeSystem | None = None
) -> list[tuple[str | None, str]]:
    columns = ("row", "village_code", "regency_name", "district_name", "village_name")
    numbered = [(str(number), *row) for number, row in enumerate(rows)]
    records = bench.take_rows(dict.fromkeys(columns, "varchar"), numbered)
    found = find_stated_villages(records, PLACES, file="daftar.csv", code_system=system)
    in_order = sorted(found.rows(), key=lambda r: r["row"])
    return [(r["stated_village_code"], r["village_basis"]) for r in in_order]


def code(text: str) -> tuple[str | None, ...]:
    return (text, None, None, None)


@pytest.mark.parametrize("text", ["36.73.01.1008", "3673011008", "3673 01 1008"])
def test_a_kemendagri_code_with_and_without_dots(bench: Workbench, text: str) -> None:
    assert stated(bench, [code(text)]) == [("36.73.01.1008", "code")]


def test_a_code_of_both_systems_is_read_as_declared(bench: Workbench) -> None:
    both = [code("3601072001")]
    assert stated(bench, both, "kemendagri") == [("36.01.07.2001", "code")]
    assert stated(bench, both, "bps") == [("36.01.31.2005", "code")]


def test_a_system_is_proved_over_the_whole_list(bench: Workbench) -> None:
    rows = [code("3601072001"), code("3673040008"), code("3673010007")]
    assert [c for c, _ in stated(bench, rows)] == [
        "36.01.31.2005",
        "36.73.01.1008",
        "36.73.04.1007",
    ]


def test_what_cannot_be_proved_is_refused(bench: Workbench) -> None:
    with pytest.raises(DataRefusedError, match="E-CODE-SYSTEM"):
        stated(bench, [code("3601072001")])


def test_a_wrong_declaration_is_refused_with_the_counts(bench: Workbench) -> None:
    with pytest.raises(DataRefusedError) as caught:
        stated(bench, [code("3673040008"), code("3673010007")], "kemendagri")
    assert 'code_system = "bps"' in caught.value.text("id")
    assert "Kemendagri 0, BPS 2" in caught.value.text("en")


@pytest.mark.parametrize(
    ("names", "village"),
    [
        (("Kota Serang", "Curug", "Sukawana"), "36.73.04.1007"),
        (("KOTA SERANG", "KEC. SERANG", "Kel. Suka wana"), "36.73.01.1008"),
        ((None, "Serang", "SUKAWANA"), "36.73.01.1008"),
        (("Kab. Serang", "Curug", "Kelapa Dua"), "36.04.01.2001"),
        (("KOTA SERANG", "KEC SERANG", "KEL SUKAWANA"), "36.73.01.1008"),
        (("SERANG", "Serang", "Sukawana"), "36.73.01.1008"),
        (("SERANG", "Curug", "Kelapa Dua"), "36.04.01.2001"),
        (("Kota Serang", "Curug", "Kelapa Dua"), None),
        (("Kota Serang", None, "Sukawana"), None),
        (("Kota Serang", "Serang", "Sukawane"), None),
    ],
)
def test_names_join_by_the_triple_or_not_at_all(
    bench: Workbench, names: tuple[str | None, ...], village: str | None
) -> None:
    basis = "triple" if village else "none"
    assert stated(bench, [(None, *names)]) == [(village, basis)]


def test_an_unknown_code_falls_back_to_the_names(bench: Workbench) -> None:
    rows = [("36.73.09.9999", "Kota Serang", "Serang", "Sukawana"), code("36.73.01.1008")]
    assert stated(bench, rows, "kemendagri")[0] == ("36.73.01.1008", "triple")
