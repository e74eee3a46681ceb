"""Zips that came back, looked at before anything of them takes memory.

A sheet of visits is small, so the walls stand closer than those of lists
(`intake.workbook_zips`, which fieldwork does not know).
"""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from geo_target.errors import DataRefusedError
from geo_target.fieldwork.answer_faults import Place

_LARGEST_UNPACKED = 100_000_000
_MOST_PARTS = 1_000
_CHUNK = 1 << 20
#: Cells from a sheet's first to its last filled one: a stray cell far away makes all that lies
#: between take memory.
_MOST_CELLS = 3_000_000
#: One long text of a workbook may stand in every cell.
_LARGEST_TEXTS = 300_000_000
_CELL = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,9})["']""")
_SHARED = (b't="s"', b"t='s'")

#: What zipfile raises of a damaged or odd archive, besides its own error.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError,
    OverflowError, ValueError, struct.error,
)  # fmt: skip


def parts_of(content: bytes, place: Place, *, ending: str = "") -> Iterator[tuple[str, bytes]]:
    """Parts of a zip whose names end so, each read to its real end; others are left shut.

    Raises
    ------
    DataRefusedError
        ``E-SIZE`` for a bomb, ``E-LOCKED`` under a password, ``E-WORKBOOK`` if it is damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            members = opened.infolist()
            if len(members) > _MOST_PARTS:
                raise _too_large(place)
            if any(member.flag_bits & 1 for member in members):
                raise locked(place)
            left = _LARGEST_UNPACKED
            for member in (one for one in members if one.filename.endswith(ending)):
                part = _part(opened, member, left, place)
                left -= len(part)
                yield member.filename, part
    except _BROKEN:
        raise broken(place) from None
    except RuntimeError:  # zipfile's word for a password
        raise locked(place) from None


def check_parts(text: str, signs: str, most: int, place: Place) -> None:
    """Refuse a text that would fall into very many pieces: each takes far more than its sign.

    Parameters
    ----------
    signs
        Signs that begin or part pieces.
    most
        So many of them are read.

    Raises
    ------
    DataRefusedError
        ``E-SIZE``.
    """
    if sum(text.count(sign) for sign in signs) > most:
        raise _too_large(place)


def check_workbook(content: bytes, place: Place) -> None:
    """Refuse a workbook that would take much more memory than a sheet of visits.

    Raises
    ------
    DataRefusedError
        As `parts_of`, and ``E-SIZE`` for a cell far off, or long texts in very many cells.
    """
    longest, shared = 0, 0
    for name, part in parts_of(content, place):
        if b"\0" in part[:8]:  # in another encoding nothing could be looked for
            raise broken(place)
        if "sharedStrings" in name:
            longest = max(map(len, re.split(rb"<(?:\w+:)?si\b", part)))
            continue
        shared += sum(part.count(sign) for sign in _SHARED)
        if _span(part) > _MOST_CELLS:
            raise _too_large(place)
    if longest * shared > _LARGEST_TEXTS:
        raise _too_large(place)


def names_of(content: bytes, place: Place) -> frozenset[str]:
    """Names of a zip's parts.

    Raises
    ------
    DataRefusedError
        ``E-WORKBOOK`` if it is damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            return frozenset(opened.namelist())
    except _BROKEN:
        raise broken(place) from None


def _part(opened: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, place: Place) -> bytes:
    """A part; one that is larger than its entry says is a bomb."""
    if member.file_size > most:
        raise _too_large(place)
    member.file_size = most + 2 * _CHUNK  # zipfile would stop where the entry says
    found = bytearray()
    with opened.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            found += chunk
            if len(found) > most:
                raise _too_large(place)
    return bytes(found)


def _span(part: bytes) -> int:
    """Cells from the first to the last filled one; nothing of the part is kept."""
    right, rows = b"A", 1
    for found in _CELL.finditer(part):
        letters = found[1]
        if (len(letters), letters) > (len(right), right):
            right = letters
        rows = max(rows, int(found[2]))
    return _column(right) * rows


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def broken(place: Place) -> DataRefusedError:
    """The refusal of a workbook or zip that is damaged."""
    return place.refused(
        "E-WORKBOOK",
        "berkas rusak atau terpotong; tidak ada yang disimpan; simpan atau unduh ulang, lalu "
        "unggah lagi",
        "the file is broken or cut; nothing of it is kept; save or download it again, then "
        "upload it once more",
    )


def locked(place: Place) -> DataRefusedError:
    """The refusal of a file under a password."""
    return place.refused(
        "E-LOCKED",
        "berkas dilindungi kata sandi atau berformat Excel lama; simpan tanpa kata sandi sebagai "
        ".xlsx",
        "the file has a password, or is of an old Excel; save it as .xlsx without a password",
    )


def _too_large(place: Place) -> DataRefusedError:
    return place.refused(
        "E-SIZE",
        "isi berkas terlalu besar setelah dibuka, atau ada isian jauh di luar tabel; hapus baris "
        "dan kolom di luar tabel, atau bagi menjadi beberapa berkas",
        "the file unpacks to too much, or a cell is filled far off the table; delete rows and "
        "columns outside of the table, or split it into several files",
    )
