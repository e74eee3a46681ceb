"""Why families are uncovered: the first reason that holds, and whose it is."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.programs import programs
from geo_target.targeting.reasons import (
    REASONS,
    Grounds,
    count_reasons,
    find_reasons,
    office_of,
)
from geo_target.workbench import Table, Workbench
from tests.targeting.test_program_states_reference import ruled

CODES = ("PKH", "PBI_JK", "KUBE")
#: PKH up to decile 4, PBI up to 5; KUBE has a rule, but no limit.
RULED = {
    "PKH": ruled("PKH", max_decile=4),
    "PBI_JK": ruled("PBI_JK", max_decile=5, eligible="in_dtsen"),
    "KUBE": ruled("KUBE", eligible="in_dtsen"),
}
#: A family of whom nothing is to be said: it has a NIK that the civil registry knows, DTSEN lists
#: it, no rule excludes it or calls it eligible, it was never enrolled, and a visit has met it.
KNOWN: dict[str, Any] = {
    "has_nik": True, "civil_registry": "matched", "in_dtsen": True, "is_listed": True,
    "decile": 3, "eligible": {"PKH": None, "PBI_JK": None, "KUBE": None}, "enrolled": {},
    "result": "complete", "completed_on": date(2025, 6, 1),
}  # fmt: skip
NEVER_VISITED = {"result": None, "completed_on": None}
OUT = dict.fromkeys(CODES, False)


def family(**told: Any) -> dict[str, Any]:
    """A family of whom only this is to be said."""
    return {**KNOWN, **told}


def grounds(bench: Workbench, families: list[dict[str, Any]], *, has_ranking: bool) -> Grounds:
    """Tables of families F0, F1 ...; other families' rows lie beside theirs."""
    text, flag = "varchar", "boolean"
    named = [(f"F{place}", one) for place, one in enumerate(families)]
    return Grounds(
        facts=bench.take_rows(
            {"family_id": text, "in_dtsen": flag, "is_listed": flag, "decile": "int"},
            [(who, one["in_dtsen"], one["is_listed"], one["decile"]) for who, one in named],
        ),
        # The base's own decile, and who it lists, are not what programs ask.
        families=bench.take_rows(
            {"family_id": text, "civil_registry": text, "decile": "int", "is_listed": flag},
            [(who, one["civil_registry"], 10, True) for who, one in named],
        ),
        proofs=bench.take_rows(  # who has no NIK has a card, or no number at all
            {"family_id": text, "has_nik": flag},
            [("other", True), *((who, one["has_nik"]) for place, (who, one) in enumerate(named)
                                if one["has_nik"] or place % 2)],
        ),
        eligible=bench.take_rows(
            {"family_id": text, **{f'"{code}"': flag for code in CODES}},
            [(who, *(one["eligible"][code] for code in CODES)) for who, one in named],
        ),
        enrolled=bench.take_rows(
            {"family_id": text, "program": text, "is_active": flag},
            [("other", "PKH", False), *((who, code, is_active) for who, one in named
                                        for code, is_active in one["enrolled"].items())],
        ),
        visits=bench.take_rows(
            {"family_id": text, "result": text, "completed_on": "date",
             "completed_verdict": text},
            [(who, one["result"], one["completed_on"], one.get("verdict"))
             for who, one in named if one["result"]],
        ),
        has_ranking=has_ranking,
    )  # fmt: skip


def reasons_of(
    bench: Workbench,
    *families: dict[str, Any],
    has_ranking: bool = True,
    codes: tuple[str, ...] = CODES,
    rules: dict[str, Any] = RULED,
) -> Table:
    uncovered = bench.take_rows(
        {"family_id": "varchar"}, [(f"F{place}",) for place in range(len(families))]
    )
    known = grounds(bench, list(families), has_ranking=has_ranking)
    return find_reasons(uncovered, known, codes, rules)


