"""Files for map programs: GDAL opens them, they hold codes and places, and nobody's number."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.errors import NotFoundError
from geo_target.fieldwork.carried_visits import CarriedVisit
from geo_target.fieldwork.map_files import visits_geopackage, visits_gpx, visits_kml
from geo_target.fieldwork.point_layers import Layer, geopackage
from geo_target.long_numbers import holds_number
from tests.builders import nik
from tests.fieldwork.carried import HOSTILE, Family, on_paper

MADE = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
VISITS = [
    on_paper("B0000000", position=2, lon=106.15, lat=-6.12, rt="002", rw="010"),
    on_paper("A0000000", lon=106.16, lat=-6.13, rt="001", rw="010", neighborhood="Kebon"),
    on_paper("C0000000", position=3, rt="003"),
]
WRITERS: dict[str, Callable[..., bytes]] = {
    "gpx": visits_gpx, "kml": visits_kml, "gpkg": visits_geopackage,
}  # fmt: skip
KINDS = pytest.mark.parametrize("kind", WRITERS)


def opened(folder: Path, kind: str, content: bytes, layer: str | None = None) -> Any:
    """What GDAL finds in the file."""
    file = folder / f"visits.{kind}"
    file.write_bytes(content)
    of_gpx = "waypoints" if kind == "gpx" else None
    return pyogrio.read_dataframe(file, layer=layer or of_gpx, use_arrow=False)


@KINDS
def test_points_are_named_by_the_code_in_the_order_of_the_walk(kind: str, tmp_path: Path) -> None:
    frame = opened(tmp_path, kind, WRITERS[kind](VISITS, made=MADE),
                   "kunjungan" if kind == "gpkg" else None)  # fmt: skip
    name = {"gpx": "name", "kml": "Name", "gpkg": "kode"}[kind]
    assert list(frame[name]) == ["A000-0000", "B000-0000"]
    assert list(frame.geometry.x) == pytest.approx([106.16, 106.15])
    assert list(frame.geometry.y) == pytest.approx([-6.13, -6.12])
    assert frame.crs.to_epsg() == 4326
    assert "Kebon" in frame.to_csv()


def test_a_geopackage_lists_who_has_no_point(tmp_path: Path) -> None:
    content = visits_geopackage(VISITS, made=MADE)
    (tmp_path / "v.gpkg").write_bytes(content)
    assert [list(layer) for layer in pyogrio.list_layers(tmp_path / "v.gpkg")] == [
        ["kunjungan", "Point"], ["tanpa titik", None],
    ]  # fmt: skip
    rest = opened(tmp_path, "gpkg", content, "tanpa titik")
    assert rest[["kode", "urutan", "rt"]].to_dict("records") == [
        {"kode": "C000-0000", "urutan": 3, "rt": "3"}
    ]


@KINDS
def test_nobody_is_named_unless_it_is_asked_for(kind: str, tmp_path: Path) -> None:
    family = Family("NAMA ORANG", "ALAMAT RUMAH", "••••••••••••7777", "••••••••••••8888")
    visits = [on_paper("A0000000", family, lon=106.1, lat=-6.1, neighborhood=nik(1))]
    content = WRITERS[kind](visits, made=MADE)
    for text in ("NAMA ORANG", "ALAMAT", "7777", "8888", nik(1)):
        assert text.encode() not in content
    assert b"NAMA ORANG" in WRITERS[kind](visits, made=MADE, with_names=True)
    assert b"7777" not in WRITERS[kind](visits, made=MADE, with_names=True)
    assert not holds_number(opened(tmp_path, kind, content).to_csv())


@KINDS
def test_hostile_texts_stay_texts(kind: str, tmp_path: Path) -> None:
    visits: list[CarriedVisit] = [
        on_paper(f"A{at:07d}", Family(name=text), lon=106.1, lat=-6.1, position=at,
                 rt=text, rw=text, neighborhood=text)
        for at, text in enumerate(HOSTILE, start=1)
    ]  # fmt: skip
    frame = opened(tmp_path, kind, WRITERS[kind](visits, made=MADE, with_names=True))
    assert len(frame) == len(HOSTILE)
    said = frame.to_csv()
    for text in ("<script>alert(1)</script>", "]]> </w:t> &amp;", "\\u{41}"):
        assert text in said


@KINDS
def test_the_same_visits_are_the_same_bytes(kind: str) -> None:
    assert WRITERS[kind](VISITS, made=MADE) == WRITERS[kind](VISITS[::-1], made=MADE)


def test_without_a_point_there_is_nothing_to_draw() -> None:
    for write in (visits_gpx, visits_kml):
        with pytest.raises(NotFoundError, match="E-CARRY-POINT"):
            write(VISITS[2:], made=MADE)
    for write in WRITERS.values():
        with pytest.raises(NotFoundError, match="E-CARRY-NONE"):
            write([], made=MADE)


def test_a_geopackage_may_hold_only_who_has_no_point(tmp_path: Path) -> None:
    content = visits_geopackage(VISITS[2:], made=MADE)
    assert len(opened(tmp_path, "gpkg", content, "kunjungan")) == 0
    assert len(opened(tmp_path, "gpkg", content, "tanpa titik")) == 1


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), text=st.text(), number=st.integers(0, 99))
def test_layers_come_back_as_they_were(lon: float, lat: float, text: str, number: int) -> None:
    said = text.encode("utf-8", "ignore").decode().replace("\0", "")
    layer = Layer("titik", ("a", "b"), [((lon, lat), (said, number))])
    with TemporaryDirectory() as folder:
        file = Path(folder, "titik.gpkg")
        file.write_bytes(geopackage([layer], made=MADE))
        meta, _, (geometry,), (a, b) = pyogrio.raw.read(file)
    assert meta["geometry_type"] == "Point"
    assert (list(a), list(b)) == ([said], [number])
    assert struct.unpack("<dd", geometry[-16:]) == (lon, lat)
