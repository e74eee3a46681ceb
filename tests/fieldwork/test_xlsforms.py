"""The packages for phones: both compile, ask every field, and hold only what may be carried."""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from geo_target.errors import NotFoundError
from geo_target.fieldwork.carried_visits import CarriedVisit
from geo_target.fieldwork.form_fields import Kind, choice_lists, form_fields
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.survey_rows import (
    EN,
    ID,
    Row,
    choice_rows,
    entity_rows,
    saved_properties,
    survey_rows,
)
from geo_target.fieldwork.visits import Officer
from geo_target.fieldwork.xlsforms import form_workbook, kobo_package, odk_package
from geo_target.long_numbers import holds_number
from tests.builders import nik
from tests.fieldwork.carried import HOSTILE, Family, on_paper

MADE = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ASEP, SITI = Officer("asep", "Asep S."), Officer("siti", "Siti R.")
VISITS = [
    on_paper("B0000000", Family("BUDI"), position=2, rt="002", rw="010"),
    on_paper("A0000000", Family("ANI"), rt="001", rw="010"),
    on_paper("S0000000", Family("SRI"), officer="siti"),
    on_paper("X0000000", Family("XENA"), officer="other"),
]
PACKAGES: dict[str, Callable[..., bytes]] = {"odk": odk_package, "kobo": kobo_package}
BOTH = pytest.mark.parametrize("kind", PACKAGES)
WITH_ENTITIES = pytest.mark.parametrize("with_entities", [True, False])


def parts(kind: str, visits: list[CarriedVisit] = VISITS, officers: tuple[Officer, ...] = (ASEP,),
          **also: bool) -> dict[str, bytes]:  # fmt: skip
    package = io.BytesIO(PACKAGES[kind](visits, officers, made=MADE, **also))
    with zipfile.ZipFile(package) as files:
        return {name: files.read(name) for name in files.namelist()}


def listed(kind: str, *given: object, **also: object) -> list[dict[str, str]]:
    text = parts(kind, *given, **also)["kunjungan.csv"].decode()  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text)))


def compiled(form: bytes) -> tuple[str, list[str]]:
    warnings: list[str] = []
    found = convert(xlsform=io.BytesIO(form), validate=False, warnings=warnings)
    return found.xform, warnings


def row_of(name: str, *, with_entities: bool = True) -> Row:
    (row,) = [r for r in survey_rows(with_entities=with_entities) if r.get("name") == name
              and r["type"] != "begin_group"]  # fmt: skip
    return row


# ------------------------------------------------------------------------------- the form


@BOTH
def test_the_form_compiles_without_a_warning(kind: str) -> None:
    xform, warnings = compiled(parts(kind)["form.xlsx"])
    assert warnings == []
    assert 'id="kunjungan"' in xform
    assert "jr://file-csv/kunjungan.csv" in xform


@BOTH
@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_odk_validate_finds_nothing(kind: str) -> None:
    form, warnings = io.BytesIO(parts(kind)["form.xlsx"]), list[str]()
    convert(xlsform=form, validate=True, warnings=warnings)
    assert warnings == []


def test_only_odk_has_entities_and_an_answer_updates_its_visit() -> None:
    odk, _ = compiled(parts("odk")["form.xlsx"])
    kobo, _ = compiled(parts("kobo")["form.xlsx"])
    assert 'entities:entities-version="2024.1.0"' in odk
    assert re.search(r'<entity [^>]*dataset="kunjungan"[^>]*update="1"', odk)
    assert not re.search("<entity [^>]*create=", odk)
    assert set(re.findall(r'entities:saveto="(\w+)"', odk)) == set(saved_properties())
    assert "entit" not in kobo


@pytest.mark.parametrize("column", ["relevant", "constraint", "calculation", "choice_filter"])
def test_a_reference_to_nothing_does_not_compile(column: str) -> None:
    survey = survey_rows(with_entities=True)
    broken = [{**row, column: "${nothing} = 1"} if row.get("name") == "outcome" else row
              for row in survey]  # fmt: skip
    sheets = {"choices": choice_rows([ASEP]), "entities": entity_rows()}
    assert compiled(form_workbook({"survey": survey, **sheets}, made=MADE))
    with pytest.raises(PyXFormError, match="nothing"):
        compiled(form_workbook({"survey": broken, **sheets}, made=MADE))


