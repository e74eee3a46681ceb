"""A table or query of PostgreSQL (PostGIS) as a list, everything as text.

The query is the configuration's own; nothing that a browser sends reaches it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from geo_target.errors import ConfigError, DataRefusedError, Fault
from geo_target.intake.postgis_points import COORDINATES, TYPES, read_points
from geo_target.intake.readers import Body, Grid
from geo_target.platform import is_private
from geo_target.settings import TABLE

if TYPE_CHECKING:
    from psycopg import Connection

_FETCHED = 20_000
_MOST_ROWS = 20_000_000
_CONNECT_SECONDS = 10
#: SQLSTATE of letters that are none in the encoding of the session.
_NOT_UTF8 = "22021"

#: Whatever the server and the account prefer: text in UTF-8, days as 2025-12-31, and a table
#: that nobody writes to always in the same order.
_SESSION = "set local datestyle = 'ISO, YMD'; set local synchronize_seqscans = off"


def read_url(path: Path) -> str:
    """Address of the database in which lists lie, with its password.

    Raises
    ------
    ConfigError
        ``E-DATABASE-URL`` if there is none in the file, ``E-DATABASE-URL-OPEN`` if others
        can read it.
    """
    try:
        url = path.read_text(encoding="utf-8-sig").strip()
        is_open = not is_private(path)
    except (OSError, UnicodeDecodeError):
        url, is_open = "", False
    if not url.startswith(("postgresql://", "postgres://")):
        raise ConfigError(
            Fault(
                "E-DATABASE-URL",
                id="berkas alamat basis data tidak ada, tidak dapat dibaca, atau isinya bukan "
                "alamat; isi dengan satu baris: postgresql://NAMA:SANDI@SERVER/BASISDATA",
                en="the file of the database's address is missing, cannot be read, or holds no "
                "address; write one line into it: postgresql://NAME:PASSWORD@SERVER/DATABASE",
                file=str(path),
                column="database.url_file",
            )
        )
    if is_open:
        raise ConfigError(
            Fault(
                "E-DATABASE-URL-OPEN",
                id="akun lain di mesin ini dapat membaca alamat dan sandi basis data; jalankan: "
                "chmod 600 pada berkas ini",
                en="other accounts of this machine can read the database's address and password; "
                "run: chmod 600 on this file",
                file=str(path),
                column="database.url_file",
            )
        )
    return url


def rows_sha256(names: Sequence[str], columns: Sequence[Sequence[str | None]]) -> str:
    """Hex SHA-256 of rows, the same in whatever order they come.

    Of the sum of the names, then of the sums of all rows in their own order. PostgreSQL's text
    holds no NUL, so a row's cells are parted without a doubt.

    Parameters
    ----------
    names
        Of the columns, in their order.
    columns
        Text as the server writes it; None is NULL, which is another thing than no text.
    """
    filled = [["\0\2" if cell is None else cell for cell in column] if None in column else column
              for column in columns]  # fmt: skip
    total = hashlib.sha256(_row_sum(names))
    for row_sum in sorted(map(_row_sum, zip(*filled, strict=True))):
        total.update(row_sum)
    return total.hexdigest()


def _row_sum(cells: Sequence[Any]) -> bytes:
    return hashlib.sha256("\0\1".join(cells).encode()).digest()


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
        Rows count as a spreadsheet would show them: the first is 2. Points of a PostGIS
        column in EPSG:4326 are its ``lon`` and ``lat``; of others it says so (`notices`).

    Raises
    ------
    DataRefusedError
        ``E-DATABASE-EXTRA`` without psycopg, ``E-DATABASE`` if the server does not answer or
        goes away, ``E-DATABASE-QUERY`` if it refuses the query, or needs longer.
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
        with psycopg.connect(
            url, connect_timeout=_CONNECT_SECONDS, client_encoding="UTF8"
        ) as connection:
            connection.read_only = True
            connection.execute(_SESSION)
            connection.execute(f"set local statement_timeout = {int(timeout_seconds) * 1000}")
            read = _read(connection, _query(source), name)
            connection.rollback()
    except psycopg.Error:
        raise _away(name) from None
    total = rows_sha256(read.names, read.columns)
    names, columns, notices = _with_points(read, name)
    rows = len(read.columns[0]) if read.columns else 0

    def pieces(_header: int, _width: int) -> Iterator[Body]:
        yield Body(columns, np.arange(2, rows + 2))

    return Grid([(1, names)], pieces, encoding="utf-8", sha256=total, notices=notices)


@dataclass(frozen=True)
class _Answer:
    """Names and columns as the server writes them, and which of them are geometries."""

    names: list[str]
    columns: list[list[str | None]]
    shapes: Sequence[int]


def _with_points(read: _Answer, name: str) -> tuple[list[str], list[Sequence[Any]], list[Fault]]:
    """The columns but geometries; the points of the first are ``lon`` and ``lat``.

    Unless the list has such columns itself. A geometry is no text that anybody could read.
    """
    kept = [i for i in range(len(read.names)) if i not in read.shapes]
    names = [read.names[i] for i in kept]
    columns: list[Sequence[Any]] = [read.columns[i] for i in kept]
    if not read.shapes or not COORDINATES.isdisjoint(n.casefold() for n in names):
        return names, columns, []
    points = read_points(read.columns[read.shapes[0]])
    said = [_other_crs(name, points.foreign)] if points.foreign else []
    return [*names, "lon", "lat"], [*columns, points.lon, points.lat], said


def _query(source: str) -> str:
    wanted = source.strip().rstrip(";").strip()
    return f"select * from {wanted}" if TABLE.fullmatch(wanted) else wanted


def _read(connection: "Connection[Any]", query: str, name: str) -> _Answer:
    """All rows, by a cursor of the server: they are of one moment, whoever writes meanwhile.

    The extended protocol takes one statement only: none can follow that ends the
    read-only transaction. Without adaptation every value arrives as the server writes it.
    """
    _answer(connection, f"declare geo_target_list no scroll cursor for {query}", name)
    names: list[str] = []
    columns: list[list[str | None]] = []
    shapes: list[int] = []
    while True:
        answer = _answer(connection, f"fetch {_FETCHED} from geo_target_list", name)
        if not columns:
            names = [(answer.fname(i) or b"").decode() for i in range(answer.nfields)]
            columns = [[] for _ in names]
            spatial = _spatial_types(connection, name)
            shapes = [i for i in range(answer.nfields) if answer.ftype(i) in spatial]
        for position, column in enumerate(columns):
            values = (answer.get_value(row, position) for row in range(answer.ntuples))
            column.extend(None if value is None else value.decode() for value in values)
        if answer.ntuples < _FETCHED:
            return _Answer(names, columns, shapes)
        if len(columns[0]) > _MOST_ROWS:
            raise _refused(
                name, "E-SIZE",
                "hasilnya lebih dari 20 juta baris; persempit kuerinya",
                "the result has more than 20 million rows; narrow the query",
            )  # fmt: skip


def _spatial_types(connection: "Connection[Any]", name: str) -> set[int]:
    """The server's numbers of the types of PostGIS; none where it has no PostGIS."""
    wanted = ", ".join(f"'{kind}'" for kind in TYPES)
    found = _answer(connection, f"select oid from pg_type where typname in ({wanted})", name)
    return {int(found.get_value(row, 0)) for row in range(found.ntuples)}