def reason_of(bench: Workbench, one: dict[str, Any], **more: Any) -> tuple[str, str, str | None]:
    """Reason, office and program."""
    (row,) = reasons_of(bench, one, **more).rows()
    return row["reason"], row["office"], row["program"]


EACH = {
    "no_national_id": family(has_nik=False),
    "not_in_civil_registry": family(civil_registry="unmatched"),
    "not_in_register": family(in_dtsen=False),
    "above_decile": family(decile=6, eligible=OUT),
    "eligible_not_enrolled": family(eligible={"PKH": True, "PBI_JK": False, "KUBE": None}),
    "enrolled_inactive": family(enrolled={"PBI_JK": False}),
    "moved_or_dead": family(result="moved"),
    "unfit_by_visit": family(verdict="unfit"),
    "never_verified": family(**NEVER_VISITED),
    "unexplained": family(),
}
OFFICES = {
    "no_national_id": ("Disdukcapil", None), "not_in_civil_registry": ("Disdukcapil", None),
    "not_in_register": ("Dinas Sosial", None), "above_decile": ("BPS", None),
    "eligible_not_enrolled": ("Dinas Sosial", "PKH"),
    "enrolled_inactive": ("BPJS Kesehatan", "PBI_JK"), "moved_or_dead": ("Disdukcapil", None),
    "unfit_by_visit": ("Dinas Sosial", None), "never_verified": ("Dinas Sosial", None),
    "unexplained": ("Dinas Sosial", None),
}  # fmt: skip


@pytest.mark.parametrize("reason", list(EACH))
def test_each_reason_and_whose_it_is(bench: Workbench, reason: str) -> None:
    assert reason_of(bench, EACH[reason]) == (reason, *OFFICES[reason])


def test_every_reason_is_tried() -> None:
    assert list(EACH) == list(REASONS)


def test_of_several_reasons_the_first_is_told(bench: Workbench) -> None:
    """A family to which all apply, from which one after the other is taken away."""
    everything = family(
        has_nik=False, civil_registry="missing", in_dtsen=False, decile=9, eligible=OUT,
        enrolled={"PKH": False}, result="moved", completed_on=None,
    )  # fmt: skip
    may_get = {"eligible": {**OUT, "PKH": True}}
    mended: list[dict[str, Any]] = [
        {"has_nik": True}, {"civil_registry": None}, {"in_dtsen": None},
        {**may_get, "decile": 3, "enrolled": {}}, {"enrolled": {"PKH": False}},
        {"eligible": KNOWN["eligible"], "enrolled": {}},
        {"result": "not_found", "verdict": "unfit"}, {"verdict": None},
        {"completed_on": date(2025, 1, 1)},
    ]  # fmt: skip
    families = [everything]
    for step in mended:
        families.append({**families[-1], **step})
    assert [row["reason"] for row in reasons_of(bench, *families).rows()] == list(REASONS)


@pytest.mark.parametrize("said", ["matched", None])
def test_only_a_list_that_says_so_makes_a_nik_strange(bench: Workbench, said: str | None) -> None:
    assert reason_of(bench, family(civil_registry=said))[0] == "unexplained"


@pytest.mark.parametrize(
    ("in_dtsen", "is_listed", "has_ranking", "reason"),
    [
        (False, True, True, "not_in_register"),
        (None, False, True, "unexplained"),  # of the base nobody asks
        (True, False, False, "not_in_register"),
        (False, True, False, "unexplained"),
    ],
)
def test_the_base_stands_for_a_ranking_that_a_run_lacks(
    bench: Workbench, *, in_dtsen: bool | None, is_listed: bool, has_ranking: bool, reason: str
) -> None:
    one = family(in_dtsen=in_dtsen, is_listed=is_listed)
    assert reason_of(bench, one, has_ranking=has_ranking)[0] == reason


