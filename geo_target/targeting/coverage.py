"""Which families a definition of 'covered' reaches: covered, uncovered, or unmatched.

Three states, never two. A family without a usable key cannot be found on any list, and a
plain anti-join would call it uncovered: with 17 % of NIK unusable that inflates the
uncovered by as much. And since PKH is paid to the wife or mother, a head's NIK that is on
no list proves nothing by itself.

Definitions stand side by side, and a program by itself is one more definition: so whoever asks
who has PKH gets the same three states by the same rules. What a family has said at the door
counts as compared (docs/decisions/0029-outcomes-in-a-run.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from geo_target.errors import ConfigError, Fault
from geo_target.programs import programs
from geo_target.settings import Coverage
from geo_target.targeting.answers import find_told, with_answers
from geo_target.targeting.definitions import Judged, find_doubts, quoted, wholly_enrolled
from geo_target.targeting.matches import (
    carried_kinds,
    counted_on,
    find_proofs,
    match_families,
    match_persons,
    programs_on,
    unlinked_enrollments,
)
from geo_target.workbench import Table, query


@dataclass(frozen=True)
class CoverageResult:
    """Coverage of a run's families.

    Attributes
    ----------
    states
        ``family_id``, ``coverage_state`` by the run's definition: one row a family.
    by_definition
        ``family_id`` and a column of states for each named definition.
    by_program
        ``family_id`` and a column of states for each program that a list carries; old aid has
        none.
    families
        Family x program where enrolled: ``family_id``, ``program``, ``is_active`` on the day
        (old aid never is), ``valid_from``, ``valid_to``, ``matched_by``.
    persons
        Person x program where enrolled: the same and ``person_id``.
    doubts
        ``family_id``, ``program`` (null: of all): where a miss proves nothing.
    proofs
        See `matches.find_proofs`.
    matches
        See `matches.match_families`.
    carried
        Kinds of numbers that the lists of each program carry.
    unlinked
        ``program``, ``village_name``, ``enrollments``: recipients linked to no family.
    by_visit
        ``family_id``, ``told`` (covered, uncovered, disagrees): what an answer at the door has
        changed of `states`, or contradicts; see `answers.find_told`. None where nobody was asked.
    """

    states: Table
    by_definition: Table
    by_program: Table
    families: Table
    persons: Table
    doubts: Table
    proofs: Table
    matches: Table
    carried: Mapping[str, set[str]]
    unlinked: Table
    by_visit: Table | None = None


def check_carried(enrollments: Table, definitions: Mapping[str, Coverage]) -> None:
    """Refuse a definition that names a program which no list of the run carries.

    Raises
    ------
    ConfigError
        ``E-PROGRAM-NOLIST``: every family that it reaches would be called uncovered.
    """
    carried = carried_kinds(enrollments)
    faults = []
    for name, definition in definitions.items():
        if absent := [program for program in definition.programs if program not in carried]:
            named = ", ".join(absent)
            faults.append(
                Fault(
                    "E-PROGRAM-NOLIST",
                    id=f"tidak satu pun daftar memuat {named} (definisi {name}), sehingga semua "
                    "penerimanya akan disebut belum tersentuh; tambahkan daftarnya atau hapus "
                    "dari programs",
                    en=f"no list carries {named} (definition {name}), so that all whom it reaches "
                    "would be called uncovered; add its list or take it out of programs",
                    column="coverage.programs",
                )
            )
    if faults:
        raise ConfigError(*faults)


def remark_days(matches: Table, definitions: Mapping[str, Coverage]) -> list[Fault]:
    """Say which programs of a definition have no enrollment that counts on its day."""
    if not len(matches):
        # Nobody on the lists is known: that the day is a wrong one cannot be told.
        return []
    return [
        Fault(
            "W-PROGRAM-DAY",
            id=f"tidak ada kepesertaan {', '.join(absent)} yang berlaku pada {one.on} (definisi "
            f"{name}); penerimanya dapat disebut belum tersentuh; masukkan daftar hari itu atau "
            "ganti on",
            en=f"no enrollment in {', '.join(absent)} counts on {one.on} (definition {name}); whom "
            "it reaches may be called uncovered; add the list of that day or change on",
            column="coverage.on",
        )
        for name, one in definitions.items()
        if (absent := [p for p in one.programs if p not in programs_on(matches, one.on)])
    ]


def find_coverage(
    families: Table,
    keys: Table,
    members: Table,
    enrollments: Table,
    definition: Coverage,
    *,
    others: Mapping[str, Coverage] | None = None,
    by_name: Table | None = None,
    doubtful: Table | None = None,
    answers: Table | None = None,
) -> CoverageResult:
    """Find the coverage state of every family, by each definition and by each program.

    Parameters
    ----------
    families
        ``family_id``, ``members`` (persons of the family; null if unknown).
    keys
        ``family_id``, ``kind`` (nik, kk), ``value``, ``is_head``: usable numbers only.
    members
        ``family_id``, ``person_id``, ``national_id``.
    enrollments
        Rows of all recipient lists, numbered: ``enrollment``, columns of schemas.ENROLLMENTS.
    definition
        Programs, day, and whether one member counts for the family.
    others
        Definitions to compare it with, by name.
    by_name
        Rows that no number ties, see `registry.recipients.Recipients`: a match is an enrollment
        as any other, and a doubt about one that would count leaves a miss without proof.
    doubtful
        ``family_id`` of families that may be another: a miss of theirs proves nothing.
    answers
        What families have said at the door, see `answers.counted_answers`; None: nobody was
        asked.
    """
    bench = families.bench
    found = by_name or bench.take_rows(
        {"enrollment": "bigint", "family_id": "varchar", "person_id": "varchar",
         "national_id": "varchar", "is_doubtful": "boolean"}, [],
    )  # fmt: skip
    matches = match_families(keys, enrollments, families, found)
    carried = carried_kinds(enrollments)
    proofs = find_proofs(families, keys)
    doubts = doubtful or bench.take_rows({"family_id": "varchar"}, [])

    told = matches if answers is None else with_answers(matches, answers)

    def states(definitions: Mapping[str, Coverage]) -> Table:
        return states_by(
            definitions, families, keys, told, carried,
            proofs=proofs, doubtful=doubts, answers=answers,
        )  # fmt: skip

    alone = {
        code: Coverage(programs=(code,), on=definition.on)
        for code in sorted(carried)
        if not programs()[code].historic
    }
    by_definition = states({definition.name: definition, **(others or {})})
    persons = match_persons(members, enrollments, found)
    certain = bench.view("from matches where not is_doubtful", matches=told)
    own = query(f'select family_id, "{definition.name}" as coverage_state from s', s=by_definition)
    by_visit = None
    if answers is not None:
        listed = states_by(
            {"coverage_state": definition}, families, keys, matches, carried,
            proofs=proofs, doubtful=doubts,
        )  # fmt: skip
        by_visit = find_told(own, listed, answers, definition)
    return CoverageResult(
        states=own,
        by_definition=by_definition,
        by_program=states(alone),
        families=_enrolled(certain, definition, "family_id"),
        persons=_enrolled(persons, definition, "person_id, family_id"),
        doubts=find_doubts(matches, doubts, definition),
        proofs=proofs,
        matches=matches,
        carried=carried,
        unlinked=unlinked_enrollments(enrollments, matches),
        by_visit=by_visit,
    )


def states_by(
    definitions: Mapping[str, Coverage],
    families: Table,
    keys: Table,
    matches: Table,
    carried: Mapping[str, set[str]],
    *,
    proofs: Table,
    doubtful: Table,
    answers: Table | None = None,
) -> Table:
    """``family_id`` and, for each definition, a column of its name with the family's state."""
    judged = [
        Judged(number, name, definition, {k for p in definition.programs
                                           for k in carried.get(p, set())},
               asks=answers is not None)
        for number, (name, definition) in enumerate(definitions.items())
    ]  # fmt: skip
    found = query(
        "select family_id"
        + "".join(f", {one.reached}, {one.unclear}" for one in judged)
        + " from matches group by family_id",
        matches=matches,
    )
    whole = {
        f"whole_{one.number}": wholly_enrolled(keys, matches, one)
        for one in judged
        if not one.definition.member_counts_for_family
    }
    also = whole if answers is None else {**whole, "answers": answers}
    joins = " ".join(f"left join {name} using (family_id)" for name in also)
    return query(
        "select families.family_id"
        + "".join(f", {one.state}" for one in judged)
        + f""" from families left join found using (family_id)
            left join proofs using (family_id)
            left join (select distinct family_id, true as is_doubtful from doubtful) doubts
                using (family_id) {joins}""",
        families=families, found=found, proofs=proofs, doubtful=doubtful, **also,
    )  # fmt: skip


def _enrolled(matches: Table, definition: Coverage, who: str) -> Table:
    """A row for whoever is enrolled in a program: the one that counts, then that ends last."""
    ended = quoted(code for code, program in programs().items() if program.historic)
    return query(
        f"""select * exclude (days), days.first as valid_from, days.last as valid_to from (
            select {who}, program, bool_or(is_active) as is_active,
                arg_max({{'first': valid_from, 'last': valid_to}}, (is_active,
                    coalesce(valid_to, date '9999-12-31'),
                    coalesce(valid_from, date '0001-01-01'))) as days,
                arg_min(matched_by, list_position(
                        ['nik', 'kk', 'family_id', 'name', 'visit'], matched_by)) as matched_by
            from (
                select *, {counted_on("$1")} and program not in ({ended}) as is_active
                from matches where program is not null
            )
            group by {who}, program)""",
        [definition.on],
        matches=matches,
    )
