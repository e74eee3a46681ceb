"""Who is named in identities, and that its keys need the archive's key."""

import hashlib
import hmac

from geo_target.publishing.identities import identities
from geo_target.registry.families import link_registers
from geo_target.workbench import Table, Workbench
from tests.builders import nik, table
from tests.registry.test_families import register

JUDGED = "family_id  welfare_class\nP1  extreme_poor\nP2  other\nP3  unknown"
KEY, OTHER = b"k" * 32, b"o" * 32


def named(bench: Workbench, key: bytes, *, allowed: bool = True) -> Table:
    families = "family_id  head_national_id\nP1  nik1\nP2  nik2\nP3  nik3"
    registry = link_registers(register(bench, "p3ke", families), [])
    return identities(registry, table(bench, JUDGED), key, allowed=allowed)


def test_only_the_extreme_poor_are_named(bench: Workbench) -> None:
    assert {row["family_id"] for row in named(bench, KEY).rows()} == {"P1"}


def test_without_papers_nobody_is_named(bench: Workbench) -> None:
    unnamed = named(bench, KEY, allowed=False)
    assert unnamed.rows() == []
    assert unnamed.columns == named(bench, KEY).columns


def test_a_number_is_hashed_under_the_key_of_the_archive(bench: Workbench) -> None:
    expected = hmac.new(KEY, nik(1).encode(), hashlib.sha256).hexdigest()
    assert {row["national_id_key"] for row in named(bench, KEY).rows()} == {expected}
    assert {row["national_id_key"] for row in named(bench, OTHER).rows()} != {expected}
