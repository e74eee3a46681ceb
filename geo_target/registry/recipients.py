"""Recipients whose number ties them to no family: who they are by name and village.

Nobody is called uncovered because a NIK was mistyped. A row of a recipient list that no NIK,
KK or id ties to a family is compared with every person of the registers in its district, by
likelihood (registry/linkage.py). Lists of recipients have no birth date, sex or RT: a name and
a village are all there is, and the number that was meant.

That number is compared as linkage compares cards, person's NIK with person's NIK: one digit
off is strong evidence. Two digits that changed places say little for or against by themselves.
Any other usable number is another person's, whatever the name. Of a person of whom the registers
have no number nothing can be told by it: a row that names them is a doubt at most, for it may be
their family that the registers have mistyped.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from geo_target.registry.families import Registry
from geo_target.registry.linkage import JOINED, LIKELY, MARGIN, find_pairs, settle
from geo_target.registry.probability import EXPECTED
from geo_target.schemas import ENROLLMENTS
from geo_target.workbench import Table, Workbench, filled, kept, numbered, query, widened

#: Ways in which a row names a family: the first that does, or none.
WAYS = ("nik", "kk", "family_id", "name", "unlinked")

#: SQL: one number may be the other, mistyped: a digit is wrong, or two have changed places.
_MISTYPED = """(hamming(one, other) = 1 or hamming(one, other) = 2
    and list_sort(string_split(one, '')) = list_sort(string_split(other, '')))"""
#: Bits that two numbers say more than two cards: of cards of one person four in five are the
#: same; whose number is the same is not here.
_NEVER_SAME = 2.3
#: Share of the numbers of recipients that are mistyped and still might be somebody's.
_MISTYPED_SHARE = 0.02
#: So many rows of a program stand for what is expected of it before any is seen.
_PSEUDO_ROWS = 10


@dataclass(frozen=True)
class Recipients:
    """All rows of recipient lists, and whom they name.

    Attributes
    ----------
    rows
        Those of `number_rows` with ``stated_village_code`` and ``way`` (of `WAYS`).
    by_name
        ``enrollment``, ``family_id``, ``person_id`` and ``national_id`` (the person's own, as
        the registers know them, or null), ``is_doubtful``: a row that is matched by name has
        one family, a doubtful one may be of any of its families.
    """

    rows: Table
    by_name: Table


def number_rows(bench: Workbench, lists: Mapping[int, Table]) -> Table:
    """Rows of recipient lists, by number of the list: ``enrollment`` numbers them all.

    Returns
    -------
    Table
        ``enrollment``, ``list`` and the columns of schemas.ENROLLMENTS.
    """
    columns = ", ".join(f'"{name}"' for name in ENROLLMENTS.names)
    if not lists:
        typed = {column.name: column.type for column in ENROLLMENTS.columns}
        return bench.take_rows({"enrollment": "bigint", "list": "bigint", **typed}, [])
    parts = {f"part_{number}": table for number, table in lists.items()}
    union = " union all ".join(
        f"select {number} as list, {columns} from part_{number}" for number in lists
    )
    room = {"list"}.union(*map(filled, lists.values()))
    gathered = bench.view(union, **parts)
    written = query(
        f"select {', '.join(name for name in gathered.columns if name in room)} from gathered",
        gathered=gathered,
    )
    return widened(numbered(written, "enrollment"), {"enrollment": "BIGINT", **gathered.types()})


def link_recipients(rows: Table, registry: Registry) -> Recipients:
    """Say of each row which family it names: by number or id, or else by name.

    Parameters
    ----------
    rows
        See `number_rows`, with ``stated_village_code``.
    registry
        Its families, keys and members.
    """
    keyed = query(
        """select enrollment, case
                when national_id in (select value from keys where kind = 'nik') then 'nik'
                when family_card_number in (select value from keys where kind = 'kk') then 'kk'
                when family_id in (select family_id from families) then 'family_id'
                else 'unlinked' end as way
            from rows""",
        rows=rows, keys=registry.keys, families=registry.families,
    )  # fmt: skip
    # A list is of people whom the registers know as far as its usable numbers are; whose number
    # is nobody's is one of them only if it is mistyped.
    unlinked = query(
        f"""with programs as (
                select program, (count(*) filter (way <> 'unlinked') + {EXPECTED * _PSEUDO_ROWS})
                    / (count(*) + {_PSEUDO_ROWS}) as known,
                    known * {_MISTYPED_SHARE} / (1 - {_MISTYPED_SHARE}) / (1 - known) as mistyped
                from rows join keyed using (enrollment) where national_id is not null group by 1
            )
            select rows.*, way, coalesce(known, {EXPECTED}) as known, if(national_id is null,
                coalesce(known, {EXPECTED}), least(known, mistyped)) as expected
            from rows join keyed using (enrollment)
                left join programs on rows.program is not distinct from programs.program
            where way = 'unlinked'""",
        rows=rows, keyed=keyed,
    )  # fmt: skip
    by_name = find_by_name(unlinked, registry.families, registry.members)
    named = rows.bench.view(
        """select rows.*, if(enrollment in
                (select enrollment from by_name where not is_doubtful), 'name', way) as way
            from rows join keyed using (enrollment)""",
        rows=rows, keyed=keyed, by_name=by_name,
    )  # fmt: skip
    recipients = Recipients(kept(named, {*filled(rows), "way"}), by_name)
    rows.bench.drop(keyed, unlinked)
    return recipients


def find_by_name(unlinked: Table, families: Table, members: Table) -> Table:
    """Persons that rows without a usable number are, or may be: `Recipients.by_name`.

    Parameters
    ----------
    unlinked
        ``enrollment``, ``program``, ``name``, ``stated_village_code``, ``national_id`` (usable,
        but of nobody, or null), ``expected`` (share of the program's recipients with such a
        number, or none, who are in a register) and ``known`` (with any number).
    families
        ``family_id``, ``head_name``, ``head_national_id``, ``stated_village_code``.
    members
        ``family_id``, ``person_id``, ``name``, ``national_id``.
    """
    # What a list writes alike in several months is one recipient of the program.
    sought = query(
        """select enrollment, program, name, stated_village_code, national_id, expected, known,
                dense_rank() over (order by program, name, stated_village_code, national_id)
                    as id
            from unlinked where name is not null and stated_village_code is not null""",
        unlinked=unlinked,
    )
    known = _persons(families, members, sought)
    persons = numbered(known, "id")
    written = query("select distinct on (id) * from sought", sought=sought)
    pairs = find_pairs(
        _people(written), _people(persons), least=JOINED - MARGIN - _NEVER_SAME - 1
    )  # fmt: skip
    likely = _of_families(pairs, written, persons)
    settled = settle(likely, threshold=JOINED, margin=MARGIN)
    by_name = query(
        """select enrollment, persons.family_id, persons.person_id, persons.national_id,
                state = 'doubtful' or sought.national_id is not null
                    and persons.national_id is null as is_doubtful
            from settled join sought on sought.id = left_id
                join persons on persons.id = settled.person
            where state = 'matched' or state = 'doubtful' and weight >= $1
            order by enrollment, persons.family_id""",
        [LIKELY],
        settled=settled, sought=sought, persons=persons,
    )  # fmt: skip
    unlinked.bench.drop(sought, known, written, pairs, likely, settled)
    return by_name


def _persons(families: Table, members: Table, sought: Table) -> Table:
    """Members, and heads whom no list of persons has, of the districts that are written."""
    bench = families.bench
    near = query(
        f"""select family_id, head_name, head_national_id, stated_village_code
            from families where {_DISTRICT.format("families")} in
                (select {_DISTRICT.format("sought")} from sought)""",
        families=families, sought=sought,
    )  # fmt: skip
    listed = query(
        """select family_id, person_id, name, national_id, stated_village_code,
                name = head_name or national_id = head_national_id as is_head
            from members join near using (family_id)""",
        members=members,
        near=near,
    )
    persons = bench.add(
        listed,
        """select family_id, null, head_name, head_national_id, stated_village_code, true
            from near anti join (from listed where is_head) known using (family_id)""",
        near=near, listed=listed,
    )  # fmt: skip
    bench.drop(near)
    return persons


_DISTRICT = "left({}.stated_village_code, 8)"


def _people(table: Table) -> Table:
    """Who has a name, as `find_pairs` reads them; the NIK stands where it compares numbers."""
    return table.bench.view(
        """select id, name, null::date as birth_date, null::varchar as sex,
                national_id as family_card_number, null::varchar as rt, null::varchar as rw,
                null::varchar as neighborhood, stated_village_code as village_code
            from people where name is not null""",
        people=table,
    )


def _of_families(pairs: Table, written: Table, persons: Table) -> Table:
    """Pairs to be settled: of each family the likeliest person, of each program its own.

    Who of a family is meant changes nothing for the family; one person is on the lists of
    several programs, but twice on one list only if one of the two rows is somebody else.
    """
    return query(
        f"""select left_id, right_id as person, is_named, weight,
                right_id || ' ' || coalesce(program, '') as right_id
            from (
                select left_id, right_id, is_named, program, family_id, person_id, persons.name,
                    written.national_id as one, persons.national_id as other,
                    weight + log2(if(other is null, known, expected) / {EXPECTED})
                        + if(one is null or other is null, 0, {_NEVER_SAME}) as weight
                from pairs join written on written.id = left_id
                    join persons on persons.id = right_id
            ) where coalesce({_MISTYPED}, true)
            qualify row_number() over (
                partition by left_id, family_id order by weight desc, name, person_id) = 1""",
        pairs=pairs, written=written, persons=persons,
    )  # fmt: skip
