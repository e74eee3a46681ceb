"""A workbook whose XML asks for another file is refused, and that file is not read."""

from datetime import date
from io import BufferedReader
from pathlib import Path
from zipfile import ZipFile

import pytest
import python_calamine as calamine
import xlsxwriter

from geo_target.errors import DataRefusedError
from geo_target.intake.readers import read_grid
from geo_target.intake.report import check_file

DAY = date(2025, 10, 1)
ENTITIES = {
    "file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file://{secret}"> %p;]>',
    "laughs": '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY e "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
}


def workbook(folder: Path, entity: str) -> Path:
    """A list of families in which the name of one head is an entity."""
    plain, hostile = folder / "plain.xlsx", folder / "hostile.xlsx"
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["family_id", "village_code", "head_name"])
        sheet.write_row(1, 0, ["F1", "36.73.01.1001", "HEAD"])
    with ZipFile(plain) as source, ZipFile(hostile, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode("utf-8")
            if name == "xl/sharedStrings.xml":
                head, body = content.split("?>", 1)
                content = f"{head}?>{entity}{body.replace('HEAD', '&e;')}"
            target.writestr(name, content)
    return hostile


@pytest.mark.parametrize("kind", ENTITIES)
def test_an_entity_of_a_workbook_is_not_followed(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRETWORD")
    file = workbook(tmp_path, ENTITIES[kind].format(secret=secret))
    report = check_file(file, profile="families", as_of=DAY)
    assert report.refused
    assert "SECRETWORD" not in str(report.to_json("en"))
    assert "haha" not in str(report.to_json("en"))


class PanicException(BaseException):  # as the reader's own is called
    """What a spoiled old workbook makes the reader raise."""


@pytest.mark.parametrize("raised", [PanicException("range end index 124"), KeyboardInterrupt()])
def test_a_workbook_that_makes_its_reader_panic_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException
) -> None:
    """Found by spoiling a real XLS. Whoever ends the program is not told that a file is broken."""

    class Reader:
        @staticmethod
        def from_filelike(_content: BufferedReader) -> None:
            raise raised

    file = workbook(tmp_path, "")
    monkeypatch.setattr(calamine, "CalamineWorkbook", Reader)
    with pytest.raises(DataRefusedError if type(raised) is PanicException else KeyboardInterrupt):
        read_grid(file)


@pytest.mark.parametrize("cursor", ["A1", "XFD1", "XFD1048576"])
def test_a_place_that_is_no_cell_is_no_end_of_a_sheet(tmp_path: Path, cursor: str) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for number in range(4_000):
            sheet.write_row(number, 0, ["a", "b"])
        sheet.set_selection(cursor)
        sheet.data_validation(cursor, {"validate": "integer", "criteria": ">", "value": 1})
    assert read_grid(tmp_path / "a.xlsx").head[1] == (2, ["a", "b"])
