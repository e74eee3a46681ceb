"""Layers of points and plain tables as one GeoPackage (OGC 12-128r19), by SQLite alone."""

import sqlite3
import struct
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

Point = tuple[float, float]
Cell = str | int | None

_APPLICATION = int.from_bytes(b"GPKG")
_VERSION = 10300
_SRS = 4326
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AUTHORITY["EPSG","4326"]]'
)
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
    definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
    m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""
_SYSTEMS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
    ("WGS 84 geodetic", _SRS, "EPSG", _SRS, _WGS84, "longitude and latitude in degrees"),
)


@dataclass(frozen=True)
class Layer:
    """Rows of cells by `columns`, each with its point in degrees (EPSG:4326) or none."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[Point | None, Sequence[Cell]]]
    has_points: bool = True
    """Whether it is a layer of a map; else a plain table."""


def geopackage(layers: Sequence[Layer], *, made: datetime) -> bytes:
    """A GeoPackage of layers; the same content gives the same bytes.

    Parameters
    ----------
    layers
        Their names and columns are ours, not of a list. A column of whole numbers is one of
        INTEGER, every other one TEXT.
    made
        What the file says its layers were changed at, aware of its zone.
    """
    changed = made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute(f"PRAGMA application_id = {_APPLICATION}")
        file.execute(f"PRAGMA user_version = {_VERSION}")
        file.executescript(_TABLES)
        file.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)
        for layer in layers:
            _write(file, layer, changed)
        file.commit()
        return file.serialize()


def _write(file: sqlite3.Connection, layer: Layer, changed: str) -> None:
    points = [point for point, _ in layer.rows if point]
    bounds = [f(p[axis] for p in points) if points else None
              for f in (min, max) for axis in (0, 1)]  # fmt: skip
    kind, srs = ("features", _SRS) if layer.has_points else ("attributes", None)
    file.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
        (layer.name, kind, layer.name, changed, *bounds, srs),
    )
    geometry = ["geom POINT"] if layer.has_points else []
    columns = [f'"{name}" {_type(layer, at)}' for at, name in enumerate(layer.columns)]
    stated = ", ".join(["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", *geometry, *columns])
    file.execute(f'CREATE TABLE "{layer.name}" ({stated})')
    if layer.has_points:
        file.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)",
                     (layer.name, _SRS))  # fmt: skip
    holes = ", ".join("?" * (len(geometry) + len(columns)))
    file.executemany(
        f'INSERT INTO "{layer.name}" SELECT null, {holes}',
        [(*([_blob(point)] if geometry else []), *cells) for point, cells in layer.rows],
    )


def _type(layer: Layer, at: int) -> str:
    is_whole = any(isinstance(cells[at], int) for _, cells in layer.rows)
    return "INTEGER" if is_whole else "TEXT"


def _blob(point: Point | None) -> bytes | None:
    """The point as GeoPackage's binary: a head of 8 bytes, then WKB, the least byte first."""
    if point is None:
        return None
    return struct.pack("<2sBBi", b"GP", 0, 1, _SRS) + struct.pack("<BIdd", 1, 1, *point)
