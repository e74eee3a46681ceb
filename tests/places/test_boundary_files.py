import json
import math
import os
import random
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from geo_target.places.boundaries import check_boundaries, read_boundaries
from tests.places.boundary_layers import (
    CURUG,
    refusal,
    squares,
    write_geojson,
    write_shapefile_zip,
)

#: A synthetic NIK: no district has the number 99.
SECRET = "9899" + "010101900001"


# --- accepted formats ---------------------------------------------------------------------


def write_any(file: Path) -> Path:
    layer = squares()
    if file.suffix in (".geojson", ".json"):
        return write_geojson(file, layer)
    if file.suffix == ".zip":
        return write_shapefile_zip(file, layer)
    if file.suffix == ".parquet":
        layer.to_parquet(file)
    else:
        layer.to_file(file, driver="GPKG", layer="desa")
    return file


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("desa.geojson", "GeoJSON"),
        ("desa.json", "GeoJSON"),
        ("desa.gpkg", "GPKG"),
        ("desa.zip", "ESRI Shapefile"),
        ("desa.parquet", "Parquet"),
    ],
)
def test_every_accepted_format_gives_the_same_villages(
    tmp_path: Path, name: str, driver: str
) -> None:
    layer = squares()

    found = read_boundaries(write_any(tmp_path / name), area=CURUG)

    assert found.report.driver == driver
    assert found.villages.index.tolist() == sorted(layer["kode"])
    assert found.villages.index.name == "village_code"
    assert found.villages.crs == "EPSG:4326"
    expected = layer.set_index("kode").loc[found.villages.index].geometry
    assert found.villages.geometry.geom_equals(expected).all()
    assert found.surroundings.empty
    assert not found.schematic


def test_a_byte_order_mark_and_an_upper_case_suffix_do_no_harm(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "DESA.GEOJSON", squares())
    file.write_bytes(b"\xef\xbb\xbf  " + file.read_bytes())

    assert len(read_boundaries(file, area=CURUG).villages) == len(squares())


# --- disguised ----------------------------------------------------------------------------


def secret_vrt(folder: Path) -> bytes:
    """A VRT that makes an unguarded GDAL return the rows of another file."""
    secret = folder / "rahasia.csv"
    secret.write_text(f"nik,x,y\n{SECRET},106.15,-6.12\n")
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="rahasia"><SrcDataSource>{secret}</SrcDataSource>'
        "<GeometryType>wkbPoint</GeometryType>"
        '<GeometryField encoding="PointFromColumns" x="x" y="y"/>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


WFS = b"<OGRWFSDataSource><URL>http://127.0.0.1:9/wfs</URL></OGRWFSDataSource>"
GML = b'<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>'


@pytest.mark.parametrize(
    "suffix", [".geojson", ".json", ".gpkg", ".parquet", ".kml", ".vrt", ".shp"]
)
@pytest.mark.parametrize("kind", ["vrt", "wfs", "gml", "url"])
def test_a_disguised_file_is_refused_and_nothing_else_is_read(
    tmp_path: Path, suffix: str, kind: str
) -> None:
    content = {"vrt": secret_vrt(tmp_path), "wfs": WFS, "gml": GML, "url": b"/vsicurl/http://a/b"}
    file = tmp_path / f"desa{suffix}"
    file.write_bytes(content[kind])

    assert SECRET not in refusal(file, "E-TYPE")


@pytest.mark.parametrize("member", ["desa.vrt", "desa.geojson", "desa.gml", "desa.kml"])
def test_a_zip_of_anything_but_a_shapefile_is_refused(tmp_path: Path, member: str) -> None:
    file = tmp_path / "desa.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, secret_vrt(tmp_path))

    assert SECRET not in refusal(file, "E-TYPE")


@pytest.mark.parametrize(
    ("part", "code"),
    [("desa.shp", "E-TYPE"), ("desa.shx", "E-TYPE"), ("desa.dbf", "E-TYPE"), ("desa.prj", "E-PRJ")],
)
def test_a_shapefile_with_a_disguised_part_is_refused(tmp_path: Path, part: str, code: str) -> None:
    vrt = secret_vrt(tmp_path)
    file = write_shapefile_zip(tmp_path / "z.zip", squares(), lambda m: m.update({part: vrt}))

    assert SECRET not in refusal(file, code)


