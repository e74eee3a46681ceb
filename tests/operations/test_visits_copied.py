"""A copy of the database holds plans, visits and outcomes, and what is added goes on from there."""

from datetime import UTC, datetime
from pathlib import Path

from geo_target.operations.copying import copy_in, copy_out
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from tests.operations.visiting import KEY, RATNA, WATI, answer, officer, plan, visit


def test_visits_come_back_out_of_a_copy(database: Database, tmp_path: Path) -> None:
    FieldOfficers(database).save(officer("wati"), by=RATNA)
    made = plan(visit("A"), visit("B", None), settings={"per_day": 12})
    VisitPlans(database).add(made, title="Oktober", by=RATNA)
    given = answer("A", lon=106.123456, accuracy_m=4.5, signs={"food": False}, programs=(),
                   device_at=datetime(1970, 1, 1, tzinfo=UTC))  # fmt: skip
    before = VisitOutcomes(database, key=KEY)
    before.take([given, answer("Z")], by=WATI)
    (tmp_path / "copy").mkdir()
    url = default_url(tmp_path / "copy")
    copy_in(url, tmp_path, copy_out(database, tmp_path))
    restored = open_database(url)
    plans, after = VisitPlans(restored), VisitOutcomes(restored, key=KEY)
    assert FieldOfficers(restored).all() == [officer("wati")]
    assert plans.plans() == VisitPlans(database).plans()
    assert plans.visits() == VisitPlans(database).visits()
    assert (after.versions("A"), after.orphans()) == (before.versions("A"), before.orphans())
    again = after.take([given, answer("B")], by=RATNA)
    assert (again.new, again.repeated) == (1, 1)
    restored.close()
