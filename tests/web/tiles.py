"""A tiny MBTiles of one color, made by hand."""

import sqlite3
import struct
import zlib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

SIZE = 256
Place = tuple[int, int, int]


def png(red: int, green: int, blue: int, size: int = SIZE) -> bytes:
    """A square of one color."""
    rows = (b"\0" + bytes((red, green, blue)) * size) * size
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def write_mbtiles(file: Path, tiles: Iterable[tuple[Place, object]], **metadata: str) -> Path:
    """Write tiles by zoom, column and row from the south."""
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("create table metadata (name text, value text)")
        made.execute(
            "create table tiles (zoom_level integer, tile_column integer, tile_row integer, "
            "tile_data blob)"
        )
        made.executemany("insert into metadata values (?, ?)", metadata.items())
        made.executemany(
            "insert into tiles values (?, ?, ?, ?)", [(*place, body) for place, body in tiles]
        )
    return file
