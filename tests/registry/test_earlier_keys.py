"""Sums under an earlier key are known again under today's, and only those of what is the same."""

from geo_target.registry.earlier_keys import sums_before, under_todays_key
from geo_target.registry.fingerprints import fingerprint_rows
from geo_target.workbench import Workbench, query
from tests.registry.test_decisions import register

OLDER, OLD, NEW = (bytes([number]) * 32 for number in (1, 2, 3))


def test_a_row_is_known_again_by_its_number_and_what_it_says(bench: Workbench) -> None:
    """B2 has an id of ours, so it carries its number; B1 says something else by now."""
    then = register(bench, "b", B2="a.csv#2")
    now = register(bench, "b", B2="a.csv#2", SITI="SITTI")
    keys = query("select *, 'F' || row_number() over () as family_id from sums",
                 sums=fingerprint_rows([then], OLD))  # fmt: skip
    sums = sums_before([now], NEW, [OLD, OLDER])
    found = {r["register_family_id"]: r for r in under_todays_key(keys, sums).rows()}
    today = {r["register_family_id"]: r for r in fingerprint_rows([now], NEW).rows()}
    before = {r["register_family_id"]: r for r in keys.rows()}
    assert found["a.csv#2"]["number_key"] == today["a.csv#2"]["number_key"]
    assert found["a.csv#2"]["fingerprint"] == today["a.csv#2"]["fingerprint"]
    assert found["B1"]["fingerprint"] == before["B1"]["fingerprint"]  # it has changed
    assert found["B1"]["number_key"] is None
    assert len(found) == 2
