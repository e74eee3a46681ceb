"""Facts of families and persons: tables that a person can count, and plain Python beside them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.places.gazetteer import read_gazetteer
from geo_target.programs import FAMILY_FACTS, PERSON_FACTS
from geo_target.registry.families import link_registers
from geo_target.targeting.facts import family_facts, person_facts
from geo_target.workbench import Table, Workbench
from tests.builders import nik, rows_by, workbench
from tests.registry.test_families import register

ON = date(2025, 10, 1)
MEMBERS = {
    "family_id": "varchar", "person_id": "varchar", "name": "varchar", "national_id": "varchar",
    "birth_date": "date", "sex": "varchar", "relation": "varchar", "occupation": "varchar",
    "disability": "varchar",
}  # fmt: skip
FAMILIES = {
    "family_id": "varchar", "in_base": "boolean", "decile": "bigint", "members": "bigint",
    "head_national_id": "varchar", "head_birth_date": "date", "ranking_decile": "bigint",
    "in_ranking": "boolean",
}  # fmt: skip


def born(digits: str) -> str:
    """A synthetic NIK of such a birth date: DDMMYY, a woman's day and 40."""
    return nik(1)[:6] + digits + nik(1)[12:]


def people(bench: Workbench, *given: dict[str, Any]) -> Table:
    """Members of family A but for what is said; null where nothing is."""
    rows = [{"family_id": "A", "person_id": f"p{n}"} | one for n, one in enumerate(given)]
    return bench.take_rows(MEMBERS, [[row.get(name) for name in MEMBERS] for row in rows])


def person(bench: Workbench, on: date = ON, **given: Any) -> dict[str, Any]:
    return person_facts(people(bench, given), on).rows()[0]


def family(bench: Workbench, *members: dict[str, Any], **given: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"family_id": "A", "in_base": True} | given
    has_ranking = row.pop("has_ranking", False)
    code, welfare = row.pop("village_code", None), row.pop("welfare_class", "poor")
    texts = {"family_id": "varchar"}
    return family_facts(
        bench.take_rows(FAMILIES, [[row.get(name) for name in FAMILIES]]),
        person_facts(people(bench, *members), ON),
        bench.take_rows({**texts, "village_code": "varchar"}, [("A", code)]),
        bench.take_rows({**texts, "welfare_class": "varchar"}, [("A", welfare)]),
        ON,
        has_ranking=has_ranking,
    ).rows()[0]


def test_they_are_the_facts_that_rules_may_ask(bench: Workbench) -> None:
    assert set(family(bench)) == {"family_id", "elderly_alone", *FAMILY_FACTS}
    more = {"person_id", "family_id", "has_national_id", "is_head", "is_fisher_or_laborer"}
    assert set(person(bench)) == more | (set(PERSON_FACTS) - set(FAMILY_FACTS))


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2018, 10, 1), 7),  # the birthday itself
        (date(2018, 10, 2), 6),  # the day before it
        (ON, 0),
        (date(2025, 10, 2), None),  # not born yet
        (date(1905, 10, 1), 120),
        (date(1904, 10, 1), None),  # nobody is 121
    ],
)
def test_years_of_a_birth_date(bench: Workbench, day: date, age: int | None) -> None:
    assert person(bench, birth_date=day)["age"] == age


def test_who_is_born_on_29_february_is_older_on_1_march(bench: Workbench) -> None:
    leap = date(2000, 2, 29)
    assert person(bench, date(2025, 2, 28), birth_date=leap)["age"] == 24
    assert person(bench, date(2025, 3, 1), birth_date=leap)["age"] == 25


@pytest.mark.parametrize(
    ("digits", "sex", "age"),
    [
        ("011090", "m", 35),  # the birthday itself
        ("021090", "m", 34),
        ("411090", "f", 35),  # a woman's day and 40
        ("711290", "f", 34),  # the 31st
        ("011025", "m", 0),  # born on the day
        ("021025", "m", 99),  # not in this century
        ("290200", "m", 25),
        ("290299", "m", None),  # there was none in 1999
        ("310490", "m", None),
        ("001090", "m", None),
        ("011390", "m", None),
    ],
)
def test_a_nik_tells_age_and_sex(bench: Workbench, digits: str, sex: str, age: int | None) -> None:
    found = person(bench, national_id=born(digits))
    assert (found["sex"], found["age"], found["has_national_id"]) == (sex, age, True)