def test_a_folder_or_a_url_is_no_file(tmp_path: Path) -> None:
    assert "check its name" in refusal(tmp_path / "no.gpkg", "E-FILE")
    assert "check its name" in refusal(Path("/vsicurl/http://127.0.0.1:9/a.gpkg"), "E-FILE")


def test_the_room_refuses_to_load_after_an_unguarded_gdal() -> None:
    program = "import pyogrio, geo_target.places.boundary_files"
    bare = {key: value for key, value in os.environ.items() if key != "GDAL_SKIP"}

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=bare, check=False
    )

    assert done.returncode == 1
    assert "import geo_target before pyogrio" in done.stderr


# --- truncated, empty, too large ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.geojson", "E-JSON"), ("a.gpkg", "E-READ"), ("a.zip", "E-ZIP"), ("a.parquet", "E-READ")],
)
def test_a_truncated_file_is_refused(tmp_path: Path, name: str, code: str) -> None:
    file = write_any(tmp_path / name)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 6 // 10])

    refusal(file, code)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.zip", "a.parquet"])
def test_random_damage_is_reported_and_never_a_crash(tmp_path: Path, name: str) -> None:
    content = write_any(tmp_path / name).read_bytes()
    dice = random.Random(1)
    for _ in range(30):
        damaged = bytearray(content)
        for _ in range(dice.choice((1, 5, 40))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        file = tmp_path / f"damaged{Path(name).suffix}"
        file.write_bytes(damaged)

        report = check_boundaries(file, area=CURUG)

        assert report.faults or report.features == len(squares())


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.zip", "a.parquet"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.touch()

    assert "0 bytes" in refusal(file, "E-EMPTY")


def test_layers_without_features_are_refused(tmp_path: Path) -> None:
    nothing = squares().iloc[:0]
    nothing.to_file(tmp_path / "a.gpkg", geometry_type="Polygon")
    nothing.to_parquet(tmp_path / "a.parquet")

    refusal(write_geojson(tmp_path / "a.geojson", nothing), "E-EMPTY")
    refusal(tmp_path / "a.gpkg", "E-EMPTY")
    refusal(tmp_path / "a.parquet", "E-EMPTY")


def test_a_file_over_the_upload_limit_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    with file.open("wb") as stream:
        stream.truncate(50_000_001)

    assert "50 MB" in refusal(file, "E-SIZE")


def test_a_geopackage_of_two_layers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    squares().to_file(file, layer="desa")
    squares().to_file(file, layer="sungai")

    assert "2 map layers" in refusal(file, "E-LAYERS")


# --- GeoJSON's own faults -----------------------------------------------------------------

RING = [[106.15, -6.1], [106.16, -6.1], [106.16, -6.11], [106.15, -6.1]]


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        ([[str(x), str(y)] for x, y in RING], "no numbers"),
        (RING[:-1], "3 positions"),
        ([[106.15, math.inf], *RING[1:]], "feature number 2"),
        ([*RING[:-1], [106.15, -6.2]], "ring not closed"),
        ([[106.15, None], *RING[1:]], "feature number 2"),
        ([106.15, -6.1], "feature number 2"),
        ("POLYGON", "feature number 2"),
    ],
)
def test_coordinates_that_cannot_be_read_name_the_feature(
    tmp_path: Path, ring: object, says: str
) -> None:
    file = write_geojson(tmp_path / "a.geojson", squares())
    document = json.loads(file.read_text())
    document["features"][1]["geometry"]["coordinates"] = [ring]
    file.write_text(json.dumps(document).replace("Infinity", "1e999"))

    message = refusal(file, "E-JSON")

    assert "feature number 2" in message
    assert says in message


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Topology"}',
        '{"type": "FeatureCollection", "features": [1]}',
        '{"type": "FeatureCollection", "features": [NaN]}',
        '{"type": "FeatureCollection", "features": ' + "[" * 100_000,
    ],
)
def test_json_that_is_no_village_layer_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(text)

    refusal(file, "E-JSON")


