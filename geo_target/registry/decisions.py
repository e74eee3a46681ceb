"""What people have decided of pairs in earlier months: it holds while the data are the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.intake.lists import AgencyList
from geo_target.registry.earlier_keys import decided_today
from geo_target.registry.families import Register
from geo_target.registry.fingerprints import GIVEN_BY_US, describe_rows, pair_sql
from geo_target.schemas import DECISIONS
from geo_target.workbench import Table, Workbench, query

PAIR = ("register", "register_family_id", "other_register", "other_register_family_id")
_PAIR = ", ".join(PAIR)
_FLEETING = f"regexp_matches({{}}register_family_id, '{GIVEN_BY_US}')"


@dataclass(frozen=True)
class Decisions:
    """Decisions of people on pairs, the last one of each pair.

    Attributes
    ----------
    settled
        `PAIR` (the smaller side first), ``is_same``, ``decided_by``, ``decided_on``: they hold.
        Without `is_same` those that are reopened.
    reopened
        `PAIR`: their rows say something else since; somebody has to look again.
    without_rows
        Decisions of which one row is in no list any more: they rest. So do those on rows that
        their register gave no id, once they are another's.
    """

    settled: Table
    reopened: Table
    without_rows: int


def hold_decisions(
    lists: Sequence[AgencyList],
    registers: Sequence[Register],
    key: bytes,
    *,
    earlier: Sequence[bytes] = (),
) -> Decisions:
    """Decisions of the run's lists, held against what the registers say today.

    Parameters
    ----------
    lists
        All lists of the run; those of role ``decisions`` have the columns of schemas.DECISIONS.
    registers
        All registers.
    key
        Under which the decisions' fingerprints were made, unless it was one of the earlier ones.
    """
    last = _last(_gathered(registers[0].families.bench, lists))
    wanted = query(
        """select register, register_family_id from last
            union select other_register, other_register_family_id from last""",
        last=last,
    )
    last = decided_today(last, registers, wanted, key, earlier)
    rows = describe_rows(registers, wanted, key)
    held = query(
        f"""select last.*, one.fingerprint is null or other.fingerprint is null as is_gone,
                -- of a null SQL takes the other for the least
                not is_gone and last.fingerprint
                    = {pair_sql("one.fingerprint", "other.fingerprint")} as is_same_data,
                not is_gone and not is_same_data and not {_FLEETING.format("last.")}
                    and not {_FLEETING.format("last.other_")} as is_reopened
            from last left join rows one on one.register = last.register
                    and one.register_family_id = last.register_family_id
                left join rows other on other.register = last.other_register
                    and other.register_family_id = last.other_register_family_id""",
        last=last, rows=rows,
    )  # fmt: skip
    return Decisions(
        settled=query(
            f"""select {_PAIR}, if(is_same_data, verdict = 'same', null) as is_same, decided_by,
                    decided_on
                from held where is_same_data or is_reopened""",
            held=held,
        ),
        reopened=query(f"select {_PAIR} from held where is_reopened", held=held),
        without_rows=len(
            query("select 1 from held where not is_same_data and not is_reopened", held=held)
        ),
    )


def _gathered(bench: Workbench, lists: Sequence[AgencyList]) -> Table:
    parts = {
        f"part_{i}": listed.table
        for i, listed in enumerate(lists)
        if listed.profile.role == "decisions"
    }
    if not parts:
        typed = {column.name: column.type for column in DECISIONS.columns}
        return bench.take_rows({**typed, "row": "bigint", "part": "bigint"}, [])
    columns = ", ".join(DECISIONS.names)
    return query(
        " union all ".join(
            f"select {columns}, row, {i} as part from {name}" for i, name in enumerate(parts)
        ),
        **parts,
    )


def _last(decisions: Table) -> Table:
    """The last decision of each pair, its sides in the order of the alphabet."""
    sides = "(register, register_family_id) <= (other_register, other_register_family_id)"
    ordered = ", ".join(
        f"if({sides}, {first}, {second}) as {name}"
        for name, first, second in zip(PAIR, PAIR, (*PAIR[2:], *PAIR[:2]), strict=True)
    )
    return query(
        f"""select {_PAIR}, arg_max(verdict, (day, part, row)) as verdict,
                arg_max(fingerprint, (day, part, row)) as fingerprint,
                arg_max(decided_by, (day, part, row)) as decided_by,
                max(decided_on) as decided_on
            from (select {ordered}, verdict, fingerprint, decided_by, decided_on, part, row,
                    coalesce(decided_on, date '0001-01-01') as day
                from decisions where verdict is not null and fingerprint is not null)
            group by {_PAIR}""",
        decisions=decisions,
    )
