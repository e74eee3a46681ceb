"""NIK at rest: opened by the key alone, by the village alone, and of the poor alone."""

from pathlib import Path

import pytest

from geo_target.publishing.identities import head_numbers
from geo_target.registry.families import link_registers
from geo_target.sealed_numbers import opened, sealed
from geo_target.workbench import Workbench
from tests.builders import nik, table
from tests.registry.test_families import register

KEY, OTHER = b"k" * 32, b"o" * 32
NUMBERS = {"36.73.01.1001": {"F1": nik(1), "F2": nik(2)}, "36.73.01.1002": {"F3": nik(3)}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    pytest.importorskip("cryptography")
    found = tmp_path / "sealed.parquet"
    found.write_bytes(sealed(NUMBERS, KEY))
    return found


def test_a_village_is_opened_by_the_key(file: Path) -> None:
    assert {code: opened(file, code, KEY) for code in NUMBERS} == NUMBERS
    assert opened(file, "36.73.01.1003", KEY) == {}


def test_no_byte_tells_a_number_or_a_family(file: Path) -> None:
    content = file.read_bytes()
    assert not [n for n in (1, 2, 3) if nik(n).encode() in content or f"F{n}".encode() in content]


def test_another_key_or_a_changed_byte_opens_nothing(file: Path) -> None:
    with pytest.raises(ValueError, match="another key"):
        opened(file, "36.73.01.1001", OTHER)
    moved = {"36.73.01.1001": NUMBERS["36.73.01.1002"], "36.73.01.1002": {}}
    assert sealed(moved, KEY) != sealed(NUMBERS, KEY)
    assert sealed(NUMBERS, KEY) == sealed(NUMBERS, KEY)  # equal runs have equal files
    assert sealed(NUMBERS, OTHER) != sealed(NUMBERS, KEY)


def test_heads_of_the_extreme_poor_with_a_village_and_no_one_else(bench: Workbench) -> None:
    families = "family_id  head_national_id\nP1  nik1\nP2  nik2\nP3  nik3\nP4  -"
    judged = """family_id  welfare_class  village_code
        P1  extreme_poor  36.73.01.1001
        P2  other  36.73.01.1001
        P3  extreme_poor  -
        P4  extreme_poor  36.73.01.1001"""
    registry = link_registers(register(bench, "p3ke", families), [])
    found = head_numbers(registry, table(bench, "\n".join(map(str.strip, judged.splitlines()))))
    assert found == {"36.73.01.1001": {"P1": nik(1)}}