@BOTH
def test_answers_come_back_under_the_names_by_which_they_are_read(kind: str) -> None:
    xform, _ = compiled(parts(kind)["form.xlsx"])
    (data,) = ElementTree.fromstring(xform).iterfind(".//{*}instance/{*}data")
    found = {
        f"{group.tag.split('}')[1]}-{field.tag.split('}')[1]}"
        for group in data
        for field in group
        if not group.tag.endswith("meta")
    } | {field.tag.split("}")[1] for field in data if not len(field)}
    assert found == {field.odk for field in form_fields().values()}


@WITH_ENTITIES
def test_every_question_and_choice_speaks_both_languages(with_entities: bool) -> None:  # noqa: FBT001
    asked = [row for row in survey_rows(with_entities=with_entities) if f"label::{ID}" in row]
    silent = {Kind.METADATA, Kind.CODE, Kind.GIVEN}
    fields = [f for f in form_fields().values() if f.kind not in silent and f.name != "is_mocked"]
    assert len([row for row in asked if row["type"] != "begin_group"]) == len(fields)
    for row in (*asked, *choice_rows([ASEP])):
        assert row[f"label::{ID}"]
        assert row[f"label::{EN}"]
    for row in asked:
        assert ("constraint" in row) == (f"constraint_message::{ID}" in row)
        assert (f"constraint_message::{ID}" in row) == (f"constraint_message::{EN}" in row)


def test_what_is_given_stands_beside_what_is_corrected() -> None:
    for name in ("head_name", "address", "rt", "head_national_id"):
        row = row_of(f"corrected_{name}")
        assert row[f"hint::{ID}"] == f"Menurut daftar: ${{given_{name}}}"
        assert row_of(f"given_{name}")["calculation"].endswith(f"]/given_{name})")
    assert f"hint::{ID}" not in row_of("corrected_village_code")


@pytest.mark.parametrize("group", ["aid", "correction", "signs", "house"])
def test_the_house_is_asked_only_where_somebody_was_met(group: str) -> None:
    (row,) = [r for r in survey_rows(with_entities=True)
              if r["type"] == "begin_group" and r["name"] == group]  # fmt: skip
    asked = set(re.findall(r"= '(\w+)'", row["relevant"]))
    assert asked == {"found_eligible", "eligible_with_intervention", "better_off", "new_family"}


def test_a_chosen_visit_has_every_outcome_but_that_of_a_family_not_listed() -> None:
    kinds = {row["name"]: row["is_new"] for row in choice_rows([ASEP])
             if row["list_name"] == "outcome"}  # fmt: skip
    assert kinds == {code: "yes" if o.is_proposal else "no" for code, o in codes().items()}
    assert row_of("outcome")["choice_filter"] == "is_new = if(${chosen_visit} = '', 'yes', 'no')"
    assert row_of("corrected_village_code")["relevant"] == "${chosen_visit} = ''"


def test_a_phone_shows_an_officers_own_visits_and_with_entities_those_not_done() -> None:
    assert row_of("chosen_visit", with_entities=False)["choice_filter"] == "officer = ${officer}"
    again = row_of("chosen_visit")["choice_filter"]
    assert again.startswith("officer = ${officer} and (outcome = ''")
    assert set(re.findall(r"outcome = '(\w+)'", again)) == {
        code for code, outcome in codes().items() if outcome.returns
    }
    names = [row["name"] for row in survey_rows(with_entities=True) if "name" in row]
    assert names.index("officer") < names.index("chosen_visit")


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("corrected_head_national_id", nik(1), nik(1)[:15]),
        ("corrected_family_card_number", nik(1), nik(1) + "0"),
        ("corrected_rt", "12", "RT 1"),
        ("corrected_village_code", "36.73.01.1001", "3673011001"),
        ("duplicate_of", "4K7Q-W2ZN", "4K7Q"),
    ],
)
def test_a_phone_refuses_what_could_not_be_read(name: str, taken: str, refused: str) -> None:
    (pattern,) = re.findall(r"regex\(\., '(.+?)'\)", row_of(name)["constraint"])
    assert re.fullmatch(pattern, taken)
    assert not re.search(pattern, refused)


