"""The fields that forms, sheets and readers agree on."""

import re

from geo_target.fieldwork.form_fields import (
    GROUPS,
    Kind,
    choice_lists,
    fields_of,
    form_fields,
    sheet_fields,
)
from geo_target.fieldwork.outcomes import CORRECTABLE, PROPOSED


def test_names_are_names_in_an_xlsform() -> None:
    for field in form_fields().values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)
        assert field.group in {"", *GROUPS}
    assert sum(len(fields_of(group)) for group in ("", *GROUPS)) == len(form_fields())


def test_how_odk_and_kobo_write_a_field() -> None:
    outcome, end = form_fields()["outcome"], form_fields()["end"]
    assert (outcome.odk, outcome.kobo) == ("result-outcome", "result/outcome")
    assert (end.odk, end.kobo) == ("end", "end")


def test_each_choice_has_a_list_whose_names_have_no_blanks() -> None:
    lists = choice_lists(["PKH"])
    asked = [field for field in form_fields().values() if field.choices]
    assert {field.choices for field in asked} == set(lists)
    for choices in lists.values():
        names = [choice.name for choice in choices]
        assert len(names) == len(set(names))
        assert not any(re.search(r"[^A-Za-z0-9_]", name) for name in names)


def test_programs_that_have_ended_are_not_asked_for() -> None:
    assert [choice.name for choice in choice_lists(["PKH"])["program"]] == ["none", "PKH"]
    names = [choice.name for choice in choice_lists()["program"]]
    assert "SEMBAKO" in names
    assert "BST" not in names


def test_what_the_list_says_stands_beside_what_is_right() -> None:
    names = [field.name for field in fields_of("correction")]
    assert [name for name in names if name.startswith("given_")] == [
        f"given_{n}" for n in CORRECTABLE
    ]
    assert {f"corrected_{name}" for name in PROPOSED} < set(names)


def test_a_sheet_holds_nothing_that_the_list_says_of_a_person() -> None:
    kinds = {field.kind for field in sheet_fields()}
    assert kinds.isdisjoint({Kind.GIVEN, Kind.METADATA, Kind.VISIT})
    headers = [field.id for field in sheet_fields()]
    assert len(headers) == len(set(headers))
