"""Benchmarks of targeting at a tiny size: pockets that are planted, and what each part takes."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import peers, pockets, priority
from benchmarks.pockets import ALL, FEW, Found, evenly, judge, missed_goals
from benchmarks.results import markdown
from geo_target.demo.world import write_demo
from tests.web.sample import write_snapshot

CONFIG = """
area = { code = "36.73" }
coverage = { programs = ["PKH"], on = 2025-10-15 }
source = [{ file = "p3ke.csv", profile = "p3ke-family", as_of = 2025-09-01 }]
"""
KASEMEN = "36.73.02"

# Of hamlet A, which the programs miss, three of four uncovered families are in the cluster c, of
# B one of two; c has a family of another hamlet too, and d has those alone. E is not poor.
TRUTH = pd.DataFrame(
    [
        *((f"A{number}", "extreme_poor", "uncovered", "A", True) for number in (1, 2, 3, 4)),
        *((f"B{number}", "extreme_poor", "uncovered", "B", True) for number in (1, 2)),
        ("A5", "extreme_poor", "covered", "A", True),
        ("C1", "extreme_poor", "uncovered", "C", False),
        ("C2", "extreme_poor", "uncovered", None, False),
        ("E1", "unknown", "uncovered", "A", True),
    ],
    columns=["family_id", "welfare_class", "coverage_state", "hamlet_id", "hamlet_is_missed"],
).set_index("family_id")
CLUSTER_OF = {"A1": "c", "A2": "c", "A3": "c", "B1": "c", "C1": "c", "C2": "d"}


def found() -> Found:
    families = pd.DataFrame({"family_id": TRUTH.index})
    families["cluster_id"] = families["family_id"].map(CLUSTER_OF)
    clusters = pd.DataFrame({"cluster_id": ["c", "d"], "kind": ["points", "rw"]})
    return judge(TRUTH, families, clusters)


def test_pockets_are_counted() -> None:
    assert found() == Found(
        points=1, rw=1, pockets=2, flagged=1, true=1, reached=4 / 6, strangers=2 / 6
    )


def test_a_missed_goal_is_told_with_its_figure() -> None:
    assert missed_goals(found(), located=ALL, is_uniform=False) == [
        "66.7% of the pockets' families", "33.3% strangers",
    ]  # fmt: skip
    assert missed_goals(found(), located=FEW, is_uniform=False) == [
        "1 of 2 pockets", "1 of 2 flags true",
    ]  # fmt: skip
    assert missed_goals(found(), located=ALL, is_uniform=True) == []
    none = Found(points=4, rw=3, pockets=0, flagged=0, true=0, reached=1, strangers=0)
    assert missed_goals(none, located=FEW, is_uniform=True) == ["4 false clusters of points"]


def test_in_a_uniform_world_hamlets_are_alike(tmp_path: Path) -> None:
    shares = []
    for folder in (tmp_path / "pockets", tmp_path / "uniform"):
        with evenly(0.43) if folder.name == "uniform" else pytest.MonkeyPatch.context():
            write_demo(folder, area="36.73.02", families=3_000, lists="csv")
        truth = pd.read_parquet(folder / "truth" / "families.parquet")
        poor = truth[truth["welfare_class"] == "extreme_poor"]
        by_kind = (poor["coverage_state"] == "uncovered").groupby(poor["hamlet_is_missed"]).mean()
        shares.append(by_kind[True] - by_kind[False])
    assert shares[0] > 0.4
    assert abs(shares[1]) < 0.15


def test_every_world_is_run_and_what_was_missed_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def run(_folder: Path, **world: object) -> Found:
        asked.append((world["seed"], world["located"]))
        return found()

    monkeypatch.setattr(pockets, "run", run)
    monkeypatch.setattr("sys.argv", ["pockets", "--seeds", "1", "2", "--uniform", "0.43"])
    pockets.main()
    assert asked == [(seed, located) for located in (ALL, FEW) for seed in (1, 1, 2, 2)]
    said = capsys.readouterr().out
    assert "Missed: seed 1, 100% located: 66.7% of the" in said
    assert "; seed 2, 20% located: 1 of 2 pockets; " in said


@pytest.fixture(scope="module")
def families() -> pd.DataFrame:
    return priority.province(3_000, located=0.2)


def test_a_province_has_dense_uncovered_families_and_some_everywhere(
    families: pd.DataFrame,
) -> None:
    by_village = families["village_code"].value_counts()
    assert by_village.size > 1_500
    assert by_village.iloc[0] > 500
    dense = families[families["village_code"].isin(by_village.index[:5])]
    uncovered = (dense["coverage_state"] == "uncovered").sum()
    assert 2_500 < uncovered < 4_000
    assert families["lon"].notna().mean() == pytest.approx(0.2, abs=0.01)
    assert (families["lon"].notna() == (families["location_status"] == "located")).all()


def test_each_part_is_measured(families: pd.DataFrame, tmp_path: Path) -> None:
    own = families[families["village_code"].str.startswith(f"{KASEMEN}.")]
    own.to_parquet(tmp_path / "families.parquet", index=False)
    found = peers.run("priority_ours", tmp_path / "families.parquet", KASEMEN, ours=True)
    assert found["villages"] == 10
    assert found["uncovered"] == (own["coverage_state"] == "uncovered").sum() > 100
    assert set(found["parts"]) == {
        "counts by village", "neighbors", "rates and their intervals", "hot spots", "clusters",
        priority.DRAWS, "scores, ranks, classes", "parts and other rules",
    }  # fmt: skip
    for spent in found["parts"].values():
        assert spent["seconds"] > 0
        assert spent["peak_mb"] > 0


def test_the_page_is_asked_with_other_weights(tmp_path: Path) -> None:
    (tmp_path / "geo-target.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "p3ke.csv").touch()
    write_snapshot(tmp_path / "archive")
    found = peers.run("weights_ours", tmp_path / "geo-target.toml", 5, ours=True)
    assert 0 < found["median"] <= found["last"]
    assert found["first"] > 0
    assert found["kb"] > 3


def test_a_goal_is_of_the_worst_and_told_as_met_or_missed() -> None:
    def world(seconds: float, peak: float) -> dict[str, object]:
        parts = {name: {"seconds": seconds, "cpu": seconds, "peak_mb": peak}
                 for name in (priority.DRAWS, "clusters")}  # fmt: skip
        return {"villages": 3, "uncovered": 9, "clusters": 1, "parts": parts}

    found = {"Kota Serang": world(1, 700), "all": world(20, 900), "few": world(31, 800)}
    answers = {"a": {"first": 200, "median": 20, "last": 101, "kb": 9}}
    met = [much <= most for _, much, most in priority.goals(found, answers)]
    assert met == [True, False, True, False, False]
    page = markdown(priority.result(found, answers, command="python -m benchmarks.priority"))
    assert "| Kota Serang, s | 2 | 3 | met |" in page
    assert "| Banten, s | 62 | 60 | **missed** |" in page
    assert "| the whole | 700 | 900 | 800 |" in page
