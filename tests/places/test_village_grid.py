"""The grid of cells answers as a spatial join does, whatever lies on and beside the lines."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geo_target.crs import WGS84
from geo_target.intake.list_cache import ListCache
from geo_target.places import location, village_cells
from geo_target.places.boundaries import read_boundaries
from geo_target.places.location import find_point_villages, grid_over
from geo_target.places.settling import locate_families
from geo_target.places.village_grid import VillageGrid
from geo_target.workbench import Workbench
from tests.builders import point_at, row_of_villages, table

Places = tuple[np.ndarray, np.ndarray]


def layer(*shapes: shapely.Geometry, codes: str = "ABCDEFGH") -> gpd.GeoDataFrame:
    index = pd.Index(list(codes[: len(shapes)]), name="village_code")
    return gpd.GeoDataFrame(geometry=list(shapes), crs=WGS84, index=index)


def voronoi(seed: int, count: int, *, hole: bool = True) -> gpd.GeoDataFrame:
    """Villages that share their lines, in an order that is not that of their codes.

    One of them is left out; two are one, of two parts if they do not touch.
    """
    rng = np.random.default_rng(seed)
    # To few decimals, as layers are: lines that are parallel to the cells, points upon lines.
    sites = shapely.MultiPoint(
        rng.uniform([106, -7], [107, -6], (count, 2)).round(rng.integers(2, 9))
    )
    cells = shapely.get_parts(
        shapely.voronoi_polygons(sites, extend_to=box(105.9, -7.1, 107.1, -5.9))
    )
    if hole and len(cells) > 4:
        cells = np.array([*cells[3:], shapely.union(cells[0], cells[1])])
    codes = [f"V{number:04d}" for number in rng.permutation(len(cells))]
    index = pd.Index(codes, name="village_code")
    return gpd.GeoDataFrame(geometry=list(cells), crs=WGS84, index=index)


def beside_lines(villages: gpd.GeoDataFrame, rng: np.random.Generator, count: int) -> Places:
    """Corners, points of lines, the nearest numbers beside both, and points anywhere."""
    corners = shapely.get_coordinates(villages.geometry.to_numpy())
    at = rng.integers(0, len(corners) - 1, count)
    upon = corners[at] + rng.random((count, 1)) * (corners[at + 1] - corners[at])
    places = np.concatenate([corners[at], upon])
    beside = np.nextafter(places, rng.choice([-1e3, 1e3], places.shape))
    west, south, east, north = villages.total_bounds
    anywhere = rng.uniform([west - 0.1, south - 0.1], [east + 0.1, north + 0.1], (count, 2))
    lon, lat = np.concatenate([places, beside, anywhere]).T
    return lon, lat


def joined(
    villages: gpd.GeoDataFrame, lon: np.ndarray, lat: np.ndarray, predicate: str
) -> pd.Series:
    """The lowest code that a spatial join gives each point."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat, crs=WGS84))
    pairs = points.sjoin(villages[["geometry"]], predicate=predicate)
    return pairs.groupby(level=0)["village_code"].min().reindex(points.index)


def differing(
    grid: VillageGrid, villages: gpd.GeoDataFrame, lon: np.ndarray, lat: np.ndarray
) -> int:
    expected = joined(villages, lon, lat, "within")
    expected = expected.fillna(joined(villages, lon, lat, "intersects")).fillna("-")
    found = np.append(grid.codes.to_numpy(object), "-")[grid.find(lon, lat)]
    return int((found != expected.to_numpy(object)).sum())


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 40))
def test_the_same_village_as_a_spatial_join(seed: int, count: int) -> None:
    villages = voronoi(seed, count)
    lon, lat = beside_lines(villages, np.random.default_rng(seed), 100)
    assert differing(VillageGrid(villages), villages, lon, lat) == 0


def test_a_line_between_two_cells_is_taken_up_by_both() -> None:
    # Sides 1 and 3 of the square lie between two rows or columns: 0 to 3 of each have a line.
    cells, village = village_cells._lines(np.array([box(1, 1, 3, 3)]), 0.0, 0.0, 1.0, 10)
    assert {divmod(int(cell), 10) for cell in cells} == {(r, c) for r in range(4) for c in range(4)}
    assert set(village) == {0}


@pytest.mark.parametrize("column", range(2, 12))
def test_lines_along_the_border_of_two_columns(column: int) -> None:
    """The cells are those of the whole, wherever the line between A and B runs."""
    cells = VillageGrid(layer(box(106, -7, 106.4, -6), box(106.4, -7, 107, -6)))._cells
    border = cells.west + column / cells.per_degree
    near = border + np.arange(-4, 5) * np.spacing(border)
    for line in near:
        villages = layer(box(106, -7, line, -6), box(line, -7, 107, -6))
        grid = VillageGrid(villages)
        assert grid._cells.west == cells.west
        assert differing(grid, villages, near, np.full(len(near), -6.5)) == 0


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_village_where_villages_overlap(seed: int) -> None:
    """No layer of a run is like this; the lowest code that holds the point has it."""
    rng = np.random.default_rng(seed)
    west, south = rng.integers(0, 8, (2, 6))
    villages = layer(*shapely.box(west, south, west + rng.integers(1, 6, 6), south + 3))
    lon, lat = beside_lines(villages, rng, 60)
    assert differing(VillageGrid(villages), villages, lon, lat) == 0


