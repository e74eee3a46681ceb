"""The villages that lists of recipients mean: counts need them, and nobody is placed by them."""

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from geo_target.errors import DataRefusedError
from geo_target.places.codes import CodeSystem, find_stated_villages
from geo_target.places.crosswalk import Crosswalk
from geo_target.workbench import Table, query

_PLACES = ("regency_name", "district_name", "village_name", "village_code")
_PLACE = ", ".join(_PLACES)
_SAME_PLACE = " and ".join(f"written.{c} is not distinct from stated.{c}" for c in _PLACES)


def state_written_places(
    written: Table,
    systems: Mapping[int, CodeSystem | None],
    gazetteer: pd.DataFrame,
    crosswalk: Crosswalk,
) -> Table:
    """Add ``stated_village_code`` to rows, by the places that their lists write.

    No list of recipients is refused for its codes: of those whose system is not proved, only
    the names are looked up.

    Parameters
    ----------
    written
        ``list`` and ``regency_name``, ``district_name``, ``village_name``, ``village_code`` as
        written; other columns stay as they are.
    systems
        Whose codes each list holds, as declared, by ``list``.
    gazetteer, crosswalk
        See `codes.find_stated_villages`.
    """
    bench = written.bench
    coded = {
        number
        for (number,) in bench.execute(
            f"select distinct list from {written.name} where village_code is not null"
        )
    }
    # Lists without codes need no system: most are looked up together.
    groups = defaultdict[CodeSystem | None, list[int]](list)
    for number, system in systems.items():
        groups[system if number in coded else "kemendagri"].append(number)
    places = query(f"select distinct list, {_PLACE} from written", written=written)
    parts = {
        f"part_{i}": _stated(_own(places, lists), system, gazetteer, crosswalk)
        for i, (system, lists) in enumerate(groups.items())
    }
    if not parts:
        return query("select *, null::varchar as stated_village_code from written", written=written)
    stated = query(" union all by name ".join(f"from {name}" for name in parts), **parts)
    return bench.view(
        f"""select written.*, stated_village_code from written
            join stated on written.list = stated.list and {_SAME_PLACE}""",
        written=written, stated=stated,
    )  # fmt: skip


def _own(written: Table, lists: list[int]) -> Table:
    return query("from written where list_contains($1, list)", [lists], written=written)


def _stated(
    own: Table, system: CodeSystem | None, gazetteer: pd.DataFrame, crosswalk: Crosswalk
) -> Table:
    def looked_up(places: Table) -> Table:
        return find_stated_villages(
            places, gazetteer, file="", code_system=system, crosswalk=crosswalk
        )

    try:
        return looked_up(own)
    except DataRefusedError:
        return looked_up(
            query("select * replace (null::varchar as village_code) from own", own=own)
        )
