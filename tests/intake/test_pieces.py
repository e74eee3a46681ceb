"""A list that comes in many pieces says what the same list says in one."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_target.errors import DataRefusedError
from geo_target.intake import copies, gathering, readers, text_blocks
from geo_target.intake.cell_rules import Rules
from geo_target.workbench import Workbench
from tests.builders import kk, nik
from tests.intake.test_lists import csv_file, read

HEAD = (
    "family_id;family_card_number;head_national_id;income_rupiah_per_month;rt;village_name;"
    "district_name;keterangan;petugas"
)

#: Cells of a family: right, spoiled in several ways, or absent.
FAMILY = st.tuples(
    st.sampled_from(["K1", "K2", "K3", "K4", ""]),
    st.sampled_from([kk(1), kk(2), "KOSONG", "12", ""]),
    st.sampled_from([nik(1), nik(2), f"'{nik(3)}", nik(4)[:-1], "TIDAK ADA", ""]),
    st.sampled_from(["500000", "400.000", "400,000", "1 jt", ""]),
    st.sampled_from(["1", "002", "RT 3", "x", ""]),
    st.sampled_from(["Banten;Kasemen;;", "JUMLAH;;x;", ";;;y"]),
).map(";".join)
#: Cells that are right or absent: with an id, nothing in such a row is in doubt.
PLAIN = st.tuples(
    st.sampled_from(["K1", "K2", "K3", "K4", ""]),
    st.sampled_from([kk(1), kk(2), ""]),
    st.sampled_from([nik(1), nik(2), ""]),
    st.sampled_from(["500000", ""]),
    st.sampled_from(["1", "002", ""]),
    st.just("Banten;Kasemen;;"),
)
#: Such a row with a single cell that is spoiled: only one rule sees it.
ALMOST = st.builds(
    lambda cells, at, spoiled: ";".join([*cells[:at], spoiled[at - 1], *cells[at + 1 :]]),
    PLAIN,
    st.integers(1, 4),
    st.sampled_from(
        [("KOSONG", f"'{nik(3)}", "400.000", "RT 3"), ("12", nik(4)[:-1], "1 jt", "x")]
    ),
)
LINES = st.lists(
    st.one_of(
        FAMILY,
        ALMOST,
        PLAIN.map(";".join),
        st.sampled_from(["", "a;b", ";;;;;;;;", "a;b;c;d;e;f;g;h;i;j"]),
    ),
    min_size=5,
    max_size=40,
)


def told(bench: Workbench, file: Path) -> dict[str, Any]:
    """All that is known of a list, in an order of its own."""
    try:
        listed = read(bench, file, "families")
    except DataRefusedError as error:  # the last row is cut
        return {"refused": [(fault.code, fault.row) for fault in error.faults]}
    report = listed.report
    return {
        "rows": sorted(listed.table.rows(), key=lambda row: row["row"]),
        "faults": listed.faults.rows(),
        "books": (report.rows, report.accepted, report.quarantined, report.duplicates,
                  report.blank),
        "counts": (report.set_aside, report.reasons),
        "notices": [(fault.code, fault.row) for fault in report.notices],
    }  # fmt: skip


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    LINES, st.integers(1, 200), st.sampled_from([(0, 1), (3, 5), (300_000, 250_000), (3, 250_000)]),
    st.sampled_from(["\n", "\n", ""]),
)  # fmt: skip
def test_pieces_and_rules_for_every_row_say_what_the_whole_says(
    tmp_path: Path, lines: list[str], block: int, most: tuple[int, int], end: str
) -> None:
    """Ids and copies of other pieces, one style of amounts, faults in some pieces only.

    And what goes straight into the table is what the rules would make of it.
    """
    file = csv_file(tmp_path, "\n".join([HEAD, "K0;;;1;1;Banten;Kasemen;;", *lines]) + end)
    with Workbench() as bench:
        whole = told(bench, file)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(text_blocks, "BLOCK_BYTES", block)
            patch.setattr(gathering, "_MOST_WAITING", most[0])
            patch.setattr(gathering, "_AT_ONCE", most[1])
            patch.setattr(copies, "_MOST_COMPARED", most[1] - 1)
            assert told(bench, file) == whole
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Rules, "doubtful", lambda _, piece: np.ones(len(piece), bool))
            assert told(bench, file) == whole


def test_a_copy_in_another_piece_counts_once(
    tmp_path: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_blocks, "BLOCK_BYTES", 40)
    line = f"K1;{kk(1)};{nik(1)};1;1;Banten;Kasemen;;"
    other = f"K2;{kk(1)};{nik(2)};1;1;Banten;Kasemen;;"
    file = csv_file(
        tmp_path, "\n".join([HEAD, line, other, line, "K1;;;;;Banten;Kasemen;;", line, ""])
    )
    found = told(bench, file)
    assert found["books"] == (5, 2, 1, 2, 0)
    assert [(f["row"], f["code"]) for f in found["faults"]] == [(5, "E-ID-TWICE")]


def test_a_ragged_last_line_without_its_end_leaves_copies_comparable(
    tmp_path: Path, bench: Workbench
) -> None:
    """It comes as a block of its own, and from the slow reader: its columns are alike."""
    line = f"K1;{kk(1)};{nik(1)};1;1;Banten;Kasemen;x;y"
    file = csv_file(tmp_path, "\n".join([HEAD, line, line, "K2;;;;;;;;;too;many"]))
    found = told(bench, file)
    assert found["books"] == (3, 1, 1, 1, 0)
    assert [(f["row"], f["code"]) for f in found["faults"]] == [(4, "E-RAGGED")]


def parquet_file(folder: Path, lines: list[str]) -> Path:
    """The lines of a whole width as columns of text; the NIK of a family are numbers with a gap."""
    rows = [line.split(";") for line in lines if line.count(";") == HEAD.count(";")]
    columns = dict(zip(HEAD.split(";"), map(list, zip(*rows, strict=True)), strict=True))
    columns["head_national_id"] = [
        float(cell) if cell.isdigit() else None for cell in columns["head_national_id"]
    ]
    pq.write_table(pa.table(columns), folder / "a.parquet")
    return folder / "a.parquet"


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(LINES, st.integers(1, 12))
def test_a_parquet_list_says_the_same_in_any_pieces(
    tmp_path: Path, lines: list[str], at_once: int
) -> None:
    file = parquet_file(tmp_path, ["K0;;;1;1;Banten;Kasemen;;", *lines])
    with Workbench() as bench:
        whole = told(bench, file)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(readers, "_PARQUET_ROWS", at_once)
            patch.setattr(gathering, "_AT_ONCE", 1)
            assert told(bench, file) == whole


def test_a_parquet_list_that_changes_between_pieces_is_refused(
    tmp_path: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_PARQUET_ROWS", 1)
    file = parquet_file(tmp_path, ["K0;;;1;1;Banten;Kasemen;;", "K1;;;1;1;Banten;Kasemen;;"])
    grid = readers.read_grid(file)
    with pytest.raises(DataRefusedError) as refused:  # noqa: PT012  # it changes under way
        for _ in grid.pieces(1, 9):
            parquet_file(tmp_path, ["K0;;;1;1;Banten;Kasemen;;"] * 3)
    assert refused.value.faults[0].code == "E-CHANGING"


def test_a_parquet_list_that_is_spoiled_inside_is_refused(tmp_path: Path, bench: Workbench) -> None:
    """Its end, where it says what it holds, is whole: only its rows show it."""
    file = parquet_file(tmp_path, ["K0;;;1;1;Banten;Kasemen;;"])
    bytes_ = bytearray(file.read_bytes())
    bytes_[4:60] = b"x" * 56
    file.write_bytes(bytes_)
    readers.read_grid(file)
    assert told(bench, file) == {"refused": [("E-PARQUET", None)]}
