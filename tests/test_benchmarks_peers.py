"""The comparisons with other engines at a tiny size: an answer that is moved is noticed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score

from benchmarks import clusters, peers, village_table
from benchmarks.homes import homes
from benchmarks.village_lists import FORMS, LISTS, Form, write_lists

FAMILIES = 2_000

needs_peers = pytest.mark.skipif(
    not peers.are_there(), reason="no .venv-peers: python -m benchmarks.peers"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("peers")


@pytest.fixture(scope="module")
def ours(folder: Path) -> pa.Table:
    return counted("geo_target", folder, "csv")


def counted(engine: str, folder: Path, form: Form) -> pa.Table:
    out = folder / f"{engine}_{form}.parquet"
    lists = write_lists(folder, form, families=FAMILIES)
    taken = village_table.measure(engine, lists, form, out, limit="1GB")
    assert taken["seconds"] > 0
    assert taken["peak_mb"] > 0
    return pq.read_table(out)


def usable(number: str) -> bool:
    bare = number.lstrip("'")
    return len(bare) == 16 and bare[8:10] != "13"


def test_the_village_table_is_what_plain_python_counts(folder: Path, ours: pa.Table) -> None:
    """Every list read line by line, with sets and dictionaries."""
    read = {
        name: pd.read_csv(
            write_lists(folder, "csv", families=FAMILIES) / f"{name}.csv", dtype=str
        ).to_dict("records")
        for name in ("families", "persons", *LISTS)
    }
    members = [(row["family_id"], row["national_id"].lstrip("'")) for row in read["persons"]
               if usable(row["national_id"])]  # fmt: skip
    reached = {}
    for name, (_, kind) in LISTS.items():
        numbers = {row[kind].lstrip("'") for row in read[name]}
        keys = members
        if kind == "family_card_number":
            keys = [(row["family_id"], row[kind]) for row in read["families"]]
        reached[name] = {family for family, number in keys if number in numbers}
    village = {row["family_id"]: row["village_code"] for row in read["families"]}
    for row in ours.to_pylist():
        own = {family for family, code in village.items() if code == row["village_code"]}
        assert row["families"] == len(own)
        assert row["persons"] == sum(family in own for family, _ in members)
        assert [row[name] for name in LISTS] == [len(own & reached[name]) for name in LISTS]
        assert row["covered"] == len(own & set().union(*reached.values()))
    assert sum(ours["covered"].to_pylist()) > 0.2 * FAMILIES


def test_a_village_that_differs_is_noticed(ours: pa.Table) -> None:
    assert village_table.differing(ours, ours) == 0
    assert village_table.differing(ours, ours.take(np.arange(len(ours))[::-1])) == 0
    assert village_table.differing(village_table.moved(ours), ours) == 1
    assert village_table.differing(ours, ours.slice(1)) == 1


@needs_peers
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("engine", village_table.PEERS)
def test_each_engine_counts_the_same(engine: str, form: Form, folder: Path, ours: pa.Table) -> None:
    lived_in = ours.filter(pc.greater(ours["families"], 0))
    assert village_table.differing(lived_in, counted(engine, folder, form)) == 0


def test_a_home_in_another_cluster_is_noticed() -> None:
    core = np.array([True, True, True, False, True, True, False])
    reference = np.array([0, 0, 0, 0, 1, 1, -1])
    renamed = np.array([5, 5, 5, 3, 3, 3, -1])
    assert clusters.misplaced(renamed, reference, core) == 0  # the border home has a choice
    for place, number in ((0, 3), (4, 5), (4, -1), (3, -1), (6, 3)):
        moved = renamed.copy()
        moved[place] = number
        assert clusters.misplaced(moved, reference, core) == 1
    split = np.array([5, 7, 7, 7, 3, 3, -1])
    assert clusters.misplaced(split, reference, core) == 1
    joined = np.array([5, 5, 5, 5, 5, 5, -1])
    assert clusters.misplaced(joined, reference, core) == 2


def test_likeness_is_the_adjusted_rand_index() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        one, other = random.integers(-1, 4, (2, 40))
        assert clusters.adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))
    assert clusters.adjusted_rand(np.zeros(5, dtype=int), np.zeros(5, dtype=int)) == 1


def test_ours_is_dbscan_on_cells(tmp_path: Path) -> None:
    xy, crs = homes(30_000, dense=False)
    file, out = tmp_path / "homes.parquet", tmp_path / "out.parquet"
    pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "epsg": crs.to_epsg()}).to_parquet(file)
    peers.run("clusters_ours", file, out, clusters.DISTANCE_M, clusters.SMALLEST, ours=True)
    joined = pd.read_parquet(out)["joined"].to_numpy()
    cells, of, weights = np.unique(
        np.floor(xy / 25), axis=0, return_inverse=True, return_counts=True
    )
    found = DBSCAN(eps=clusters.DISTANCE_M, min_samples=clusters.SMALLEST)
    found.fit(cells * 25, sample_weight=weights)
    core = np.isin(np.arange(len(cells)), found.core_sample_indices_)[of.ravel()]
    label = found.labels_[of.ravel()]
    assert len(np.unique(label)) > 2
    assert clusters.misplaced(joined, label, core) == 0
    assert clusters.misplaced(clusters.moved(joined), label, core) == 1


@needs_peers
def test_the_comparison_of_clusters_sees_a_planted_home(tmp_path: Path) -> None:
    engines = {clusters.REFERENCE: "dbscan_cells"}
    rows = clusters.compare(2_000, dense=True, folder=tmp_path, plant=True, engines=engines)
    assert [row["misplaced"] for row in rows] == [None, None, None, 1]


def test_lists_are_the_same_each_time(tmp_path: Path) -> None:
    made = [
        write_lists(tmp_path / again, "csv", families=50) / "persons.csv" for again in ("a", "b")
    ]
    assert made[0].read_bytes() == made[1].read_bytes()
