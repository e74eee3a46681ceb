from datetime import date

import pytest

from geo_target.registry.families import Register, Registry, link_registers
from geo_target.settings import Coverage
from geo_target.targeting.coverage import find_coverage
from geo_target.workbench import Table, Workbench
from tests.builders import rows_by
from tests.registry.test_families import canonical

# Names hold no blanks here: an underscore is one.
FAMILIES_HEAD = (
    "family_id  head_name  head_national_id  family_card_number  rt  rw  stated_village_code\n"
)
PEOPLE_HEAD = "family_id  name  birth_date  sex  national_id  relation\n"
VILLAGE = "36.73.01.1001"


def crowd(count: int = 60) -> str:
    """Families unlike all others, so that a name and a date say something."""
    sounds = "bcdgklnprs"
    return "".join(
        f"X{n}  {sounds[n % 10]}a{sounds[n // 10]}ungan  nik{900 + n}  -  -  -  "
        f"36.73.02.{1001 + n % 4}\n"
        for n in range(count)
    )


def register(bench: Workbench, name: str, families: str, people: str = "") -> Register:
    stated = FAMILIES_HEAD + families
    read = bench.query(
        "select * replace (replace(head_name, '_', ' ') as head_name) from given",
        given=canonical(bench, stated, of="families"),
    )
    return Register(name, read, _persons(bench, people) if people else None)


def _persons(bench: Workbench, people: str) -> Table:
    return bench.query(
        """select * replace (replace(name, '_', ' ') as name, birth_date::date as birth_date)
            from given""",
        given=canonical(bench, PEOPLE_HEAD + people, of="persons"),
    )


def linked(bench: Workbench, base: str, other: str, *, people: tuple[str, str] = ("", "")
           ) -> Registry:  # fmt: skip
    return link_registers(
        register(bench, "p3ke", base + crowd(), people[0]),
        [register(bench, "dtsen", other, people[1])],
    )


def attached(registry: Registry) -> dict[str, str]:
    keys = [r for r in registry.family_keys.rows() if r["register"] == "dtsen"]
    return {r["register_family_id"]: r["family_id"] for r in keys}


def looked_at(registry: Registry) -> set[tuple[str, str, str, str]]:
    columns = ("register_family_id", "family_id", "matched_by", "state")
    return {tuple(row[column] for column in columns) for row in registry.pairs.rows()}


@pytest.mark.parametrize(
    ("base", "other", "pairs"),
    [
        # The first step: a NIK joins whatever the names.
        ("P1 Suhendi nik1 - - - -", "D1 Jumenah nik1 - - - -", {("D1", "P1", "nik", "matched")}),
        # The second: a card joins with the name, or where a name is unknown.
        ("P1 Suhendi nik1 kk1 - - -", "D1 SOEHENDY nik2 kk1 - - -",
         {("D1", "P1", "kk", "matched")}),
        ("P1 - nik1 kk1 - - -", "D1 Suhendi nik2 kk1 - - -", {("D1", "P1", "kk", "matched")}),
        ("P1 Suhendi nik1 kk1 - - -", "D1 Basuni nik2 kk1 - - -",
         {("D1", "P1", "kk", "doubtful")}),
        # The numbers of two families: several, none joins.
        ("P1 Suhendi nik1 kk1 - - -\nP2 Suhendi nik2 kk2 - - -", "D1 Suhendi nik2 kk1 - - -",
         {("D1", "P1", "kk", "doubtful"), ("D1", "P2", "nik", "doubtful")}),
        # The third: no key is shared, and one of the two has no NIK.
        (f"P1 Suhendi - - 001 002 {VILLAGE}", f"D1 SOEHENDI - kk2 1 2 {VILLAGE}",
         {("D1", "P1", "name", "matched")}),
        (f"P1 Suhendi - - 001 002 {VILLAGE}", f"D1 SOEHENDI nik2 kk2 1 2 {VILLAGE}",
         {("D1", "P1", "name", "matched")}),
        (f"P1 Suhendi nik1 - 001 002 {VILLAGE}", f"D1 SOEHENDI - kk2 001 002 {VILLAGE}",
         {("D1", "P1", "name", "matched")}),
        (f"P1 Suhendi nik1 - 001 002 {VILLAGE}", f"D1 SOEHENDI nik2 kk2 001 002 {VILLAGE}",
         set()),
        (f"P1 Suhendi - - - - {VILLAGE}\nP2 Suhendi - - - - {VILLAGE}",
         f"D1 Suhendi - - - - {VILLAGE}",
         {("D1", "P1", "name", "doubtful"), ("D1", "P2", "name", "doubtful")}),
        (f"P1 Suhendi - - - - {VILLAGE}", f"D1 Suhendi - - - - {VILLAGE}\n"
         f"D2 Suhendi - - - - {VILLAGE}",
         {("D1", "P1", "name", "doubtful"), ("D2", "P1", "name", "doubtful")}),
        (f"P1 Suhendi - - - - {VILLAGE}", f"D1 Suhendi nik2 - - - {VILLAGE}\n"
         f"D2 Suhendi - - - - {VILLAGE}",
         {("D1", "P1", "name", "doubtful"), ("D2", "P1", "name", "doubtful")}),
        # Who stands on a step never falls to the next.
        (f"P1 Suhendi nik1 - 001 002 {VILLAGE}\nP2 Suhendi - - 001 002 {VILLAGE}",
         f"D1 Suhendi nik1 - 001 002 {VILLAGE}", {("D1", "P1", "nik", "matched")}),
        (f"P1 Suhendi nik1 - 001 002 {VILLAGE}",
         f"D1 Suhendi nik1 - 001 002 {VILLAGE}\nD2 Suhendi - - 001 002 {VILLAGE}",
         {("D1", "P1", "nik", "matched")}),
        (f"P1 Suhendi - kk1 001 002 {VILLAGE}",
         f"D1 Suhendi - kk1 001 002 {VILLAGE}\nD2 Suhendi nik2 - 001 002 {VILLAGE}",
         {("D1", "P1", "kk", "matched")}),
    ],
)  # fmt: skip
def test_the_steps_of_the_ladder(
    bench: Workbench, base: str, other: str, pairs: set[tuple[str, str, str, str]]
) -> None:
    registry = linked(bench, base + "\n", other)
    assert looked_at(registry) == pairs
    matched = {ours: theirs for ours, theirs, _, state in pairs if state == "matched"}
    assert attached(registry) == {
        ours: matched.get(ours, f"dtsen:{ours}") for ours in attached(registry)
    }
    doubtful = [pair for pair in pairs if pair[3] == "doubtful"]
    assert rows_by(registry.doubtful, "family_id", "is_apart") == {
        **{f"dtsen:{pair[0]}": True for pair in doubtful},
        **{pair[1]: False for pair in doubtful},
    }


