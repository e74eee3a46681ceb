"""No bytes, whatever the name they come under, make a reader fall or hang."""

import io
import sqlite3
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_target.errors import DataRefusedError
from geo_target.intake.readers import read_grid
from tests.intake.test_geopackages import package

NAMES = [".csv", ".txt", ".xls", ".xlsx", ".xlsb", ".ods", ".parquet", ".gpkg", ".htm", ""]
PAGE = b"<html><table><tr><th>nik<th>nama</tr><tr><td>1<td>A</tr><tr><td>2<td>B</table></html>"
TEXT = b'nik;nama\n1;"A\nB"\n\n2;C\n'


def seeds() -> list[bytes]:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as opened:
        sheet = opened.add_worksheet()
        sheet.write_row(0, 0, ["nik", "nama"])
        sheet.write_formula(1, 0, "=A1")
        sheet.merge_range(1, 1, 3, 1, "A")
    table = io.BytesIO()
    pq.write_table(pa.table({"nik": ["1"], "nama": [None]}), table)
    with TemporaryDirectory() as folder:
        layer = package(Path(folder) / "a.gpkg").read_bytes()
    with zipfile.ZipFile(io.BytesIO(book.getvalue())) as opened_zip:
        plain = io.BytesIO()
        with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as stored:  # its XML can be spoiled
            for name in opened_zip.namelist():
                stored.writestr(name, opened_zip.read(name))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    return [TEXT, TEXT.decode().encode("utf-16"), PAGE, book.getvalue(), plain.getvalue(),
            table.getvalue(), layer, old]  # fmt: skip


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=9)), max_size=5)


def mangled(content: bytes, edits: list[tuple[float, int, bytes]], kept: float) -> bytes:
    for place, deleted, inserted in edits:
        at = int(place * len(content))
        content = content[:at] + inserted + content[at + deleted :]
    return content[: int(kept * len(content)) + 1]


@settings(max_examples=300, deadline=3000, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(seeds()), st.sampled_from(NAMES), EDITS,
    st.one_of(st.just(1.0), st.floats(0, 1)), st.one_of(st.none(), st.binary(max_size=200)),
)  # fmt: skip
def test_bytes_are_read_or_refused(
    seed: bytes, name: str, edits: list[tuple[float, int, bytes]], kept: float, raw: bytes | None
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"list{name}"
        file.write_bytes(mangled(seed, edits, kept) if raw is None else raw)
        try:
            read_whole(file)
        except DataRefusedError as error:
            said = [fault.text("en") for fault in error.faults]
        else:
            said = []
    assert not any(folder in text for text in said)


def read_whole(file: Path) -> None:
    grid = read_grid(file)
    for number, cells in grid.head[:2]:
        for body in grid.pieces(number, len(cells)):
            assert {len(column) for column in body.columns} <= {len(body.numbers)}


@pytest.mark.parametrize("name", NAMES)
def test_the_seeds_are_read_under_every_name(tmp_path: Path, name: str) -> None:
    for number, content in enumerate(seeds()[:-1]):
        file = tmp_path / f"list{number}{name}"
        file.write_bytes(content)
        assert read_grid(file).head, number


def test_a_package_that_is_spoiled_inside_is_refused(tmp_path: Path) -> None:
    file = package(tmp_path / "a.gpkg")
    with sqlite3.connect(file) as opened:
        opened.execute("drop table gpkg_contents")
    opened.close()
    with pytest.raises(DataRefusedError, match="E-TYPE"):
        read_grid(file)
