"""Opens a boundary file that anyone may have sent, without letting it open anything else.

Three locks, each enough alone: the drivers that follow references are never loaded (see
`geo_target/__init__.py`), the first bytes must be of the format that the name says, and
GDAL sees only copies under names of our own (docs/decisions/0002-boundaries.md).
"""

import os
import shutil
import struct
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import geopandas as gpd
import pyarrow
import pyarrow.parquet
import pyogrio
import pyproj
import shapely

from geo_target import SKIPPED_DRIVERS
from geo_target.errors import DataRefusedError, Fault
from geo_target.places.boundary_geojson import parse_geojson
from geo_target.places.boundary_zip import MAX_UNPACKED_BYTES, unpack_shapefile

MAX_UPLOAD_BYTES = 50_000_000
MAX_GEOPACKAGE_BYTES = 200_000_000
MAX_FEATURES = 20_000
MAX_VERTICES = 2_000_000

SQLITE_MAGIC = b"SQLite format 3\0"
PARQUET_MAGIC = b"PAR1"

_UNREADABLE = (
    pyogrio.errors.CRSError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyproj.exceptions.CRSError,
    shapely.errors.ShapelyError,
    LookupError,  # an encoding that nobody knows
    UnboundLocalError,  # pyogrio 0.13, where a CRS is no UTF-8
    ValueError,
)

if _loaded := set(SKIPPED_DRIVERS) & set(pyogrio.list_drivers()):
    raise ImportError(
        f"GDAL was loaded with {sorted(_loaded)}, which read other files and hosts: "
        "import geo_target before pyogrio or geopandas"
    )


@dataclass(frozen=True)
class Caps:
    """How large a layer may be."""

    features: int = MAX_FEATURES
    vertices: int = MAX_VERTICES


@dataclass(frozen=True)
class RawLayer:
    """A layer as its file has it: columns and ``geometry`` untouched, index 0, 1, ..."""

    frame: gpd.GeoDataFrame
    driver: str


def read_layer(file: Path, caps: Caps | None = None) -> RawLayer:
    """Features of a GeoJSON, GeoPackage, zipped Shapefile or GeoParquet file.

    Of a GeoJSON file only polygons are read; its other shapes come as empty points.

    Raises
    ------
    DataRefusedError
        E-FILE if it is not there, E-TYPE if it is not what its name says, E-SIZE if it is
        too large, E-EMPTY without features, E-READ if it is damaged, and what the readers
        of GeoJSON and zip files raise.
    """
    if not file.is_file():
        _refuse("E-FILE", file, f"berkas batas desa tidak ada: {file}; periksa nama dan foldernya",
                f"there is no boundary file {file}; check its name and folder")  # fmt: skip
    caps = caps or Caps()
    readers: dict[str, tuple[int, Callable[[Path, Caps], RawLayer]]] = {
        ".geojson": (MAX_UPLOAD_BYTES, _read_geojson),
        ".json": (MAX_UPLOAD_BYTES, _read_geojson),
        ".zip": (MAX_UPLOAD_BYTES, _read_zip),
        ".gpkg": (MAX_GEOPACKAGE_BYTES, _read_geopackage),
        ".parquet": (MAX_UPLOAD_BYTES, _read_geoparquet),
    }
    if file.suffix.lower() not in readers:
        _refuse_type(file)
    limit, read = readers[file.suffix.lower()]
    size = file.stat().st_size
    if size == 0:
        _refuse("E-EMPTY", file, "berkas kosong (0 byte); unduh atau ekspor ulang",
                "the file is empty (0 bytes); download or export it again")  # fmt: skip
    if size > limit:
        _refuse("E-SIZE", file, f"berkas {size / 1e6:.0f} MB, batasnya {limit / 1e6:.0f} MB; "
                "kirim hanya batas desa provinsi Anda",
                f"the file has {size / 1e6:.0f} MB, at most {limit / 1e6:.0f} MB are read; "
                "send the villages of your province only")  # fmt: skip
    layer = read(file, caps)
    vertices = int(shapely.get_num_coordinates(layer.frame.geometry).sum())
    _check_caps(file, len(layer.frame), vertices, caps)
    return layer


def _read_geojson(file: Path, _caps: Caps) -> RawLayer:
    content = file.read_bytes()
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        _refuse_type(file)
    return RawLayer(parse_geojson(content, file.name), "GeoJSON")


def _read_zip(file: Path, caps: Caps) -> RawLayer:
    with tempfile.TemporaryDirectory(prefix="geo-target-") as folder:
        shapefile = unpack_shapefile(file, Path(folder))
        return _read_with_gdal(file, os.fspath(shapefile), "ESRI Shapefile", caps)


