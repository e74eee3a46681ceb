"""All checks of a boundary layer in turn, from what a file holds to what a run may use."""

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import shapely

from geo_target.crs import WGS84, metric_crs
from geo_target.errors import Fault
from geo_target.places import boundary_messages as messages
from geo_target.places.boundary_codes import CodeMatch, CodeSystem, find_codes
from geo_target.places.boundary_faults import (
    NEGLIGIBLE_M2,
    find_bad_shapes,
    find_gaps,
    find_overlaps,
    find_torn_shapes,
    mend_invalid,
)
from geo_target.places.boundary_files import RawLayer
from geo_target.places.boundary_place import check_place, only
from geo_target.places.boundary_repair import MAX_AREA_CHANGE, close_coverage, find_area_changes
from geo_target.places.boundary_report import BadShape, BoundaryReport, FaultsMode
from geo_target.places.gazetteer import read_gazetteer, villages_of
from geo_target.resources import resource_dir

#: Villages this near to the area's edge are repaired with it (degrees, about 500 m).
_NEIGHBORHOOD_DEGREES = 0.005
#: Share of a layer's villages that tells which area it covers.
_AREA_SHARE = 0.95


@dataclass(frozen=True)
class Layer:
    """A layer whose features are known: one row each, index 0, 1, ..., EPSG:4326.

    `codes` has the village code or ""; `labels` the code or what the file has instead.
    """

    shapes: gpd.GeoSeries
    codes: pd.Series
    labels: pd.Series
    attributes: pd.DataFrame


def examine(
    raw: RawLayer,
    *,
    file: str,
    area: str | None,
    code_column: str | None,
    code_system: CodeSystem | None,
    faults: FaultsMode,
) -> tuple[Layer | None, BoundaryReport]:
    """All checks in turn, so that a person sees every fault of a file at once.

    Parameters
    ----------
    raw
        The layer as its file has it.
    file
        Name for messages.
    area, code_column, code_system, faults
        As `boundaries.read_boundaries` takes them; without an area that of the layer's
        own codes, and then overlaps and gaps are measured everywhere in the file.

    Returns
    -------
    layer
        None where a fault leaves nothing to go on with.
    report
        With the faults, if any.
    """
    layer, report = know(
        raw, file=file, area=area, code_column=code_column, code_system=code_system, faults=faults
    )
    if layer is None:
        return None, report
    report = _check_codes(layer.codes, layer.labels, report)
    if report.bad_shapes or report.invalid_shapes:
        return None, report
    return _check_coverage(layer, report, faults, only_area=area is not None)


def know(
    raw: RawLayer,
    *,
    file: str,
    area: str | None,
    code_column: str | None,
    code_system: CodeSystem | None,
    faults: FaultsMode = "refuse",
) -> tuple[Layer | None, BoundaryReport]:
    """Which village each feature is, and where: without what lies between the villages.

    Parameters and results as `examine`.
    """
    columns = pd.DataFrame(raw.frame.drop(columns=raw.frame.geometry.name))
    match = _find_province_codes(columns, area, code_column, code_system, file)
    area = area or _covered_area(match.village_codes)
    report = _first_report(file, area, raw, match)
    labels = match.village_codes.where(match.village_codes != "", match.values)
    labels = labels.reindex(columns.index, fill_value="")

    flat, report = _check_shapes(raw.frame.geometry, labels, report)
    places = read_gazetteer((area or _provinces()[0])[:2])
    shapes, report = check_place(flat, match.village_codes, places, report, faults)
    if shapes is None or not match.village_codes.size:
        return None, report
    return Layer(shapes, match.village_codes, labels, columns), report


def _provinces() -> list[str]:
    folders = (resource_dir("geodata") / "places").iterdir()
    return sorted(folder.name for folder in folders if (folder / "villages.csv").is_file())


def _find_province_codes(
    columns: pd.DataFrame,
    area: str | None,
    code_column: str | None,
    code_system: CodeSystem | None,
    file: str,
) -> CodeMatch:
    """Codes by the area's province; without an area, by the one that knows most of them."""
    if area is not None:
        villages_of(area)  # an unknown area is refused before anything is looked up
    matches = [
        find_codes(columns, read_gazetteer(province), code_column=code_column,
                   code_system=code_system, file=file)
        for province in ([area[:2]] if area else _provinces())
    ]  # fmt: skip
    return max(matches, key=lambda match: max(match.matched_kemendagri, match.matched_bps))


def _covered_area(codes: pd.Series) -> str:
    """The smallest area that holds 95 % of the known villages; "" if none is known."""
    known = codes[codes != ""]
    for length in (len("00.00.00"), len("00.00"), len("00")):
        counts = known.str[:length].value_counts()
        if len(counts) and counts.iloc[0] >= _AREA_SHARE * len(known):
            return str(counts.index[0])
    return ""


def _first_report(file: str, area: str, raw: RawLayer, match: CodeMatch) -> BoundaryReport:
    return BoundaryReport(
        file=file,
        driver=raw.driver,
        crs=messages.crs_name(raw.frame.crs),
        features=len(raw.frame),
        area=area,
        code_column=match.column,
        code_system=match.system,
        is_code_system_declared=match.is_declared,
        matched_kemendagri=match.matched_kemendagri,
        matched_bps=match.matched_bps,
        faults=match.faults,
    )