def test_programs_are_those_that_are_asked_for() -> None:
    found = [r["name"] for r in choice_rows([ASEP], ["PKH"]) if r["list_name"] == "program"]
    assert found == ["none", "PKH"]
    assert len(choice_lists()["program"]) > 5


# ------------------------------------------------------------------------------- the list


@BOTH
def test_the_list_holds_the_officers_visits_in_the_order_of_the_walk(kind: str) -> None:
    assert [row["visit_code"] for row in listed(kind)] == ["A0000000", "B0000000"]
    assert [row["officer"] for row in listed(kind, VISITS, (ASEP, SITI))] == [
        "asep", "siti", "asep",
    ]  # fmt: skip
    said = b"".join(parts(kind, with_names=True).values())
    assert b"SRI" not in said
    assert listed(kind)[0]["label"] == "A000-0000 · RT 1/RW 10 · Kaligandu"


def test_entities_have_the_properties_that_the_form_makes_known_and_kobo_names_its_items() -> None:
    assert list(listed("odk")[0]) == ["label", *saved_properties()]
    assert list(listed("kobo")[0]) == ["name", "label", *saved_properties()]
    assert [row["name"] for row in listed("kobo")] == ["A0000000", "B0000000"]


def test_names_go_abroad_only_where_it_is_asked_for() -> None:
    (first, _) = listed("kobo")
    assert first["given_rt"] == "1"
    for name in ("head_name", "address", "members", "head_national_id", "family_card_number"):
        assert first[f"given_{name}"] == ""
    assert listed("kobo", with_names=True)[0]["given_head_name"] == "ANI"
    assert listed("odk")[0]["given_head_name"] == "ANI"
    assert listed("odk", with_names=False)[0]["given_head_name"] == ""


def test_kobo_warns_of_servers_abroad() -> None:
    said = parts("kobo")["BACA-DULU.txt"].decode()
    assert "UU 27/2022" in said
    assert "luar negeri" in said
    assert "WARNING" in said


@BOTH
def test_no_full_number_is_in_a_package(kind: str) -> None:
    visits = [on_paper("A0000000", Family(nik(1), nik(2), nik(3), nik(4)), neighborhood=nik(5))]
    for name, content in parts(kind, visits, with_names=True).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"".join(book.read(each) for each in book.namelist())  # noqa: PLW2901
        for number in range(1, 6):
            assert nik(number).encode() not in content
    assert not holds_number(parts(kind, visits, with_names=True)["kunjungan.csv"].decode())


@BOTH
def test_hostile_texts_stay_texts(kind: str) -> None:
    visits = [on_paper(f"A{at:07d}", Family(text, text), position=at, rt=text, neighborhood=text)
              for at, text in enumerate(HOSTILE)]  # fmt: skip
    rows = listed(kind, visits, (Officer("asep", HOSTILE[0]),), with_names=True)
    assert len(rows) == len(HOSTILE)
    assert rows[0]["given_head_name"] == HOSTILE[0]
    assert not [r for r in rows for cell in r.values() if cell.startswith(("=", "@", "+"))]
    assert compiled(parts(kind, visits, (Officer("asep", "<b>&"),))["form.xlsx"])


@BOTH
def test_the_same_visits_are_the_same_bytes(kind: str) -> None:
    made = [PACKAGES[kind](visits, [ASEP], made=MADE) for visits in (VISITS, VISITS[::-1])]
    assert made[0] == made[1]


@BOTH
def test_without_visits_there_is_no_package(kind: str) -> None:
    with pytest.raises(NotFoundError, match="E-CARRY-NONE"):
        PACKAGES[kind](VISITS, [Officer("nobody", "Nobody")], made=MADE)


@BOTH
def test_nothing_in_a_package_names_a_class_of_people(kind: str) -> None:
    files = parts(kind, with_names=True)
    xform, _ = compiled(files["form.xlsx"])
    assert "miskin" not in f"{xform}{files['BACA-DULU.txt'].decode()}".lower()