def _read_geopackage(file: Path, caps: Caps) -> RawLayer:
    with file.open("rb") as stream:
        header = stream.read(100)
    if not header.startswith(SQLITE_MAGIC):
        _refuse_type(file)
    if len(header) == 100 and file.stat().st_size < _declared_bytes(header):  # noqa: PLR2004
        _refuse_damaged(file)
    with tempfile.TemporaryDirectory(prefix="geo-target-") as folder:
        # A copy: SQLite may write beside the file it opens, and its name is the user's.
        copy = Path(folder) / "layer.gpkg"
        shutil.copyfile(file, copy)
        return _read_with_gdal(file, f"GPKG:{copy}", "GPKG", caps)


def _declared_bytes(header: bytes) -> int:
    """Size of an SQLite file by its own header, 0 where the header is out of date."""
    (page,) = struct.unpack_from(">H", header, 16)
    changes, pages = struct.unpack_from(">II", header, 24)
    (valid_for,) = struct.unpack_from(">I", header, 92)
    return (65536 if page == 1 else page) * pages if changes == valid_for else 0


def _read_with_gdal(file: Path, source: str, driver: str, caps: Caps) -> RawLayer:
    """Read `source`, a copy of `file`; GDAL's own words may quote it and are not repeated."""
    try:
        with warnings.catch_warnings():
            # What GDAL warns of (fields, M values) is found in the frame itself below.
            warnings.simplefilter("ignore")
            layers = [name for name, kind in pyogrio.list_layers(source) if kind is not None]
            if len(layers) != 1:
                _refuse("E-LAYERS", file, f"berkas berisi {len(layers)} lapisan peta; "
                        "simpan hanya lapisan desa dalam satu berkas",
                        f"the file holds {len(layers)} map layers; "
                        "save the village layer alone in a file")  # fmt: skip
            info = pyogrio.read_info(source, layer=layers[0], force_feature_count=True)
            if info["driver"] != driver:
                _refuse_type(file)
            _check_caps(file, int(info["features"]), 0, caps)
            frame = _read_text(source, layers[0])
    except _UNREADABLE:
        _refuse_damaged(file)
    if len(frame) != info["features"]:
        _refuse_damaged(file)
    return RawLayer(frame, driver)


def _read_text(source: str, layer: str) -> gpd.GeoDataFrame:
    try:
        frame = pyogrio.read_dataframe(source, layer=layer)
    except UnicodeDecodeError:  # a .dbf of an old program without .cpg; names only, not codes
        frame = pyogrio.read_dataframe(source, layer=layer, encoding="cp1252")
    return gpd.GeoDataFrame(frame)


def _read_geoparquet(file: Path, caps: Caps) -> RawLayer:
    with file.open("rb") as stream:
        if stream.read(4) != PARQUET_MAGIC:
            _refuse_type(file)
    try:
        metadata = pyarrow.parquet.read_metadata(file)
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > MAX_UNPACKED_BYTES:
            _refuse(
                "E-SIZE",
                file,
                "isi berkas lebih dari 300 MB; kirim batas desa provinsi saja",
                "the file unpacks to over 300 MB; send the villages of a province only",
            )
        _check_caps(file, metadata.num_rows, 0, caps)
        frame = gpd.read_parquet(file)
        frame = frame.reset_index(drop=frame.index.name is None)
    except (*_UNREADABLE, pyarrow.ArrowException, OSError):
        _refuse_damaged(file)
    return RawLayer(frame, "Parquet")


def _check_caps(file: Path, features: int, vertices: int, caps: Caps) -> None:
    if features == 0:
        _refuse("E-EMPTY", file, "lapisan ini tidak berisi satu desa pun; ekspor ulang",
                "this layer holds no village at all; export it again")  # fmt: skip
    if features > caps.features or vertices > caps.vertices:
        _refuse("E-SIZE", file, f"{features} fitur dan {vertices} titik sudut; batasnya "
                f"{caps.features} dan {caps.vertices}. Kirim batas desa provinsi Anda saja",
                f"{features} features and {vertices} vertices; at most {caps.features} and "
                f"{caps.vertices} are read. Send the villages of your province only")  # fmt: skip


def _refuse_type(file: Path) -> NoReturn:
    _refuse("E-TYPE", file, "isi berkas bukan jenis yang diterima; pakai GeoJSON (.geojson), "
            "GeoPackage (.gpkg), Shapefile dalam .zip, atau GeoParquet (.parquet)",
            "the content is of no accepted kind; use GeoJSON (.geojson), GeoPackage (.gpkg), "
            "a Shapefile in a .zip, or GeoParquet (.parquet)")  # fmt: skip


def _refuse_damaged(file: Path) -> NoReturn:
    _refuse(
        "E-READ",
        file,
        "berkas rusak atau terpotong; unduh atau ekspor ulang yang utuh",
        "the file is damaged or cut off; download or export the whole file again",
    )


def _refuse(code: str, file: Path, id: str, en: str) -> NoReturn:
    raise DataRefusedError(Fault(code, id=id, en=en, file=file.name))
