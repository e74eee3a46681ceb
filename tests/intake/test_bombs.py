"""Entry 31 of the catalogue: bombs are refused in 2 s and 300 MB, in a process of their own."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from geo_target.errors import DataRefusedError
from geo_target.intake.readers import read_grid

#: Windows has no such measure; there only the codes are looked at.
MEASURED = """
import json, sys, time
from pathlib import Path
from geo_target.errors import DataRefusedError
from geo_target.errors import DataRefusedError
from geo_target.intake.readers import read_grid
import geo_target.intake.workbooks, geo_target.intake.text_files
begun = time.process_time()  # of its own: others may use the machine
try:
    list(read_grid(Path(sys.argv[1])).pieces(1, 3))
    code = None
except DataRefusedError as error:
    code = error.faults[0].code
seconds = time.process_time() - begun
# Not ru_maxrss: that still holds what the parent had when it began this process.
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
print(json.dumps([code, seconds, peak]))
"""

BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
MANIFEST = "<x>application/vnd.oasis.opendocument.spreadsheet</x>"


def packed(path: Path, parts: dict[str, Callable[[], list[bytes]] | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened:
        for name, content in parts.items():
            with opened.open(name, "w", force_zip64=True) as part:
                chunks = [content.encode()] if isinstance(content, str) else content()
                for chunk in chunks:
                    part.write(chunk)
    return path


def much(chunk: bytes, megabytes: int) -> Callable[[], list[bytes]]:
    block = chunk * (1_000_000 // len(chunk))
    return lambda: [block] * megabytes


def zeros_of_a_sheet(path: Path) -> Path:
    return packed(path, {"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": much(b" ", 2_000)})


def padding_beside_a_sheet(path: Path) -> Path:
    return packed(path, {"xl/workbook.xml": BOOK, "pad.bin": much(b"\0", 500)})


def texts_without_end(path: Path) -> Path:
    """Not packed at all, so no ratio tells it."""
    made = packed(path, {"xl/workbook.xml": BOOK})
    with zipfile.ZipFile(made, "a", zipfile.ZIP_STORED) as opened, opened.open(
        "xl/sharedStrings.xml", "w", force_zip64=True
    ) as part:  # fmt: skip
        for chunk in much(b"<si/>", 110)():
            part.write(chunk)
    return made


def a_cell_far_away(path: Path) -> Path:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'
    sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    return packed(path, {"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": sheet})


def sheet_of(*rows: str) -> Callable[[Path], Path]:
    sheet = f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"
    return lambda path: packed(path, {"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": sheet})


FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="300000"><c r="XFD300000"><v>1</v></c></row>'
#: A cell far away as XML allows it to be written; a reader takes gigabytes for each.
FAR_AWAY = {
    "before-the-others": sheet_of(FIRST, FAR, FIRST),
    "in-other-quotes": sheet_of(FIRST, FAR.replace('"', "'")),
    "on-another-line": sheet_of(FIRST, FAR.replace(" r", "\nr")),
    "with-blanks": sheet_of(FIRST, FAR.replace("=", "  =" + " " * 3000)),
    "in-small-letters": sheet_of(FIRST, FAR.lower()),
    "after-others-attributes": sheet_of(FIRST, FAR.replace("<c r", '<c t="n" r')),
    "row-and-column-apart": sheet_of(FAR.replace("XFD300000", "A300000"), " " * 1_100_000,
                                     FAR.replace("XFD300000", "XFD2")),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAR_AWAY)
def test_031_a_cell_far_away_is_seen_however_it_is_written(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DataRefusedError, match="E-SIZE"):
        read_grid(FAR_AWAY[kind](tmp_path / "a.xlsx"))


def a_binary_cell_far_away(path: Path) -> Path:
    def record(kind: int, *numbers: int) -> bytes:
        body = b"".join(number.to_bytes(4, "little") for number in numbers)
        return bytes([kind, len(body)]) + body

    sheet = record(0, 0) + record(1, 0, 0) + record(0, 1_048_575) + record(1, 16_383, 0)
    parts: dict[str, Callable[[], list[bytes]] | str] = {
        "xl/workbook.bin": "", "xl/worksheets/sheet1.bin": lambda: [sheet]}  # fmt: skip
    return packed(path, parts)


def a_storm_of_empty_records(path: Path) -> Path:
    """Beside something that does not pack, so that no ratio tells it."""
    return packed(path, {"xl/workbook.bin": "", "pad.bin": lambda: [os.urandom(300_000)],
                         "xl/worksheets/sheet1.bin": much(b"\1\0", 15)})  # fmt: skip


def a_binary_sheet_that_packs_too_well(path: Path) -> Path:
    cell = b"\2\14" + bytes(12)
    return packed(path, {"xl/workbook.bin": "", "pad.bin": lambda: [os.urandom(2_000_000)],
                         "xl/worksheets/sheet1.bin": much(cell, 80)})  # fmt: skip


def cells_without_end(path: Path) -> Path:
    """They name neither row nor column, and a picture keeps the whole from packing well."""
    sheet = much(b"<row>" + b"<c/>" * 100 + b"</row>", 120)
    return packed(path, {"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": sheet,
                         "xl/media/a.png": lambda: [os.urandom(3_000_000)]})  # fmt: skip


def a_million_entries(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for number in range(70_000):
            opened.writestr(zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml"), b"")
    return path


def a_filled_row_repeated(path: Path) -> Path:
    content = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p>'
    )
    return packed(path, {"META-INF/manifest.xml": MANIFEST, "content.xml": content})


def rows_repeated_a_little_each(path: Path) -> Path:
    """Spaces, and quotes of the other kind, as XML allows them."""
    row = (
        "<table:table-row table:number-rows-repeated = '90000'><table:table-cell "
        "office:value-type='string'><text:p>x</text:p></table:table-cell></table:table-row>"
    )
    return packed(path, {"META-INF/manifest.xml": MANIFEST, "content.xml": row * 3000})


def a_cell_far_away_of_an_open_document(path: Path) -> Path:
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    rows = (
        f'<table:table-row>{cell}</table:table-row><table:table-row table:style-name=">" '
        f'table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
        f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{cell}'
    )
    return packed(path, {"META-INF/manifest.xml": MANIFEST, "content.xml": rows})


def a_row_repeated_behind_many_blanks(path: Path) -> Path:
    row = f"<table:table-row {' ' * 2_000_000} table:number-rows-repeated='1000000'>"
    cell = "<table:table-cell office:value-type='string'><text:p>x</text:p></table:table-cell>"
    return packed(path, {"META-INF/manifest.xml": MANIFEST, "content.xml": row + cell,
                         "pad.bin": lambda: [os.urandom(100_000)]})  # fmt: skip


def a_size_that_lies(path: Path) -> Path:
    made = zeros_of_a_sheet(path)
    content = bytearray(made.read_bytes())
    size = (2_000_000_000).to_bytes(4, "little")
    while (at := content.rfind(size)) >= 0:
        content[at : at + 4] = (1000).to_bytes(4, "little")
    made.write_bytes(content)
    return made


def rows_of_one_value(path: Path) -> Path:
    pq.write_table(pa.table({"nik": pa.nulls(100_000_001, pa.string())}), path)
    return path


def one_long_page(path: Path) -> Path:
    pq.write_table(pa.table({"nik": ["1" * 1_000_000] * 400}), path, compression="zstd",
                   use_dictionary=False)  # fmt: skip
    return path


def long_lists_in_cells(path: Path) -> Path:
    pq.write_table(pa.table({"nik": pa.array([[1] * 1000] * 10_000)}), path)
    return path


def a_long_text_in_every_row(path: Path) -> Path:
    """A dictionary holds it once."""
    text = pa.DictionaryArray.from_arrays(pa.nulls(200_000, "int32").fill_null(0), ["x" * 2**20])
    pq.write_table(pa.table({"nik": text}), path, compression="zstd", store_schema=False)
    return path


@pytest.mark.parametrize(
    "make",
    [zeros_of_a_sheet, padding_beside_a_sheet, texts_without_end, a_cell_far_away,
     a_binary_cell_far_away, a_storm_of_empty_records, a_binary_sheet_that_packs_too_well,
     cells_without_end, a_million_entries, a_filled_row_repeated, rows_repeated_a_little_each,
     a_cell_far_away_of_an_open_document, a_row_repeated_behind_many_blanks, a_size_that_lies,
     rows_of_one_value, one_long_page, long_lists_in_cells, a_long_text_in_every_row],
)  # fmt: skip
def test_031_a_bomb_is_refused_quickly_and_with_little_memory(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    file = make(tmp_path / "a.xlsx")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, check=True
    )
    code, seconds, peak = json.loads(done.stdout)
    assert code == "E-SIZE"
    assert seconds < 2
    assert peak < 300


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<table><tr><td>nik" + b"<!" * 200_000, "E-CUT"),
        (b"<table><td " + b"a " * 400_000, "E-SIZE"),
        (b"<table>" + b"<!--" * 300_000, "E-SIZE"),
        (b"<table><script>" + b"</scrip" * 50_000, "E-CUT"),
        (b"<table><tr><td>" + b"&" * 1_000_000, "E-SIZE"),
        (b"<table>" + b"</" * 500_000, "E-SIZE"),
    ],
    ids=["declarations", "a-tag", "comments", "a-script", "ampersands", "ends"],
)  # fmt: skip
def test_031_a_page_of_tags_that_never_close_is_refused_quickly(
    tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    begun = time.process_time()
    with pytest.raises(DataRefusedError, match=code):
        read_grid(tmp_path / "a.xls")
    assert time.process_time() - begun < 2


def test_031_a_list_that_is_no_bomb_is_read(tmp_path: Path) -> None:
    """Cells that are much alike pack well."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(20_000):
            sheet.write_row(row, 0, [1] * 10)
    (body,) = read_grid(tmp_path / "a.xlsx").pieces(1, 10)
    assert len(body.numbers) == 19_999


def test_031_a_long_note_in_a_parquet_file_is_read(tmp_path: Path) -> None:
    texts = pa.array(["x" * 5_000_000, *["y"] * 2_000])
    pq.write_table(pa.table({"alamat": texts}), tmp_path / "a.parquet")
    bodies = list(read_grid(tmp_path / "a.parquet").pieces(1, 1))
    assert sum(len(body.numbers) for body in bodies) == 2_001
    assert max(len(body.numbers) for body in bodies) < 20  # however many of them are so long