def test_what_a_list_says_goes_before_the_nik(bench: Workbench) -> None:
    said: dict[str, Any] = {
        "birth_date": date(2000, 1, 1),
        "sex": "Perempuan",
        "national_id": born("011090"),
    }
    found = person(bench, **said)
    assert (found["sex"], found["age"]) == ("f", 25)
    unread = person(bench, **said | {"birth_date": date(2030, 1, 1), "sex": "KOSONG"})
    assert (unread["sex"], unread["age"]) == ("m", 35)


def test_of_whom_nothing_is_said_nothing_is_known(bench: Workbench) -> None:
    known = person(bench)
    assert {known.pop("family_id"), known.pop("person_id")} == {"A", "p0"}
    assert known.pop("has_national_id") is False
    assert set(known.values()) == {None}


@pytest.mark.parametrize(
    ("age", "occupation", "is_informal"),
    [
        (15, "NELAYAN", True), (14, "NELAYAN", False), (None, "NELAYAN", None),
        (40, "KARYAWAN SWASTA", False), (None, "KARYAWAN SWASTA", False),
        (40, "LAINNYA", None), (14, "LAINNYA", False), (40, None, None),
    ],
)  # fmt: skip
def test_informal_workers_are_15_or_more(
    bench: Workbench, age: int | None, occupation: str | None, *, is_informal: bool | None
) -> None:
    day = None if age is None else date(ON.year - age, 1, 1)
    found = person(bench, birth_date=day, occupation=occupation)
    assert found["is_informal_worker"] is is_informal


def aged(age: int, **more: Any) -> dict[str, Any]:
    return {"birth_date": date(ON.year - age, 1, 1), **more}


def test_the_members_of_a_family_are_counted_by_age_and_words(bench: Workbench) -> None:
    found = family(
        bench,
        aged(45, relation="KEPALA KELUARGA", sex="P", occupation="BURUH TANI"),
        aged(70, relation="ORANG TUA", occupation="TIDAK BEKERJA", disability="Tuna netra"),
        aged(20, occupation="Pedagang", disability="tidak ada"),
        aged(18), aged(16), aged(15), aged(12), aged(7), aged(6), aged(0),
        {"sex": "L"},
        members=11, welfare_class="extreme_poor", village_code="36.73.01.1001",
    )  # fmt: skip
    assert found == {
        "family_id": "A", "decile": None, "members": 11, "is_listed": True, "in_dtsen": None,
        "welfare_class": "extreme_poor", "village_kind": "kelurahan", "head_is_woman": True,
        "head_age": 45, "elderly": 1, "disabled": 1, "children_under_7": 2, "pupils_sd": 2,
        "pupils_smp": 1, "pupils_sma": 2, "informal_workers": 2, "fishers_or_laborers": 1,
        "elderly_alone": False,
    }  # fmt: skip


def test_the_59th_year_is_not_the_60th(bench: Workbench) -> None:
    alone = {"members": 1}
    assert family(bench, aged(60), **alone)["elderly_alone"] is True
    assert family(bench, aged(59), **alone)["elderly_alone"] is False
    assert family(bench, aged(60), aged(60), members=2)["elderly_alone"] is False
    assert family(bench, {"sex": "P"}, **alone)["elderly_alone"] is None


@pytest.mark.parametrize(
    ("members", "age", "elderly", "children"),
    [(1, 70, 1, 0), (1, 30, 0, 0), (4, 70, 1, None), (4, 30, None, None), (None, 70, 1, None)],
)
def test_of_a_family_whose_head_alone_is_listed_a_zero_is_not_known(
    bench: Workbench, members: int | None, age: int, elderly: int | None, children: int | None
) -> None:
    found = family(bench, aged(age), members=members)
    assert (found["elderly"], found["children_under_7"]) == (elderly, children)
    assert found["members"] == members


def test_members_are_those_that_are_listed_where_no_list_says_how_many(bench: Workbench) -> None:
    assert family(bench, aged(40), aged(4))["members"] == 2
    assert family(bench)["members"] is None


