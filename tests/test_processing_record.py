"""The record of processing says what the program does, and ends with 1 where a paper lacks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo_target import schemas
from geo_target.cli import main
from geo_target.errors import Language
from geo_target.intake.profiles import profile_named, profiles
from geo_target.operations.roles import ROLES, Verb
from geo_target.operations.tables import METADATA
from geo_target.processing_kinds import KEPT, PEOPLE, SPECIFIC
from geo_target.processing_record import kinds_of_data, processing_record, record_text
from geo_target.processing_words import WORDS
from geo_target.settings import Retention, read_settings
from tests.test_settings import BASIS, LEAST, written

LISTS = LEAST.replace(
    "[coverage]",
    f"""{BASIS}
[[source]]
file = "lists/pkh.xlsx"
profile = "siks-recipients"
as_of = 2025-10-01
[[source]]
file = "lists/penduduk.csv"
profile = "population"
as_of = 2025-10-01
[coverage]""",
)

#: Columns of persons that tell nothing specific; a new one must be put here or in SPECIFIC.
GENERAL = {
    "accuracy_m", "address", "as_of", "birth_date", "district_name", "family_card_number",
    "family_id", "head_birth_date", "head_name", "head_national_id", "lat", "lon", "members",
    "name", "national_id", "neighborhood", "occupation", "period", "person_id", "regency_name",
    "relation", "rt", "rw",
    "registered_address", "registered_rt", "registered_rw", "registered_village_name",
    "rt_rw",
    "roof", "wall", "floor", "lighting", "power", "closet", "sewage",
    "toilet", "has_shelter", "head_works", "food_insecure", "bought_clothes",
    "civil_registry", "sex", "status", "valid_from", "valid_to", "village_code", "village_name",
    "visited_on", "result", "verdict", "visit_code", "same_as", "submitted_at",
}  # fmt: skip


def record(
    folder: Path, *, day: date = date(2026, 3, 1), language: Language = "id", text: str = LISTS
) -> Any:
    settings = read_settings(written(folder, text))
    return processing_record(settings, folder.resolve(), day=day, language=language)


def papers(folder: Path, *words: str, text: str = LISTS) -> Result:
    config = written(folder, text)
    first, rest = ([], [*words]) if "--lang" not in words else (list(words[:2]), list(words[2:]))
    return CliRunner().invoke(main, [*first, "papers", str(config), *rest])


def test_every_column_of_a_person_is_general_or_specific() -> None:
    roles = ("families", "persons", "enrollments", "points", "visits")
    declared = {c.name for role in roles for c in schemas.ROLES[role].columns}
    mapped = {column for p in profiles().values() if p.role in roles for column in p.columns}
    specific = set(SPECIFIC["id"]) - {"members_of_families", "eligibility"}
    assert not GENERAL & specific
    assert declared | mapped == GENERAL | specific


def test_lists_are_specific_by_what_they_are() -> None:
    assert kinds_of_data(profile_named("persons"))[1] == ["disability", "members_of_families"]
    assert "program" in kinds_of_data(profile_named("siks-recipients"))[1]
    assert kinds_of_data(profile_named("visits"))[1] == ["eligibility", "programs"]
    assert "flagged_programs" in kinds_of_data(profile_named("p3ke-family"))[1]
    assert kinds_of_data(profile_named("population")) == ([], [])
    for name in profiles():
        general, specific = kinds_of_data(profile_named(name))
        assert not set(general) & set(specific)


def test_a_list_with_its_paper(tmp_path: Path) -> None:
    first, second, third = record(tmp_path)["sources"]
    assert first["file"] == "lists/a.csv"
    assert (first["agency"], first["kind"], first["number"]) == ("Dinsos", "PKS", "1/2025")
    assert (first["valid_until"], first["state"]) == ("2026-12-31", "valid")
    assert (second["agency"], second["state"]) == (None, "missing")
    assert (third["needs_paper"], third["state"]) == (False, "not-needed")
    late = record(tmp_path, day=date(2027, 1, 1))
    assert late["papers"] == {"lists/a.csv": "expired", "lists/pkh.xlsx": "missing"}


def test_who_may_see_comes_from_the_table_of_roles(tmp_path: Path) -> None:
    sees = {entry["role"].split(" ")[0]: entry["sees"] for entry in record(tmp_path)["who_may_see"]}
    assert set(sees) == {role.value for role in ROLES}
    nobody = {role for role, what in sees.items() if what == "tidak melihat orang"}
    assert nobody == {"public", "viewer", "secretary", "approver", "auditor", "admin"}
    assert "NIK" in sees["officer"]


def test_how_long_persons_are_kept_is_what_purge_holds_to(tmp_path: Path) -> None:
    text = LISTS + "[retention]\nexact_days = 77\n"
    assert "77 hari" in papers(tmp_path, text=text).stdout
    assert "{" not in record_text(record(tmp_path))


def test_every_limit_of_retention_is_told() -> None:
    told = " ".join(WORDS["id"]["retention"])
    for name in Retention.model_fields:
        assert f"{{{name}}}" in told, name


@pytest.mark.parametrize(("exact", "sources"), [(5, 30), (30, 5)])
def test_copies_of_lists_are_told_with_the_shorter_limit(
    tmp_path: Path, exact: int, sources: int
) -> None:
    text = f"{LISTS}[retention]\nexact_days = {exact}\nsources_days = {sources}\n"
    assert "salinan daftar yang pernah dibaca: 5 hari" in papers(tmp_path, text=text).stdout


def test_every_table_of_the_database_is_in_the_record(tmp_path: Path) -> None:
    """A table that keeps something of people, and that no record knows, is against the law."""
    assert list(record(tmp_path)["kept"]) == list(METADATA.tables)
    assert "visit_outcomes: keluarga yang dikunjungi" in record_text(record(tmp_path))


def test_whatever_names_people_is_told_of_each_role(tmp_path: Path) -> None:
    """A new verb must be one that tells of a person, with words, or be named here."""
    told = set(WORDS["id"]["verbs"])
    silent = {
        Verb.PUBLIC_MAP, Verb.MEETING_MAP, Verb.EDIT_MEETING, Verb.EXACT_COUNTS, Verb.UPLOAD,
        Verb.START_RUN, Verb.APPROVE, Verb.RECORD_VISITS, Verb.READ_AUDIT, Verb.MANAGE_USERS,
    }  # fmt: skip
    assert told == {verb.value for verb in set(Verb) - silent}
    sees = {entry["role"].split(" ")[0]: entry["sees"] for entry in record(tmp_path)["who_may_see"]}
    for verb in set(Verb) - silent:
        for role, rule in ROLES.items():
            assert (WORDS["id"]["verbs"][verb.value] in sees[role.value]) == (verb in rule.verbs)


def test_what_leaves_is_told(tmp_path: Path) -> None:
    """The commands and files by which persons leave the machine."""
    told = " ".join(record(tmp_path)["leaves"])
    commands = ("export civil-registry", "export proposals", "review export")
    for what in (*commands, "ODK", "Kobo", "XLSX", "CSV"):
        assert what in told


def test_numbers_that_a_run_keeps_are_told(tmp_path: Path) -> None:
    assert "reveal_numbers" not in record_text(record(tmp_path))
    kept = f"{LISTS}\n[access]\nreveal_numbers = true\n"
    languages: tuple[Language, ...] = ("id", "en")
    for language in languages:
        told = record(tmp_path, language=language, text=kept)
        assert "reveal_numbers" in record_text(told, language)


def test_both_languages_say_the_same_things(tmp_path: Path) -> None:
    for table in (PEOPLE, SPECIFIC, KEPT, WORDS):
        assert set(table["id"]) == set(table["en"])
    for part in ("states", "verbs"):
        assert set(WORDS["id"][part]) == set(WORDS["en"][part])
    for part in ("open", "retention", "security", "leaves"):
        assert len(WORDS["id"][part]) == len(WORDS["en"][part])
    lines = [
        record_text(record(tmp_path, language=language), language).splitlines()
        for language in ("id", "en")
    ]
    assert len(lines[0]) == len(lines[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ["Catatan pemrosesan", "- Dasar hukum: PKS 1/2025", "BELUM ADA", "Masa simpan"]),
        (("--lang", "en"), ["Record of processing", "- Paper: PKS 1/2025", "MISSING", "Retention"]),
    ],
)
def test_the_command(tmp_path: Path, words: tuple[str, ...], said: list[str]) -> None:
    result = papers(tmp_path, *words)
    assert result.exit_code == 1
    assert [text for text in said if text not in result.stdout] == []
    assert "lists/pkh.xlsx: " in result.stderr
    assert "[W-PAPER-MISSING]" in result.stderr


def test_json(tmp_path: Path) -> None:
    result = papers(tmp_path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["papers"]["lists/pkh.xlsx"] == "missing"
    far = LEAST.replace("[coverage]", BASIS.replace("2026", "2999") + "[coverage]")
    whole = papers(tmp_path, "--json", text=far)
    assert (whole.exit_code, whole.stderr) == (0, "")
    assert set(json.loads(whole.stdout)["papers"].values()) == {"valid"}
