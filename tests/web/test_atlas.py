"""One drawing for several maps: a shape that two runs have alike is there once."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo_target.web.atlas import atlas_of
from geo_target.web.store import ShownFile, Snapshot, read_snapshot
from tests.web.sample import RUN_ID, write_snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    archive: Path = tmp_path_factory.mktemp("atlas")
    write_snapshot(archive)
    return read_snapshot(archive / RUN_ID)


def drawn(snapshot: Snapshot, **boxes: tuple[float, float, float, float]) -> Snapshot:
    """The snapshot with these boxes (west, south, east, north) for villages."""
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[
            [west, south], [east, south], [east, north], [west, north], [west, south]]]},
         "properties": {"village_code": code, "village_name": code, "district_code": "d",
                        "district_name": "D", "label": [west, south]}}
        for code, (west, south, east, north) in boxes.items()
    ]  # fmt: skip
    return replace(snapshot, layers={
        "villages": _layer(features), "districts": _layer([]),
    })  # fmt: skip


def _layer(features: list[Any]) -> ShownFile:
    body = gzip.compress(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    return ShownFile(body, str(hash(body)))


def test_shapes_that_are_alike_are_drawn_once(snapshot: Snapshot) -> None:
    one = drawn(snapshot, a=(0, 0, 1, 1), b=(1, 0, 2, 1))
    two = drawn(snapshot, a=(0, 0, 1, 1), b=(1, 0, 2, 0.5), c=(1, 0.5, 2, 1))
    atlas = atlas_of([one, two], "villages", None)
    left, right = atlas.sheets
    assert left["a"] == right["a"]
    assert left["b"] != right["b"]
    assert set(right) - set(left) == {"c"}
    assert len(atlas.shapes) == 4
    assert atlas.changed() == 1


def test_all_lie_in_one_frame(snapshot: Snapshot) -> None:
    """The right half of the left run's area is the whole of the right one's."""
    one = drawn(snapshot, a=(0, 0, 2, 1))
    two = drawn(snapshot, b=(1, 0, 2, 1))
    atlas = atlas_of([one, two], "villages", None)
    assert [path.split("L")[0] for path in atlas.shapes] == ["M6 1500", "M1500 1500"]
    assert (atlas.width, atlas.height) == (3000, 1506)


def test_names_of_villages_wait_until_one_looks_closer(snapshot: Snapshot) -> None:
    atlas = atlas_of([snapshot], "villages", None)
    assert {name.kind for name in atlas.names} == {"near", "far"}
    assert sum(name.kind == "far" for name in atlas.names) == 6
    assert len(atlas.outlines) == 6
    districts = atlas_of([snapshot], "districts", None)
    assert len(districts.shapes) == 6
    assert districts.outlines == ()
    assert districts.names
