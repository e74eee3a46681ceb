"""Visits for map programs: GPX, KML and GeoPackage; a visit is its code, without a NIK.

Written here and not by GDAL: the process of the web would have to load it with pandas for a few
points. GDAL reads them back in the tests. Visits without a point are not on a map; a
GeoPackage lists them in a table of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from geo_target.errors import Fault, NotFoundError
from geo_target.fieldwork.carried_visits import NOTHING_TO_CARRY, CarriedVisit, walk
from geo_target.fieldwork.point_layers import Layer, geopackage
from geo_target.fieldwork.visit_codes import printed

_TITLE = "Pemutakhiran data keluarga"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: Columns of the layers of a GeoPackage; the name is there only where it is asked for.
_COLUMNS = ("kode", "urutan", "hari", "rt", "rw", "lingkungan", "kelurahan", "kecamatan")
_NAME = "nama"

_Point = tuple[float, float]


def visits_gpx(
    visits: Iterable[CarriedVisit], *, made: datetime, with_names: bool = False
) -> bytes:
    """GPX 1.1 of the visits that have a point, as waypoints in the order of the walk.

    Parameters
    ----------
    visits
        Of one officer, see `carried_visits.visits_of_officer`.
    made
        What the file says it was made at, aware of its zone.
    with_names
        Whether the head of the family is named too: phones are lost.

    Raises
    ------
    NotFoundError
        ``E-CARRY-POINT``: no visit has a point. ``E-CARRY-NONE``: there is no visit.
    """
    points = "".join(
        f'<wpt lat="{lat:.6f}" lon="{lon:.6f}"><name>{escape(printed(one.code))}</name>'
        f"<desc>{escape(_described(one, with_names))}</desc></wpt>\n"
        for one, (lon, lat) in _placed(visits)
    )
    return (
        f'{_HEAD}<gpx version="1.1" creator="geo-target" '
        'xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<metadata><name>{_TITLE}</name><time>{_utc(made)}</time></metadata>\n{points}</gpx>\n"
    ).encode()


def visits_kml(
    visits: Iterable[CarriedVisit], *, made: datetime, with_names: bool = False
) -> bytes:
    """KML 2.2 (OGC 07-147r2) of the visits that have a point; else as `visits_gpx`."""
    points = "".join(
        f"<Placemark><name>{escape(printed(one.code))}</name>"
        f"<description>{escape(_described(one, with_names))}</description>"
        f"<Point><coordinates>{lon:.6f},{lat:.6f}</coordinates></Point></Placemark>\n"
        for one, (lon, lat) in _placed(visits)
    )
    return (
        f'{_HEAD}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{_TITLE}</name>\n'
        f"<description>{_utc(made)}</description>\n{points}</Document></kml>\n"
    ).encode()


def visits_geopackage(
    visits: Iterable[CarriedVisit], *, made: datetime, with_names: bool = False
) -> bytes:
    """GeoPackage of all visits: layer ``kunjungan`` has a point, table ``tanpa titik`` has none.

    Raises
    ------
    NotFoundError
        ``E-CARRY-NONE``: there is no visit.
    """
    own = _some(visits)
    columns = (*_COLUMNS, *([_NAME] if with_names else []))
    placed = [(_point(one), _row(one, with_names)) for one in own if _point(one)]
    others = [(None, _row(one, with_names)) for one in own if not _point(one)]
    layers = [Layer("kunjungan", columns, placed)]
    layers += [Layer("tanpa titik", columns, others, has_points=False)] * bool(others)
    return geopackage(layers, made=made)


def _some(visits: Iterable[CarriedVisit]) -> Sequence[CarriedVisit]:
    own = sorted(visits, key=walk)
    if not own:
        raise NotFoundError(NOTHING_TO_CARRY)
    return own


def _placed(visits: Iterable[CarriedVisit]) -> list[tuple[CarriedVisit, _Point]]:
    placed = [(one, point) for one in _some(visits) if (point := _point(one))]
    if not placed:
        raise NotFoundError(_NO_POINT)
    return placed


def _point(one: CarriedVisit) -> _Point | None:
    lon, lat = one.visit.target.lon, one.visit.target.lat
    return None if lon is None or lat is None else (lon, lat)


def _described(one: CarriedVisit, with_names: bool) -> str:  # noqa: FBT001
    parts = (
        one.head_name if with_names else "",
        f"RT {one.rt}" if one.rt else "",
        f"RW {one.rw}" if one.rw else "",
        one.neighborhood,
        one.village_name,
    )
    return ", ".join(part for part in parts if part)


def _row(one: CarriedVisit, with_names: bool) -> tuple[str | int | None, ...]:  # noqa: FBT001
    visit = one.visit
    said = (
        printed(one.code), visit.position, visit.day.isoformat() if visit.day else None,
        one.rt, one.rw, one.neighborhood, one.village_name, one.district_name,
    )  # fmt: skip
    return (*said, one.head_name) if with_names else said


def _utc(made: datetime) -> str:
    return made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_NO_POINT = Fault(
    "E-CARRY-POINT",
    id="tidak satu pun kunjungan ini punya titik; pakai daftar menurut RT dan RW, atau GeoPackage, "
    "yang mendaftar keluarga tanpa titik",
    en="none of these visits has a point; use the list by RT and RW, or the GeoPackage, which "
    "lists families without a point",
)
