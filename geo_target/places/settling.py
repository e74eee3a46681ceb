"""Where each family is: the village it is counted in, and what that rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.places.location import distances_to_stated, grid_over
from geo_target.places.point_checks import check_points
from geo_target.workbench import Table, query

#: A point this far from its stated village, beyond its own accuracy, is a disagreement: two
#: official layers differ by less along most borders.
DISAGREEMENT_M = 150.0
#: Of the cache.
_GRID = "village-cells"


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
    families: Table,
    points: Sequence[AgencyList],
    villages: gpd.GeoDataFrame,
    *,
    usable: bool,
    visited: Table | None = None,
    cache: Path | None = None,
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
    visited
        Points that visits took, see `registry.visits.Visits.points`: they count before those
        of lists, and are checked alike.
    cache
        Folder that keeps from run to run what is worked out of the layer alone.
    """
    villages = villages.sort_index()
    measured = _measured(families, points)
    if visited is not None and len(visited):
        measured = _with_visited(measured, visited)
    placed = _placed(families, measured, villages)
    located = _points(placed, villages)
    refused = 0 if usable else len(located)
    checked = _checked(located if usable else located[:0], villages, cache)
    found = families.bench.take(checked)
    result = Located(
        families=_settled(placed, found),
        disagreeing=_disagreeing(placed, found),
        unlinked_points=_unlinked(measured, families),
        points_refused=refused,
        faulty_points=query(
            """select family_id, point_list, point_row, cast(point_fault as varchar) as code
                from placed join found using (point) where point_fault is not null""",
            placed=placed, found=found,
        ),
    )  # fmt: skip
    families.bench.drop(measured, placed, found)
    return result


def _placed(families: Table, measured: Table, villages: gpd.GeoDataFrame) -> Table:
    """Families under a number, with their point and the place of their village in `villages`."""
    area = families.bench.take(
        pd.DataFrame({"village_code": villages.index, "stated": range(len(villages))})
    )
    placed = query(
        """select families.* exclude (lon, lat), stated,
                coalesce(measured.lon, families.lon) as lon,
                coalesce(measured.lat, families.lat) as lat, accuracy_m, point_list, point_row,
                coalesce(is_visit, false) as is_visit
            from (select row_number() over () as point, * from families) families
                left join measured using (family_id)
                left join area on stated_village_code = village_code""",
        families=families, measured=measured, area=area,
    )  # fmt: skip
    families.bench.drop(area)
    return placed


def _points(placed: Table, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """The points, and in no text, which takes long to go from the workbench to a frame."""
    columns = placed.bench.arrays(
        """select point, lon, lat, coalesce(stated, -1) as stated from placed
            where lon is not null and lat is not null""",
        placed=placed,
    )
    stated = pd.Categorical.from_codes(columns.pop("stated"), categories=villages.index)
    return pd.DataFrame({**columns, "stated_village_code": stated})


def _checked(points: pd.DataFrame, villages: gpd.GeoDataFrame, cache: Path | None) -> pd.DataFrame:
    grid = grid_over(villages, len(points), cache / _GRID if cache else None)
    checked = check_points(points, villages, grid=grid)
    checked["location_distance_m"] = distances_to_stated(checked, villages)
    return checked.drop(columns="stated_village_code")


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
                    cast(null as integer) as point_list, cast(null as bigint) as point_row,
                    false as is_visit
                from families where false""",
            families=families,
        )
    union = " union all ".join(f"from {name}" for name in parts)
    return query(
        f"""select family_id, point.lon as lon, point.lat as lat, point.accuracy_m as accuracy_m,
                point.list as point_list, point.row as point_row, false as is_visit
            from (select family_id, arg_max(point, age) as point from ({union}) group by 1)""",
        **parts,
    )


def _with_visited(measured: Table, visited: Table) -> Table:
    return query(
        """select * from measured anti join visited using (family_id)
            union all by name select family_id, lon, lat, accuracy_m, list as point_list,
                row as point_row, true as is_visit from visited""",
        measured=measured, visited=visited,
    )  # fmt: skip


def _settled(placed: Table, found: Table) -> Table:
    return query(
        """select family_id, stated_village_code, village_basis, rt, rw, neighborhood,
                found.lon, found.lat, cast(found.point_village_code as varchar) as
                point_village_code, found.location_distance_m,
                if(stated_village_code is null, cast(found.point_village_code as varchar),
                    if(stated is null, null, stated_village_code)) as village_code,
                case when found.lon is null then 'unlocated'
                    when found.point_village_code is null then 'outside'
                    else 'located' end as location_status,
                case when found.lon is not null then if(is_visit, 'visit', 'list')
                    when stated_village_code is null then 'unknown'
                    when rw is not null and rt is not null then 'rt'
                    when rw is not null then 'rw' else 'village' end as location_level
            from placed left join
                (from found where point_fault is distinct from 'E-POINT-ZERO') found
                using (point)""",
        placed=placed, found=found,
    )  # fmt: skip


def _disagreeing(placed: Table, found: Table) -> int:
    far = query(
        """select 1 from placed join found using (point)
            where point_fault is distinct from 'E-POINT-ZERO'
                and location_distance_m > $1 + coalesce(accuracy_m, 0)""",
        [DISAGREEMENT_M],
        placed=placed,
        found=found,
    )
    return len(far)


def _unlinked(measured: Table, families: Table) -> int:
    strangers = query(
        "select 1 from measured anti join families using (family_id)",
        measured=measured,
        families=families,
    )
    return len(strangers)
