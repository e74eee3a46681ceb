"""GeoJSON village layers, read by `json` and shapely: GDAL never sees the file.

GDAL takes coordinates that are text for missing geometries and says nothing; here every
such feature is named. RFC 7946 is the format's description.
"""

import json
import re
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError, Fault

#: A ring has at least three corners, and its first position again at its end.
MIN_RING_POSITIONS = 4


def parse_geojson(content: bytes, name: str) -> gpd.GeoDataFrame:
    """Features of a GeoJSON document, in the order of the file.

    Parameters
    ----------
    content
        The whole document, UTF-8.
    name
        File name for messages.

    Returns
    -------
    GeoDataFrame
        One row per feature (index 0, 1, ...), its properties as columns (object), and
        ``geometry`` as the file has it, None where the feature has none. The CRS is
        WGS 84, or the one that an old-style ``crs`` member names.

    Raises
    ------
    DataRefusedError
        E-JSON if the document cannot be read, naming the feature; E-EMPTY without
        features; E-CRS if its ``crs`` member names nothing that is known.
    """
    document = _load(content, name)
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        _refuse(
            name,
            "bukan FeatureCollection GeoJSON; ekspor ulang lapisan desa sebagai GeoJSON",
            "this is no GeoJSON FeatureCollection; export the village layer again as GeoJSON",
        )
    if not features:
        raise DataRefusedError(
            Fault(
                "E-EMPTY",
                id="lapisan ini tidak berisi satu desa pun; ekspor ulang dari berkas asalnya",
                en="this layer holds no village at all; export it again from its source",
                file=name,
            )
        )
    crs = _named_crs(document.get("crs"), name)
    properties = []
    geometries: list[Any] = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            _refuse(
                name,
                f"fitur nomor {number} bukan 'Feature' GeoJSON; ekspor ulang lapisan ini",
                f"feature number {number} is no GeoJSON 'Feature'; export the layer again",
            )
        values = feature.get("properties")
        properties.append(values if isinstance(values, dict) else {})
        geometries.append(_geometry(feature.get("geometry"), number, name))
    columns = {key: None for row in properties for key in row if key != "geometry"}
    table = {key: [row.get(key) for row in properties] for key in columns}
    return gpd.GeoDataFrame(table, geometry=geometries, crs=crs)


def _load(content: bytes, name: str) -> dict[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        _refuse(
            name,
            "isi berkas bukan teks UTF-8; simpan ulang sebagai GeoJSON UTF-8",
            "the file is not UTF-8 text; save it again as UTF-8 GeoJSON",
        )
    except json.JSONDecodeError as error:
        _refuse(
            name,
            f"JSON rusak atau terpotong pada baris {error.lineno}, kolom {error.colno}; "
            "unduh atau ekspor ulang berkas yang utuh",
            f"the JSON is damaged or cut off at line {error.lineno}, column {error.colno}; "
            "download or export the whole file again",
        )
    except (RecursionError, ValueError):
        _refuse(
            name,
            "JSON memuat nilai yang bukan angka biasa atau bersarang terlalu dalam; ekspor ulang",
            "the JSON holds values that are no plain numbers, or nests too deep; export it again",
        )
    return document if isinstance(document, dict) else {}


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


def _named_crs(member: Any, name: str) -> pyproj.CRS:
    """CRS of the ``crs`` member that GeoJSON had before RFC 7946; WGS 84 without one."""
    if member is None:
        return pyproj.CRS(WGS84)
    properties = member.get("properties") if isinstance(member, dict) else None
    text = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if text.upper().endswith("CRS84"):
        return pyproj.CRS(WGS84)
    found = re.fullmatch(r"(?:urn:ogc:def:crs:)?EPSG:[\d.]*:?(\d{4,6})", text, re.IGNORECASE)
    try:
        if found:
            return pyproj.CRS.from_epsg(int(found[1]))
    except pyproj.exceptions.CRSError:
        pass
    raise DataRefusedError(
        Fault(
            "E-CRS",
            id="anggota 'crs' GeoJSON ini tidak dikenal; simpan ulang dalam EPSG:4326 (WGS 84)",
            en="the 'crs' member of this GeoJSON is unknown; save it again in EPSG:4326 (WGS 84)",
            file=name,
        )
    )


def _geometry(member: Any, number: int, name: str) -> shapely.Geometry | None:
    """Shapely geometry of a ``geometry`` member; anything but polygons comes as a point.

    Other kinds are refused later with their village's code, whatever they hold.
    """
    if member is None:
        return None
    kind = member.get("type") if isinstance(member, dict) else None
    coordinates = member.get("coordinates") if isinstance(member, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return shapely.Point()
    try:
        parts: Any = [coordinates] if kind == "Polygon" else coordinates
        polygons = [_polygon(rings) for rings in parts if rings]
    except (TypeError, ValueError, OverflowError, shapely.errors.ShapelyError) as error:
        why_id, why_en = error.args if isinstance(error, _RingError) else ("rusak", "damaged")
        _refuse(
            name,
            f"koordinat fitur nomor {number} tidak terbaca ({why_id}): tiap cincin harus berupa "
            "angka dan tertutup; perbaiki fitur itu lalu ekspor ulang",
            f"the coordinates of feature number {number} cannot be read ({why_en}): each ring "
            "must be numbers and closed; mend that feature and export again",
        )
    return polygons[0] if kind == "Polygon" and polygons else shapely.MultiPolygon(polygons)


class _RingError(ValueError):
    """A ring that shapely would mend in silence; why, in Indonesian and English."""


def _polygon(rings: list[Any]) -> shapely.Polygon:
    shell, *holes = (_ring(ring) for ring in rings)
    return shapely.Polygon(shell, holes)


def _ring(ring: Any) -> np.ndarray:
    positions = np.array(ring)
    if positions.dtype.kind not in "fi" or positions.ndim != 2:  # noqa: PLR2004 - a table
        raise _RingError("bukan angka", "no numbers")
    if not np.isfinite(positions).all():  # 1e999 is JSON
        raise _RingError("angka tak hingga", "infinite numbers")
    if len(positions) < MIN_RING_POSITIONS:
        raise _RingError(f"{len(positions)} titik", f"{len(positions)} positions")
    if not np.array_equal(positions[0, :2], positions[-1, :2]):
        raise _RingError("cincin tidak tertutup", "ring not closed")
    return positions[:, :3].astype(float)


def _refuse(name: str, id: str, en: str) -> NoReturn:
    raise DataRefusedError(Fault("E-JSON", id=id, en=en, file=name))
