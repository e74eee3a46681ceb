import csv
import io
import tracemalloc
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_target.errors import DataRefusedError, GeoTargetError
from geo_target.intake import text_blocks, text_files, text_rows
from geo_target.intake.lists import read_list
from geo_target.intake.readers import Body
from geo_target.workbench import Workbench

WIDTH = 3
HEADER = "a;b;c\n"

#: Cells as files hold them, written out: plain, blank, quoted, with a line break inside.
CELLS = st.sampled_from(
    ["x", "12", "", " ", '""', '"x"', '"x;y"', '"say ""A"""', '"two\nlines"', '"old\rMac"',
     'say "A"', "é", "0"]
)  # fmt: skip
ROWS = st.one_of(
    st.lists(CELLS, min_size=WIDTH, max_size=WIDTH),
    st.lists(CELLS, min_size=1, max_size=5),
    st.sampled_from([[], ["", "", ""], ["", ""], ['""', '""'], [" ", "", " "]]),
)
FILES = st.builds(
    lambda rows, end, closed: end.join(";".join(row) for row in rows) + (end if closed else ""),
    st.lists(ROWS, min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)


def rows_of(body: Body) -> list[tuple[object, ...]]:
    columns = [c.to_pylist() if hasattr(c, "to_pylist") else list(c) for c in body.columns]
    return list(zip(body.numbers.tolist(), *columns, strict=True))


def books_of(body: Body) -> tuple[object, ...]:
    return rows_of(body), body.blank, list(body.ragged)


@settings(max_examples=400, deadline=None)
@given(FILES, st.sampled_from([1 << 24, 64, 32]))
def test_the_fast_reader_agrees_with_the_slow_one(text: str, block: int) -> None:
    content = (HEADER + text).encode()
    if not text_blocks._closes_in_line(content):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_rows, "_ARROW_BYTES", block)
        found = text_rows._fast_body(content, ";", 1, WIDTH)
    if found is None:
        return
    fast, lines = found
    slow, slow_lines = text_rows._slow_body(Path("a.csv"), content, ";", 1, WIDTH)
    assert (books_of(fast), lines) == (books_of(slow), slow_lines)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(FILES, st.integers(1, 60), st.integers(1, 60))
