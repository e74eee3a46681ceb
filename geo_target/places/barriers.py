"""Lines that nobody crosses on foot: a layer of rivers, railways or toll roads."""

from pathlib import Path

import geopandas as gpd
import shapely

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError, Fault
from geo_target.places.boundary_files import MAX_UPLOAD_BYTES, read_layer

_POINTS = {"Point", "MultiPoint", "GeometryCollection"}


def read_barriers(file: Path | None) -> gpd.GeoSeries:
    """Lines and areas of a layer, EPSG:4326; of no file none.

    Raises
    ------
    DataRefusedError
        E-BARRIERS if it holds neither lines nor areas, or cannot be read as GeoJSON; of other
        kinds what `boundary_files.read_layer` raises.
    """
    if file is None:
        return gpd.GeoSeries([], crs=WGS84)
    if file.suffix.lower() in {".geojson", ".json"}:
        found = gpd.GeoSeries(shapely.get_parts(_of_geojson(file)), crs=WGS84)
    else:
        frame = read_layer(file).frame
        found = gpd.GeoSeries(frame.geometry, crs=frame.crs or WGS84).to_crs(WGS84)
    is_there = found.notna() & ~found.is_empty
    shapes = [one for one in found[is_there] if one.geom_type not in _POINTS]
    if not shapes or not all(map(shapely.is_valid, shapes)):
        raise _refused(file)
    return gpd.GeoSeries(shapes, crs=WGS84)


def _of_geojson(file: Path) -> shapely.Geometry:
    try:
        if file.stat().st_size > MAX_UPLOAD_BYTES:
            raise _refused(file)
        return shapely.from_geojson(file.read_bytes())
    except (OSError, shapely.errors.GEOSException):
        raise _refused(file) from None


def _refused(file: Path) -> DataRefusedError:
    return DataRefusedError(
        Fault(
            "E-BARRIERS",
            id="berkas penghalang tidak ada, rusak, terlalu besar, atau tidak berisi garis atau "
            "bidang; pakai lapisan sungai atau jalan tol (.geojson, .gpkg, .zip, .parquet)",
            en="the file of barriers is not there, damaged, too large, or holds no lines or "
            "areas; use a layer of rivers or toll roads (.geojson, .gpkg, .zip, .parquet)",
            file=file.name,
        )
    )
