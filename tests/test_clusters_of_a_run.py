"""Clusters from raw lists to what the meeting gets: who is in one, who is not, and what is told."""

import json
from pathlib import Path

import pandas as pd
import pytest

from geo_target import pipeline
from tests.demo.runs import Ran, ran
from tests.publishing.told_places import texts_of


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A small city, some of its families without a number that could be compared."""
    folder = tmp_path_factory.mktemp("clusters")
    return ran(folder, families=12_000, located=0.5, unmatched=0.05, lists="parquet")


def test_every_uncovered_family_is_in_a_cluster_or_scattered(small: Ran) -> None:
    villages = small.exact("villages").set_index("village_code")["uncovered_families"]
    rows = small.exact("scattered").set_index("village_code")
    assert rows["uncovered_families"].to_dict() == villages[villages > 0].to_dict()
    clusters = small.exact("clusters")
    assert rows["clustered_families"].sum() == clusters["uncovered_families"].sum() > 0
    assert small.report["clusters"]["scattered_families"] == rows["scattered_families"].sum()


def test_parts_of_a_cluster_hold_a_load_of_its_families(small: Ran) -> None:
    families = small.exact("families").dropna(subset=["cluster_part"])
    clusters = small.exact("clusters").set_index("cluster_id")
    sizes = families.groupby(["cluster_id", "cluster_part"]).size()
    assert sizes.max() <= 40
    assert sizes.groupby("cluster_id").sum().to_dict() == clusters["uncovered_families"].to_dict()
    assert clusters["median_age_days"].notna().all()
    assert clusters["located_share"].between(0, 1).all()


def test_the_rule_of_the_run_is_one_of_those_that_were_tried(small: Ran) -> None:
    tried = small.exact("cluster_sensitivity")
    points = small.exact("clusters").query("kind == 'points'")["uncovered_families"]
    (own,) = tried[tried["is_rule"]].to_dict("records")
    assert (own["clusters"], own["uncovered_families"]) == (len(points), points.sum())
    assert len(tried) == len(small.report["clusters"]["sensitivity"]) == 9


def test_what_is_shown_of_the_scattered_adds_up_and_is_never_few(small: Ran) -> None:
    shown = {one["cluster_id"]: one for one in small.shown("tables/clusters.json")}
    villages = {one["village_code"]: one for one in small.shown("tables/villages.json")}
    exact = small.exact("scattered").set_index("village_code")
    told = [row for row in small.shown("tables/scattered.json")
            if row["scattered_families"] is not None]  # fmt: skip
    assert told
    for row in told:
        own = [one for one in shown.values() if row["village_code"] in one["village_codes"]]
        assert sum(one["uncovered_families"] for one in own) == row["clustered_families"]
        whole = villages[row["village_code"]]["uncovered_families"]
        assert row["clustered_families"] + row["scattered_families"] == whole
        # Who is in a cluster that is not shown is in none that is.
        assert row["scattered_families"] >= exact["scattered_families"][row["village_code"]]
        for name in ("scattered_families", "scattered_located", "scattered_unlocated"):
            assert row[name] is None or not 0 < row[name] < 5


def test_no_shown_file_holds_a_familys_id_or_point(small: Ran) -> None:
    folder = Path(small.report["snapshot"]) / "shown"
    text = "\n".join(texts_of(folder))
    poor = small.exact("families").query("welfare_class == 'extreme_poor'")
    assert not [name for name in poor["family_id"] if f'"{name}"' in text]
    for lon, lat in poor[["lon", "lat"]].dropna().round(5).drop_duplicates().to_numpy().tolist():
        assert f"{lon},{lat}" not in text


def test_ids_are_the_same_in_the_next_run(small: Ran) -> None:
    again = pipeline.run(small.folder / "geo-target.toml").report
    path = Path(again["snapshot"])
    for name in ("clusters", "unmatched_clusters"):
        ids = pd.read_parquet(path / "exact" / f"{name}.parquet")["cluster_id"]
        assert ids.tolist() == small.exact(name)["cluster_id"].tolist()
    before, after = (
        json.loads((Path(one["snapshot"]) / "manifest.json").read_text())["cluster_numbers"]
        for one in (small.report, again)
    )
    assert before == after