def test_a_file_in_blocks_is_the_whole_file(
    tmp_path: Path, text: str, block: int, look: int
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes((HEADER + text).encode())
    with pytest.MonkeyPatch.context() as patch:
        whole = pieces_of(file)
        patch.setattr(text_blocks, "BLOCK_BYTES", block)
        patch.setattr(text_blocks, "_LOOK_BYTES", look)
        assert pieces_of(file) == whole


def pieces_of(file: Path) -> tuple[object, ...] | str:
    """Rows, blank and ragged lines of a file, or the code of its refusal."""
    try:
        bodies = list(text_rows.text_pieces(text_blocks.open_text(file), ";", 1, WIDTH))
    except DataRefusedError as error:
        return error.faults[0].code
    rows = [row for body in bodies for row in rows_of(body)]
    return rows, sum(body.blank for body in bodies), [n for body in bodies for n in body.ragged]


@given(FILES)
def test_every_line_has_the_number_that_an_editor_shows(text: str) -> None:
    found = list(text_rows.lines_of(text, ";"))
    lines = io.StringIO(text, newline="").readlines()
    for number, row in found:
        assert row == next(csv.reader(lines[number - 1 :], delimiter=";"))


def test_the_fast_reader_takes_plain_files() -> None:
    content = (HEADER + "1;2;3\n\n4;5\n;;\n6;7;8\n").encode()
    found = text_rows._fast_body(content, ";", 1, WIDTH)
    assert found is not None
    fast, _ = found
    assert rows_of(fast) == [(2, "1", "2", "3"), (6, "6", "7", "8")]
    assert (fast.blank, list(fast.ragged)) == (2, [4])


def test_a_large_list_is_read_by_the_fast_reader() -> None:
    rows = "".join(f"{i};JL KASEMEN NO {i};RT 01\n" for i in range(200_000))
    content = (HEADER + rows).encode()
    assert text_blocks._closes_in_line(content)
    found = text_rows._fast_body(content, ";", 1, WIDTH)
    assert found is not None
    fast, _ = found
    assert len(fast.numbers) == 200_000
    assert fast.numbers[-1] == 200_001


@pytest.mark.parametrize(
    ("text", "sign"),
    [("a;b;c\n1;KP. A, RT 1, RW 2, KASEMEN;3\n2;JL B, NO 2;4\n", ";"),
     ("DATA KEMISKINAN, TAHUN 2025, KOTA SERANG, BANTEN\n\na;b\n1;2\n3;4\n", ";"),
     ('a,b\n"1;2;3","4;5;6"\n', ","), ("lon;lat\n106,1;-6,1\n106,2;-6,2\n", ";"),
     ("a\tb\n1,5\t2\n", "\t"), ("a|b\n1|2;3\n", "|"), ("a;b;c\n", ";")],
)  # fmt: skip
def test_the_separator_is_what_parts_most_lines_alike(text: str, sign: str) -> None:
    assert text_files._delimiter(text) == sign


# ------------------------------------------------------------------------------- fuzzing

LIST = 'nik;nama;alamat;program\n1;"A\nB";C;PKH\n2;D;"E;F";SEMBAKO\n\n3;G\n'


def workbook_bytes() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, line in enumerate(["nik nama program", "1 A PKH", "2 B SEMBAKO"]):
        sheet.write_row(number, 0, line.split())
    book.close()
    return content.getvalue()


def parquet_bytes() -> bytes:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    content = io.BytesIO()
    pq.write_table(pa.table({"nik": ["1", "2"], "program": ["PKH", None]}), content)
    return content.getvalue()


SEEDS: Sequence[bytes] = [
    LIST.encode(), b"\xef\xbb\xbf" + LIST.encode(), LIST.encode("utf-16"), LIST.encode("cp1252"),
    workbook_bytes(), parquet_bytes(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
]  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 8), st.one_of(st.binary(max_size=8), st.just(b'"'))),
    max_size=6,
)


def mangled(content: bytes, edits: list[tuple[float, int, bytes]], kept: float) -> bytes:
    for place, deleted, inserted in edits:
        at = int(place * len(content))
        content = content[:at] + inserted + content[at + deleted :]
    return content[: int(kept * len(content)) + 1]


@settings(max_examples=250, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SEEDS), EDITS,
    st.one_of(st.just(1.0), st.floats(0, 1)), st.one_of(st.none(), st.binary(max_size=200)),
)  # fmt: skip
def test_no_bytes_make_the_reader_fall(
    seed: bytes, edits: list[tuple[float, int, bytes]], kept: float, raw: bytes | None
) -> None:
    content = mangled(seed, edits, kept) if raw is None else raw
    with TemporaryDirectory() as folder, Workbench() as bench:
        file = Path(folder) / "list.xls"
        file.write_bytes(content)
        try:
            listed = read_list(bench, file, profile=None, as_of=date(2025, 10, 1))
        except GeoTargetError as error:
            faults = error.faults
        else:
            faults = []
            assert len(listed.table) == listed.report.accepted
    assert all(fault.id and fault.en and fault.code for fault in faults)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_half_a_utf16_file_is_refused(tmp_path: Path, bench: Workbench, encoding: str) -> None:
    mark = b"\xff\xfe" if encoding.endswith("le") else b"\xfe\xff"
    file = tmp_path / "a.csv"
    file.write_bytes(mark + LIST.encode(encoding)[:-3])
    with pytest.raises(DataRefusedError, match="E-ENCODING"):
        read_list(bench, file, profile=None, as_of=date(2025, 10, 1))


def test_a_file_without_end_of_line_neither_hangs_nor_swells(
    tmp_path: Path, bench: Workbench
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'nik;program\n1;"' + b"x" * 3_000_000)
    tracemalloc.start()
    begun = process_time()
    with pytest.raises(DataRefusedError, match="E-QUOTE"):
        read_list(bench, file, profile=None, as_of=date(2025, 10, 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert process_time() - begun < 3
    assert peak < 100_000_000