# --- Shapefile sets -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "code"),
    [(".shx", "E-SHP"), (".dbf", "E-SHP"), (".prj", "E-PRJ"), (".shp", "E-TYPE")],
)
def test_a_missing_part_is_named(tmp_path: Path, suffix: str, code: str) -> None:
    file = write_shapefile_zip(
        tmp_path / "z.zip", squares(), lambda members: members.pop(f"desa{suffix}")
    )

    assert suffix in refusal(file, code)


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("share", [0.6, 0.9])
def test_a_cut_part_is_refused(tmp_path: Path, suffix: str, share: float) -> None:
    def cut(members: dict[str, bytes]) -> None:
        content = members[f"desa{suffix}"]
        members[f"desa{suffix}"] = content[: int(len(content) * share)]

    file = write_shapefile_zip(tmp_path / "z.zip", squares(), cut)

    assert "cut off" in refusal(file, "E-SHP")


def test_the_table_of_another_file_is_refused(tmp_path: Path) -> None:
    other = write_shapefile_zip(tmp_path / "other.zip", squares().iloc[:5])
    table = zipfile.ZipFile(other).read("desa.dbf")
    file = write_shapefile_zip(
        tmp_path / "z.zip", squares(), lambda members: members.update({"desa.dbf": table})
    )

    assert "record counts differ" in refusal(file, "E-SHP")


def test_two_shapefiles_in_a_zip_are_refused(tmp_path: Path) -> None:
    def double(members: dict[str, bytes]) -> None:
        members.update({f"lain/{name}": content for name, content in members.items()})

    file = write_shapefile_zip(tmp_path / "z.zip", squares(), double)

    assert "2 Shapefiles" in refusal(file, "E-ZIP")


def test_the_leavings_of_macos_are_passed_over(tmp_path: Path) -> None:
    def leave(members: dict[str, bytes]) -> None:
        members.update({f"__MACOSX/._{name}": b"Mac OS X" for name in list(members)})

    file = write_shapefile_zip(tmp_path / "z.zip", squares(), leave)

    assert len(read_boundaries(file, area=CURUG).villages) == len(squares())


@pytest.mark.parametrize(
    "name", ["../desa.shp", "/tmp/desa.shp", "a/../../desa.shp", "..\\desa.shp", "C:\\desa.shp"]
)
def test_names_outside_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    file = write_shapefile_zip(tmp_path / "z.zip", squares(), lambda m: m.update({name: b""}))

    assert "outside its folder" in refusal(file, "E-ZIP")


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    file = write_shapefile_zip(tmp_path / "z.zip", squares())
    link = zipfile.ZipInfo("desa.cst")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    refusal(file, "E-ZIP")


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    file = write_shapefile_zip(tmp_path / "z.zip", squares(), lambda m: m.update({"a.zip": b"PK"}))

    assert "zip inside the zip" in refusal(file, "E-ZIP")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = bytes(20_000_000)
    file = write_shapefile_zip(tmp_path / "z.zip", squares(), lambda m: m.update({"a.txt": bomb}))

    assert "100 times" in refusal(file, "E-ZIP")


def test_more_than_fifty_members_are_refused(tmp_path: Path) -> None:
    extra = {f"{number}.txt": b"" for number in range(50)}
    file = write_shapefile_zip(tmp_path / "z.zip", squares(), lambda m: m.update(extra))

    assert "more than 50" in refusal(file, "E-ZIP")


def test_a_shapefile_whose_records_do_not_fill_it_is_refused(tmp_path: Path) -> None:
    def lie(members: dict[str, bytes]) -> None:
        content = bytearray(members["desa.shp"])
        struct.pack_into(">i", content, 104, 10**6)  # length of the first record
        members["desa.shp"] = bytes(content)

    file = write_shapefile_zip(tmp_path / "z.zip", squares(), lie)

    refusal(file, "E-SHP")