@pytest.mark.parametrize(
    ("members", "head"),
    [
        ((aged(50, relation="Kepala", sex="L"), aged(40, relation="Istri", sex="P")), (False, 50)),
        # Nobody is called head, or two are: then it is whom the list of families names.
        ((aged(50, sex="L"), aged(40, sex="P")), (True, 35)),
        ((aged(50, relation="Kepala", sex="L"), aged(40, relation="1", sex="P")), (True, 35)),
        ((), (True, 35)),
        # What is not known of the listed head is known by their NIK.
        (({"relation": "Kepala", "sex": "P"},), (True, 35)),
    ],
)
def test_the_head_is_whom_lists_call_so(
    bench: Workbench, members: tuple[dict[str, Any], ...], head: tuple[bool, int]
) -> None:
    found = family(bench, *members, head_national_id=born("411090"))
    assert (found["head_is_woman"], found["head_age"]) == head


def test_a_birth_date_of_the_head_goes_before_the_nik(bench: Workbench) -> None:
    said: dict[str, Any] = {"head_national_id": born("411090"), "head_birth_date": date(1950, 1, 1)}
    assert family(bench, **said)["head_age"] == 75
    # Whom a list of persons calls the head is asked first.
    assert family(bench, aged(50, relation="Kepala"), **said)["head_age"] == 50


def test_deciles_are_of_the_ranking_register_where_the_run_has_it(bench: Workbench) -> None:
    given = {"decile": 1, "ranking_decile": 7, "in_ranking": True}
    found = family(bench, **given, has_ranking=True)
    assert (found["decile"], found["in_dtsen"]) == (7, True)
    unranked = family(bench, decile=1, in_ranking=False, has_ranking=True)
    assert (unranked["decile"], unranked["in_dtsen"]) == (None, False)
    without = family(bench, decile=1, in_ranking=False)
    assert (without["decile"], without["in_dtsen"]) == (1, None)


def test_an_unknown_welfare_class_is_none(bench: Workbench) -> None:
    assert family(bench, welfare_class="unknown")["welfare_class"] is None


def test_the_code_of_each_village_says_of_what_kind_it_is(bench: Workbench) -> None:
    known = read_gazetteer("36")["village_kind"]
    ids = [(code, code) for code in known.index]
    texts = {"family_id": "varchar", "village_code": "varchar"}
    places = bench.take_rows(texts, [*ids, ("nowhere", None)])
    families = bench.query(
        f"""select family_id, {
            ", ".join(
                f"null::{kind} as {name}" for name, kind in FAMILIES.items() if name != "family_id"
            )
        } from places""",
        places=places,
    )
    welfare = bench.query("select family_id, 'poor' as welfare_class from p", p=places)
    persons = person_facts(people(bench), ON)
    found = family_facts(families, persons, places, welfare, ON, has_ranking=False)
    assert rows_by(found, "family_id", "village_kind") == {**known.to_dict(), "nowhere": None}


def test_they_are_known_of_families_of_registers(bench: Workbench) -> None:
    # P1 and its people are known by both; of P2 only the list of families tells.
    registry = link_registers(
        register(bench, "p3ke", "family_id  head_national_id\nP1  nik1\nP2  nik2"),
        [
            register(
                bench,
                "dtsen",
                "family_id  family_card_number  head_national_id  decile\nD1  kk1  nik1  2",
                "family_card_number national_id relation occupation\n"
                "kk1 nik1 Kepala Nelayan\nkk1 nik11 Istri -",
            )
        ],
    )
    persons = person_facts(registry.members, ON)
    places = bench.query("select family_id, null as village_code from f", f=registry.families)
    welfare = bench.query("select family_id, 'poor' as welfare_class from f", f=registry.families)
    found = {
        row["family_id"]: row
        for row in family_facts(
            registry.families, persons, places, welfare, ON, has_ranking=True
        ).rows()
    }
    # All of nik(n) are born on the same day of 1990.
    assert {name: row["head_age"] for name, row in found.items()} == {"P1": 35, "P2": 35}
    assert (found["P1"]["members"], found["P2"]["members"]) == (2, None)
    assert (found["P1"]["fishers_or_laborers"], found["P2"]["fishers_or_laborers"]) == (1, None)
    assert (found["P1"]["children_under_7"], found["P2"]["children_under_7"]) == (0, None)
    assert (found["P1"]["in_dtsen"], found["P2"]["in_dtsen"]) == (True, False)
    assert (found["P1"]["decile"], found["P2"]["decile"]) == (2, None)


