"""A base map from a file: raster tiles of an MBTiles, which is SQLite, opened to read only.

No tile is ever asked of another host. What the file says of itself is text, never markup.
"""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from geo_target.errors import ConfigError, Fault

#: By the first bytes of a tile, what it is.
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_RIFF, _WEBP = b"RIFF", b"WEBP"
_FINEST = 22
#: No cell of the file is longer: a tile is some ten thousand bytes.
_LARGEST = 4 * 1024**2
_LONGEST, _MARKUP = 300, 10_000


@dataclass(frozen=True)
class BaseMap:
    """An MBTiles of rasters; zooms are those that it has."""

    file: Path
    attribution: str
    least_zoom: int
    most_zoom: int

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """A tile by its place in XYZ (rows from the north); None where the file has none."""
        if zoom > _FINEST or max(column, row) >= 2**zoom:
            return None
        from_south = 2**zoom - 1 - row  # as MBTiles count
        try:
            with closing(_opened(self.file)) as file:
                found = file.execute(
                    "select tile_data from tiles"
                    " where zoom_level = ? and tile_column = ? and tile_row = ?",
                    (zoom, column, from_south),
                ).fetchone()
        except sqlite3.Error:  # too long, or the file is not what it was at the start
            return None
        return _bytes(found)


def read_base_map(file: Path) -> BaseMap:
    """Look whether a file is an MBTiles of rasters, and what it says of itself.

    Raises
    ------
    ConfigError
        ``E-BASE-MAP`` if it is missing, no SQLite, or without a tile;
        ``E-BASE-MAP-VECTOR`` if its tiles are vectors.
    """
    try:
        with closing(_opened(file)) as opened:
            says = dict(
                opened.execute(
                    "select name, value from metadata where name in ('format', 'attribution')"
                )
            )
            first = _bytes(opened.execute("select tile_data from tiles limit 1").fetchone())
            least, most = opened.execute(
                "select cast(min(zoom_level) as integer), cast(max(zoom_level) as integer)"
                " from tiles"
            ).fetchone()
    except sqlite3.Error:
        raise _refused(
            file,
            "tidak ada, tidak dapat dibaca, atau bukan MBTiles (tabel metadata dan tiles)",
            "is missing, cannot be read, or is no MBTiles (tables metadata and tiles)",
        ) from None
    kind = kind_of(first) if first else None
    if str(says.get("format", "")).casefold() in {"pbf", "mvt"}:
        raise ConfigError(
            Fault(
                "E-BASE-MAP-VECTOR",
                id="isi peta dasar ini vektor (pbf), yang tidak digambar di sini; buat yang "
                "raster: gdal_translate -of MBTILES peta.tif peta.mbtiles",
                en="the tiles of this base map are vectors (pbf), which are not drawn here; make "
                "one of rasters: gdal_translate -of MBTILES map.tif map.mbtiles",
                file=file.name,
                column="map.base",
            )
        )
    if kind is None:
        raise _refused(
            file,
            "tidak memuat satu petak pun yang PNG, JPEG, atau WebP",
            "holds no tile that is PNG, JPEG or WebP",
        )
    return BaseMap(file, plain_text(str(says.get("attribution") or "")), least, most)


def kind_of(tile: bytes) -> str | None:
    """Media type of a picture; None of anything else, which is never sent."""
    if tile.startswith(_RIFF) and tile[8:12] == _WEBP:
        return "image/webp"
    return next((kind for start, kind in _KINDS if tile.startswith(start)), None)


def tag_of(tile: bytes) -> str:
    """What names the content of a tile."""
    return hashlib.sha256(tile).hexdigest()


def plain_text(markup: str) -> str:
    """The words of markup: who drew a map often stands in a link."""
    reader = _Words()
    reader.feed(markup[:_MARKUP])  # it takes the square of the time for what never ends
    reader.close()
    return " ".join("".join(reader.words).split())[:_LONGEST]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _opened(file: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    opened.execute("pragma query_only = on")
    opened.execute("pragma trusted_schema = off")  # the file is somebody else's
    opened.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
    return opened


def _bytes(row: tuple[object] | None) -> bytes | None:
    """A tile of a row: any cell may hold text or a number, and ``bytes(10**9)`` is a GB."""
    return row[0] if row and isinstance(row[0], bytes) else None


def _refused(file: Path, words_id: str, words_en: str) -> ConfigError:
    return ConfigError(
        Fault(
            "E-BASE-MAP",
            id=f"berkas peta dasar {words_id}; buat dengan gdal_translate -of MBTILES, atau hapus "
            "setelan base dari [map]",
            en=f"the file of the base map {words_en}; make one with gdal_translate -of MBTILES, or "
            "take base out of [map]",
            file=file.name,
            column="map.base",
        )
    )
