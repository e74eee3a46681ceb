"""What is proposed of a file: a table of names and reports."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geo_target.deliveries.file_days import day_in_name
from geo_target.deliveries.proposals import keyed_sources, propose, proposed_on, source_key
from geo_target.deliveries.records import Answers, Delivered, State
from geo_target.settings import Settings, read_settings
from tests.deliveries.month import CONFIG, TODAY, office

PKH, SEMBAKO = "siks-recipients|PKH", "siks-recipients|SEMBAKO|Sheet1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(office(tmp_path))


def report(profile: str | None, sheet: str = "") -> dict[str, dict[str, str | None]]:
    return {language: {"profile": profile, "sheet": sheet} for language in ("id", "en")}


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("penerima 2026-11-15.xlsx", "2026-11-15"),
        ("penerima_2026-11.xlsx", "2026-11-01"),
        ("20261115_penerima.csv", "2026-11-15"),
        ("penerima 15-11-2026.csv", "2026-11-15"),
        ("penerima 15112026.csv", "2026-11-15"),
        ("15.11.2026 penerima.csv", "2026-11-15"),
        ("pkh nov 2026.csv", "2026-11-01"),
        ("PKH_NOPEMBER_2026.csv", "2026-11-01"),
        ("pkh 5 Agustus 2026.csv", "2026-08-05"),
        ("pkh-okt2026.csv", "2026-10-01"),
        ("pkh2026-11.csv", "2026-11-01"),
        ("2026 Mei pkh.csv", "2026-05-01"),
        ("pkh 202611.csv", "2026-11-01"),
        ("pkh 11-2026.csv", "2026-11-01"),
        ("pkh 2026-02-30.csv", "2026-02-01"),
        ("pkh 2026-13.csv", None),
        ("pkh 2026.csv", None),
        ("pkh tahap 4.csv", None),
        ("PKH Tahap 4 November 2026.xlsx", "2026-11-01"),
        ("pkh_tahap4_15_nov_2026.xlsx", "2026-11-15"),
        ("PKH TW 4-2026.xlsx", None),
        ("bpnt gel 2 2026-11.xlsx", "2026-11-01"),
        ("marga 2026.csv", None),
        ("kk 361120261.csv", None),
        ("2026-11", "2026-11-01"),
    ],
)
def test_a_day_in_a_name(name: str, day: str | None) -> None:
    assert day_in_name(name) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("name", "profile", "expected"),
    [
        # the only list of the layout, whatever it is called
        ("x.csv", "families", ("families", None, None, "kemendagri", "families")),
        # of several: the program in the name, else the likest name
        ("sembako nov.csv", "siks-recipients",
         ("siks-recipients", "SEMBAKO", None, None, SEMBAKO)),  # it has no such sheet
        ("Data PKH.csv", "siks-recipients", ("siks-recipients", "PKH", None, None, PKH)),
        ("penerima_pkh_des.csv", "siks-recipients", ("siks-recipients", "PKH", None, None, PKH)),
        # of several, where nothing tells: a guess would be a wrong map
        ("data sosial.csv", "siks-recipients", ("siks-recipients", None, None, None, None)),
        # a layout that nobody handed in before
        ("x.csv", "p3ke-family", ("p3ke-family", None, None, None, None)),
        # unread: a name so alike that it can only be that list
        ("penerima_sembako_nov_2025.csv", None, (None, "SEMBAKO", "Sheet1", None, SEMBAKO)),
        ("lain.csv", None, (None, None, None, None, None)),
    ],
)  # fmt: skip
def test_last_months_answers(
    settings: Settings, name: str, profile: str | None, expected: tuple[str | None, ...]
) -> None:
    answers = propose(name, report(profile), settings, TODAY)
    said = (answers.profile, answers.program, answers.sheet, answers.code_system, answers.replaces)
    assert said == expected


@pytest.mark.parametrize(
    ("name", "kept"),
    [  # after daftar_utara_okt.csv and selatan_okt.csv
        ("Utara gel 2.csv", "daftar_utara_okt.csv"),
        ("wilayah-SELATAN.csv", "selatan_okt.csv"),
        ("Daftar BLT.csv", None),  # any list may be called so
        ("barat.csv", None),
    ],
)
def test_a_word_that_only_one_list_has_tells_it(
    tmp_path: Path, name: str, kept: str | None
) -> None:
    config = CONFIG.replace("penerima_pkh_okt", "daftar_utara_okt")
    config = config.replace("penerima_sembako_okt", "selatan_okt")
    config = config.replace('program = "PKH"\n', "").replace('program = "SEMBAKO"\n', "")
    settings = read_settings(office(tmp_path, config.replace('sheet = "Sheet1"\n', "")))
    replaces = propose(name, report("siks-recipients"), settings, TODAY).replaces
    found = keyed_sources(settings)[replaces].file if replaces else None
    assert (found.name if found else None) == kept


def test_a_sheet_tells_lists_apart(settings: Settings) -> None:
    answers = propose("x.xlsx", report("siks-recipients", "Sheet1"), settings, TODAY)
    assert (answers.replaces, answers.sheet) == (SEMBAKO, "Sheet1")


def test_a_sheet_that_was_not_found_is_not_proposed_again(settings: Settings) -> None:
    refused = {"en": {"profile": None, "sheet": None, "reasons": {"E-SHEET": 1}}}
    answers = propose("penerima_sembako_nov.xlsx", refused, settings, TODAY)
    assert (answers.replaces, answers.sheet) == (SEMBAKO, None)


def test_a_list_that_another_file_replaces_comes_last(settings: Settings) -> None:
    name = "pkh dan sembako.csv"
    first = propose(name, report("siks-recipients"), settings, TODAY).replaces
    second = propose(name, report("siks-recipients"), settings, TODAY, taken=[first]).replaces
    assert {first, second} == {PKH, SEMBAKO}
    # The only one is proposed all the same: a person decides which of the two it is.
    assert propose("x", report("families"), settings, TODAY, taken=["families"]).replaces


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("pkh 2025-11-15.csv", "2025-11-15"),
        ("pkh.csv", "2025-12-03"),  # today
        ("pkh 2026-11.csv", "2025-12-03"),  # not after today
        ("pkh 2025-09.csv", "2025-10-05"),  # not before last month's
    ],
)
def test_the_day_of_a_list(settings: Settings, name: str, day: str) -> None:
    answers = propose(name, report("siks-recipients"), settings, TODAY)
    assert answers.as_of == date.fromisoformat(day)


def test_keys_are_one_each(tmp_path: Path) -> None:
    source = '[[source]]\nfile = "a.csv"\nprofile = "families"\nas_of = 2025-01-01\n'
    settings = read_settings(office(tmp_path, CONFIG + source * 2))
    keyed = keyed_sources(settings)
    assert list(keyed) == ["families", PKH, SEMBAKO, "families#2", "families#3"]
    assert list(keyed.values()) == list(settings.source)
    assert [source_key(s) for s in settings.source] == [
        "families", PKH, SEMBAKO, "families", "families"
    ]  # fmt: skip


def test_the_day_of_coverage_is_that_of_the_newest_enrollments(settings: Settings) -> None:
    def file(profile: str, as_of: str, state: State = State.READ) -> Delivered:
        return Delivered(
            id="0" * 12, name="x.csv", size=1, sha256="0" * 64, by="siti",
            at=datetime.now(UTC), state=state, confirmed=True, report=None, has_repair=False,
            answers=Answers(profile=profile, as_of=date.fromisoformat(as_of)), path=Path("x.csv"),
        )  # fmt: skip

    old = settings.coverage.on
    newer = file("siks-recipients", "2025-11-10")
    assert proposed_on(settings, []) == old
    assert proposed_on(settings, [file("families", "2025-12-01")]) == old
    assert proposed_on(settings, [file("siks-recipients", "2025-12-01", State.REFUSED)]) == old
    assert proposed_on(settings, [file("siks-recipients", "2025-01-01")]) == old
    by_headers = replace(
        newer, answers=replace(newer.answers, profile=None), report=report("siks-recipients")
    )
    for one in (newer, by_headers):
        assert proposed_on(settings, [one, file("families", "2025-12-01")]) == date(2025, 11, 10)