def _answer(connection: "Connection[Any]", statement: str, name: str) -> Any:
    from psycopg import pq  # noqa: PLC0415

    answer = connection.pgconn.exec_params(statement.encode(), None)
    if answer.status not in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        if connection.pgconn.status != pq.ConnStatus.OK:
            raise _away(name)
        said = answer.error_field(pq.DiagnosticField.SQLSTATE) or b"?"
        state = said.decode("ascii", "replace")
        if state == _NOT_UTF8:
            raise _refused(
                name, "E-ENCODING",
                "basis data ini menyimpan huruf tanpa pengodean (SQL_ASCII) dan isinya bukan "
                "UTF-8; minta daftarnya dalam basis data UTF-8, atau sebagai berkas",
                "this database keeps letters without an encoding (SQL_ASCII), and they are not "
                "UTF-8; ask for the list in a UTF-8 database, or as a file",
            )  # fmt: skip
        raise _refused(
            name, "E-DATABASE-QUERY",
            f"basis data menolak kueri atau terlalu lama menjawab (SQLSTATE {state}); "
            "perlu tepat satu SELECT; periksa nama tabel dan hak baca",
            f"the database refused the query or took too long (SQLSTATE {state}); it must be "
            "one SELECT; check the name of the table and the right to read it",
        )  # fmt: skip
    return answer


def _away(name: str) -> DataRefusedError:
    return _refused(
        name, "E-DATABASE",
        "basis data tidak dapat dihubungi; periksa alamat, nama, dan sandi di [database] "
        "url_file, lalu ulangi; hasil terakhir tetap dipakai",
        "the database cannot be reached; check address, name and password in [database] "
        "url_file, then run again; the last snapshot stays in use",
    )  # fmt: skip


def _other_crs(name: str, count: int) -> Fault:
    return Fault(
        "W-POINTS-CRS",
        id=f"{count} titik tidak dibaca karena koordinatnya bukan EPSG:4326; tulis kueri dengan "
        "ST_X(ST_Transform(geom, 4326)) as lon dan ST_Y(...) as lat",
        en=f"{count} points were not read: their coordinates are not EPSG:4326; write a query "
        "with ST_X(ST_Transform(geom, 4326)) as lon and ST_Y(...) as lat",
        file=PurePosixPath(name).name,
    )


def _refused(name: str, code: str, indonesian: str, english: str) -> DataRefusedError:
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=PurePosixPath(name).name))