@pytest.mark.parametrize(
    ("decile", "pkh", "pbi", "kube", "is_above"),
    [
        (6, False, False, False, True),
        (5, False, False, False, True),  # above PKH's limit; PBI's rule excludes it otherwise
        (4, False, False, False, False),  # no limit keeps it out
        (6, False, False, None, False),  # KUBE has no limit, and may be open
        (6, None, None, False, True),  # above both limits, whatever else is not known
        (5, False, None, False, False),  # PBI may be open
        (None, False, False, False, False),
    ],
)
def test_above_every_limit(
    bench: Workbench,
    *,
    decile: int | None,
    pkh: bool | None,
    pbi: bool | None,
    kube: bool | None,
    is_above: bool,
) -> None:
    one = family(decile=decile, eligible={"PKH": pkh, "PBI_JK": pbi, "KUBE": kube})
    assert reason_of(bench, one)[0] == ("above_decile" if is_above else "unexplained")


def test_a_program_without_any_rule_keeps_nobody_out(bench: Workbench) -> None:
    one = family(decile=9, eligible=OUT)
    assert reason_of(bench, one, codes=("PKH", "KUR"))[0] == "unexplained"
    assert reason_of(bench, one, codes=("KUR",), rules={})[0] == "unexplained"
    assert reason_of(bench, one, codes=("PKH",))[0] == "above_decile"


def test_the_first_program_of_the_definition_is_whose_it_is(bench: Workbench) -> None:
    both = {"PKH": True, "PBI_JK": True, "KUBE": True}
    one, ended = family(eligible=both), family(enrolled={"PKH": False, "PBI_JK": False})
    assert reason_of(bench, one)[1:] == ("Dinas Sosial", "PKH")
    assert reason_of(bench, one, codes=("PBI_JK", "PKH"))[1:] == ("BPJS Kesehatan", "PBI_JK")
    assert reason_of(bench, ended)[1:] == ("Dinas Sosial", "PKH")
    assert reason_of(bench, ended, codes=("PBI_JK", "PKH"))[1:] == ("BPJS Kesehatan", "PBI_JK")


def test_another_programs_enrollment_is_no_reason(bench: Workbench) -> None:
    may_get = {"PKH": True, "PBI_JK": None, "KUBE": None}
    elsewhere = family(eligible=may_get, enrolled={"UEP": False, "SEMBAKO": True})
    assert reason_of(bench, elsewhere)[0] == "eligible_not_enrolled"
    assert reason_of(bench, family(enrolled={"UEP": False}))[0] == "unexplained"
    # One member is enrolled on the day and every member shall be: the others may be.
    assert reason_of(bench, family(enrolled={"PKH": True}))[0] == "unexplained"


def test_a_program_without_an_office_is_its_agencys() -> None:
    assert office_of(programs()["PKH"]) == "Dinas Sosial"
    assert office_of(programs()["PRAKERJA"]) == "Kemenko Perekonomian"


def test_reasons_by_village_and_office_add_up_to_the_uncovered(bench: Workbench) -> None:
    pbi = family(eligible={**OUT, "PBI_JK": True})
    families = [*EACH.values(), EACH["no_national_id"], pbi]
    villages = ["V1", "V1", "V1", "V2", "V1", "V2", "V1", "V2", "V1", None, "V1", "V1"]
    placed = bench.take_rows(
        {"family_id": "varchar", "village_code": "varchar"},
        [*((f"F{n}", village) for n, village in enumerate(villages)), ("covered", "V1")],
    )
    rows = count_reasons(reasons_of(bench, *families), placed).rows()
    assert {(r["village_code"], r["reason"], r["office"]): r["families"] for r in rows} == {
        ("V1", "no_national_id", "Disdukcapil"): 2,
        ("V1", "not_in_civil_registry", "Disdukcapil"): 1,
        ("V1", "not_in_register", "Dinas Sosial"): 1,
        ("V2", "above_decile", "BPS"): 1,
        ("V1", "eligible_not_enrolled", "Dinas Sosial"): 1,
        ("V1", "eligible_not_enrolled", "BPJS Kesehatan"): 1,  # two offices, two rows
        ("V2", "enrolled_inactive", "BPJS Kesehatan"): 1,
        ("V1", "moved_or_dead", "Disdukcapil"): 1,
        ("V2", "unfit_by_visit", "Dinas Sosial"): 1,
        ("V1", "never_verified", "Dinas Sosial"): 1,
        (None, "unexplained", "Dinas Sosial"): 1,
    }
    by_village, by_office = Counter[str | None](), Counter[str]()
    for row in rows:
        by_village[row["village_code"]] += row["families"]
        by_office[row["office"]] += row["families"]
    assert by_village == Counter(villages)
    assert by_office.total() == len(families)


