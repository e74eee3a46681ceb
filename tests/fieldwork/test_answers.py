"""How one answer is read: what counts, what is set aside, what is doubted."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from geo_target.fieldwork.answers import Answer, day_of, read_answer
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visit_codes import new_codes, printed
from tests.builders import kk, nik
from tests.fieldwork.answers import NOW

BASE = {"submission_id": "a", "visit_code": "4K7QW2ZN", "outcome": "found_eligible"}


def read(source: str = "keyboard", **raw: str) -> Answer:
    return read_answer(BASE | raw, source=source, received_at=NOW)


def taken(source: str = "keyboard", **raw: str) -> Outcome:
    outcome = read(source, **raw).outcome
    assert outcome is not None
    return outcome


def codes_of(answer: Answer) -> list[str]:
    return [fault.code for fault in answer.faults]


# ------------------------------------------------------------------------- what is no answer


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"submission_id": ""}, "E-OUTCOME-ID"),
        ({"outcome": ""}, "E-OUTCOME-CODE"),
        ({"outcome": "entah"}, "E-OUTCOME-CODE"),
        ({"outcome": "ditemukan"}, "E-OUTCOME-CODE"),
        ({"visit_code": ""}, "E-OUTCOME-VISIT"),
        ({"visit_code": " - "}, "E-OUTCOME-VISIT"),
        ({"outcome": "new_family"}, "E-OUTCOME-PROPOSAL"),
        ({"outcome": "new_family", "corrected_head_name": "SITI"}, "E-OUTCOME-PROPOSAL"),
        ({"outcome": "new_family", "corrected_head_name": "SITI",
          "corrected_village_code": "3673011001"}, "E-OUTCOME-PROPOSAL"),
        ({"status": "not decrypted"}, "E-OUTCOME-STATUS"),
    ],
)  # fmt: skip
def test_nothing_is_kept_of(raw: dict[str, str], code: str) -> None:
    answer = read(**raw)
    assert answer.outcome is None
    assert codes_of(answer) == [code]


def test_a_new_family_needs_no_visit() -> None:
    found = taken(
        outcome="Usulan baru", visit_code="", corrected_head_name="SITI",
        corrected_village_code="36.73.01.1001", corrected_rt="5",
    )  # fmt: skip
    assert (found.visit_code, found.outcome) == ("", "new_family")
    assert found.corrected == {
        "village_code": "36.73.01.1001", "head_name": "SITI", "rt": "005"
    }  # fmt: skip


def test_the_code_of_a_visit_is_read_as_it_is_printed_or_typed() -> None:
    (code,) = new_codes(1, taken=(), rng=Random(1))
    assert taken(visit_code=f" {printed(code).lower()} ").visit_code == code
    typed = code.replace("0", "o").replace("1", "l")
    assert taken(visit_code=typed).visit_code == code
    # One with a slip in it is somebody's answer all the same.
    assert taken(visit_code=" ab-12 ").visit_code == "AB12"


def test_a_visit_that_was_chosen_counts_where_its_code_was_not_computed() -> None:
    (code,) = new_codes(1, taken=(), rng=Random(1))
    assert taken(visit_code="", chosen_visit=code).visit_code == code
    entity = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert codes_of(read(visit_code="", chosen_visit=entity)) == ["E-OUTCOME-VISIT"]


def test_who_was_met_counts_with_what_was_judged() -> None:
    assert taken(outcome="1", verdict="tidak layak").outcome == "better_off"


# -------------------------------------------------------------------------- corrected values


def test_a_corrected_value_stands_beside_the_given_one() -> None:
    found = taken(
        given_head_name="SITI", corrected_head_name="SITI AMINAH",
        given_rt="005", corrected_rt="5",
        given_address="Jl. Raya 1", corrected_address=" jl. raya  1 ",
        given_rw="002", corrected_members="4",
    )  # fmt: skip
    # What says the same as the list is no correction; what was not corrected stays with the list.
    assert found.corrected == {"head_name": "SITI AMINAH", "members": "4"}
    assert found.given == {"head_name": "SITI"}


def test_numbers_of_the_list_are_masked_and_those_that_are_corrected_are_whole() -> None:
    found = taken(
        given_head_national_id=nik(1), corrected_head_national_id=nik(2),
        corrected_family_card_number=" ".join([kk(1)[:4], kk(1)[4:8], kk(1)[8:12], kk(1)[12:]]),
    )  # fmt: skip
    assert found.given == {"head_national_id": "••••••••••••0001"}
    assert found.corrected == {"head_national_id": nik(2), "family_card_number": kk(1)}


def test_a_mask_that_comes_back_is_no_correction() -> None:
    found = taken(corrected_head_national_id="••••••••••••0001")
    assert found.corrected == {}


@pytest.mark.parametrize(
    "said", [nik(1)[:15], nik(1) + "0", "3.673E+15", "1" * 16, nik(1)[:15] + "O", "sama"]
)
def test_a_number_that_is_none_is_refused_and_not_repeated(said: str) -> None:
    answer = read(corrected_head_national_id=said, corrected_rt="3")
    assert codes_of(answer) == ["E-OUTCOME-DIGITS"]
    assert answer.outcome is not None
    assert answer.outcome.corrected == {"rt": "003"}
    for text in (answer.faults[0].text("id"), answer.faults[0].text("en")):
        assert said[:8] not in text or len(said) <= 8
        assert "16 digit" in text


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("corrected_rt", "5", "005"),
        ("corrected_rt", "2026-02-05", None),
        ("corrected_rw", "0", None),
        ("corrected_rw", "1234", None),
        ("corrected_members", "04", "4"),
        ("corrected_members", "0", None),
        ("corrected_members", "45", None),
        ("corrected_members", "dua", None),
        ("corrected_village_code", "36.73.01.1001", "36.73.01.1001"),
        ("corrected_village_code", "3673011001", None),
    ],
)
def test_a_cell_is_what_its_column_asks_for(name: str, said: str, kept: str | None) -> None:
    answer = read(**{name: said})
    assert answer.outcome is not None
    assert answer.outcome.corrected.get(name.removeprefix("corrected_")) == kept
    assert codes_of(answer) == ([] if kept else ["E-OUTCOME-CELL"])


# ------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("said", "codes", "faults"),
    [
        ("", None, []),
        ("none", (), []),
        ("Tidak menerima apa pun", (), []),
        ("PKH SEMBAKO", ("PKH", "SEMBAKO"), []),
        ("pkh, BPNT; PKH", ("PKH", "SEMBAKO"), []),
        ("PKH/Bantuan Antah", ("PKH",), ["E-OUTCOME-CELL"]),
        ("none PKH", ("PKH",), ["E-OUTCOME-CELL"]),
        ("antah", None, ["E-OUTCOME-CELL"]),
    ],
)
def test_programs(said: str, codes: tuple[str, ...] | None, faults: list[str]) -> None:
    answer = read(programs=said)
    assert answer.outcome is not None
    assert answer.outcome.programs == codes
    assert codes_of(answer) == faults


def test_signs_and_houses() -> None:
    answer = read(
        sign_floor="Ya", sign_wall="tidak", sign_toilet="", sign_power="mungkin",
        house_floor="semen_bata_merah", house_roof="Seng", house_wall="kaca",
    )  # fmt: skip
    assert answer.outcome is not None
    assert answer.outcome.signs == {"floor": True, "wall": False}
    assert answer.outcome.housing == {"floor": "semen/bata merah", "roof": "seng"}
    assert codes_of(answer) == ["E-OUTCOME-CELL", "E-OUTCOME-CELL"]
    columns = {fault.column for fault in answer.faults}
    assert columns == {"Listrik 450 VA atau tanpa listrik", "Dinding terluas"}


# ------------------------------------------------------------------------------------ clocks

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


@pytest.mark.parametrize(
    ("device", "doubts"),
    [
        (NOW - 23 * HOUR, ()),
        (NOW + 23 * HOUR, ()),
        (NOW - 25 * HOUR, ("W-OUTCOME-CLOCK",)),
        (NOW + YEAR, ("W-OUTCOME-CLOCK",)),
        (datetime(1970, 1, 1, 7, 0, tzinfo=NOW.tzinfo), ("W-OUTCOME-CLOCK",)),
    ],
)
def test_the_servers_clock_decides_and_the_devices_is_kept(
    device: datetime, doubts: tuple[str, ...]
) -> None:
    found = taken(end=device.isoformat())
    assert found.device_at == device
    assert found.warnings == doubts
    assert day_of(found, NOW) == (NOW.date() if doubts else device.date())


def test_an_answer_that_was_sent_long_ago_is_compared_with_that_day() -> None:
    sent = NOW - 30 * timedelta(days=1)
    found = taken("odk", end=(sent - HOUR).isoformat(), submitted_at=sent.isoformat())
    assert found.warnings == ()
    # Kobo's server writes UTC and does not say so.
    naive = taken("kobo", submitted_at="2026-11-20T01:02:03")
    assert naive.submitted_at == datetime(2026, 11, 20, 1, 2, 3, tzinfo=NOW.tzinfo)


@pytest.mark.parametrize(
    ("said", "day", "doubts", "faults"),
    [
        ("2026-11-20", date(2026, 11, 20), (), []),
        ("20/11/2026", date(2026, 11, 20), (), []),
        ("1970-01-01", None, ("W-OUTCOME-CLOCK",), []),
        ("2027-11-20", None, ("W-OUTCOME-CLOCK",), []),
        ("20-11", None, (), ["E-OUTCOME-CELL"]),
        ("46000", None, (), ["E-OUTCOME-CELL"]),
        ("31/02/2026", None, (), ["E-OUTCOME-CELL"]),
    ],
)
def test_the_day_of_a_visit(
    said: str, day: date | None, doubts: tuple[str, ...], faults: list[str]
) -> None:
    answer = read(visited_on=said)
    assert answer.outcome is not None
    assert (answer.outcome.visited_on, answer.outcome.warnings) == (day, doubts)
    assert codes_of(answer) == faults
    assert day_of(answer.outcome, NOW) == (day or NOW.date())


# ------------------------------------------------------------------------------------ points


@pytest.mark.parametrize(
    ("raw", "point", "faults"),
    [
        ({"point": "-6.12 106.15 0 4.5"}, (106.15, -6.12, 4.5), []),
        ({"point": "-6.12 106.15"}, (106.15, -6.12, None), []),
        ({"lon": "106,15", "lat": "-6,12", "accuracy_m": "7"}, (106.15, -6.12, 7.0), []),
        ({}, (None, None, None), []),
        ({"lon": "106.15"}, (None, None, None), ["E-OUTCOME-POINT"]),
        ({"point": "0 0 0 0"}, (None, None, None), ["E-OUTCOME-POINT"]),
        ({"point": "nan inf"}, (None, None, None), ["E-OUTCOME-POINT"]),
        ({"lon": "622000", "lat": "9322000"}, (None, None, None), ["E-OUTCOME-POINT"]),
        ({"lon": "-6.12", "lat": "106.15"}, (None, None, None), ["E-OUTCOME-POINT"]),
    ],
)
def test_points(raw: dict[str, str], point: tuple[float | None, ...], faults: list[str]) -> None:
    answer = read(**raw)
    found = answer.outcome
    assert found is not None
    assert (found.lon, found.lat, found.accuracy_m) == point
    assert codes_of(answer) == faults


@pytest.mark.parametrize(
    ("source", "raw", "doubts"),
    [
        ("odk", {"accuracy_m": "100"}, ()),
        ("odk", {"accuracy_m": "101"}, ("W-OUTCOME-ACCURACY",)),
        ("odk", {"accuracy_m": "5000"}, ("W-OUTCOME-ACCURACY",)),
        # Collect writes 0 for a mocked location; a page that says 0 says nothing.
        ("odk", {"accuracy_m": "0"}, ("W-OUTCOME-MOCK",)),
        ("keyboard", {"accuracy_m": "0"}, ()),
        ("keyboard", {"is_mocked": "yes"}, ("W-OUTCOME-MOCK",)),
    ],
)
def test_points_that_are_doubted(source: str, raw: dict[str, str], doubts: tuple[str, ...]) -> None:
    assert taken(source, lon="106.15", lat="-6.12", **raw).warnings == doubts


@pytest.mark.parametrize(
    ("off", "accuracy", "doubts"),
    [
        (0.0, "5", ()),
        (154.0, "5", ()),
        (156.0, "5", ("W-OUTCOME-PLACE",)),
        (5_000.0, "", ("W-OUTCOME-PLACE",)),
        (None, "5", ()),
    ],
)
def test_a_point_is_compared_with_the_village_of_its_visit(
    off: float | None, accuracy: str, doubts: tuple[str, ...]
) -> None:
    asked = []

    def village_of(lon: float, lat: float, code: str) -> float | None:
        asked.append((lon, lat, code))
        return off

    answer = read_answer(
        BASE | {"lon": "106.15", "lat": "-6.12", "accuracy_m": accuracy},
        source="odk", received_at=NOW, village_of=village_of,
        villages={"4K7QW2ZN": "36.73.01.1001"},
    )  # fmt: skip
    assert answer.outcome is not None
    assert answer.outcome.warnings == doubts
    assert asked == [(106.15, -6.12, "36.73.01.1001")]


# ------------------------------------------------------------------------------------- texts


def test_numbers_of_persons_in_free_text_are_masked_at_once() -> None:
    spaced = " ".join([nik(3)[:6], nik(3)[6:12], nik(3)[12:]])
    found = taken(
        note=f"NIK tetangga {nik(3)}, ditulis juga {spaced}", respondent="anak", officer="sari",
        corrected_address=f"Jl. Raya, KK {kk(1)}", visit_code=nik(4), submission_id=nik(5),
    )  # fmt: skip
    assert found.warnings == ("W-OUTCOME-MASKED",)
    whole = repr(found)
    for number in (nik(3), spaced, kk(1), nik(4), nik(5)):
        assert number not in whole
    assert "0003" in (found.note or "")


def test_texts_are_one_line_without_signs_that_nobody_sees() -> None:
    found = taken(note="  a\x00b\n\tc \u202ed  ", respondent="'=1+1", officer="\u200b \n")
    assert (found.note, found.respondent) == ("a b c d", "=1+1")


def test_a_text_that_is_too_long_keeps_its_beginning() -> None:
    answer = read(note="a" * 5_000)
    assert answer.outcome is not None
    assert answer.outcome.note == "a" * 4_000
    assert codes_of(answer) == ["E-OUTCOME-LONG"]


def test_a_message_repeats_no_number_of_a_person() -> None:
    answer = read(corrected_rt=nik(1), corrected_rw=nik(2)[:15], sign_floor=nik(3))
    assert len(answer.faults) == 3
    text = "".join(fault.text("id") + fault.text("en") for fault in answer.faults)
    for number in (nik(1), nik(2)[:15], nik(3)):
        assert number[:12] not in text


def test_the_other_family_of_a_double_goes_by_its_code_however_it_is_written() -> None:
    (code,) = new_codes(1, taken=(), rng=Random(1))
    ways = (code, printed(code), printed(code).lower().replace("-", " "))
    assert {taken(outcome="duplicate", duplicate_of=way).duplicate_of for way in ways} == {code}
    assert taken(outcome="duplicate", duplicate_of="K-17").duplicate_of == "K-17"
