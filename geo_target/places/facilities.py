"""Facilities of all lists: what each is, where it stands, and what is wrong with its place.

None is dropped without a word: a row without a usable place or a kind is kept, named among the
faults, and counted; only distances do without it. None is put in the middle of its village.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import BaseModel, ConfigDict

from geo_target.crs import WGS84, metric_crs
from geo_target.intake.lists import AgencyList
from geo_target.places.location import distances_to_stated
from geo_target.places.point_checks import check_points
from geo_target.places.settling import DISAGREEMENT_M
from geo_target.resources import resource_dir
from geo_target.workbench import query, widened

#: A facility so near the area serves it too; one farther away is a fault of its coordinate.
NEAR_KM = 20.0

_READ = {"row": "bigint", "name": "varchar", "kind": "varchar", "lon": "double", "lat": "double",
         "stated_village_code": "varchar"}  # fmt: skip
#: Slips that `check_points` finds of a point that lies in no village; see docs/codes.md.
_SLIPS = ("E-POINT-AXES", "E-POINT-MINUS", "E-POINT-ZONE")
#: A degree has more kilometers than this, in Indonesia in both directions.
_LEAST_KM = 100.0
#: A kind that we do not know is a type of its own where so many facilities have it, and no more
#: than so many such types: a column of names taken for one of kinds would be one a row.
_LEAST_OF_UNKNOWN, _MOST_UNKNOWN = 5, 10
#: Decimals of a degree that tell points apart: about a meter.
_DECIMALS = 5


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    en: str


class FacilityType(BaseModel):
    """A type of facility, and what lists call it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    title: _Words
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Facilities:
    """The facilities of a run.

    Attributes
    ----------
    places
        One row a row of a list: ``list`` (its place among the lists), ``row``, ``name``,
        ``type`` (a known code, or the kind as it is written; null where none is),
        ``lon``, ``lat`` (degrees), ``stated_village_code``, ``village_code`` (that its point
        lies in; null outside the area) and ``is_usable`` for distances.
    faults
        One row a fault: ``list``, ``row``, ``column``, ``code``, and ``distance_m`` from the
        area, or from the stated village, where that is what is wrong. Codes that begin with E
        make a facility unusable; a row may have several.
    counts
        By ``type`` (null last): ``facilities``, ``usable_facilities``, ``is_known``, and
        ``is_measured``: of known types, and of the others that many facilities have.
    """

    places: pd.DataFrame
    faults: pd.DataFrame
    counts: pd.DataFrame

    @property
    def typed(self) -> pd.DataFrame:
        """``type``, ``lon``, ``lat`` of measured types; null places are not measured to."""
        measured = self.counts.index[self.counts["is_measured"]]
        typed = self.places[self.places["type"].isin(measured.dropna())]
        place = typed[["lon", "lat"]].where(typed["is_usable"])
        return place.assign(type=typed["type"])


@cache
def facility_types() -> dict[str, FacilityType]:
    """Known types by code, in the order of geodata/facility_types.toml."""
    raw = tomllib.loads((resource_dir("geodata") / "facility_types.toml").read_text("utf-8"))
    types = map(FacilityType.model_validate, raw["type"])
    return {known.code: known for known in types}


def type_of(kind: str) -> str:
    """Code of the type that a list calls `kind`; one that nobody knows keeps its own name."""
    return _codes_by_spelling().get(_bare(kind)) or " ".join(kind.casefold().split())


def gather_facilities(
    lists: Sequence[AgencyList], villages: gpd.GeoDataFrame, *, near_km: float = NEAR_KM
) -> Facilities:
    """Facilities of all lists of their role, with the faults of each.

    Parameters
    ----------
    lists
        Of any role, in the order of their sources, their villages stated (see
        `records.state_villages`).
    villages
        Of the area, indexed by ``village_code``, EPSG:4326. A real layer: on a schematic one
        no point is looked up.
    near_km
        How far from the area a facility may stand and still be used.

    Returns
    -------
    Facilities
        Its faults are ``E-FACILITY-KIND`` (no kind is written), ``E-FACILITY-POINT`` (no
        coordinate, or 0 and 0), ``E-FACILITY-FAR`` or, where a known slip explains it,
        ``E-POINT-AXES``, ``E-POINT-MINUS``, ``E-POINT-ZONE``; ``W-POINT-SWAPPED`` (mended,
        see `point_checks.check_points`), ``W-FACILITY-VILLAGE`` (more than 150 m from the
        stated village), ``W-FACILITY-STACK`` (another of its type at the same point, to a
        meter) and ``W-FACILITY-TWICE`` (another of its type and name in the same village).
        Every facility of a pair is named, whichever came first.
    """
    villages = villages.sort_index()
    places = _listed(lists)
    has_point = places["lon"].notna() & places["lat"].notna()
    checked = check_points(places[has_point], villages)
    places.loc[checked.index, ["lon", "lat"]] = checked[["lon", "lat"]]
    checked["village_code"] = checked["point_village_code"].astype("object")
    places["village_code"] = checked["village_code"].reindex(places.index)
    slip = checked["point_fault"].astype("object").reindex(places.index)
    no_point = ~has_point | (slip == "E-POINT-ZERO")
    away_m = _distances_to_area(places[~no_point], villages, near_km).reindex(places.index)
    is_far = ~no_point & ~(away_m <= near_km * 1_000)
    no_kind = places["type"].isna()
    places["is_usable"] = ~(no_point | is_far | no_kind)
    points = places[places["is_usable"]].rename(columns={"village_code": "point_village_code"})
    astray_m = distances_to_stated(points, villages)
    astray_m = astray_m[astray_m > DISAGREEMENT_M]
    faults = [
        _faults(places[no_kind], "kind", "E-FACILITY-KIND"),
        _faults(places[no_point], "lon", "E-FACILITY-POINT"),
        _faults(places[is_far], "lon", slip.where(slip.isin(_SLIPS), "E-FACILITY-FAR"), away_m),
        _faults(places[slip == "W-POINT-SWAPPED"], "lon", "W-POINT-SWAPPED"),
        _faults(places.loc[astray_m.index], "village_code", "W-FACILITY-VILLAGE", astray_m),
        _faults(places[_on_one_point(places)], "lon", "W-FACILITY-STACK"),
        _faults(places[_of_one_name(places)], "name", "W-FACILITY-TWICE"),
    ]
    found = pd.concat(faults).sort_values(["list", "row", "code"], kind="stable")
    shown = places.drop(columns="kind")
    return Facilities(shown, found.reset_index(drop=True), _counts(places))