some = st.fixed_dictionaries(
    {
        "birth_date": st.one_of(st.none(), st.dates(date(1925, 1, 1), date(2026, 12, 31))),
        "born": st.one_of(st.none(), st.dates(date(1925, 10, 2), ON)),
        "is_woman": st.booleans(),
        "sex": st.sampled_from([None, "L", "P", "x"]),
        "relation": st.sampled_from([None, "Kepala", "Anak", "x"]),
        "occupation": st.sampled_from([None, "Nelayan", "Sopir", "Guru", "x"]),
        "disability": st.sampled_from([None, "Tidak", "Tuli"]),
    }
)
OF_WORK = {"Nelayan": (True, True), "Sopir": (True, False), "Guru": (False, False)}


def years(day: date | None) -> int | None:
    if day is None or day > ON:
        return None
    return ON.year - day.year - ((ON.month, ON.day) < (day.month, day.day))


def expected_person(one: dict[str, Any]) -> dict[str, Any]:
    age = years(one["birth_date"])
    if age is None:
        age = years(one["born"])
    told = {True: "f", False: "m"}[one["is_woman"]] if one["born"] else None
    informal, hand = OF_WORK.get(one["occupation"], (None, None))
    if informal is not False and age is not None and age < 15:
        informal = False
    elif informal and age is None:
        informal = None
    return {
        "age": age,
        "sex": {"L": "m", "P": "f"}.get(one["sex"], told),
        "is_head": {"Kepala": True, "Anak": False}.get(one["relation"]),
        "is_disabled": {"Tidak": False, "Tuli": True}.get(one["disability"]),
        "is_informal_worker": informal,
        "is_fisher_or_laborer": hand,
    }


def expected_counts(persons: list[dict[str, Any]], members: int | None) -> dict[str, Any]:
    size = members or (len(persons) if len(persons) > 1 else None)

    def count(fact: str, counts: Any) -> int | None:
        known = [one[fact] for one in persons if one[fact] is not None]
        number = sum(map(counts, known))
        is_told = number > 0 or len(persons) > 1 or size == 1
        return number if known and is_told else None

    ages = {"elderly": range(60, 121), "children_under_7": range(7), "pupils_sd": range(7, 13),
            "pupils_smp": range(13, 16), "pupils_sma": range(16, 19)}  # fmt: skip
    return {
        "members": size,
        **{name: count("age", span.__contains__) for name, span in ages.items()},
        "disabled": count("is_disabled", bool),
        "informal_workers": count("is_informal_worker", bool),
        "fishers_or_laborers": count("is_fisher_or_laborer", bool),
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(some, max_size=4), st.sampled_from([None, 1, 5]))
def test_every_small_family(drawn: list[dict[str, Any]], members: int | None) -> None:
    given_ = [
        {**one, "national_id": one["born"] and born(
            f"{one['born'].day + 40 * one['is_woman']:02d}{one['born']:%m%y}")}
        for one in drawn
    ]  # fmt: skip
    expected = [expected_person(one) for one in drawn]
    with workbench() as bench:
        found = rows_of(person_facts(people(bench, *given_), ON))
        assert [{name: found[f"p{n}"][name] for name in one}
                for n, one in enumerate(expected)] == expected  # fmt: skip
        counted = family(bench, *given_, members=members)
    counts = expected_counts(expected, members)
    assert {name: counted[name] for name in counts} == counts
    heads = [one for one in expected if one["is_head"]]
    head = heads[0] if len(heads) == 1 else {"age": None, "sex": None}
    assert counted["head_age"] == head["age"]
    assert counted["head_is_woman"] == (head["sex"] and head["sex"] == "f")


def rows_of(facts: Table) -> dict[str, dict[str, Any]]:
    return {row["person_id"]: row for row in facts.rows()}
