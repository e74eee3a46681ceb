from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import BalanceError, ConfigError
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.records import state_villages
from geo_target.publishing.balance import balance_registers
from geo_target.registry.families import link_registers
from geo_target.registry.registers import gather_registers
from geo_target.workbench import Workbench
from tests.builders import nik, rows_by, write_csv

HEADER = "family_id | nik | kecamatan | kelurahan"


def families(bench: Workbench, path: Path, *rows: str, profile: str = "families") -> AgencyList:
    listed = read_list(
        bench,
        write_csv(path, "\n".join([HEADER, *rows])),
        profile=profile_named(profile),
        as_of=date(2025, 9, 1),
    )
    return state_villages(listed, read_gazetteer("36"), code_system=None)


def test_two_files_of_a_register_lose_nobody(bench: Workbench, tmp_path: Path) -> None:
    """Families without an id have their file and row; one that both files list counts once."""
    lists = [
        families(bench, tmp_path / "utara.csv", f"K1 | {nik(1)} | Serang | Cipare",
                 f" | {nik(2)} | Serang | Cipare"),
        families(bench, tmp_path / "selatan.csv", f"K1 | {nik(1)} | Serang | Cipare",
                 f" | {nik(3)} | Curug | Curug", f"K2 | {nik(4)} | Curug | Curug"),
    ]  # fmt: skip
    base, others = gather_registers(lists, base="families")
    registry = link_registers(base, others)
    assert set(rows_by(registry.families, "family_id", "in_base")) == {
        "K1", "utara.csv#3", "selatan.csv#3", "K2",
    }  # fmt: skip
    assert registry.relisted_families == 1
    assert balance_registers(lists, registry) == {
        "register_rows": 5, "relisted": 1, "attached": 0,
    }  # fmt: skip


def test_of_two_files_that_list_a_family_under_two_ids_the_first_names_it(
    bench: Workbench, tmp_path: Path
) -> None:
    lists = [
        families(bench, tmp_path / "utara.csv", f"K1 | {nik(1)} | Serang | Cipare",
                 f"K2 | {nik(2)} | Serang | Cipare"),
        families(bench, tmp_path / "selatan.csv", f"K9 | {nik(2)} | Curug | Curug"),
    ]  # fmt: skip
    registry = link_registers(*gather_registers(lists, base="families"))
    assert rows_by(registry.family_keys, "register_family_id", "family_id") == {
        "K1": "K1", "K2": "K2", "K9": "K2",
    }  # fmt: skip
    assert (registry.twice_listed, registry.twice_placed) == (1, 1)
    assert balance_registers(lists, registry) == {
        "register_rows": 3, "relisted": 0, "attached": 1,
    }  # fmt: skip


def test_the_same_id_in_two_files_may_be_two_families(bench: Workbench, tmp_path: Path) -> None:
    lists = [
        families(bench, tmp_path / "utara.csv", f"X | {nik(1)} | Serang | Cipare"),
        families(bench, tmp_path / "selatan.csv", f"X | {nik(2)} | Curug | Curug"),
    ]
    registry = link_registers(*gather_registers(lists, base="families"))
    assert rows_by(registry.families, "family_id", "head_national_id") == {
        "X": nik(1), "X (2)": nik(2),
    }  # fmt: skip
    assert (registry.relisted_families, registry.id_conflicts) == (0, 1)
    assert balance_registers(lists, registry)["register_rows"] == 2


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_proposal_that_was_mended_is_one_family_as_the_last_export_has_it(
    bench: Workbench, tmp_path: Path, *, is_reversed: bool
) -> None:
    """October's export stays a source; who lives there was known by its NIK in November alone."""
    base = families(bench, tmp_path / "utara.csv", f"K1 | {nik(1)} | Serang | Cipare")
    head = "proposal_id | nik | kecamatan | kelurahan"
    told = [
        state_villages(
            read_list(bench, write_csv(tmp_path / f"{month}.csv", f"{head}\n{rows}"),
                      profile=profile_named("proposals"), as_of=date(2025, month, 1)),
            read_gazetteer("36"), code_system=None,
        )
        for month, rows in (
            (10, "U1 | | Serang | Cipare\nU2 | | Serang | Cipare"),
            (11, f"U1 | {nik(2)} | Curug | Curug"),
        )
    ]  # fmt: skip
    lists = [base, *(told[::-1] if is_reversed else told)]
    register, others = gather_registers(lists, base="families")
    (proposed,) = others
    assert rows_by(proposed.families, "family_id", "head_national_id") == {
        "U1": nik(2), "U2": None,
    }  # fmt: skip
    registry = link_registers(register, others)
    assert balance_registers(lists, registry)["relisted"] == 1


def test_an_id_that_somebody_has_already_is_not_given(bench: Workbench, tmp_path: Path) -> None:
    lists = [
        families(bench, tmp_path / "a.csv", f"X | {nik(1)} | Serang | Cipare"),
        families(bench, tmp_path / "b.csv", f"X | {nik(2)} | Curug | Curug\n"
                 f"X (2) | {nik(3)} | Curug | Curug"),
    ]  # fmt: skip
    registry = link_registers(*gather_registers(lists, base="families"))
    assert rows_by(registry.families, "family_id", "head_national_id") == {
        "X": nik(1), "X~ (2)": nik(2), "X (2)": nik(3),
    }  # fmt: skip


def test_persons_without_their_families_are_refused(bench: Workbench, tmp_path: Path) -> None:
    lists = [families(bench, tmp_path / "a.csv", f"K1 | {nik(1)} | Serang | Cipare")]
    text = f"id_keluarga | nik | no_kk | nama\nX | {nik(1)} | 1 | A"
    people = read_list(
        bench, write_csv(tmp_path / "p.csv", text), profile=profile_named("dtsen-person"),
        as_of=date(2025, 9, 1),
    )  # fmt: skip
    with pytest.raises(ConfigError, match="E-PERSONS"):
        gather_registers([*lists, people], base="families")


def test_a_lost_row_is_never_published(bench: Workbench, tmp_path: Path) -> None:
    lists = [families(bench, tmp_path / "a.csv", f"K1 | {nik(1)} | Serang | Cipare")]
    base, others = gather_registers(lists, base="families")
    more = families(bench, tmp_path / "b.csv", f"K9 | {nik(9)} | Serang | Cipare")
    with pytest.raises(BalanceError):
        balance_registers([*lists, more], link_registers(base, others))


def test_a_base_that_no_list_has_is_refused(bench: Workbench, tmp_path: Path) -> None:
    lists = [families(bench, tmp_path / "a.csv", f"K1 | {nik(1)} | Serang | Cipare")]
    with pytest.raises(ConfigError, match="E-BASE"):
        gather_registers(lists, base="p3ke-family")
    with pytest.raises(ConfigError, match="E-BASE"):
        gather_registers(lists, base="p3ke-person")
