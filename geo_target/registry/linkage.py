"""People of one list found in another by name, birth date, card and place: likely pairs.

`find_pairs` says how likely each pair is, `settle` what is made of it. Nothing joins by itself
but a pair that is likely, and far likelier than any other pair of either of the two.
"""

from geo_target.registry.candidates import (
    BLOCKS,
    names_of,
    pairs_sharing_a_block,
    prepared,
    shares_of,
    who_shares_a_block,
    with_shares,
)
from geo_target.registry.probability import (
    FIELDS,
    level_sql,
    prior_sql,
    probability_sql,
    weight_sql,
)
from geo_target.workbench import Table, query

#: Bits. A pair below is no pair; one at JOINED joins if the next best is MARGIN lower.
LEAST, JOINED, MARGIN = -5.0, 3.0, 5.0
#: Bits of a pair that may well be one: as likely as not. Nobody is asked about less.
LIKELY = 0.0
#: Columns of `find_pairs`; the ids are of the type that the lists have.
_FOUND = {
    "left_id": "varchar", "right_id": "varchar", "weight": "double", "probability": "double",
    "agrees": "varchar", "is_named": "boolean", "reason": "varchar",
}  # fmt: skip
#: So many rows of the left list are compared at a time: it bounds the memory.
_SLICE = 25_000


def find_pairs(
    left: Table, right: Table, *, least: float = LEAST, slice_rows: int = _SLICE
) -> Table:
    """Pairs of `left` and `right` that may be the same person, with how likely they are.

    Parameters
    ----------
    left, right
        The list and the register, as `candidates.prepared` reads them; `right` has each person
        once, or two of one person will stand in each other's way.
    least
        Weight in bits below which a pair is left out.

    Returns
    -------
    Table
        ``left_id``, ``right_id``, ``weight`` (bits), ``probability``, ``agrees`` (each field
        and how far it agrees, without a value), ``is_named`` (the names agree in part at
        least), ``reason`` (the block that brought them together); by left_id, the likeliest
        first.
    """
    if not len(left) or not len(right):
        return left.bench.take_rows(_FOUND, [])
    own, names = names_of(left), names_of(right)
    sought = prepared(left, own)
    shares = shares_of(right, names, sought)
    lefts = with_shares(sought, shares)
    near = who_shares_a_block(right, names, sought)
    rights = prepared(near, names)
    weighed = _weighed_sql(max(len(left), len(right)), least)
    left.bench.drop(own, names, near, sought)
    found = []
    for first in range(0, len(lefts), slice_rows):
        part = query(
            f"from lefts where number > {first} and number <= {first + slice_rows}", lefts=lefts
        )
        pairs = pairs_sharing_a_block(part, rights)
        # Of millions only those that are in a pair: what all have would have to be looked up.
        met = query(
            "select * from rights semi join pairs on right_number = number",
            rights=rights, pairs=pairs,
        )  # fmt: skip
        theirs = with_shares(met, shares)
        found.append(query(weighed, pairs=pairs, part=part, rights=theirs))
        left.bench.drop(pairs, part, met, theirs)
    named = {f"part_{i}": part for i, part in enumerate(found)}
    ordered = query(
        f"""select {", ".join(_FOUND)}
            from ({" union all ".join(f"from {name}" for name in named)})
            order by left_id, weight desc, right_id""",
        **named,
    )
    shares.drop()
    left.bench.drop(*found, lefts, rights)
    return ordered


def _weighed_sql(rows: int, least: float) -> str:
    """SQL of the pairs of the tables `pairs`, `part` and `rights`, each with its weight.

    In three steps, for SQL works an expression out as often as its name is used.
    """
    levels = ", ".join(f'{level_sql(field)} as "{field.name} level"' for field in FIELDS)
    total = " + ".join(weight_sql(field, f'"{field.name} level"') for field in FIELDS)
    agrees = " || ', ' || ".join(f"'{field.name}: ' || \"{field.name} level\"" for field in FIELDS)
    block = " ".join(f"when {i} then '{name}'" for i, name in enumerate(BLOCKS))
    return f"""
        select left_id, right_id, weight, {probability_sql("weight")} as probability,
            {agrees} as agrees, "name level" not in ('missing', 'unlike') as is_named,
            case block {block} end as reason
        from (
            select *, {prior_sql(rows)} + {total} as weight
            from (
                select l.id as left_id, r.id as right_id, block, l, r, {levels}
                from pairs join part l on l.number = left_number
                    join rights r on r.number = right_number
            )
        ) where weight >= {least}"""


def settle(pairs: Table, *, threshold: float = JOINED, margin: float = MARGIN) -> Table:
    """What is made of each pair.

    Parameters
    ----------
    pairs
        ``left_id``, ``right_id``, ``weight``, ``is_named`` and more, as `find_pairs` gives
        them, down to `threshold` - `margin` at least.
    threshold
        Bits that a pair needs to join by itself.
    margin
        Bits by which every other pair of either of the two must be lower.

    Returns
    -------
    Table
        The pairs with ``state`` and ``why``. ``matched``: one and the same (clear).
        ``doubtful``: a clerk decides, for another is nearly as likely (rival), the weight is
        too low (weak) or the names are unlike (name). ``unmatched``: one of them is matched
        with another (taken), another is by the margin likelier (beaten), or none that is left
        of the left id is even LIKELY (unlikely). A left or right id is matched once at most.
    """
    judged = query(
        """select * exclude (rank_left, rank_right, second_left, second_right),
                rank_left = 1 and rank_right = 1 and weight >= $1 and is_named
                    and coalesce(second_left <= weight - $2, true)
                    and coalesce(second_right <= weight - $2, true) as is_matched
            from (
                select *, row_number() over of_left as rank_left,
                    row_number() over of_right as rank_right,
                    nth_value(weight, 2) over of_left as second_left,
                    nth_value(weight, 2) over of_right as second_right
                from pairs window
                    of_left as (partition by left_id order by weight desc, right_id
                        rows between unbounded preceding and unbounded following),
                    of_right as (partition by right_id order by weight desc, left_id
                        rows between unbounded preceding and unbounded following)
            )""",
        [threshold, margin],
        pairs=pairs,
    )
    settled = query(
        f"""with free as (
                select *, not is_matched
                    and (bool_or(is_matched) over (partition by left_id)
                        or bool_or(is_matched) over (partition by right_id)) as is_taken
                from judged
            ), ranked as (
                select *, max(weight) filter (not is_taken) over (partition by left_id) as best,
                    count(*) filter (not is_taken) over (partition by left_id) as candidates
                from free
            )
            select * exclude (is_matched, is_taken, best, candidates),
                case when is_matched then 'matched' when is_taken then 'unmatched'
                    when weight <= best - $2 or best < {LIKELY} then 'unmatched'
                    else 'doubtful' end as state,
                case when is_matched then 'clear' when is_taken then 'taken'
                    when weight <= best - $2 then 'beaten' when best < {LIKELY} then 'unlikely'
                    when weight < $1 then 'weak' when not is_named then 'name'
                    else 'rival' end as why
            from ranked order by left_id, weight desc, right_id""",
        [threshold, margin],
        judged=judged,
    )
    pairs.bench.drop(judged)
    return settled
