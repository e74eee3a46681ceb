"""Districts of a map that begins with them: figures of the audience's own table, and no others."""

from pathlib import Path

import pytest

from geo_target.web.app import create_app
from geo_target.web.districts import Districts, districts_of
from geo_target.web.indicators import INDICATORS
from geo_target.web.store import Snapshot, read_snapshot
from tests.web.by_district import district_sums, write_by_district
from tests.web.sample import RUN_ID, villages, write_snapshot


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by_district")
    write_by_district(folder)
    return folder


@pytest.fixture(scope="module")
def snapshot(archive: Path) -> Snapshot:
    return read_snapshot(archive / RUN_ID)


def test_figures_are_those_of_the_table_most_uncovered_first(snapshot: Snapshot) -> None:
    told = {row["district_code"]: row["uncovered_families"] for row in district_sums()}
    rows = districts_of(snapshot, INDICATORS).rows
    assert {row.record["district_code"]: row.uncovered.value for row in rows} == told
    counts = [row.uncovered.value or 0 for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert sum(row.villages for row in rows) == len(villages())


def test_where_a_count_is_withheld_so_is_the_class_and_the_share(snapshot: Snapshot) -> None:
    hidden = [row["district_code"] for row in district_sums() if row["withheld"]]
    rows = {row.record["district_code"]: row for row in districts_of(snapshot, INDICATORS).rows}
    assert 0 < len(hidden) < len(rows)
    for code, row in rows.items():
        assert (row.tokens["uncovered"] == "withheld") == (code in hidden)
        assert (row.tokens["exclusion"] == "withheld") == (code in hidden)


def test_located_families_are_summed_only_where_all_villages_tell_them(
    snapshot: Snapshot,
) -> None:
    for row in districts_of(snapshot, INDICATORS).rows:
        own = [v["located_families"] for v in snapshot.villages.values()
               if v["district_code"] == row.record["district_code"]]  # fmt: skip
        assert row.record["located_families"] == (None if None in own else sum(own))
        assert ("located_families" in row.record["withheld"]) == (None in own)


def test_a_legend_counts_every_district_once(snapshot: Snapshot) -> None:
    found = districts_of(snapshot, INDICATORS)
    for legend in found.legends:
        counted = sum(c.villages for c in legend.classes) + sum(legend.others.values())
        assert counted == len(found.rows)


def test_a_run_of_a_former_version_begins_with_its_villages(tmp_path: Path) -> None:
    write_snapshot(tmp_path)
    former = read_snapshot(tmp_path / RUN_ID)
    assert "map" not in former.summary
    assert districts_of(former, INDICATORS) == Districts()
    page = create_app(tmp_path, doors=None).test_client().get("/").text
    assert 'data-first="villages"' in page
    assert 'id="by-district"' not in page


@pytest.mark.parametrize("start", ["", "/publik"])
def test_parts_are_served_each_with_its_sum_and_no_other(archive: Path, start: str) -> None:
    client = create_app(archive, doors=None).test_client()
    assert 'data-first="districts"' in client.get(start or "/").text
    answer = client.get(f"{start}/layers/{RUN_ID}/villages-36.73.01.json")
    assert answer.status_code == 200
    again = client.get(
        f"{start}/layers/{RUN_ID}/villages-36.73.01.json",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
    assert client.get(f"{start}/layers/{RUN_ID}/villages-36.73.99.json").status_code == 404
