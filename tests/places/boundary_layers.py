"""Small village layers for the tests: a square around the inner point of each village.

Curug, a district of Kota Serang, is the area of most tests: its villages' squares do not
touch, so a layer of them is clean until a test puts one fault in.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo_target.errors import DataRefusedError
from geo_target.places.boundaries import read_boundaries
from geo_target.places.gazetteer import villages_of

CURUG = "36.73.04"
SIDE = 0.004  # degrees, about 440 m
M = 1 / 111_000  # a meter in degrees, near enough here


def squares(area: str = CURUG) -> gpd.GeoDataFrame:
    """Clean layer of an area: columns ``kode`` and ``nama``, EPSG:4326."""
    places = villages_of(area)
    half = SIDE / 2
    boxes = shapely.box(places.lon - half, places.lat - half, places.lon + half, places.lat + half)
    columns = {"kode": list(places.index), "nama": list(places["village_name"])}
    return gpd.GeoDataFrame(columns, geometry=list(boxes), crs="EPSG:4326")


def write_geojson(file: Path, layer: gpd.GeoDataFrame, **members: object) -> Path:
    """Write a layer as it is, without a ``crs`` member unless `members` has one."""
    document = json.loads(layer.to_json(drop_id=True))
    document.pop("crs", None)
    file.write_text(json.dumps(document | members))
    return file


def write_shapefile_zip(
    file: Path, layer: gpd.GeoDataFrame, change: Callable[[dict[str, bytes]], object] | None = None
) -> Path:
    """Zip a layer as a Shapefile, after `change` had its way with the member contents."""
    folder = file.parent / f"{file.stem}-parts"
    folder.mkdir()
    layer.to_file(folder / "desa.shp")
    members = {part.name: part.read_bytes() for part in sorted(folder.iterdir())}
    if change is not None:
        change(members)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def refusal(file: Path, code: str, *, area: str = CURUG, **options: object) -> str:
    """What the refusal of `file` says in English; it must hold the fault `code` alone.

    Both languages must name the file, the code and something to do.
    """
    with pytest.raises(DataRefusedError) as caught:
        read_boundaries(file, area=area, **options)  # type: ignore[arg-type]
    assert [fault.code for fault in caught.value.faults] == [code]
    indonesian, english = caught.value.text("id"), caught.value.text("en")
    for text in (indonesian, english):
        assert file.name in text
        assert f"[{code}]" in text
    assert any(word in indonesian.lower() for word in DO_ID), indonesian
    assert any(word in english.lower() for word in DO_EN), english
    return english


#: Verbs of what to do, one of which each refusal must hold.
DO_ID = (
    "ekspor ulang", "unduh", "unggah", "periksa", "perbaiki", "ubah", "isi ", "lengkapi", "zip ",
    "tulis ulang", "simpan", "gabungkan", "pakai ", "kirim", "salin ulang", "nyatakan", "tambahkan",
)  # fmt: skip
DO_EN = (
    "export", "download", "upload", "check", "mend", "set ", "complete", "zip ", "write",
    "save", "merge", "use ", "send", "copy", "declare", "add ",
)  # fmt: skip
