from geo_target.targeting.judged_families import poor_families
from geo_target.workbench import Workbench
from tests.builders import table

FAMILIES = """
family_id  village_code  rw rt neighborhood lon  lat  welfare_class  coverage_state  location_status
F1         A             -   -   -             106  -6   extreme_poor   uncovered       located
F2         A             -   -   -             106  -6   extreme_poor   uncovered       outside
F3         A             -   -   -             -    -    other          uncovered       unlocated
F4         A             -   -   -             -    -    unknown        uncovered       unlocated
F5         -             -   -   -             -    -    extreme_poor   uncovered       unlocated
"""


def test_only_the_extreme_poor_with_a_village_are_targeted(bench: Workbench) -> None:
    families = table(bench, FAMILIES, {"lon": "double", "lat": "double"})
    profiles = table(bench, "family_id  evidence_on\nF1  2025-06-01", {"evidence_on": "date"})
    poor = poor_families(families, profiles)
    assert poor["has_point"].to_dict() == {"F1": True, "F2": False}
    assert poor["evidence_on"].dropna().astype("str").to_dict() == {"F1": "2025-06-01"}
