"""The picture of two compared layers: one page that asks no other host, drawn as SVG.

The template escapes every text; there is no script.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo_target.errors import Language
from geo_target.places.boundary_comparison import ComparedLayers
from geo_target.places.boundary_place import only
from geo_target.places.comparison_report import WORDS, ComparisonReport, decimal, whole
from geo_target.publishing.map_frame import MapFrame
from geo_target.resources import resource_dir

#: Lower ends of the classes of IoU, and their colors: the darker, the less both agree.
CLASSES = (
    (0.95, "#fff8ee"),
    (0.8, "#fde3c4"),
    (0.5, "#f6bd86"),
    (0.1, "#c96f38"),
    (0.0, "#7f3511"),
)
#: Zones smaller than this on the picture are not drawn (square units of a map 1,000 wide).
_SMALLEST = 4.0
#: With more villages the other layer's outlines would hide the map.
_FEW_VILLAGES = 150
#: Half of a letter's width in the map's names, a little more than it is.
_HALF_LETTER = 4.8
_HATCH = "url(#hatch)"
_M2_PER_KM2 = 1e6


@dataclass(frozen=True)
class Drawn:
    """A shape of the map, or a sample of it in the legend (with `text` and without `d`)."""

    look: str  # class of the style
    fill: str = "none"
    d: str = ""
    title: str = ""
    text: str = ""


def write_comparison_map(compared: ComparedLayers, out: Path, language: Language) -> None:
    """Write the page: the answer, the map with its legend, and the tables of the report."""
    out.write_text(comparison_page(compared, language), encoding="utf-8")


def comparison_page(compared: ComparedLayers, language: Language) -> str:
    """The page as HTML."""
    report, words = compared.report, WORDS[language]
    a, b = (
        only(layer, layer.index.str.startswith(report.area + "."))
        for layer in (compared.a, compared.b)
    )
    frame = MapFrame.around(np.vstack([a.total_bounds, b.total_bounds]))
    simple = shapely.coverage_simplify(a.to_numpy(), frame.unit_m)
    drawn = gpd.GeoSeries(simple, index=a.index, crs=a.crs)
    found = report.comparison
    km, units = frame.scale_bar()
    *layers, answer = report.heading(language)
    pages = Environment(
        loader=FileSystemLoader(resource_dir("templates")),
        autoescape=True,
        undefined=StrictUndefined,
    )
    return pages.get_template("comparison/page.html").render(
        language=language,
        words=words,
        report=report,
        title=words["title"].format(area=report.area_name),
        answer=answer,
        layers=layers,
        frame=frame,
        shapes=[
            *_villages(report, drawn, only(b, ~b.index.isin(a.index)), frame, language),
            *_zones(report, frame, language),
            *_outlines(report, drawn, b, frame, language),
        ],
        names=_names(report, drawn, frame),
        bar={"units": round(units, 1), "text": f"{decimal(km, language, int(km < 1))} km"},
        legend=list(_legend(report, language)),
        lists=[
            (
                words["swapped"].format(count=len(found.swapped)),
                [f"{report.named(i)} – {report.named(j)}" for i, j in found.swapped],
            ),
            *(
                (
                    words["only"].format(count=len(codes), file=layer.file),
                    [report.named(code) for code in codes],
                )
                for codes, layer in ((found.only_a, report.a), (found.only_b, report.b))
            ),
        ],
        far=report.far_rows(language),
    )


def _class_of(iou: float) -> int:
    return next(at for at, (least, _) in enumerate(CLASSES) if iou >= least)


def _legend(report: ComparisonReport, language: Language) -> Iterator[Drawn]:
    """A sample of all that is drawn, with the number of villages."""
    words, found = WORDS[language], report.comparison
    classes = found.villages["iou"].dropna().map(_class_of)
    highest = 1.0
    for at, (least, color) in enumerate(CLASSES):
        count = whole(int((classes == at).sum()), language)
        span = f"{decimal(least, language)} – {decimal(highest, language)}"
        yield Drawn("sample", color, text=f"{span} ({count})")
        highest = least
    yield Drawn("zone", _HATCH, text=words["zones"])
    if report.a.villages <= _FEW_VILLAGES:
        yield Drawn("outline-b", text=words["outlines_b"])
    swapped, lone = 2 * len(found.swapped), len(found.only_a) + len(found.only_b)
    if swapped:
        yield Drawn("swapped", text=f"{words['swapped_labels']} ({whole(swapped, language)})")
    if lone:
        yield Drawn("lone", text=f"{words['no_class']} ({whole(lone, language)})")


def _villages(
    report: ComparisonReport,
    a: gpd.GeoSeries,
    only_b: gpd.GeoSeries,
    frame: MapFrame,
    language: Language,
) -> Iterator[Drawn]:
    agreed = report.comparison.villages["iou"].to_dict()
    for code, shape in {**a, **only_b}.items():
        iou = agreed[code]  # NaN where one layer lacks the village
        look, fill = ("lone", "#fff") if isnan(iou) else ("village", CLASSES[_class_of(iou)][1])
        title = f"{report.named(str(code))} · IoU {decimal(iou, language)}"
        yield Drawn(look, fill, frame.path([shape]), title)


def _zones(report: ComparisonReport, frame: MapFrame, language: Language) -> Iterator[Drawn]:
    zones, smallest = report.comparison.zones, _SMALLEST * frame.unit_m**2
    large = zones[zones["area_m2"] > smallest]
    simple = shapely.simplify(large.geometry.to_numpy(), frame.unit_m / 2)
    for code_a, code_b, m2, shape in zip(
        large["code_a"], large["code_b"], large["area_m2"], simple, strict=True
    ):
        parts = shapely.get_parts(shape)
        title = WORDS[language]["zone"].format(
            a=report.named(code_a),
            b=report.named(code_b),
            km2=decimal(m2 / _M2_PER_KM2, language),
        )
        if d := frame.path(parts[shapely.area(parts) > smallest]):
            yield Drawn("zone", _HATCH, d, title)


def _outlines(
    report: ComparisonReport, a: gpd.GeoSeries, b: gpd.GeoSeries, frame: MapFrame,
    language: Language,
) -> Iterator[Drawn]:  # fmt: skip
    """B's villages if they are few, the next smaller places, and suspected swaps."""
    if report.a.villages <= _FEW_VILLAGES:
        simple = shapely.coverage_simplify(b.to_numpy(), frame.unit_m)
        yield Drawn("outline-b", d=frame.path(simple), title=WORDS[language]["outlines_b"])
    for _, part in _parts(report, a):
        yield Drawn("part", d=frame.path([part]))
    for code in (code for pair in report.comparison.swapped for code in pair):
        yield Drawn("swapped", d=frame.path([a[code]]))


def _parts(report: ComparisonReport, a: gpd.GeoSeries) -> Iterator[tuple[str, Any]]:
    """Regencies of a province, districts of a regency, villages of a district: name, ground."""
    depth = len(report.area) + (3 if len(report.area) < len("00.00.00") else 5)
    column = {5: "regency_name", 8: "district_name"}.get(depth, "village_name")
    names = dict(zip(report.names.index.str[:depth], report.names[column], strict=True))
    for code, shapes in a.groupby(a.index.str[:depth]):
        # Rounded, for corners of a layer with gaps and overlaps to meet.
        yield names[str(code)], shapely.union_all(shapely.set_precision(list(shapes), 0.01))


def _names(report: ComparisonReport, a: gpd.GeoSeries, frame: MapFrame) -> list[dict[str, Any]]:
    names = []
    for name, part in _parts(report, a):
        inside = shapely.maximum_inscribed_circle(part, tolerance=frame.unit_m)
        x, y = frame.place(shapely.get_coordinates(inside)[:1])[0]
        half = min(_HALF_LETTER * len(name), frame.width / 2)
        x = min(max(x, half), frame.width - half)  # no name runs over the edge
        names.append({"x": round(x), "y": round(y), "text": name})
    return names
