"""Where each family is: the village it is counted in, and what that rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.places.location import distances_to_stated
from geo_target.places.point_checks import check_points
from geo_target.workbench import Table, query

#: A point this far from its stated village, beyond its own accuracy, is a disagreement: two
#: official layers differ by less along most borders.
DISAGREEMENT_M = 150.0


@dataclass(frozen=True)
class Located:
    """Families with their places.

    Attributes
    ----------
    families
        ``family_id`` and the place columns of schemas.SNAPSHOT_FAMILIES.
    disagreeing
        Families whose point lies more than 150 m and its accuracy from their stated village.
    unlinked_points
        Points whose id is no family's.
    points_refused
        Points that were not looked up, because the layer is schematic and the lists real.
    faulty_points
        ``family_id``, ``point_list``, ``point_row`` and ``code`` of points that were mended,
        not used or look doubtful, see `point_checks.check_points`. The list is its place
        among the lists; list and row are null where the family's own row has the point.
    """

    families: Table
    disagreeing: int
    unlinked_points: int
    points_refused: int
    faulty_points: Table


def locate_families(
    families: Table, points: Sequence[AgencyList], villages: gpd.GeoDataFrame, *, usable: bool
) -> Located:
    """Find the village that each family is counted in.

    The village that its record states stands, also where its point lies in another; only a
    record that states none is counted where its point lies.

    Parameters
    ----------
    families
        ``family_id``, ``stated_village_code``, ``village_basis``, ``rt``, ``rw``,
        ``neighborhood``, ``lon``, ``lat``.
    points
        Lists, of which those of role points are read; of several points of a family the
        latest counts.
    villages
        Indexed by ``village_code``, EPSG:4326, full resolution.
    usable
        Whether points may be located on this layer at all.
    """
    measured = _measured(families, points)
    placed = query(
        """select families.family_id, stated_village_code,
                coalesce(measured.lon, families.lon) as lon,
                coalesce(measured.lat, families.lat) as lat, accuracy_m, point_list, point_row
            from families left join measured using (family_id)
            where coalesce(measured.lon, families.lon) is not null
                and coalesce(measured.lat, families.lat) is not null
            order by family_id""",
        families=families, measured=measured,
    )  # fmt: skip
    refused = 0 if usable else len(placed)
    if not usable:
        placed = query("from placed where false", placed=placed)
    checked = check_points(placed.frame(), villages)
    found = checked[(checked["point_fault"] != "E-POINT-ZERO").fillna(value=True)].copy()
    found["location_distance_m"] = distances_to_stated(found, villages)
    far = found["location_distance_m"] > DISAGREEMENT_M + found["accuracy_m"].fillna(0)
    return Located(
        families=_settled(families, families.bench.take(found), villages),
        disagreeing=int(far.sum()),
        unlinked_points=_unlinked(measured, families),
        points_refused=refused,
        faulty_points=_faulty(families, checked),
    )


def _faulty(families: Table, checked: pd.DataFrame) -> Table:
    named = checked[checked["point_fault"].notna()].rename(columns={"point_fault": "code"})
    columns = ["family_id", "point_list", "point_row", "code"]
    types = {"family_id": "str", "point_list": "Int64", "point_row": "Int64", "code": "str"}
    return families.bench.take(named[columns].astype(types))


def _measured(families: Table, points: Sequence[AgencyList]) -> Table:
    """The latest point of each family; of one day the later list's, then the later row's."""
    parts = {
        f"part_{i}": query(
            """select family_id, {'lon': lon, 'lat': lat, 'accuracy_m': coalesce(accuracy_m, 0),
                    'list': cast($2 as integer), 'row': row} as point,
                    (coalesce(as_of, $1), cast($2 as integer), row) as age
                from listed where lon is not null and lat is not null""",
            [listed.as_of, i],
            listed=listed.table,
        )
        for i, listed in enumerate(points)
        if listed.profile.role == "points"
    }
    if not parts:
        return query(
            """select family_id, lon, lat, cast(null as double) as accuracy_m,
                    cast(null as integer) as point_list, cast(null as bigint) as point_row
                from families where false""",
            families=families,
        )
    union = " union all ".join(f"from {name}" for name in parts)
    return query(
        f"""select family_id, point.lon as lon, point.lat as lat, point.accuracy_m as accuracy_m,
                point.list as point_list, point.row as point_row
            from (select family_id, arg_max(point, age) as point from ({union}) group by 1)""",
        **parts,
    )


def _settled(families: Table, found: Table, villages: gpd.GeoDataFrame) -> Table:
    area = families.bench.take(villages[[]].reset_index())
    return query(
        """select families.family_id, stated_village_code, village_basis, rt, rw, neighborhood,
                found.lon, found.lat, found.point_village_code, found.location_distance_m,
                if(stated_village_code is null, point_village_code,
                    if(stated_village_code in (select village_code from area),
                        stated_village_code, null)) as village_code,
                case when found.lon is null then 'unlocated'
                    when point_village_code is null then 'outside'
                    else 'located' end as location_status,
                case when found.lon is not null then 'list'
                    when stated_village_code is null then 'unknown'
                    when rw is not null and rt is not null then 'rt'
                    when rw is not null then 'rw' else 'village' end as location_level
            from (select * exclude (lon, lat) from families) families
                left join (select * exclude (stated_village_code) from found) found
                using (family_id)""",
        families=families, found=found, area=area,
    )  # fmt: skip


def _unlinked(measured: Table, families: Table) -> int:
    strangers = query(
        "select 1 from measured anti join families using (family_id)",
        measured=measured,
        families=families,
    )
    return len(strangers)
