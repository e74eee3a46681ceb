"""The whole way on worlds of one district, and on small ones: figures equal the truth of each."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import pyarrow as pa
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.pockets import FEW, judge
from geo_target import pipeline
from geo_target.demo.world import write_demo
from geo_target.errors import DataRefusedError
from tests.demo.runs import BPS, Ran, agrees_with_truth, ran

#: A district of Kota Serang, with as many families a village as the city's demo has.
KASEMEN = "36.73.02"


def extreme_poor(run: Ran) -> int:
    """Extreme poor families that the world has, each counted once."""
    truth = run.truth()
    poor = truth[truth["welfare_class"] == "extreme_poor"]
    return int(poor["twin_of"].isna().sum())


def test_without_points_clusters_are_rw(tmp_path: Path, boundary_folder: Path) -> None:
    run = ran(tmp_path, area=KASEMEN, located=0.0, boundaries=boundary_folder / BPS, lists="csv")
    clusters = gpd.read_parquet(Path(run.report["snapshot"]) / "exact" / "clusters.parquet")
    assert set(clusters["kind"]) == {"rw"}
    assert clusters.geometry.isna().all()
    assert run.shown("summary.json")["totals"]["located_families"] == 0
    agrees_with_truth(run)


def test_with_few_points_every_pockets_rw_is_flagged(tmp_path: Path, boundary_folder: Path) -> None:
    run = ran(
        tmp_path, seed=3, area=KASEMEN, located=FEW, boundaries=boundary_folder / BPS, lists="csv"
    )
    found = judge(run.truth(), run.exact("families"), run.exact("clusters"))
    assert found.flagged == found.pockets > 5
    assert found.rw > 0


def test_a_mistyped_base_is_saved_by_dtsen_or_unmatched(
    tmp_path: Path, boundary_folder: Path
) -> None:
    run = ran(
        tmp_path, area=KASEMEN, spoiled_base=0.1, boundaries=boundary_folder / BPS, lists="csv"
    )
    agrees_with_truth(run)
    assert run.report["families"]["extreme_poor"] == extreme_poor(run) > 1_000


def test_families_listed_twice_or_split_over_two_cards_count_once(
    tmp_path: Path, boundary_folder: Path
) -> None:
    run = ran(
        tmp_path, area=KASEMEN, relisted=0.05, split=0.05, boundaries=boundary_folder / BPS,
        lists="csv",
    )  # fmt: skip
    families = run.report["families"]
    assert families["extreme_poor"] == extreme_poor(run) > 1_000
    assert families["twice_listed"] == run.truth()["also_listed_as"].notna().sum() > 50
    agrees_with_truth(run)


#: Of so many families' persons DuckDB has more than one row group, and so work for threads.
MANY = 37_000


@contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Runs meanwhile have so many threads: DuckDB's, Arrow's, and those of linear algebra."""
    connect, usual = duckdb.connect, pa.cpu_count()

    def limited(where: str, *, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        return connect(where, config={**config, "threads": count})

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(count):
        patch.setattr(duckdb, "connect", limited)
        pa.set_cpu_count(count)
        yield
        pa.set_cpu_count(usual)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """The same world, run on four threads and on one. Copy it before it is changed."""
    folder = tmp_path_factory.mktemp("twice")
    with on_threads(4):
        first = ran(folder, area=KASEMEN, families=MANY, lists="csv")
    shutil.rmtree(folder / "archive" / ".cache")
    with on_threads(1):
        return first, Ran(folder, pipeline.run(folder / "geo-target.toml").report)


def test_the_same_files_give_the_same_bytes_on_any_number_of_threads(
    twice: tuple[Ran, Ran],
) -> None:
    first, second = (run.report for run in twice)
    assert max(entry["rows"] for entry in first["intake"]) > 122_880  # a row group
    assert second["run_id"].startswith("000002-")
    current = twice[0].folder / "archive" / "CURRENT"
    assert current.read_text("utf-8").strip() == second["run_id"]
    files = [
        json.loads((Path(r["snapshot"]) / "manifest.json").read_text("utf-8"))["files"]
        for r in (first, second)
    ]
    same = {name for name in files[0] if files[0][name] == files[1][name]}
    # The summaries carry the run's own id and time, and the second run says what has changed.
    assert set(files[0]) - same == {
        "shown/meeting/summary.json", "shown/public/summary.json",
        "shown/meeting/tables/registers.json",
        "shown/meeting/takeaway/peta.gpkg",  # each row says its run
        "exact/family_keys.parquet",  # which run saw a row last
    }  # fmt: skip
    told = [run.shown("summary.json") for run in twice]
    assert {name for name in told[1] if told[0].get(name) != told[1][name]} == {
        "run_id", "created_at",
    }  # fmt: skip


def test_a_refused_run_leaves_the_last_snapshot(twice: tuple[Ran, Ran], tmp_path: Path) -> None:
    _, last = twice
    shutil.copytree(last.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "lists" / "siks_pkh.csv").write_text("<html>", encoding="utf-8")
    with pytest.raises(DataRefusedError, match="E-TYPE"):
        pipeline.run(tmp_path / "geo-target.toml")
    current = (tmp_path / "archive" / "CURRENT").read_text("utf-8").strip()
    assert current == last.report["run_id"]
    assert not (tmp_path / "archive" / ".work").exists()


def test_real_lists_are_not_located_on_the_schematic_layer(tmp_path: Path) -> None:
    write_demo(tmp_path, families=900, lists="csv")
    config = tmp_path / "geo-target.toml"
    text = config.read_text("utf-8").replace("synthetic = true", "synthetic = false")
    config.write_text(text, encoding="utf-8")
    report = pipeline.run(config).report
    assert report["families"]["located"] == 0
    assert report["families"]["points_refused"] > 0
