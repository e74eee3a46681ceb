"""Pairs of rows that people look at: the doubtful ones, and what was joined without a number."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.registry.decisions import PAIR, Decisions
from geo_target.registry.earlier_keys import sums_before
from geo_target.registry.families import Register, Registry
from geo_target.registry.fingerprints import describe_rows, fingerprint_rows, pair_sql
from geo_target.workbench import Table, query

_PAIR = ", ".join(PAIR)


@dataclass(frozen=True)
class Review:
    """What a run leaves for people to settle, and what they have settled.

    Attributes
    ----------
    pairs
        `decisions.PAIR`, ``state``, ``weight``, ``probability``, ``reason``, ``matched_by``,
        ``fingerprint``, ``is_reopened``: pairs that are doubtful, joined by names, or decided.
    sides
        What the rows of doubtful pairs say, see `fingerprints.describe_rows`.
    rows
        ``register``, ``register_family_id``, ``fingerprint``, ``number_key`` of every row.
    decisions
        Of earlier months.
    sums_before
        See `earlier_keys.sums_before`; None where the archive never had another key.
    """

    pairs: Table
    sides: Table
    rows: Table
    decisions: Decisions
    sums_before: Table | None = None


def review_of(
    registry: Registry,
    registers: Sequence[Register],
    decisions: Decisions,
    key: bytes,
    *,
    earlier: Sequence[bytes] = (),
) -> Review:
    """Gather the pairs of a registry that people look at.

    Parameters
    ----------
    registers
        All, as they were linked.
    key
        Of the archive: a decision holds as long as both rows say what they said.
    earlier
        Keys that it had before.
    """
    telling = query(
        """select * from pairs
            where state = 'doubtful' or matched_by in ('name', 'decision')""",
        pairs=registry.pairs,
    )
    rows = describe_rows(registers, _rows_of(telling), key)
    first, second = PAIR[:2], PAIR[2:]
    pairs = query(
        f"""select {", ".join(f"telling.{name}" for name in PAIR)}, state, weight, probability,
                reason, matched_by,
                {pair_sql("one.fingerprint", "other.fingerprint")} as fingerprint,
                state = 'doubtful' and reopened.register is not null as is_reopened
            from telling join rows one on {_is_row("one", first)}
                join rows other on {_is_row("other", second)}
                left join either_way reopened on {_is_pair()}""",
        telling=telling, rows=rows, either_way=_either_way(decisions.reopened),
    )  # fmt: skip
    doubtful = query("select * from pairs where state = 'doubtful'", pairs=pairs)
    return Review(
        pairs=pairs,
        sides=query(
            """select rows.* from rows join wanted using (register, register_family_id)""",
            rows=rows, wanted=_rows_of(doubtful),
        ),
        rows=fingerprint_rows(registers, key),
        decisions=decisions,
        sums_before=sums_before(registers, key, earlier) if earlier else None,
    )  # fmt: skip


def count_pairs(review: Review) -> dict[str, int]:
    """Pairs by what became of them; `doubtful` holds those that are reopened."""
    doubtful, reopened, named, same, different = review.pairs.bench.execute(
        f"""select count(*) filter (state = 'doubtful'), count(*) filter (is_reopened),
                count(*) filter (state = 'matched' and matched_by = 'name'),
                count(*) filter (state = 'matched' and matched_by = 'decision'),
                count(*) filter (state = 'unmatched' and matched_by = 'decision')
            from {review.pairs.name}"""
    )[0]
    return {
        "doubtful": int(doubtful), "reopened": int(reopened), "joined_by_name": int(named),
        "settled_same": int(same), "settled_different": int(different),
        "without_rows": review.decisions.without_rows,
    }  # fmt: skip


def _rows_of(pairs: Table) -> Table:
    return query(
        """select register, register_family_id from pairs
            union select other_register, other_register_family_id from pairs""",
        pairs=pairs,
    )


def _is_row(side: str, columns: Sequence[str]) -> str:
    register, row = columns
    return f"({side}.register, {side}.register_family_id) = (telling.{register}, telling.{row})"


def _is_pair() -> str:
    names = (", ".join(f"{table}.{name}" for name in PAIR) for table in ("reopened", "telling"))
    return "({}) = ({})".format(*names)


def _either_way(pairs: Table) -> Table:
    """Each pair with either of its rows first."""
    turned = ", ".join((*PAIR[2:], *PAIR[:2]))
    return query(f"select {_PAIR} from pairs union select {turned} from pairs", pairs=pairs)
