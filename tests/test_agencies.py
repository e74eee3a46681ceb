"""Whose what is: the file of agencies names only what there is, and nothing twice."""

import pytest
from pydantic import ValidationError

from geo_target.agencies import agencies, read_agencies
from geo_target.intake.profiles import profile_named
from geo_target.programs import programs
from geo_target.targeting.lenses import LENSES
from geo_target.targeting.reasons import REASONS


def entry(slug: str, **others: object) -> dict[str, object]:
    words = {"id": slug, "en": slug}
    return {"slug": slug, "name": words, "task": words, **others}


def test_the_agencies_at_the_table() -> None:
    assert [*agencies()] == [
        "bappeda", "dinas-sosial", "bps", "dp3akb", "bpjs-kesehatan", "bpjs-ketenagakerjaan",
        "disdukcapil",
    ]  # fmt: skip


def test_every_list_and_group_that_an_agency_is_given_exists() -> None:
    for one in agencies().values():
        assert [profile_named(profile).name for profile in one.profiles] == [*one.profiles]
        assert set(one.lenses) <= set(LENSES)


def test_offices_of_reasons_have_a_page() -> None:
    """Reasons that are of no program name an office: it is an agency's."""
    known = {office for one in agencies().values() for office in one.offices}
    assert {office for office in REASONS.values() if office} <= known


def test_offices_are_spelled_as_programs_and_reasons_spell_them() -> None:
    spelled = {one.office or one.agency for one in programs().values()}
    spelled |= {office for office in REASONS.values() if office} | {"Bappeda"}
    assert {office for one in agencies().values() for office in one.offices} <= spelled


@pytest.mark.parametrize(
    ("what", "value"),
    [("offices", ["BPS"]), ("profiles", ["dtsen"]), ("lenses", ["disability"]),
     ("checks", ["codes"])],
)  # fmt: skip
def test_nothing_is_of_two_agencies(what: str, value: list[str]) -> None:
    with pytest.raises(ValueError, match="of two agencies"):
        read_agencies({"agency": [entry("a", **{what: value}), entry("b", **{what: value})]})
    assert len(read_agencies({"agency": [entry("a", **{what: value}), entry("b")]})) == 2


def test_two_agencies_are_not_called_the_same() -> None:
    with pytest.raises(ValueError, match="slug of two agencies: a"):
        read_agencies({"agency": [entry("a"), entry("a")]})


@pytest.mark.parametrize(
    "wrong", [entry("A b"), entry("a", checks=["x"]), entry("a", other=1), {"slug": "a"}]
)
def test_what_is_no_entry_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        read_agencies({"agency": [wrong]})
