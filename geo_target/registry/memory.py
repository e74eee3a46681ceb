"""Ids from month to month: a family that the run before had keeps the id that it had there.

A row of a register is an earlier row where register and id in it are the same, or, where the
register gives no ids, the number of its head or card. The family that holds such a row is the
family that held it. Where two families of last month are one now, or one is two, the id goes with
the row of the base. An id is never given to another family, as long as a register does not give
its own ids to others.
"""

from collections.abc import Iterable
from dataclasses import Field, dataclass, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar

from geo_target.workbench import Table, query

_KEY = "register, register_family_id"
#: Ids that no register has given: file and row, and what an id was called that came twice.
_OF_ROW, _OF_PART = r"^(.*)#\d+$", r" \(\d+\)$"


@dataclass(frozen=True)
class Memory:
    """What earlier runs knew of families.

    Attributes
    ----------
    family_keys
        Columns of schemas.FAMILY_KEYS: rows of the run before, and those that were closed.
    numbered
        Names of all files, of this run or the one before: they may begin an id.
    unchanged
        Those of `numbered` that are byte by byte the same: a row of them is the same row.
    is_same
        Whether all lists are the same, in the same order.
    """

    family_keys: Table
    numbered: frozenset[str] = frozenset()
    unchanged: frozenset[str] = frozenset()
    is_same: bool = False


def lasting_keys(family_keys: Table, memory: Memory) -> Table:
    """`family_keys` without rows whose id may be another family's in another month."""
    fleeting = sorted(memory.numbered - memory.unchanged)
    return query(
        f"""select * from family_keys
            where (not contains(register_family_id, '#') or not list_contains(
                    $1::varchar[], regexp_extract(register_family_id, '{_OF_ROW}', 1)))
                and ($2 or not ends_with(register_family_id, ')')
                    or not regexp_matches(register_family_id, '{_OF_PART}'))""",
        [fleeting, memory.is_same],
        family_keys=family_keys,
    )


def same_rows(family_keys: Table, memory: Memory) -> Table:
    """Rows of registers that are there now and were there before, closed ones too.

    Parameters
    ----------
    family_keys
        ``register``, ``register_family_id``, ``family_id``, ``number_key`` of this run.

    Returns
    -------
    Table
        ``register``, ``register_family_id``, ``listed_id`` (its family now), ``old_row_id`` (its
        id then), ``family_id`` (its family then), ``was_listed`` (in the run before, not only in
        an earlier one); no row of either time is there twice.
    """
    lasting = lasting_keys(family_keys, memory)
    return query(
        f"""
        with by_id as (
            select {_KEY}, now.family_id as listed_id, register_family_id as old_row_id,
                old.family_id, old.is_listed as was_listed
            from lasting now join old using ({_KEY})
        ), free_now as (
            select * from now anti join by_id using ({_KEY}) where number_key is not null
            qualify count(*) over (partition by register, number_key) = 1
        ), free_old as (
            select * from old anti join by_id on by_id.register = old.register
                and by_id.old_row_id = old.register_family_id
            where number_key is not null
            window of_number as (partition by register, number_key
                order by is_listed desc, last_seen desc, register_family_id
                rows between unbounded preceding and unbounded following)
            qualify row_number() over of_number = 1
                and count(*) filter (is_listed) over of_number <= 1
        )
        from by_id union all
        select register, now.register_family_id, now.family_id, old.register_family_id,
            old.family_id, old.is_listed
        from free_now now join free_old old using (register, number_key)""",
        now=family_keys, lasting=lasting, old=memory.family_keys,
    )  # fmt: skip


def recall_ids(family_keys: Table, memory: Memory, *, base: str, number: str) -> Table:
    """Ids that differ from those that `link_registers` has given.

    Parameters
    ----------
    family_keys
        Of this run, see `same_rows`.
    memory
        Of the runs before.
    base
        The base register: its row takes the id along, but for one that comes back.
    number
        Of this run; ends the id of a new family where its own may be another's.

    Returns
    -------
    Table
        ``listed_id``, ``family_id``: one row a family whose id is another; no id is there twice.
    """
    kept = _kept(same_rows(family_keys, memory), base)
    return query(
        """
        with unknown as (
            select family_id as listed_id,
                bool_or(family_id in (register_family_id, register || ':' || register_family_id)
                    and not is_lasting) as is_fleeting
            from (select *, false as is_lasting from family_keys anti join lasting
                    using (register, register_family_id)
                union all select *, true from lasting)
            where family_id not in (select listed_id from kept) group by 1
        ), named as (
            select listed_id, if(is_fleeting or listed_id in (select family_id from remembered),
                listed_id || $1, listed_id) as family_id from unknown
            union all select listed_id, family_id from kept
        )
        from named where listed_id <> family_id""",
        [_mark(family_keys, memory.family_keys, number)],
        family_keys=family_keys, lasting=lasting_keys(family_keys, memory), kept=kept,
        remembered=memory.family_keys,
    )  # fmt: skip


class _Found(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


_F = TypeVar("_F", bound=_Found)


def under_ids(found: _F, ids: Table | None) -> _F:
    """What a stage has found, with the ids of `recall_ids` in each table that names families."""
    if ids is None or not len(ids):
        return found
    tables = {f.name: getattr(found, f.name) for f in fields(found)}
    named: dict[str, Any] = {
        name: table_under_ids(table, ids)
        for name, table in tables.items()
        if isinstance(table, Table) and table.is_held and "family_id" in table.columns
    }
    return replace(found, **named)


def table_under_ids(table: Table, ids: Table | None) -> Table:
    """A table that names families, with the ids of `recall_ids`."""
    if ids is None or not len(ids):
        return table
    return query(
        """select named.* replace (coalesce(ids.family_id, named.family_id) as family_id)
            from named left join ids on ids.listed_id = named.family_id""",
        named=table, ids=ids,
    )  # fmt: skip


def _kept(same: Table, base: str) -> Table:
    """``listed_id`` of each family that goes on, and the ``family_id`` that it had."""
    claims = query(
        f"""
        with claims as (
            select listed_id, family_id,
                min((not was_listed, register <> $1, {_KEY})) as first_row
            from same group by all
        )
        select *, count(*) over (partition by listed_id) > 1
            or count(*) over (partition by family_id) > 1 as is_contested from claims""",
        [base],
        same=same,
    )
    return query(
        """select listed_id, family_id from claims where not is_contested
            union all from settled""",
        claims=claims, settled=_settled(claims),
    )  # fmt: skip


def _settled(claims: Table) -> Table:
    """Merged and split families: in the order of their rows, each id once, each family once."""
    contested = query(
        """select listed_id, family_id from claims where is_contested
            order by first_row, family_id, listed_id""",
        claims=claims,
    )
    return claims.bench.take_rows(
        {"listed_id": "varchar", "family_id": "varchar"},
        _first_of_each((row["listed_id"], row["family_id"]) for row in contested.rows()),
    )


def _first_of_each(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    chosen, listed, remembered = [], set[str](), set[str]()
    for listed_id, family_id in pairs:
        if listed_id not in listed and family_id not in remembered:
            chosen.append((listed_id, family_id))
            listed.add(listed_id)
            remembered.add(family_id)
    return chosen


def _mark(now: Table, then: Table, number: str) -> str:
    """An ending that no id has, of this run or the ones before."""
    mark = f"~{number}"
    ids = query("select family_id from now union all select family_id from then_",
                now=now, then_=then)  # fmt: skip
    sql = f"select 1 from {ids.name} where ends_with(family_id, ?) limit 1"
    while ids.bench.execute(sql, [mark]):
        mark = "~" + mark
    return mark
