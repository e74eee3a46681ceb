"""One small run: what it finds of programs, definitions and evidence, in its files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo_target import pipeline
from geo_target.demo.world import write_demo
from geo_target.errors import BalanceError
from geo_target.publishing.audiences import MEETING
from geo_target.targeting import villages as villages_module
from geo_target.targeting.program_states import KEPT
from geo_target.village_schemas import BY_VILLAGE
from tests.publishing.told_places import texts_of

FAMILIES = 600


@dataclass(frozen=True)
class Ran:
    """A run of the demo world."""

    config: Path
    snapshot: Path

    def exact(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.snapshot / "exact" / f"{name}.parquet")

    def shown(self, name: str) -> Any:
        return json.loads((self.snapshot / "shown" / "meeting" / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("coverage")
    write_demo(folder, area="36.73.02", families=FAMILIES, lists="csv")
    config = folder / "geo-target.toml"
    return Ran(config, Path(pipeline.run(config).report["snapshot"]))


def test_a_family_has_a_row_only_where_it_is_enrolled_or_eligible(ran: Ran) -> None:
    coverage = ran.exact("coverage")
    assert {*coverage["state"]} <= {*KEPT, "enrolled_not_counted"}
    assert not coverage.duplicated(["family_id", "program"]).any()
    counts = ran.exact("program_villages")[[f"{state}_families" for state in KEPT]].sum()
    kept = coverage[coverage["state"] != "enrolled_not_counted"].groupby("state").size()
    assert {f"{state}_families": count for state, count in kept.items()} == {
        name: count for name, count in counts.items() if count
    }


def test_every_family_has_a_state_by_each_definition(ran: Ran) -> None:
    states = ran.exact("family_states")
    by_name = states.groupby("definition")["family_id"].nunique()
    families = ran.exact("families").set_index("family_id")
    assert len(by_name) > 1
    assert {*by_name} == {len(families)}
    assert len(states) == by_name.sum()
    own = states[states["definition"] == "utama"].set_index("family_id")["coverage_state"]
    assert own.reindex(families.index).tolist() == families["coverage_state"].tolist()


def test_the_manifest_lists_every_file(ran: Ran) -> None:
    files = json.loads((ran.snapshot / "manifest.json").read_bytes())["files"]
    for name in (*BY_VILLAGE, "coverage", "person_coverage", "family_states", "double_aid"):
        assert files[f"exact/{name}.parquet"]["rows"] == len(ran.exact(name))
    assert "shown/meeting/tables/coverage.json" in files


def test_every_village_of_the_area_is_there(ran: Ran) -> None:
    villages = ran.exact("villages").set_index("village_code")
    assert {*ran.shown("tables/coverage.json")["villages"]} == {*villages.index}
    with_families = villages.index[villages["families"] > 0]
    of_programs = ran.exact("program_villages").groupby("program")["village_code"]
    assert of_programs.apply(lambda codes: {*with_families} <= {*codes}).all()
    poor = {*villages.index[villages["extreme_poor_families"] > 0]}
    for name in ("definition", "lens", "convergence", "evidence"):
        assert poor <= {*ran.exact(f"{name}_villages")["village_code"]}, name


@pytest.mark.parametrize("lost", ["dropped", "merged"])
def test_a_village_that_is_lost_on_the_way_stops_the_run(
    ran: Ran, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    villages = ran.exact("villages").set_index("village_code")["families"]
    code = villages.idxmax()
    summarize = villages_module.summarize_villages

    def without_one(*given: Any) -> Any:
        found = summarize(*given)
        rest = found.drop(index=code)
        if lost == "merged":  # into the first of the others: all sums are right
            for name in [name for name in map(str, found.columns) if name.endswith("families")]:
                missing = found[name].sum() - rest[name].sum()
                rest[name] += missing * (rest.index == rest.index[0])
        return rest

    monkeypatch.setattr(pipeline, "summarize_villages", without_one)
    current = (ran.config.parent / "archive" / "CURRENT").read_text()
    with pytest.raises(BalanceError, match="E-BALANCE"):
        pipeline.run(ran.config)
    assert (ran.config.parent / "archive" / "CURRENT").read_text() == current


def test_no_small_count_is_shown(ran: Ran) -> None:
    coverage = ran.shown("tables/coverage.json")
    counts = [
        count
        for row in coverage["villages"].values()
        for name, count in row.items()
        if name != "is_stale" and count is not None
    ]
    assert 0 in counts
    assert not [count for count in counts if 0 < count < MEETING.smallest]


def test_a_count_that_is_withheld_takes_its_parts_with_it(ran: Ran) -> None:
    coverage = ran.shown("tables/coverage.json")
    villages = {row["village_code"]: row for row in ran.shown("tables/villages.json")}
    sums = {f"enrolled {one['code']}": one["enrolled_families"] for one in coverage["programs"]}
    closed = [code for code, row in villages.items() if row["covered_families"] is None]
    assert closed
    for code in closed:
        for program in ("PKH", "SEMBAKO", "PBI_JK"):
            if sums[f"enrolled {program}"] != 0:
                assert coverage["villages"][code][f"enrolled {program}"] is None


def test_what_nobody_says_is_no_number(ran: Ran) -> None:
    coverage = ran.shown("tables/coverage.json")
    unknown = [one["lens"] for one in coverage["lenses"] if not one["is_known"]]
    assert unknown == ["disability"]
    for row in coverage["villages"].values():
        assert not {"disability", "all disability"} & {*row}


def test_nothing_that_is_shown_names_a_family_or_a_person(ran: Ran) -> None:
    # Ids of lists, which are as good as names; those of a number alone could be a count.
    keys = ran.exact("family_keys")
    ids = {*ran.exact("families")["family_id"], *keys["register_family_id"].dropna(),
           *ran.exact("person_coverage")["person_id"].dropna()}  # fmt: skip
    assert len(ids) > FAMILIES
    shown = "".join(texts_of(ran.snapshot / "shown"))
    assert not [each for each in ids if len(each) > 6 and each in shown]
