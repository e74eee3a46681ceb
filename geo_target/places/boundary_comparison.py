"""Two boundary files read and held against each other, and their zones of difference written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo_target.crs import WGS84, metric_crs
from geo_target.errors import DataRefusedError, Fault
from geo_target.places import boundary_messages as messages
from geo_target.places.boundary_checks import find_duplicates, know
from geo_target.places.boundary_faults import find_torn_shapes
from geo_target.places.boundary_files import read_layer
from geo_target.places.boundary_writing import write_layer
from geo_target.places.comparison_report import ComparisonReport, LayerName
from geo_target.places.gazetteer import area_name, villages_of
from geo_target.places.layer_comparison import compare_layers


@dataclass(frozen=True)
class ComparedLayers:
    """A report, and the two layers' villages (CRS of meters, indexed by code) for a picture."""

    report: ComparisonReport
    a: gpd.GeoSeries
    b: gpd.GeoSeries


def compare_boundaries(file_a: Path, file_b: Path, *, area: str | None = None) -> ComparedLayers:
    """Hold two boundary files against each other; overlaps and gaps refuse neither.

    Parameters
    ----------
    file_a, file_b
        As `boundaries.read_boundaries` takes them.
    area
        Kemendagri code; default: what the codes of the first file cover.

    Raises
    ------
    DataRefusedError
        With the faults of both files; E-COMPARE if a file has no village of the area.
    ConfigError
        If `area` is no known area.
    """
    layer_a, covered, notes_a = _read(file_a, area)
    area = area or covered
    layer_b, _, notes_b = _read(file_b, area)
    empty = [
        messages.nothing_to_compare(area, file.name)
        for file, layer in ((file_a, layer_a), (file_b, layer_b))
        if not layer.index.str.startswith(area + ".").any()
    ]
    if empty:
        raise DataRefusedError(*empty)
    places = villages_of(area)
    crs = metric_crs(float(places["lon"].mean()), float(places["lat"].mean()))
    metric_a, metric_b = layer_a.to_crs(crs), layer_b.to_crs(crs)
    torn = [
        messages.invalid(bad, file.name)
        for file, layer in ((file_a, metric_a), (file_b, metric_b))
        if (bad := find_torn_shapes(_numbered(layer), pd.Series(layer.index)))
    ]
    if torn:
        raise DataRefusedError(*torn)
    report = ComparisonReport(
        a=_named(file_a, layer_a, area),
        b=_named(file_b, layer_b, area),
        area=area,
        area_name=area_name(area),
        comparison=compare_layers(metric_a, metric_b, area),
        names=villages_of(area[:2])[["village_name", "district_name", "regency_name"]],
        notes=(*notes_a, *notes_b),
    )
    return ComparedLayers(report, metric_a, metric_b)


def _read(file: Path, area: str | None) -> tuple[gpd.GeoSeries, str, tuple[Fault, ...]]:
    """A file's known villages by code (EPSG:4326), the area they cover, and what was noted."""
    layer, report = know(
        read_layer(file), file=file.name, area=area, code_column=None, code_system=None
    )
    faults = report.faults
    if layer is not None and (duplicates := find_duplicates(layer.codes)):
        faults = (*faults, messages.duplicates(layer.codes, duplicates, file.name))
    if faults or layer is None:
        raise DataRefusedError(*faults)
    known = layer.codes != ""
    notes = report.notes
    if not known.all():
        unknown = sorted(set(layer.labels[~known]))
        notes = (*notes, messages.unknown_codes(unknown, file.name))
    codes = layer.codes[known].sort_values()
    shapes = layer.shapes.to_numpy()[codes.index]
    return gpd.GeoSeries(shapes, index=pd.Index(codes), crs=WGS84), report.area, notes


def _numbered(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    return gpd.GeoSeries(layer.to_numpy(), crs=layer.crs)


def _named(file: Path, layer: gpd.GeoSeries, area: str) -> LayerName:
    day = date.fromtimestamp(file.stat().st_mtime)
    return LayerName(file.name, day, int(layer.index.str.startswith(area + ".").sum()))


def write_zones(report: ComparisonReport, out: Path) -> None:
    """Write the ground on which the layers differ; see `LayerComparison.zones`.

    Parameters
    ----------
    out
        ``.gpkg`` or ``.geojson``; with the names of the villages beside their codes.
    """
    zones = report.comparison.zones
    columns = {
        "code_a": zones["code_a"],
        "name_a": zones["code_a"].map(report.names["village_name"]).fillna(""),
        "code_b": zones["code_b"],
        "name_b": zones["code_b"].map(report.names["village_name"]).fillna(""),
        "area_m2": zones["area_m2"].round(1),
    }
    write_layer(gpd.GeoDataFrame(columns, geometry=zones.geometry).to_crs(WGS84), out, "zones")