# ---------------------------------------------------------------- held against a reference

maybe = st.sampled_from([True, False, None])
anybody = st.fixed_dictionaries(
    {"has_nik": st.sampled_from([True, True, False]),
     "civil_registry": st.sampled_from([None, "matched", "unmatched", "missing"]),
     "in_dtsen": maybe, "is_listed": st.booleans(),
     "decile": st.sampled_from([None, 4, 5, 6]),
     "eligible": st.fixed_dictionaries(dict.fromkeys(CODES, maybe)),
     "enrolled": st.dictionaries(st.sampled_from([*CODES, "UEP"]), st.booleans(), max_size=2),
     "result": st.sampled_from([None, "complete", "moved", "dead", "not_found", "merged"]),
     "verdict": st.sampled_from([None, "fit", "unfit"]),
     "completed_on": st.sampled_from([None, date(2025, 6, 1)])}
).map(lambda one: one if one["result"] else {**one, "completed_on": None})  # fmt: skip


def reference(one: dict[str, Any], codes: tuple[str, ...], *, has_ranking: bool) -> str:
    """The table of `reasons`, row by row."""
    decile, eligible = one["decile"], one["eligible"]
    limits = {c: RULED[c].rule.max_decile for c in codes}
    above = {c for c, limit in limits.items() if limit and decile and decile > limit}
    ended = [c for c, is_active in one["enrolled"].items() if c in codes and not is_active]
    holds = {
        "no_national_id": not one["has_nik"],
        "not_in_civil_registry": one["civil_registry"] in {"unmatched", "missing"},
        "not_in_register": (one["in_dtsen"] if has_ranking else one["is_listed"]) is False,
        "above_decile": above and all(c in above or eligible[c] is False for c in codes),
        "eligible_not_enrolled": any(eligible[c] for c in codes) and not ended,
        "enrolled_inactive": ended,
        "moved_or_dead": one["result"] in {"moved", "dead"},
        "unfit_by_visit": one["result"] in {"merged", "duplicate"}
        or (one["result"] and one["verdict"] == "unfit"),
        "never_verified": one["completed_on"] is None,
        "unexplained": True,
    }
    return next(reason for reason in REASONS if holds[reason])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(anybody, min_size=1, max_size=8),
    st.permutations(CODES).flatmap(lambda order: st.integers(1, 3).map(lambda n: order[:n])),
    st.booleans(),
)
def test_every_family_has_the_first_reason_that_holds(
    families: list[dict[str, Any]],
    codes: list[str],
    has_ranking: bool,  # noqa: FBT001
) -> None:
    asked = tuple(codes)
    with Workbench() as bench:
        rows = reasons_of(bench, *families, has_ranking=has_ranking, codes=asked).rows()
    assert {row["family_id"]: row["reason"] for row in rows} == {
        f"F{place}": reference(one, asked, has_ranking=has_ranking)
        for place, one in enumerate(families)
    }
    for row in rows:
        owner = REASONS[row["reason"]]
        assert row["office"] == (owner or office_of(programs()[row["program"]]))
        one = families[int(row["family_id"][1:])]
        if row["reason"] == "eligible_not_enrolled":
            assert row["program"] == next(c for c in asked if one["eligible"][c])
        if row["reason"] == "enrolled_inactive":
            assert row["program"] == next(c for c in asked if one["enrolled"].get(c) is False)
