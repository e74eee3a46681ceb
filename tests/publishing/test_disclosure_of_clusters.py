"""Small clusters are not shown, nor counts of the covered that follow from large ones."""

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.crs import WGS84
from geo_target.publishing.disclosure import MEETING, publish_clusters, publish_villages
from tests.builders import UTM_48S
from tests.publishing.test_disclosure import villages

CRS = pyproj.CRS(UTM_48S)


def shown(*counts: tuple[int, int]) -> gpd.GeoDataFrame:
    """Clusters of RW by uncovered and compared families, as the meeting gets them."""
    frame = pd.DataFrame(counts, columns=["uncovered_families", "compared_families"])
    ids = [f"rw-{number}" for number in range(len(frame))]
    clusters = gpd.GeoDataFrame(
        frame.assign(cluster_id=ids, kind="rw", located_families=0),
        geometry=gpd.GeoSeries(index=frame.index, crs=WGS84),
    )
    cells = pd.DataFrame(
        {"cluster_id": ["none"], "east_m": 0.0, "north_m": 0.0, "uncovered_families": 0}
    )
    return publish_clusters(clusters, cells, MEETING, CRS)


def test_a_cluster_of_few_families_is_not_shown() -> None:
    assert shown((5, 5), (4, 40), (30, 60))["uncovered_families"].tolist() == [5, 30]


def test_few_covered_do_not_follow_from_the_compared() -> None:
    found = shown((8, 8), (8, 9), (8, 12), (8, 13))
    assert found["compared_families"].tolist() == [8, pd.NA, pd.NA, 13]
    assert found["withheld"].tolist() == [[], ["compared_families"], ["compared_families"], []]


def test_few_located_families_of_a_village_are_withheld() -> None:
    exact = villages((20, 20, 20), (20, 20, 20)).assign(
        located_families=[4, 12], located_uncovered_families=[0, 1]
    )
    found = publish_villages(exact, MEETING)
    assert found["located_families"].tolist() == [pd.NA, 12]
    assert found["withheld"].tolist() == [
        ["located_families", "located_uncovered_families"],  # 4 - 0 would leave four
        ["located_uncovered_families"],
    ]
