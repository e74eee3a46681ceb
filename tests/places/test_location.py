from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geo_target.crs import WGS84
from geo_target.places.location import distances_to_stated, find_point_villages
from geo_target.places.settling import locate_families
from geo_target.workbench import Workbench
from tests.builders import point_at, row_of_villages, table

VILLAGES = row_of_villages("A", "B")


def squares() -> gpd.GeoDataFrame:
    """Unit squares in degrees, where an edge is met exactly: A west, B east, C north of A."""
    shapes = [box(106, -7, 107, -6), box(107, -7, 108, -6), box(106, -6, 107, -5)]
    return gpd.GeoDataFrame(geometry=shapes, crs=WGS84, index=pd.Index(["A", "B", "C"]))


def points(*places: tuple[float, float, str | None]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["lon", "lat", "stated_village_code"])


@pytest.mark.parametrize("stated", ["A", "B", "C", "ELSEWHERE", None])
@pytest.mark.parametrize(
    ("lon", "lat", "village"),
    [(106.5, -6.5, "A"), (107.5, -6.5, "B"), (106.5, -5.5, "C"),
     (107, -6.5, "A"), (106.5, -6, "A"), (107, -6, "A"), (106, -5.5, "C"), (109, -6.5, None)],
)  # fmt: skip
def test_each_point_is_in_one_village_whatever_is_stated(
    lon: float, lat: float, village: str | None, stated: str | None
) -> None:
    found = find_point_villages(points((lon, lat, stated)), squares())
    assert found.isna().all() if village is None else found.tolist() == [village]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_same_as_a_spatial_join(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.uniform(106, 107, 6))
    shapes = [box(a, -7, b, -6) for a, b in pairwise(cuts)]
    villages = gpd.GeoDataFrame(
        geometry=shapes, crs=WGS84, index=pd.Index([f"V{i}" for i in range(5)])
    )
    frame = pd.DataFrame(
        {
            "lon": rng.uniform(105.9, 107.1, 200),
            "lat": rng.uniform(-7.1, -5.9, 200),
            "stated_village_code": rng.choice([*villages.index, "X", None], 200),
        }
    )
    joined = gpd.GeoDataFrame(
        frame, geometry=gpd.GeoSeries.from_xy(frame["lon"], frame["lat"], crs=WGS84)
    ).sjoin(villages, how="left", predicate="within")
    found = find_point_villages(frame, villages)
    assert found.fillna("-").tolist() == joined["index_right"].fillna("-").tolist()


def test_distance_where_point_and_statement_disagree() -> None:
    lon, lat = point_at(1_300, 500)  # 300 m inside B
    frame = points((lon, lat, "A"), (lon, lat, "B"), (lon, lat, None)).assign(
        point_village_code=["B", "B", "B"]
    )
    meters = distances_to_stated(frame, VILLAGES)
    assert meters[0] == pytest.approx(300, abs=1)
    assert meters[1:].isna().all()


FAMILIES = """
family_id  stated_village_code  village_basis  rt   rw   neighborhood  lon  lat
F1         A                    code           001  002  -             in   A
F2         A                    code           -    002  -             in   B
F3         -                    none           -    -    -             in   B
F4         A                    code           -    -    -             far  far
F5         B                    triple         001  002  -             -    -
F6         Z                    code           -    -    -             -    -
F7         -                    none           -    -    -             -    -
"""


def located(bench: Workbench, *, usable: bool = True) -> dict[str, tuple[object, ...]]:
    inside_a, inside_b = point_at(500, 500), point_at(1_500, 500)
    text = FAMILIES.replace("in   A", f"{inside_a[0]} {inside_a[1]}")
    text = text.replace("in   B", f"{inside_b[0]} {inside_b[1]}").replace("far  far", "110 -6")
    families = table(bench, text, {"lon": "double", "lat": "double"})
    result = locate_families(families, [], VILLAGES, usable=usable)
    return {
        r["family_id"]: (
            r["village_code"], r["point_village_code"], r["location_status"], r["location_level"],
        )
        for r in result.families.rows()
    }  # fmt: skip


def test_the_statement_stands_and_the_point_is_flagged(bench: Workbench) -> None:
    assert located(bench) == {
        "F1": ("A", "A", "located", "list"),
        "F2": ("A", "B", "located", "list"),
        "F3": ("B", "B", "located", "list"),
        "F4": ("A", None, "outside", "list"),
        "F5": ("B", None, "unlocated", "rt"),
        "F6": (None, None, "unlocated", "village"),
        "F7": (None, None, "unlocated", "unknown"),
    }


def test_a_schematic_layer_locates_no_real_family(bench: Workbench) -> None:
    found = located(bench, usable=False)
    assert {status for _, _, status, _ in found.values()} == {"unlocated"}
    assert found["F2"] == ("A", None, "unlocated", "rw")
    assert found["F3"][0] is None