def test_the_real_layer(boundary_folder: Path) -> None:
    file = boundary_folder / "villages_banten_bps2020.gpkg"
    if not file.exists():
        pytest.skip("the folder has no layer of Banten")
    villages = read_boundaries(file, area="36", faults="repair").villages
    lon, lat = beside_lines(villages, np.random.default_rng(1), 40_000)
    assert len(lon) == 200_000
    assert differing(VillageGrid(villages), villages, lon, lat) == 0


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(np.nan, -6.5), (106.5, np.nan), (np.inf, -6.5), (106.5, -np.inf), (1e308, -1e308), (0, 0)],
)
def test_what_is_no_place_of_the_layer_is_in_no_village(lon: float, lat: float) -> None:
    grid = VillageGrid(layer(box(106, -7, 107, -6)))
    assert grid.find(np.array([lon]), np.array([lat])).tolist() == [-1]


@pytest.mark.parametrize(
    "shape",
    [
        box(106, -7, 106 + 1e-13, -6),  # a strip of a few numbers' width
        box(106, -7, 106 + 1e-11, -7 + 1e-11),
        shapely.MultiPolygon([box(-180, -90, -179, -89), box(179, 89, 180, 90)]),
    ],
)
def test_villages_of_an_odd_shape(shape: shapely.Geometry) -> None:
    villages = layer(shape)
    lon, lat = beside_lines(villages, np.random.default_rng(1), 100)
    assert differing(VillageGrid(villages), villages, lon, lat) == 0


def test_many_threads_may_ask_at_once() -> None:
    villages = voronoi(7, 400)
    grid = VillageGrid(villages)
    places = [beside_lines(villages, np.random.default_rng(n), 4_000) for n in range(16)]
    alone = [VillageGrid(villages).find(*place) for place in places]
    with ThreadPoolExecutor(max_workers=8) as threads:
        together = list(threads.map(lambda place: grid.find(*place), places * 4))
    assert all(np.array_equal(a, b) for a, b in zip(alone * 4, together, strict=True))


# What is kept from run to run.

SQUARES = layer(box(106, -7, 107, -6), box(107, -7, 108, -6))
IN_B = (np.array([107.5]), np.array([-6.5]))


def test_what_is_kept_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    VillageGrid(SQUARES, tmp_path / "new" / "cells")
    monkeypatch.setattr("geo_target.places.village_grid.cut_cells", None)
    grid = VillageGrid(SQUARES, tmp_path / "new" / "cells")
    assert grid.codes[grid.find(*IN_B)].tolist() == ["B"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["cells"]


def torn(content: bytes) -> bytes:
    return content[:-100]


def changed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def older(content: bytes) -> bytes:
    return content.replace(b"cells 1", b"cells 0", 1)


@pytest.mark.parametrize("spoil", [torn, changed, older, lambda _: b"", lambda _: b"PK\x03\x04"])
def test_a_spoiled_file_is_made_anew(tmp_path: Path, spoil: object) -> None:
    file = tmp_path / "cells"
    VillageGrid(SQUARES, file)
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))  # type: ignore[operator]
    grid = VillageGrid(SQUARES, file)
    assert grid.codes[grid.find(*IN_B)].tolist() == ["B"]
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    "other",
    [
        layer(box(106, -7, 107.6, -6), box(107.6, -7, 108, -6)),  # one line has moved
        layer(box(106, -7, 107, -6), box(107, -7, 108, -6), codes="AC"),
    ],
)
def test_the_cells_of_another_layer_are_not_taken(tmp_path: Path, other: gpd.GeoDataFrame) -> None:
    VillageGrid(other, tmp_path / "cells")
    grid = VillageGrid(SQUARES, tmp_path / "cells")
    assert grid.codes[grid.find(*IN_B)].tolist() == ["B"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder").mkdir()
    for kept in (tmp_path / "file" / "cells", tmp_path / "folder"):
        assert VillageGrid(SQUARES, kept).find(*IN_B).tolist() == [1]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_runs_that_keep_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    villages = voronoi(3, 100)
    with ThreadPoolExecutor(max_workers=8) as threads:
        list(threads.map(lambda _: VillageGrid(villages, tmp_path / "cells"), range(16)))
    assert [path.name for path in tmp_path.iterdir()] == ["cells"]


# When a grid is used.


def test_a_grid_is_made_for_many_points_and_read_for_fewer(tmp_path: Path) -> None:
    villages = voronoi(5, 30)
    corners = shapely.get_num_coordinates(villages.geometry.to_numpy()).sum()
    kept = tmp_path / "cells"
    assert grid_over(villages, corners, kept) is None
    assert grid_over(villages, 3 * corners, kept) is not None
    assert grid_over(villages, corners, kept) is not None
    assert grid_over(villages, corners // 10, kept) is None
    assert grid_over(villages[:0], 1_000_000, kept) is None


def test_with_and_without_a_grid_the_answers_are_the_same() -> None:
    villages = voronoi(11, 30)
    rng = np.random.default_rng(11)
    lon, lat = beside_lines(villages, rng, 2_000)
    points = pd.DataFrame({"lon": lon, "lat": lat}, index=rng.permutation(len(lon)))
    points["stated_village_code"] = rng.choice([*villages.index, "X", None], len(lon))
    few = pd.concat(
        find_point_villages(part, villages)
        for _, part in points.groupby(np.arange(len(lon)) // 200)
    )
    assert find_point_villages(points, villages, grid=VillageGrid(villages)).equals(few)


def test_a_run_keeps_the_cells_beside_its_lists(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(location, "_WORTH_MAKING", 0)
    east, north = point_at(500, 500)
    families = table(
        bench,
        "family_id stated_village_code village_basis rt rw neighborhood lon lat\n"
        f"F1 A code - - - {east} {north}",
        {"lon": "double", "lat": "double"},
    )
    cache = tmp_path / ".cache"
    located = locate_families(families, [], row_of_villages("A", "B"), usable=True, cache=cache)
    assert [row["point_village_code"] for row in located.families.rows()] == ["A"]
    ListCache(cache, tmp_path / "aside").renew()
    assert [path.name for path in cache.iterdir()] == ["village-cells"]
