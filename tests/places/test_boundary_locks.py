"""Each lock of the boundary reader by itself, and what may be mended."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import Polygon

from geo_target.errors import DataRefusedError
from geo_target.places import boundary_files
from geo_target.places.boundary_faults import mend_invalid
from tests.builders import UTM_48S, row_of_villages

#: Written out: a name that is dropped from SKIPPED_DRIVERS is to be noticed here.
FOLLOW_REFERENCES = {"OGR_VRT", "VRT", "GTI", "WFS", "OAPIF", "CSW", "Elasticsearch", "MapML",
                     "CARTO", "AmigoCloud", "EEDA", "PLSCENES", "NGW", "GPSBabel"}  # fmt: skip


def test_no_driver_that_follows_references_is_loaded() -> None:
    assert not FOLLOW_REFERENCES & set(pyogrio.list_drivers())


def test_a_layer_that_another_driver_opens_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "villages.gpkg"
    row_of_villages("A", "B").reset_index().to_file(file, driver="GPKG", engine="pyogrio")
    assert len(boundary_files.read_layer(file).frame) == 2
    whole = pyogrio.read_info

    def read_info(*names: Any, **options: Any) -> dict[str, Any]:
        return {**whole(*names, **options), "driver": "OGR_VRT"}

    monkeypatch.setattr(pyogrio, "read_info", read_info)
    with pytest.raises(DataRefusedError, match="E-TYPE"):
        boundary_files.read_layer(file)


def test_a_loop_of_two_percent_of_the_area_is_not_mended() -> None:
    # A bow tie on the upper left corner: of its two triangles one counts backward.
    loop = [(0, 0), (100, 0), (100, 100), (20, 100), (0, 120), (20, 120), (0, 100)]
    layer = gpd.GeoSeries([Polygon(loop)], crs=UTM_48S)
    _, repaired, refused = mend_invalid(layer, pd.Series(["A"]))
    assert repaired == []
    assert [bad.code for bad in refused] == ["A"]
