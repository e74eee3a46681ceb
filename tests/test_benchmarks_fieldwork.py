"""Benchmarks of field visits at a small size: what they count, and that they see a fault."""

import argparse
from dataclasses import replace

import pytest

from benchmarks import field_plan, field_routes
from benchmarks.field_world import families, officers, villages
from benchmarks.results import markdown

PLAN = argparse.Namespace(families=400, facilitators=6, days=5, save=False)
ROUTES = argparse.Namespace(points=24, teams=4, save=False)


def test_a_world_has_so_many_families_and_an_operator_for_each_village() -> None:
    places = villages("36.73")
    some = families(places, 300, seed=1, located=True)
    assert (len(places), len(some), len({t.family_id for t in some})) == (67, 300, 300)
    assert {t.village_code for t in some} <= set(places)
    staff = officers(places, 5, seed=1)
    assert len(staff) == 72
    assert {code for officer in staff for code in officer.villages} == set(places)


def test_a_plan_is_measured_and_told() -> None:
    pytest.importorskip("vroom", reason="pyvroom is an extra")
    found = [field_plan.measure(case, PLAN) for case in field_plan.CASES[:1]]
    assert found[0]["moved"] == found[0]["theirs"] > 0
    assert len(found[0]["plan"].visits) == 400
    assert "| by RW and RT | 1 |" in markdown(field_plan.result(found, PLAN, "x"))


def test_an_uneven_or_slow_plan_is_told() -> None:
    (found,) = [field_plan.measure(case, PLAN) for case in field_plan.CASES[:1]]
    plan = replace(found["plan"], settings={**found["plan"].settings, "imbalance": 0.2})
    assert "20% from the mean" in field_plan.verdict([found | {"plan": plan}])
    assert "took 31 s" in field_plan.verdict([found | {"seconds": 31.0}])


def test_ways_are_measured_in_one_run_and_told() -> None:
    pytest.importorskip("vroom", reason="pyvroom is an extra")
    found = [field_routes.measure(case, ROUTES) for case in field_routes.CASES]
    assert all(0 < one["vroom_h"] <= one["neighbor_h"] * 1.01 for one in found)
    assert all(one["fallback_h"] <= one["neighbor_h"] for one in found)
    assert "one office" in markdown(field_routes.result(found, ROUTES, "x"))


def test_too_little_less_travel_is_told() -> None:
    one = {"case": field_routes.CASES[0], "vroom_s": 1.0, "less_than_neighbor": 0.05}
    assert "5.0% less" in field_routes.verdict([one])
    assert "met" in field_routes.verdict([one | {"less_than_neighbor": 0.15}])
