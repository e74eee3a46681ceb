"""Files that came back: told apart by what is in them, whole or refused, every row somewhere."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.errors import DataRefusedError
from geo_target.fieldwork import kobo_json, return_tables, return_walls, returns
from geo_target.fieldwork.kobo_csv import write_kobo_csv
from geo_target.fieldwork.kobo_json import write_kobo_json
from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.return_sheets import write_return_sheet
from geo_target.fieldwork.returns import Returns, read_returns
from tests.builders import nik
from tests.fieldwork.answers import NOW, found

THREE = [found(submission_id=name, note=note)
         for name, note in (("a", "satu"), ("b", "dua\nbaris"), ("c", "tiga"))]  # fmt: skip


def read(content: bytes, name: str = "berkas") -> Returns:
    return read_returns(content, name=name, received_at=NOW)


def refusal(content: bytes) -> str:
    with pytest.raises(DataRefusedError) as caught:
        read(content)
    (fault,) = caught.value.faults
    assert fault.file == "berkas"
    return fault.code


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


# ------------------------------------------------------------------------------------ headers


def test_the_header_that_odk_central_writes() -> None:
    header = write_odk_csv([]).decode().strip().split(",")
    assert header[:8] == ["SubmissionDate", "start", "end", "username", "deviceid",
                          "visit-chosen_visit", "visit-visit_code", "visit-visited_on"]  # fmt: skip
    at = header.index("place-point-Latitude")
    assert header[at : at + 4] == [f"place-point-{part}" for part in
                                   ("Latitude", "Longitude", "Altitude", "Accuracy")]  # fmt: skip
    assert header[-10:] == ["KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent",
                            "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits",
                            "FormVersion"]  # fmt: skip


def test_the_header_that_kobo_writes() -> None:
    text = write_kobo_csv([]).decode()
    assert text.endswith('"\r\n')
    header = [cell.strip('"') for cell in text.strip().split(";")]
    # formpack leaves the group out over a point, not over its parts.
    at = header.index("point")
    assert header[at : at + 5] == ["point", *(f"place/_point_{part}" for part in
                                   ("latitude", "longitude", "altitude", "precision"))]  # fmt: skip
    at = header.index("aid/programs")
    assert header[at + 1 : at + 3] == ["aid/programs/none", "aid/programs/PKH"]
    assert header[-11:] == ["_id", "_uuid", "_submission_time", "_validation_status", "_notes",
                            "_status", "_submitted_by", "__version__", "_tags", "meta/rootUuid",
                            "_index"]  # fmt: skip


def odk(rows: str, header: str = "SubmissionDate,visit-visit_code,result-outcome,KEY") -> Returns:
    return read(f"{header}\n{rows}".encode())


def test_odk_without_groups_and_with_split_choices() -> None:
    header = "SubmissionDate,visit_code,outcome,programs,programs/PKH,point-Latitude,"
    header += "point-Longitude,point-Altitude,point-Accuracy,KEY,Status,ReviewState"
    (one,) = odk(
        "2026-11-23T10:00:00.000Z,A1,died,PKH,1,-6.1,106.1,0,9,uuid:x,,\n", header
    ).outcomes
    assert (one.submission_id, one.outcome, one.programs) == ("uuid:x", "died", ("PKH",))
    assert (one.lon, one.lat, one.accuracy_m) == (106.1, -6.1, 9.0)


def test_kobo_with_labels_and_tags() -> None:
    header = '"Kode kunjungan";"Hasil kunjungan";"_Titik rumah_latitude";"_Titik rumah_longitude";'
    header += '"_uuid";"_submission_time"'
    rows = '"#x";"#y";"";"";"";""\r\n"A1";"Rumah kosong";"-6.1";"106.1";"x";"2026-11-23T01:00:00"'
    back = read(f"{header}\r\n{rows}\r\n".encode())
    (one,) = back.outcomes
    assert (one.visit_code, one.outcome, one.lon, one.submission_id) == (
        "A1", "empty_house", 106.1, "x"
    )  # fmt: skip


def test_the_id_of_kobo_stays_when_an_answer_is_edited() -> None:
    page = json.loads(write_kobo_json([THREE[0]]))
    edited = page["results"][0] | {"_uuid": "another", "result/outcome": "died"}
    (one,) = read(json.dumps([edited]).encode()).outcomes
    assert (one.submission_id, one.outcome) == ("a", "died")
    del edited["meta/rootUuid"]
    assert read(json.dumps([edited]).encode()).outcomes[0].submission_id == "another"


def test_a_point_that_kobo_only_tells_beside_the_answers() -> None:
    page = json.loads(write_kobo_json([THREE[0]]))
    del page["results"][0]["place/point"]
    (one,) = read(json.dumps(page).encode()).outcomes
    assert (one.lon, one.lat, one.accuracy_m) == (106.15, -6.12, None)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("rejected", "E-OUTCOME-STATUS"),
        ("hasIssues", None),
        ("", None),
    ],
)
def test_what_a_reviewer_of_odk_has_rejected_is_held_back(cells: str, code: str | None) -> None:
    header = "SubmissionDate,visit-visit_code,result-outcome,KEY,ReviewState"
    back = odk(f"2026-11-23T10:00:00Z,A1,died,x,{cells}\n", header)
    assert [fault.code for fault in back.faults] == ([code] if code else [])


def test_what_a_reviewer_of_kobo_has_not_let_pass_is_held_back() -> None:
    page = json.loads(write_kobo_json(THREE))
    page["results"][1]["_validation_status"] = {"uid": "validation_status_not_approved"}
    page["results"][2]["_validation_status"] = {"uid": "validation_status_on_hold"}
    back = read(json.dumps(page).encode())
    assert [one.submission_id for one in back.outcomes] == ["a", "c"]
    assert [(fault.code, fault.row) for fault in back.faults] == [("E-OUTCOME-STATUS", 2)]


def test_a_page_of_kobo_says_that_there_are_more() -> None:
    page = json.loads(write_kobo_json(THREE)) | {"next": "lain"}
    back = read(json.dumps(page).encode())
    assert [fault.code for fault in back.faults] == ["W-RETURN-PAGES"]
    assert len(back.outcomes) == 3


# --------------------------------------------------------------------------------------- rows


def test_every_row_is_somewhere_and_says_which_line_it_is() -> None:
    back = odk(
        "2026-11-23T10:00:00Z,A1,died,x\n"
        '2026-11-23T10:00:00Z,A2,"entah\nbaris lain",y\n'
        "\n"
        "2026-11-23T10:00:00Z,A3,moved\n"
        "2026-11-23T10:00:00Z,,moved,z\n"
        "2026-11-23T10:00:00Z,A5,refused,w\n"
    )
    assert [(fault.code, fault.row) for fault in back.faults] == [
        ("E-OUTCOME-CODE", 3), ("E-OUTCOME-VISIT", 7), ("E-RETURN-RAGGED", 6),
    ]  # fmt: skip
    assert [place.row for place in back.places] == [2, 8]
    assert back.rows == len(back.outcomes) + back.refused == 5


def test_nothing_new_is_no_fault() -> None:
    back = read(write_odk_csv([]))
    assert (back.kind, back.rows, back.outcomes, back.faults) == ("odk-csv", 0, [], [])
    assert read(write_kobo_json([])).rows == 0


def test_a_file_and_its_bytes_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "apa saja.xlsx"  # the name says nothing
    file.write_bytes(write_odk_csv(THREE))
    found_there = read_returns(file, name="berkas", received_at=NOW)
    assert found_there == read(write_odk_csv(THREE))
    assert found_there.kind == "odk-csv"


def test_the_zip_of_central_holds_repeats_and_photos_too() -> None:
    repeats = b"nama,PARENT_KEY,KEY\nSITI,a,a/anggota[1]\n"
    content = zipped({"media/foto.jpg": b"\xff\xd8", "kunjungan-anggota.csv": repeats,
                      "kunjungan.csv": write_odk_csv(THREE)})  # fmt: skip
    back = read(content)
    assert [one.submission_id for one in back.outcomes] == ["a", "b", "c"]
    assert back.places[0].sheet == "kunjungan.csv"


# ------------------------------------------------------------------------------ half, and bombs

WRITERS = {"odk": write_odk_csv, "kobo": write_kobo_csv, "json": write_kobo_json,
           "sheet": write_return_sheet}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
def test_half_a_file_is_refused_as_a_whole(kind: str) -> None:
    """Wherever it was cut; what was cut between two rows nobody can tell."""
    content = WRITERS[kind](THREE)
    ends = (
        {at + 1 for at, sign in enumerate(content) if sign == 10}
        if kind in {"odk", "kobo"}
        else set()
    )
    whole = {at for at in ends if content[:at].count(b'"') % 2 == 0}
    step = 7 if kind == "sheet" else 1
    for at in range(1, len(content) - 1, step):
        if at not in whole:
            assert refusal(content[:at]) in {"E-RETURN-CUT", "E-RETURN-KIND", "E-WORKBOOK",
                                             "E-EMPTY", "E-RETURN-TEXT"}, at  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E-EMPTY"),
        (b" \r\n\xef", "E-RETURN-TEXT"),
        (b"  \n\n ", "E-EMPTY"),
        ("nik;nama\n1;José\n".encode("cp1252"), "E-RETURN-TEXT"),
        (b"nik;nama\n1;A\n", "E-RETURN-KIND"),
        (b"%PDF-1.7\n", "E-RETURN-KIND"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "E-LOCKED"),
        (b"{}", "E-RETURN-KIND"),
        (b'{"results": [1]}', "E-RETURN-KIND"),
        (b'[{"nama": "A"}]', "E-RETURN-KIND"),
        (b'[{"_uuid": NaN}]', "E-RETURN-CUT"),
        (b"[" * 200_000, "E-RETURN-CUT"),
        (zipped({"a.txt": b"a"}), "E-RETURN-KIND"),
        (zipped({"a.csv": b"nik;nama\n1;A\n"}), "E-RETURN-KIND"),
        (b"PK\x03\x04" + b"\0" * 200, "E-WORKBOOK"),
    ],
)
def test_what_is_none_of_these_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_file_that_is_too_large_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns, "LARGEST", 100)
    file = tmp_path / "besar.csv"
    file.write_bytes(b"a" * 101)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(DataRefusedError, match="E-SIZE"):
        read_returns(file, name="berkas", received_at=NOW)
    assert refusal(b"a" * 101) == "E-SIZE"


def sheet_parts(**changed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(write_return_sheet(THREE))) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    return parts | changed


def test_bombs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_walls, "_LARGEST_UNPACKED", 1_000_000)
    monkeypatch.setattr(return_walls, "_LARGEST_TEXTS", 1_000_000)
    assert refusal(zipped({"a.csv": b"0" * 1_000_001})) == "E-SIZE"
    lying = bytearray(zipped({"a.csv": b"0" * 1_000_001}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = lying.index(mark) + at
        lying[start : start + 4] = (10).to_bytes(4, "little")
    assert refusal(bytes(lying)) == "E-SIZE"
    name = "xl/worksheets/sheet1.xml"
    far = sheet_parts()[name].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert refusal(zipped(sheet_parts() | {name: far})) == "E-SIZE"
    strings = "xl/sharedStrings.xml"
    long = sheet_parts()[strings].replace(b"satu", b"s" * 900_000)
    assert refusal(zipped(sheet_parts() | {strings: long})) == "E-SIZE"
    assert refusal(zipped({f"{n}.csv": b"" for n in range(1_001)})) == "E-SIZE"
    elsewhere = {"xl/any.bin": b"0" * 1_000_001}  # a workbook may name any part its sheet
    assert refusal(zipped(sheet_parts() | elsewhere)) == "E-SIZE"
    wide = sheet_parts()[name].decode().encode("utf-16")
    assert refusal(zipped(sheet_parts() | {name: wide})) == "E-WORKBOOK"


@pytest.mark.parametrize(
    "content",
    [
        b"SubmissionDate,KEY\n" + b"," * 1_001 + b"\n",
        b"SubmissionDate,KEY\n" + b"\n" * 1_001,
        b"[" + b"[]," * 1_001 + b"[]]",
        b"[" + b"1," * 1_001 + b"1]",
    ],
)
def test_files_of_very_many_pieces_are_not_taken_apart(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell or list takes twenty times the memory of its sign."""
    monkeypatch.setattr(return_tables, "_MOST_CELLS", 1_000)
    monkeypatch.setattr(kobo_json, "_MOST_OBJECTS", 1_000)
    monkeypatch.setattr(kobo_json, "_MOST_VALUES", 1_000)
    assert refusal(content) == "E-SIZE"


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(zipped({"a.csv": b"a"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    assert refusal(bytes(content)) == "E-LOCKED"


# --------------------------------------------------------------------------------------- fuzz

WHOLE = {kind: write(THREE) for kind, write in WRITERS.items()}


def survives(content: bytes) -> None:
    """It is read or refused, and no number of a person is in a message."""
    try:
        faults: Any = read(content).faults
    except DataRefusedError as error:
        faults = error.faults
    assert not any(nik(1) in fault.text("id") + fault.text("en") for fault in faults)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300), start=st.sampled_from(
    [b"", b"PK\x03\x04", b"{", b"[", b"SubmissionDate,KEY\n", b'"_uuid";"_submission_time"\r\n'])
)  # fmt: skip
def test_random_bytes_never_crash_a_reader(content: bytes, start: bytes) -> None:
    survives(start + content)


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(list(WHOLE)), data=st.data())
def test_spoiled_files_never_crash_a_reader(kind: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    survives(bytes(content))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_spoiled_parts_of_a_sheet_never_crash_a_reader(data: st.DataObject) -> None:
    """Inside of a zip that is whole, where its checksum guards nothing."""
    parts = sheet_parts()
    name = data.draw(st.sampled_from(["xl/workbook.xml", "xl/sharedStrings.xml",
                                      "xl/worksheets/sheet1.xml", "xl/styles.xml"]))  # fmt: skip
    part = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    survives(zipped(parts | {name: bytes(part)}))


def test_json_of_any_shape_is_read_or_refused() -> None:
    for value in (None, 1, True, [], {}, "\u0000", [[1]], {"a": 1}, 10**30, 1e300):
        page = json.loads(write_kobo_json([THREE[0]]))
        one = page["results"][0]
        for key in one:
            survives(json.dumps([one | {key: value}]).encode())


def test_places_are_those_of_the_rows() -> None:
    back = read(write_kobo_csv(THREE))
    assert [place.row for place in back.places] == [2, 3, 5]  # the second one has two lines
    assert back.outcomes[1] == replace(THREE[1], note="dua baris", source="kobo")