def test_a_card_whose_head_is_the_others_member_is_one_family(bench: Workbench) -> None:
    registry = linked(
        bench, "P1 Suhendi - kk1 - - -\n", "D1 Siti_Aminah - kk1 - - -",
        people=("P1  Suhendi  -  L  -  KEPALA\nP1  SITTI_AMINAH  -  P  -  ISTRI", ""),
    )  # fmt: skip
    assert looked_at(registry) == {("D1", "P1", "kk", "matched")}


def test_a_birth_date_of_the_list_of_persons_counts(bench: Workbench) -> None:
    born = "{0}  Suhendi  1983-04-07  L  -  KEPALA\n{0}  Jumenah  1985-02-03  P  -  ISTRI"
    alone = linked(bench, "P1 Suhendi - - - - -\n", "D1 Suhendi - - - - -")
    assert ("D1", "P1", "name", "matched") not in looked_at(alone)
    dated = linked(
        bench, "P1 Suhendi - - - - -\n", "D1 Suhendi - - - - -",
        people=(born.format("P1"), born.format("D1")),
    )  # fmt: skip
    assert looked_at(dated) == {("D1", "P1", "name", "matched")}
    (row,) = dated.pairs.rows()
    assert row["weight"] > 1
    assert row["reason"].startswith("clear: name: same, birth date: same, sex: same")


def test_a_birth_date_of_the_list_of_families_counts(bench: Workbench) -> None:
    def dated(day: str) -> Register:
        given = register(bench, "p3ke", "P1 Suhendi - - - - -\n" + crowd())
        born = bench.query(f"select * replace ({day} as head_birth_date) from f", f=given.families)
        return Register("p3ke", born)

    other = register(
        bench, "dtsen", "D1 Suhendi - - - - -", "D1  Suhendi  1983-04-07  L  -  KEPALA"
    )
    day = "case family_id when 'P1' then date '1983-04-07' when 'X0' then date '1970-01-01' end"
    assert ("D1", "P1", "name", "matched") not in looked_at(
        link_registers(dated("null::date"), [other])
    )
    registry = link_registers(dated(day), [other])
    assert looked_at(registry) == {("D1", "P1", "name", "matched")}
    (row,) = registry.pairs.rows()
    assert row["reason"].startswith("clear: name: same, birth date: same")
    # ... and it is the head's among the persons, who are no more than the heads here.
    dates = rows_by(registry.members, "family_id", "birth_date")
    assert (dates["X0"], dates["X1"]) == (date(1970, 1, 1), None)


def test_a_doubt_calls_nobody_uncovered(bench: Workbench) -> None:
    registry = linked(
        bench,
        f"P1 Suhendi - kk1 - - {VILLAGE}\nP2 Suhendi - kk2 - - {VILLAGE}\n"
        f"P3 Jumenah - kk3 - - {VILLAGE}\n",
        f"D1 Suhendi - - - - {VILLAGE}",
    )
    enrolled = bench.query(
        """select 1 as enrollment, 1 as list, 'PKH' as program, 'nowhere' as family_card_number,
            null::varchar as national_id, null::varchar as family_id,
            null::varchar as village_name, null::date as valid_from,
            null::date as valid_to, null::varchar as status"""
    )
    found = find_coverage(
        registry.families, registry.keys, registry.members, enrolled,
        Coverage(programs=("PKH",), on=date(2026, 6, 30)), doubtful=registry.doubtful,
    )  # fmt: skip
    states = rows_by(found.states, "family_id", "coverage_state")
    assert {family: states[family] for family in ("P1", "P2", "P3", "dtsen:D1")} == {
        "P1": "unmatched", "P2": "unmatched", "P3": "uncovered", "dtsen:D1": "unmatched",
    }  # fmt: skip


def test_who_is_matched_by_name_is_named_by_the_keys_of_both(bench: Workbench) -> None:
    registry = linked(
        bench, f"P1 Suhendi nik1 - 001 002 {VILLAGE}\n", f"D1 Suhendi - kk2 001 002 {VILLAGE}"
    )
    kinds = [r["kind"] for r in registry.keys.rows() if r["family_id"] == "P1"]
    assert sorted(kinds) == ["kk", "nik"]
