"""Village boundaries of the area of a run: read, checked, and repaired if asked to."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError
from geo_target.places.boundary_checks import examine
from geo_target.places.boundary_codes import CodeSystem
from geo_target.places.boundary_files import read_layer
from geo_target.places.boundary_report import BoundaryReport, FaultsMode
from geo_target.places.boundary_writing import check_output, write_layer
from geo_target.places.gazetteer import SCHEMATIC_FILE, read_gazetteer
from geo_target.resources import resource_dir


@dataclass(frozen=True)
class Boundaries:
    """The villages of an area with their polygons, and those around them.

    `villages` and `surroundings` are indexed by ``village_code`` (sorted), have the
    columns of the gazetteer and ``geometry`` (Polygon or MultiPolygon, EPSG:4326, 2D,
    full resolution, valid). `villages` holds exactly the villages of the area;
    `surroundings` the file's others, maybe none. `schematic` is True for the shipped
    layer, which is no official boundary and locates no real family.
    """

    villages: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    schematic: bool
    report: BoundaryReport


def read_boundaries(
    file: Path | None,
    *,
    area: str,
    code_column: str | None = None,
    code_system: CodeSystem | None = None,
    faults: FaultsMode = "refuse",
) -> Boundaries:
    """Read the villages of an area from a boundary file, or from the shipped schematic one.

    Parameters
    ----------
    file
        GeoJSON, GeoPackage, zipped Shapefile or GeoParquet; None for the schematic layer.
    area
        Kemendagri code of a province, regency, city or district.
    code_column, code_system
        As `boundary_codes.find_codes` takes them.
    faults
        What to do about overlaps and gaps: refuse the layer, or close them and report
        the area changes.

    Raises
    ------
    DataRefusedError
        With every fault that was found, in words that say what to do.
    ConfigError
        If `area` is no known area.
    """
    source = file or resource_dir("geodata") / "places" / area[:2] / SCHEMATIC_FILE
    layer, report = examine(
        read_layer(source),
        file=source.name,
        area=area,
        code_column=code_column,
        code_system=code_system,
        faults=faults,
    )
    if report.faults or layer is None:
        raise DataRefusedError(*report.faults)
    places = read_gazetteer(area[:2])
    known = layer.shapes[layer.codes != ""]
    known.index = pd.Index(layer.codes[layer.codes != ""], name="village_code")
    villages = gpd.GeoDataFrame(places.loc[known.index], geometry=known, crs=WGS84).sort_index()
    inside = villages.index.str.startswith(area + ".")
    return Boundaries(villages[inside], villages[~inside], file is None, report)


def check_boundaries(
    file: Path,
    *,
    area: str | None = None,
    code_column: str | None = None,
    code_system: CodeSystem | None = None,
) -> BoundaryReport:
    """Report on a boundary file; faults are in the report and not raised.

    Parameters as `read_boundaries`; without `area` it is the smallest area that holds
    95 % of the layer's villages.
    """
    try:
        return examine(
            read_layer(file),
            file=file.name,
            area=area,
            code_column=code_column,
            code_system=code_system,
            faults="refuse",
        )[1]
    except DataRefusedError as refusal:
        return BoundaryReport(file=file.name, faults=tuple(refusal.faults))


def repair_boundaries(
    file: Path,
    out: Path,
    *,
    area: str | None = None,
    code_column: str | None = None,
    code_system: CodeSystem | None = None,
) -> BoundaryReport:
    """Write a boundary file with its overlaps settled, its gaps closed and its axes turned.

    Parameters
    ----------
    file
        As `read_boundaries`; all of its features are repaired if `area` is None.
    out
        ``.gpkg`` or ``.geojson``; replaced whole or not at all. It has the columns of
        `file` and the column ``village_code`` in front.

    Raises
    ------
    DataRefusedError
        If the file has faults that a repair cannot mend; `out` is not touched.
    """
    check_output(out)
    layer, report = examine(
        read_layer(file),
        file=file.name,
        area=area,
        code_column=code_column,
        code_system=code_system,
        faults="repair",
    )
    if report.faults or layer is None:
        raise DataRefusedError(*report.faults)
    columns = layer.attributes.drop(columns="village_code", errors="ignore")
    columns.insert(0, "village_code", layer.codes)
    frame = gpd.GeoDataFrame(columns, geometry=layer.shapes, crs=WGS84)
    write_layer(frame, out, "villages")
    return report
