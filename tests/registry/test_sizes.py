"""Entry 72 of the catalogue: a family states another size than its members that are listed."""

from datetime import date
from pathlib import Path

import pytest

from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.registry.sizes import remark_sizes
from geo_target.workbench import Workbench
from tests.builders import kk, nik, write_csv

FAMILIES = "family_id | no_kk | kecamatan | kelurahan | members"


def listed(bench: Workbench, file: Path, profile: str, text: str) -> AgencyList:
    named = profile_named(profile)
    return read_list(bench, write_csv(file, text), profile=named, as_of=date(2025, 9, 1))


@pytest.mark.parametrize(
    ("members", "persons", "row"),
    [
        ("2", [("K1", ""), ("K1", "")], None),
        ("3", [("K1", ""), ("K1", "")], 2),
        ("1", [("K1", ""), ("K1", "")], 2),
        ("", [("K1", ""), ("K1", "")], None),  # states none
        ("3", [("K9", "")], None),  # lists none: the list of members may be of another place
        ("3", [("", kk(1)), ("", kk(1))], 2),  # members by the KK number
        ("2", [("", kk(1)), ("", kk(1))], None),
    ],
)
def test_072_families_that_state_another_size_are_counted(
    bench: Workbench, tmp_path: Path, *, members: str, persons: list[tuple[str, str]],
    row: int | None,
) -> None:  # fmt: skip
    text = f"{FAMILIES}\nK1 | {kk(1)} | Kasemen | Banten | {members}"
    families = listed(bench, tmp_path / "families.csv", "families", text)
    lines = "\n".join(f"{nik(i)} | {own} | {card}" for i, (own, card) in enumerate(persons, 1))
    people = listed(
        bench, tmp_path / "persons.csv", "persons", f"nik | family_id | no_kk\n{lines}"
    )  # fmt: skip
    remarked, same = remark_sizes([families, people])
    assert same is people
    said = [(n.code, n.row) for n in remarked.report.notices if n.code == "W-MEMBERS"]
    assert said == ([("W-MEMBERS", row)] if row else [])


def test_without_members_nothing_is_said(bench: Workbench, tmp_path: Path) -> None:
    text = f"{FAMILIES}\nK1 | {kk(1)} | Kasemen | Banten | 3"
    families = listed(bench, tmp_path / "families.csv", "families", text)
    assert remark_sizes([families]) == [families]
