"""Lists as files: workbooks, CSV or Parquet; the same bytes for the same rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter

from geo_target.errors import ConfigError, Fault

Format = Literal["xlsx", "csv", "parquet"]
FORMATS: tuple[Format, ...] = ("xlsx", "csv", "parquet")

#: Rows of a sheet, with its header.
_SHEET_ROWS = 1_048_576
_CHUNK_ROWS = 200_000
_CREATED = datetime(2025, 10, 15, tzinfo=UTC)
#: Headers under which a workbook holds numbers; all others hold text, NIK first of all.
_NUMBER_HEADERS = frozenset(
    {
        "No", "NO KEL", "TAHAP", "Dimuktakhirkan Tahun", "Desil Kesejahteraan", "Persentil",
        "Usia 2023",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SentList:
    """A list as an agency sends it.

    `table` holds text only, blanks as empty text. `usual` is the format that the agency
    sends; `title` are the lines above the header of a workbook; `folder` is where it goes,
    beside the configuration.
    """

    name: str
    profile: str
    table: pd.DataFrame
    as_of: date
    usual: Literal["xlsx", "csv"]
    about: str
    separator: str = ","
    title: tuple[str, ...] = ()
    code_system: str = ""
    folder: str = "lists"

    def file_name(self, format_: Format) -> str:
        """Name of the file where lists are asked for in `format_`."""
        return f"{self.name}.{self.usual if format_ == 'xlsx' else format_}"


def write_list(folder: Path, sent: SentList, *, format_: Format) -> None:
    """Write a list into `folder`.

    Raises
    ------
    ConfigError
        If a workbook cannot hold so many rows.
    """
    file = folder / sent.file_name(format_)
    if file.suffix == ".parquet":
        pq.write_table(_arrow(sent.table), file)
    elif file.suffix == ".csv":
        _write_csv(file, sent)
    else:
        _write_workbook(file, sent)


def _arrow(table: pd.DataFrame) -> pa.Table:
    # pandas' own metadata would tie the bytes to its version.
    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)


def _write_csv(file: Path, sent: SentList) -> None:
    """Write lines with quotes only where a value holds the separator, as agencies do."""
    columns = [_quoted(column, sent.separator) for column in _arrow(sent.table).columns]
    lines = pc.binary_join_element_wise(*columns, pa.scalar(sent.separator, pa.large_string()))
    with file.open("wb") as opened:
        opened.write((sent.separator.join(sent.table.columns) + "\n").encode())
        for chunk in range(0, len(lines), _CHUNK_ROWS):
            part = lines.slice(chunk, _CHUNK_ROWS).to_pylist()
            opened.write(("\n".join(part) + "\n").encode())


def _quoted(column: Any, separator: str) -> Any:
    mark = pa.scalar('"', pa.large_string())
    nothing = pa.scalar("", pa.large_string())
    text = pc.cast(column, pa.large_string())
    quoted = pc.binary_join_element_wise(mark, text, mark, nothing)
    return pc.if_else(pc.match_substring(text, separator), quoted, text)


def _write_workbook(file: Path, sent: SentList) -> None:
    if len(sent.table) + len(sent.title) + 1 > _SHEET_ROWS:
        raise ConfigError(
            Fault(
                "E-DEMO-ROWS",
                id=f"{len(sent.table)} baris tidak muat dalam satu lembar kerja; "
                "pakai --lists csv atau --lists parquet",
                en=f"{len(sent.table)} rows do not fit into a sheet; "
                "use --lists csv or --lists parquet",
                file=file.name,
            )
        )
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        # The time of writing would make each copy's bytes differ.
        workbook.set_properties({"created": _CREATED, "title": sent.about})
        sheet = workbook.add_worksheet("Data")
        for row, line in enumerate(sent.title):
            sheet.write_string(row, 0, line)
        header = len(sent.title)
        numbers = [name in _NUMBER_HEADERS for name in sent.table.columns]
        for column, name in enumerate(sent.table.columns):
            sheet.write_string(header, column, name)
        columns = [sent.table[name].to_list() for name in sent.table.columns]
        for row, values in enumerate(zip(*columns, strict=True), header + 1):
            for column, value in enumerate(values):
                if numbers[column] and value.isdecimal():
                    sheet.write_number(row, column, int(value))
                elif value:
                    sheet.write_string(row, column, value)
