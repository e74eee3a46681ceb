"""A table or query of PostgreSQL (PostGIS) as a list, everything as text.

The query is the configuration's own; nothing that a browser sends reaches it.
"""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake.readers import Body, Cell, Grid

if TYPE_CHECKING:
    from psycopg import Connection

_TABLE = re.compile(r'(?:[A-Za-z_]\w*|"[^"\0]+")(?:\.(?:[A-Za-z_]\w*|"[^"\0]+"))?')
_FETCHED = 20_000
_MOST_ROWS = 20_000_000
_CONNECT_SECONDS = 10


def database_grid(
    source: str, *, url: str, name: str = "postgresql", timeout_seconds: int = 300
) -> Grid:
    """Rows of a table, or of one query, read in a transaction that can change nothing.

    Parameters
    ----------
    source
        Name of a table or view, with its schema or without, or one SELECT.
    url
        ``postgresql://...``, as libpq takes it; it is never part of a message.
    name
        What messages and reports call the list.
    timeout_seconds
        Time for each answer of the server.

    Returns
    -------
    Grid
        Rows count as a spreadsheet would show them: the first is 2. Geometries are
        hexadecimal; ask for ``ST_X(geom) AS lon, ST_Y(geom) AS lat``.

    Raises
    ------
    DataRefusedError
        ``E-DATABASE-EXTRA`` without psycopg, ``E-DATABASE`` if the server does not answer,
        ``E-DATABASE-QUERY`` if it refuses the query, or needs longer.
    """
    try:
        import psycopg  # noqa: PLC0415
    except ImportError:
        raise _refused(
            name, "E-DATABASE-EXTRA",
            "sumber PostgreSQL perlu tambahan postgres; pasang geo-target[postgres]",
            "a PostgreSQL source needs the extra postgres; install geo-target[postgres]",
        ) from None  # fmt: skip
    try:
        connection = psycopg.connect(url, connect_timeout=_CONNECT_SECONDS)
    except psycopg.Error:
        raise _refused(
            name, "E-DATABASE",
            "basis data tidak dapat dihubungi; periksa alamat, nama, dan sandinya",
            "the database cannot be reached; check its address, name and password",
        ) from None  # fmt: skip
    with connection:
        connection.read_only = True
        connection.execute(f"set local statement_timeout = {int(timeout_seconds) * 1000}")
        names, columns = _read(connection, _query(source), name)
        connection.rollback()
    rows = len(columns[0]) if columns else 0

    def body(_header: int, _width: int) -> Body:
        return Body(columns, np.arange(2, rows + 2))

    return Grid([(1, names)], body, sheet="", encoding="utf-8")


def _query(source: str) -> str:
    wanted = source.strip().rstrip(";").strip()
    return f"select * from {wanted}" if _TABLE.fullmatch(wanted) else wanted


def _read(
    connection: "Connection[Any]", query: str, name: str
) -> tuple[list[str], list[list[Cell]]]:
    """Names and columns, by a cursor of the server.

    The extended protocol takes one statement only: none can follow that ends the
    read-only transaction. Without adaptation every value arrives as the server writes it.
    """
    _answer(connection, f"declare geo_target_list no scroll cursor for {query}", name)
    names: list[str] = []
    columns: list[list[Cell]] = []
    while True:
        answer = _answer(connection, f"fetch {_FETCHED} from geo_target_list", name)
        if not columns:
            names = [(answer.fname(i) or b"").decode() for i in range(answer.nfields)]
            columns = [[] for _ in names]
        for position, column in enumerate(columns):
            values = (answer.get_value(row, position) for row in range(answer.ntuples))
            column.extend(None if value is None else value.decode() for value in values)
        if answer.ntuples < _FETCHED:
            return names, columns
        if len(columns[0]) > _MOST_ROWS:
            raise _refused(
                name, "E-SIZE",
                "hasilnya lebih dari 20 juta baris; persempit kuerinya",
                "the result has more than 20 million rows; narrow the query",
            )  # fmt: skip


def _answer(connection: "Connection[Any]", statement: str, name: str) -> Any:
    from psycopg import pq  # noqa: PLC0415

    answer = connection.pgconn.exec_params(statement.encode(), None)
    if answer.status not in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        said = answer.error_field(pq.DiagnosticField.SQLSTATE) or b"?"
        state = said.decode("ascii", "replace")
        raise _refused(
            name, "E-DATABASE-QUERY",
            f"basis data menolak kueri atau terlalu lama menjawab (SQLSTATE {state}); "
            "perlu tepat satu SELECT; periksa nama tabel dan hak baca",
            f"the database refused the query or took too long (SQLSTATE {state}); it must be "
            "one SELECT; check the name of the table and the right to read it",
        )  # fmt: skip
    return answer


def _refused(name: str, code: str, indonesian: str, english: str) -> DataRefusedError:
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=PurePosixPath(name).name))
