"""What kind of file it is, whatever its name: told from its first bytes."""

import zipfile
from pathlib import Path

from geo_target.errors import DataRefusedError
from geo_target.intake.faults import refused

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET = b"PAR1"
SQLITE = b"SQLite format 3\x00"

#: First bytes of files that are no lists, and what people call them.
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x00\x00\x27\x0a", "Shapefile"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)

#: Parts of a zip by which its kind is told, most telling first.
_PARTS = (
    ("xl/vbaProject.bin", "XLSM"),
    ("xl/workbook.xml", ""),
    ("xl/workbook.bin", ""),
    ("word/document.xml", "Word (DOCX)"),
    ("ppt/presentation.xml", "PowerPoint (PPTX)"),
)

#: Names that browsers and Excel give to files that are not whole yet, or no list at all.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart")
_LOCK_PREFIXES = ("~$", ".~lock.")

#: Storage names inside an old Excel file are UTF-16.
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check_name(file: Path) -> None:
    """Refuse a name that only unfinished files carry.

    Raises
    ------
    DataRefusedError
        ``E-CHANGING``.
    """
    name = file.name.lower()
    if name.endswith(_UNFINISHED) or name.startswith(_LOCK_PREFIXES):
        raise changing(file)


def stamp(file: Path) -> tuple[int, int]:
    """Size and time of a file: whether they are the same says whether it changed.

    Raises
    ------
    DataRefusedError
        ``E-CHANGING`` if it is gone.
    """
    try:
        found = file.stat()
    except OSError:
        raise changing(file) from None
    return found.st_size, found.st_mtime_ns


def changing(file: Path) -> DataRefusedError:
    """The refusal of a file that is not whole yet, or changed while it was read."""
    return refused(
        file,
        "E-CHANGING",
        "berkas masih ditulis atau diunduh, atau berubah saat dibaca; tunggu sampai selesai, "
        "lalu coba lagi",
        "the file is still being written or downloaded, or changed while it was read; wait "
        "until that is done, then try again",
    )


def refuse_other_text(file: Path, head: bytes) -> None:
    """Refuse what carries a list's name and is another kind of file.

    Raises
    ------
    DataRefusedError
        ``E-TYPE`` with the name of the true kind.
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n\t")
    kind = next((kind for sign, kind in _OTHERS if start.lower().startswith(sign.lower())), "")
    if start.startswith(b"<"):
        kind = "XML"
    if kind:
        raise other_kind(file, kind)


def refuse_other_zip(file: Path, opened: zipfile.ZipFile) -> None:
    """Refuse a zip that is no workbook, has macros, or has a password.

    Raises
    ------
    DataRefusedError
        ``E-TYPE`` with the true kind, or ``E-LOCKED``.
    """
    names = {member.filename for member in opened.infolist()}
    kind = next((kind for part, kind in _PARTS if part in names), "ZIP")
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        kind = _open_document_kind(file, opened)
    if any(member.flag_bits & 1 for member in opened.infolist()):
        raise locked(file)
    if kind:
        raise other_kind(file, kind)


def _open_document_kind(file: Path, opened: zipfile.ZipFile) -> str:
    with opened.open("META-INF/manifest.xml") as manifest:
        text = manifest.read(1_000_000)
    if b"encryption-data" in text:
        raise locked(file)
    return "" if b"opendocument.spreadsheet" in text else "OpenDocument"


def refuse_other_old_file(file: Path) -> None:
    """Refuse an old Excel container that holds macros, or a workbook under a password.

    Raises
    ------
    DataRefusedError
        ``E-TYPE`` or ``E-LOCKED``.
    """
    content = file.read_bytes()
    if _ENCRYPTED in content:
        raise locked(file)
    if _MACROS in content:
        raise other_kind(file, "Excel (XLS) dengan makro / with macros")


def other_kind(file: Path, kind: str) -> DataRefusedError:
    """The refusal of a file whose true kind is `kind`."""
    return refused(
        file,
        "E-TYPE",
        f"sebenarnya berkas {kind}, bukan daftar CSV atau Excel biasa; "
        "simpan ulang sebagai CSV atau XLSX",
        f"its true kind is {kind}, no CSV or plain Excel list; save it again as CSV or XLSX",
    )


def locked(file: Path) -> DataRefusedError:
    """The refusal of a workbook with a password."""
    return refused(
        file,
        "E-LOCKED",
        "buku kerja dikunci kata sandi; simpan ulang tanpa sandi",
        "the workbook is locked with a password; save it without one",
    )