def _listed(lists: Sequence[AgencyList]) -> pd.DataFrame:
    frames = [
        query("from listed order by row", listed=widened(listed.table, _READ))
        .frame()
        .assign(list=number)
        for number, listed in enumerate(lists)
        if listed.profile.role == "facilities"
    ]
    if not frames:
        frames = [pd.DataFrame(columns=["list", *_READ])]
    words = dict.fromkeys(("name", "kind", "stated_village_code"), "object")
    places = pd.concat(frames, ignore_index=True).astype(
        {"list": "int64", "row": "int64", "lon": "float64", "lat": "float64", **words}
    )
    places["type"] = places["kind"].map(type_of, na_action="ignore").astype("object")
    return places[["list", "row", "name", "kind", "type", "lon", "lat", "stated_village_code"]]


def _distances_to_area(
    points: pd.DataFrame, villages: gpd.GeoDataFrame, near_km: float
) -> pd.Series:
    """Meters from each point to the nearest village, 0 inside; NaN where it is far away."""
    west, south, east, north = villages.total_bounds
    margin = 2 * near_km / _LEAST_KM  # farther off, the area's zone may not even be defined
    near = points["lon"].between(west - margin, east + margin)
    near &= points["lat"].between(south - margin, north + margin)
    crs = metric_crs((west + east) / 2, (south + north) / 2)
    places = gpd.GeoSeries.from_xy(points["lon"][near], points["lat"][near], crs=WGS84).to_crs(crs)
    distance = pd.Series(np.nan, index=points.index)
    if len(places):
        tree = shapely.STRtree(np.asarray(villages.geometry.to_crs(crs)))
        (own, _), meters = tree.query_nearest(
            np.asarray(places), return_distance=True, all_matches=False
        )
        distance[places.index[own]] = meters
    return distance


def _on_one_point(places: pd.DataFrame) -> pd.Series:
    point = places[["lon", "lat"]].round(_DECIMALS).assign(type=places["type"])
    return places["is_usable"] & point[places["is_usable"]].duplicated(keep=False).reindex(
        places.index, fill_value=False
    )


def _of_one_name(places: pd.DataFrame) -> pd.Series:
    """Posyandu of one name are many: two are the same only within a village."""
    own = pd.DataFrame(
        {
            "type": places["type"],
            "name": places["name"].map(_bare, na_action="ignore"),
            "village": places["stated_village_code"].fillna(places["village_code"]),
        }
    )
    return own.notna().all(axis=1) & own.duplicated(keep=False)


def _faults(
    places: pd.DataFrame, column: str, code: str | pd.Series, distance_m: pd.Series | None = None
) -> pd.DataFrame:
    codes = code.reindex(places.index) if isinstance(code, pd.Series) else code
    meters = np.nan if distance_m is None else distance_m.reindex(places.index)
    found = places[["list", "row"]].assign(column=column, code=codes, distance_m=meters)
    return found.astype({"column": "str", "code": "str", "distance_m": "float64"})


def _counts(places: pd.DataFrame) -> pd.DataFrame:
    counts = places.groupby("type", dropna=False)["is_usable"].agg(["size", "sum"])
    counts.columns = pd.Index(["facilities", "usable_facilities"])
    known = counts.index.isin(facility_types())
    many = counts[~known & counts.index.notna() & (counts["facilities"] >= _LEAST_OF_UNKNOWN)]
    many = many.sort_values("facilities", ascending=False, kind="stable").head(_MOST_UNKNOWN)
    return counts.assign(is_known=known, is_measured=known | counts.index.isin(many.index)).astype(
        {"facilities": "int64", "usable_facilities": "int64"}
    )


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@cache
def _codes_by_spelling() -> dict[str, str]:
    return {_bare(word): t.code for t in facility_types().values() for word in t.spellings}