def _check_shapes(
    shapes: gpd.GeoSeries, labels: pd.Series, report: BoundaryReport
) -> tuple[gpd.GeoSeries, BoundaryReport]:
    """Drop Z, name what is no polygon, mend what crosses itself without a change of area."""
    bad = find_bad_shapes(shapes, labels)
    has_z = bool(shapes.has_z.any() | shapely.has_m(shapes.to_numpy()).any())
    flat = gpd.GeoSeries(shapely.force_2d(shapes.to_numpy()), index=shapes.index, crs=shapes.crs)
    notes: list[Fault] = [messages.dropped_z(report.file)] if has_z else []
    faults: list[Fault] = []
    invalid: list[BadShape] = []
    if bad:
        faults.append(messages.bad_shapes(bad, report.file))
    else:
        flat, mended, invalid = mend_invalid(flat, labels)
        notes += [messages.mended(mended, report.file)] if mended else []
        faults += [messages.invalid(invalid, report.file)] if invalid else []
    report = replace(report, has_z=has_z, bad_shapes=tuple(bad), invalid_shapes=tuple(invalid))
    return flat, replace(report, faults=(*report.faults, *faults), notes=(*report.notes, *notes))


def find_duplicates(codes: pd.Series) -> list[str]:
    """Villages that more than one feature is, sorted."""
    known = codes[codes != ""]
    return sorted(known[known.duplicated()].unique())


def _check_codes(codes: pd.Series, labels: pd.Series, report: BoundaryReport) -> BoundaryReport:
    """Each village of the area once, no more and no less; unknown features are noted."""
    known = codes[codes != ""]
    places = villages_of(report.area)
    duplicates = find_duplicates(codes)
    missing = sorted(set(places.index) - set(known))
    extra = sorted(set(labels[codes == ""]))
    report = replace(
        report,
        duplicate_codes=tuple(duplicates),
        missing_codes=tuple(missing),
        extra_codes=tuple(extra),
    )
    if extra:
        report = replace(report, notes=(*report.notes, messages.unknown_codes(extra, report.file)))
    if duplicates:
        report = report.with_faults(messages.duplicates(codes, duplicates, report.file))
    if missing:
        names = places.loc[missing, "village_name"]
        report = report.with_faults(messages.missing(names, report.area, report.file))
    return report


def _check_coverage(
    layer: Layer,
    report: BoundaryReport,
    faults: FaultsMode,
    *,
    only_area: bool,
) -> tuple[Layer | None, BoundaryReport]:
    """Measure overlaps and gaps that touch the area, or all; close them if `faults` says so."""
    area = report.area
    inside = layer.codes.str.startswith(area + ".") if only_area else layer.codes.notna()
    if not inside.any():
        return layer, report  # all villages are missing, which has been said
    near = _near(layer.shapes, inside)
    places = villages_of(area)
    crs = metric_crs(float(places["lon"].mean()), float(places["lat"].mean()))
    metric = only(layer.shapes, near).to_crs(crs)
    labels, inside = layer.labels[near], inside[near]
    torn = find_torn_shapes(metric, labels)
    if torn:
        report = replace(report, invalid_shapes=(*report.invalid_shapes, *torn))
        return None, report.with_faults(messages.invalid(torn, report.file))
    overlaps, gaps = find_overlaps(metric, labels, inside), find_gaps(metric, labels, inside)
    report = replace(
        report,
        overlaps=tuple(each for each in overlaps if each.area_m2 > NEGLIGIBLE_M2),
        overlap_total_m2=sum(each.area_m2 for each in overlaps),
        gaps=tuple(each for each in gaps if each.area_m2 > NEGLIGIBLE_M2),
        gap_total_m2=sum(each.area_m2 for each in gaps),
        is_coverage_valid=bool(shapely.coverage_is_valid(metric.to_numpy()[inside])),
    )
    found = messages.uncovered_ground(report, overlaps, gaps)
    if not found or faults == "refuse":
        return layer, report.with_faults(*found)
    return _repair(layer, metric, inside, report)


def _near(shapes: gpd.GeoSeries, inside: pd.Series) -> pd.Series:
    """Features that the area's bounding box, a little widened, touches."""
    west, south, east, north = only(shapes, inside).total_bounds
    margin = _NEIGHBORHOOD_DEGREES
    box = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return shapes.intersects(box)


def _repair(
    layer: Layer, metric: gpd.GeoSeries, inside: pd.Series, report: BoundaryReport
) -> tuple[Layer, BoundaryReport]:
    closed = close_coverage(metric)
    labels = layer.labels[metric.index]
    changes = find_area_changes(only(metric, inside), only(closed, inside), labels[inside])
    left = [gap for gap in find_gaps(closed, labels, inside) if gap.area_m2 > NEGLIGIBLE_M2]
    degrees = closed.to_crs(WGS84)
    good = degrees.is_valid & ~degrees.is_empty
    is_valid = bool(good.all() and shapely.coverage_is_valid(closed.to_numpy()))
    report = replace(
        report,
        is_repaired=True,
        area_changes=tuple(changes),
        gaps_left=tuple(left),
        is_coverage_valid=is_valid,
        notes=(*report.notes, messages.repaired(changes, left, report)),
    )
    too_much = [change for change in changes if change.moved_share > MAX_AREA_CHANGE]
    if too_much or not is_valid:
        report = report.with_faults(messages.cannot_repair(too_much, report.file))
    shapes = layer.shapes.copy()
    shapes[degrees.index] = degrees
    return replace(layer, shapes=shapes), report
