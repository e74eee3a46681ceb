"""Coverage against a reference that a person can read: sets and loops over small worlds."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.settings import Coverage
from geo_target.targeting.coverage import find_coverage
from geo_target.workbench import Workbench

ON = date(2025, 10, 1)
PROGRAMS = ("PKH", "PBI_JK", "KUBE")
DEFINED = ("PKH", "PBI_JK")

member = st.fixed_dictionaries(
    {"nik": st.one_of(st.none(), st.integers(1, 16)), "is_head": st.booleans()}
)
family = st.fixed_dictionaries(
    {
        "people": st.lists(member, min_size=0, max_size=3),
        "kk": st.one_of(st.none(), st.integers(1, 8)),
        "more": st.integers(0, 1),
    }
)
enrollment = st.fixed_dictionaries(
    {
        "program": st.sampled_from([*PROGRAMS, None]),
        "nik": st.one_of(st.none(), st.integers(1, 16)),
        "kk": st.one_of(st.none(), st.integers(1, 8)),
        "status": st.sampled_from([None, "active", "inactive", "unknown"]),
        "valid": st.booleans(),
        # Which families the row is, or may be, by name.
        "named": st.one_of(st.none(), st.integers(0, 9)),
        "is_doubtful": st.booleans(),
    }
)
#: Many families and rows an example, since one costs as much as the other; no row, and lists
#: that carry no number of a kind, are drawn on purpose.
families_of_a_world = st.lists(family, min_size=3, max_size=10)
rows_of_a_world = st.builds(
    lambda rows, absent: [{**row, **dict.fromkeys(absent)} for row in rows],
    st.one_of(st.lists(enrollment, min_size=6, max_size=16), st.lists(enrollment, max_size=2)),
    st.sampled_from([(), (), ("nik",), ("kk",), ("nik", "kk")]),
)


def reference(families: list[dict], rows: list[dict]) -> dict[str, str]:  # type: ignore[type-arg]
    """Covered, uncovered or unmatched by the words of the rule, one family at a time."""
    in_definition = [r for r in rows if r["program"] in DEFINED]
    counted = [r for r in in_definition if r["valid"] and r["status"] in {None, "active"}]
    lists_carry_nik = any(r["nik"] is not None for r in in_definition)
    lists_carry_kk = any(r["kk"] is not None for r in in_definition)
    states = {}
    for number, one in enumerate(families):
        heads = {p["nik"] for p in one["people"] if p["is_head"]}
        niks = {p["nik"] for p in one["people"]} - {None}
        theirs = [
            r
            for r in in_definition
            if (r["nik"] is not None and r["nik"] in niks)
            or (r["kk"] is not None and r["kk"] == one["kk"])
            or (r["named"] == number and not r["is_doubtful"])
        ]
        perhaps = [r for r in in_definition if r["named"] == number and r["is_doubtful"]]
        is_found = any(r in counted for r in theirs)
        is_unclear = any(r["status"] == "unknown" for r in theirs + perhaps) or any(
            r in counted for r in perhaps
        )
        is_alone = len(one["people"]) + one["more"] == 1
        is_compared = (lists_carry_kk and one["kk"] is not None) or (
            lists_carry_nik and any(nik not in heads or is_alone for nik in niks)
        )
        is_uncovered = is_compared and not is_unclear
        state = "covered" if is_found else "uncovered" if is_uncovered else "unmatched"
        states[f"F{number}"] = state
    return states


@settings(max_examples=50, deadline=None)
@given(families_of_a_world, rows_of_a_world)
def test_every_family_of_every_small_world(families: list[dict], rows: list[dict]) -> None:  # type: ignore[type-arg]
    with Workbench() as bench:
        keys = {}
        for number, one in enumerate(families):
            if one["kk"] is not None:
                keys[f"F{number}", "kk", str(one["kk"])] = False
            for person in one["people"]:
                if person["nik"] is not None:
                    key = (f"F{number}", "nik", str(person["nik"]))
                    keys[key] = keys.get(key, False) or person["is_head"]
        text = "varchar"
        result = find_coverage(
            bench.take_rows(
                {"family_id": text, "members": "int"},
                [(f"F{n}", len(one["people"]) + one["more"]) for n, one in enumerate(families)],
            ),
            bench.take_rows(
                {"family_id": text, "kind": text, "value": text, "is_head": "boolean"},
                [(*key, is_head) for key, is_head in keys.items()],
            ),
            bench.take_rows({"family_id": text, "person_id": text, "national_id": text}, []),
            bench.take_rows(
                {"enrollment": "bigint", "list": "bigint", "program": text, "national_id": text,
                 "family_card_number": text, "family_id": text, "village_name": text,
                 "status": text, "valid_from": "date", "valid_to": "date"},
                [
                    (number, 1, r["program"], None if r["nik"] is None else str(r["nik"]),
                     None if r["kk"] is None else str(r["kk"]), None, None, r["status"],
                     None, None if r["valid"] else date(2025, 9, 30))
                    for number, r in enumerate(rows)
                ],
            ),
            Coverage(programs=DEFINED, on=ON),
            by_name=bench.take_rows(
                {"enrollment": "bigint", "family_id": text, "person_id": text,
                 "national_id": text, "is_doubtful": "boolean"},
                [(number, f"F{r['named']}", None, None, r["is_doubtful"])
                 for number, r in enumerate(rows)
                 if r["named"] is not None and r["named"] < len(families)],
            ),
        )  # fmt: skip
        found = {r["family_id"]: r["coverage_state"] for r in result.states.rows()}
    assert found == reference(families, rows)
