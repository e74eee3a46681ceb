"""The catalogue of bad inputs, the map (entry 83): a village without data is no color of any."""

import json
import re

import pytest

from geo_target.places.settling import locate_families
from geo_target.publishing.shown_files import records
from geo_target.resources import PACKAGE
from geo_target.targeting.villages import summarize_villages
from geo_target.web.figures import State
from geo_target.web.indicators import INDICATORS, Legend, legend_of
from geo_target.workbench import Workbench, query
from tests.builders import row_of_villages, table

#: 30 families of A are compared, those of B are not, C has none, and no layer has X.
FAMILIES = "\n".join(
    ["family_id stated_village_code village_basis rt rw neighborhood lon lat",
     *(f"A{n} A code - - - - -" for n in range(30)),
     *(f"B{n} B code - - - - -" for n in range(30)),
     *(f"X{n} X code - - - - -" for n in range(5))]
)  # fmt: skip


@pytest.fixture
def legends(bench: Workbench) -> dict[str, Legend]:
    """The legend of each indicator, of the village table as a run makes it."""
    villages = row_of_villages("A", "B", "C")
    families = table(bench, FAMILIES, {"lon": "double", "lat": "double"})
    located = locate_families(families, [], villages, usable=True)
    judged = query(
        """select *, 'extreme_poor' as welfare_class, if(family_id[1] = 'A',
            if(family_id[2:] < '15', 'covered', 'uncovered'), 'unmatched') as coverage_state
            from located""",
        located=located.families,
    )
    assert len(query("from judged where village_code is null", judged=judged)) == 5
    counted = summarize_villages(judged, villages)
    counted["withheld"] = [[] for _ in counted.index]
    assert counted["families"].to_dict() == {"A": 30, "B": 30, "C": 0}
    told = {row["village_code"]: row for row in json.loads(json.dumps(records(counted)))}
    return {one.key: legend_of(one, told) for one in INDICATORS}


def test_083_a_village_without_data_is_of_no_class_and_is_counted(
    legends: dict[str, Legend],
) -> None:
    tokens = {key: dict(legend.tokens) for key, legend in legends.items()}
    assert tokens["exclusion"] == {"A": "c4", "B": "none", "C": "none"}
    assert tokens["located"] == {"A": "zero", "B": "zero", "C": "none"}
    for legend in legends.values():
        others = sum(token in {str(state) for state in State} for token in legend.tokens.values())
        assert sum(c.villages for c in legend.classes) == 3 - others
        assert sum(legend.others.values()) == others
    assert legends["exclusion"].others[State.NO_DATA] == 2


def test_083_nobody_takes_a_family_of_no_drawn_village_for_one_of_a_drawn_one(
    legends: dict[str, Legend],
) -> None:
    assert set(legends["uncovered"].tokens) == {"A", "B", "C"}


def test_083_no_data_has_a_look_of_its_own() -> None:
    """White inside a dotted border: no step of the scale, and never the black of no style."""
    css = (PACKAGE / "static" / "geo-target.css").read_text("utf-8")
    ((fill, rest),) = re.findall(r"\.village\.none\s*\{\s*fill:\s*([^;]+);([^}]*)\}", css)
    named = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]+)", css))
    assert named[fill.removeprefix("var(").removesuffix(")")] == "#fff"
    assert "stroke-dasharray" in rest
    steps = re.findall(r"\.village[^{]*\.c\d\s*\{\s*fill:\s*([^;]+);", css)
    assert len(steps) >= 5
    assert "#fff" not in {named[step.removeprefix("var(").removesuffix(")")] for step in steps}
